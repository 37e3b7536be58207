/** The assessment that is looked at: the latest that is done, unless another was chosen. */
import { ref } from "vue";

import { hub } from "./hub";
import type { Run } from "./types";

export const run = ref<Run | null>(null);
export const latest = ref<Run | null>(null);
export const stale = ref(false);

/** Read which one is the latest, and whether data has changed since; look at it, or at another by its id. */
export async function loadLatest(wanted = ""): Promise<Run> {
  const [last, page, chosen] = await Promise.all([
    hub.latestRun(), hub.runs({ limit: 1 }), wanted ? hub.run(wanted) : null,
  ]);
  stale.value = page.stale;
  latest.value = last;
  const shown = chosen?.state === "done" ? chosen : last;
  if (run.value?.id !== shown.id) run.value = shown;
  return last;
}
