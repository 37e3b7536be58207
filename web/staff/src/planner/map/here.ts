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

let asked = 0;

watch(() => [here.from, here.profile, here.way], () => ask(async ([lon, lat], mine) => {
  const query = { run: run.value!.id, lon, lat, profile: here.profile, way: here.way, minutes: [5, 10, 15] };
  const rings = await hub.reach(query);
  if (mine === asked) here.rings = rings;
}));

watch(() => [here.from, here.to, here.profile], () => {
  here.journey = null;
  if (!here.to) return;
  const [to_lon, to_lat] = here.to;
  void ask(async ([from_lon, from_lat]) => {
    const query = { run: run.value!.id, from_lon, from_lat, to_lon, to_lat, profile: here.profile };
    here.journey = await hub.journey(query);
  });
});

async function ask(work: (from: Position, mine: number) => Promise<void>): Promise<void> {
  if (!here.from || !run.value) return;
  const mine = (asked += 1);
  here.busy = true;
  here.error = null;
  try {
    await work(here.from, mine);
  } catch (problem) {
    here.error = problem;
  } finally {
    here.busy = false;
  }
}
