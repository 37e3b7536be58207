/** The past day at a moment, instead of now; the answer that a later question has overtaken is left. */
import { ref, shallowRef } from "vue";

import { hub } from "@/shared/hub";
import type { PastDay } from "@/shared/types";

export function useReplay(place: () => string) {
  const on = ref(false);
  const day = shallowRef<PastDay | null>(null);
  let turn = 0;

  async function show(at: string | null): Promise<void> {
    const mine = (turn += 1);
    if (at === null) {
      on.value = false;
      day.value = null;
      return;
    }
    const found = await hub.pastDay({ place: place(), at: new Date(Math.min(Date.parse(at), Date.parse(day.value?.until ?? at))).toISOString() });
    if (mine === turn) day.value = { ...found, since: day.value?.since ?? found.since, until: day.value?.until ?? found.until };
  }

  async function begin(): Promise<void> {
    if (on.value) return show(null);
    on.value = true;
    day.value = await hub.pastDay({ place: place() });
  }
  return { on, day, show, begin };
}
