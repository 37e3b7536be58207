/** Where a walk starts, and the walk itself, on the network of the latest assessment. */
import { hub } from "@/shared/hub";
import { me } from "@/shared/session";
import type { Journey, Position } from "@/shared/types";

/** Where the phone says that it is; null where it does not. */
export function positionOf(): Promise<Position | null> {
  return new Promise((resolve) => {
    if (!("geolocation" in navigator)) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve([coords.longitude, coords.latitude]), () => resolve(null),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 30_000 },
    );
  });
}

/** The station of a community where the caller works; null where none is in the register. */
export async function station(): Promise<Position | null> {
  for (const lineage of me.value?.rights["case.act"] ?? []) {
    const place = lineage.split("/").filter(Boolean).at(-1) ?? "";
    const [found] = (await hub.facilities({ type: "community_station", place, limit: 1 })).items;
    if (found) return [found.lon!, found.lat!];
  }
  return null;
}

export async function wayTo([from_lon, from_lat]: Position, [to_lon, to_lat]: Position): Promise<Journey> {
  const run = await hub.latestRun();
  return hub.journey({ run: run.id, from_lon, from_lat, to_lon, to_lat });
}
