/** A facility that is being moved on the map: where to, and who says so. */
import { reactive } from "vue";

import { ApiError } from "@/shared/api";
import { today } from "@/shared/format";
import { hub } from "@/shared/hub";
import { say } from "@/shared/i18n";
import type { Facility, Position } from "@/shared/types";

export const moving = reactive({
  facility: null as Facility | null,
  at: null as Position | null,
  said: { source: "", on: today() },
  busy: false,
  error: null as unknown,
  meanwhile: "",
});

export function startMoving(facility: Facility): void {
  const at: Position = [facility.lon, facility.lat];
  Object.assign(moving, { facility, at, said: { source: "", on: today() }, busy: false, error: null, meanwhile: "" });
}

export function stopMoving(): void {
  Object.assign(moving, { facility: null, at: null, error: null, meanwhile: "" });
}

export function moveTo([lon, lat]: Position): void {
  moving.at = [Number(lon.toFixed(6)), Number(lat.toFixed(6))];
}

/** Write the new position into the register; what it became, or undefined if it was refused. */
export async function saveMove(): Promise<Facility | undefined> {
  const { facility, at, said } = moving;
  if (!facility || !at) return undefined;
  Object.assign(moving, { busy: true, error: null, meanwhile: "" });
  try {
    if (!said.source.trim()) throw new Error(say("moving.needed"));
    const saved = await hub.changeFacility(facility.ref, facility.version, { lon: at[0], lat: at[1] }, said);
    stopMoving();
    return saved;
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) await readAgain(facility.ref);
    else moving.error = error;
    return undefined;
  } finally {
    moving.busy = false;
  }
}

/** Somebody was quicker: read what they left, keep the position that is wanted here. */
async function readAgain(ref: string): Promise<void> {
  try {
    const [now, values] = await Promise.all([hub.facility(ref), hub.values(ref)]);
    moving.facility = now;
    moving.meanwhile = say("moving.meanwhile", { name: values[0]?.recorded_by ?? "?", lon: now.lon, lat: now.lat });
  } catch (error) {
    moving.error = error;
  }
}
