/** From here: what a walker reaches, and the walk to a second point. */
import { reactive, watch } from "vue";

import { hub } from "@/shared/hub";
import { run } from "@/shared/latest";
import type { Isochrones, Journey, Position, Profile, Way } from "@/shared/types";

export const here = reactive({
  profile: "adult",
  way: "both" as Way,
  from: null as Position | null,
  to: null as Position | null,
  rings: null as Isochrones | null,
  journey: null as Journey | null,
  busy: false,
  error: null as unknown,
  profiles: [] as Profile[],
});

export async function loadProfiles(): Promise<void> {
  if (!here.profiles.length) here.profiles = await hub.profiles();
}

/** The first click is the start, the next ones are where to. */
export function pickHere(at: Position): void {
  if (here.from) here.to = at;
  else here.from = at;
}

export function startAgain(): void {
  Object.assign(here, { from: null, to: null, rings: null, journey: null, error: null });
}

const turns = { rings: 0, journey: 0 };

watch(() => [here.from, here.profile, here.way], () => {
  here.rings = null;
  void ask("rings", ([lon, lat]) =>
    hub.reach({ run: run.value!.id, lon, lat, profile: here.profile, way: here.way, minutes: [5, 10, 15] }),
  );
});

watch(() => [here.from, here.to, here.profile], () => {
  here.journey = null;
  if (!here.to) return;
  const [to_lon, to_lat] = here.to;
  void ask("journey", ([from_lon, from_lat]) =>
    hub.journey({ run: run.value!.id, from_lon, from_lat, to_lon, to_lat, profile: here.profile }),
  );
});

/** Ask for one of the two; an answer that a later question has overtaken is left. */
async function ask<Name extends keyof typeof turns>(
  name: Name,
  work: (from: Position) => Promise<NonNullable<(typeof here)[Name]>>,
): Promise<void> {
  const mine = (turns[name] += 1);
  if (!here.from || !run.value) return;
  here.busy = true;
  here.error = null;
  try {
    const found = await work(here.from);
    if (mine === turns[name]) Object.assign(here, { [name]: found });
  } catch (problem) {
    if (mine === turns[name]) here.error = problem;
  } finally {
    here.busy = false;
  }
}
