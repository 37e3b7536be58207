/** The assessment that is looked at: the latest that is done. */
import { ref } from "vue";

import { hub } from "./hub";
import type { Run } from "./types";

export const run = ref<Run | null>(null);
export const stale = ref(false);

/** Read which one is the latest, and whether data has changed since. */
export async function loadLatest(): Promise<Run> {
  const [latest, page] = await Promise.all([hub.latestRun(), hub.runs({ limit: 1 })]);
  stale.value = page.stale;
  if (run.value?.id !== latest.id) run.value = latest;
  return latest;
}
