/** One case with everything around it: its history, who was told, who is nearest. */
import { onUnmounted, ref, shallowRef, watch, type Ref } from "vue";

import { hub } from "@/shared/hub";
import { useLive } from "@/shared/live";
import { soon } from "@/shared/soon";
import type { Around, CaseEvent, CaseTold, CaseWhole } from "@/shared/types";

/** The hub loads its walking network: some seconds, once. */
const AGAIN_MS = 2500;

export function useCase(ref_: Ref<string>) {
  const one = shallowRef<CaseWhole | null>(null);
  const events = shallowRef<CaseEvent[]>([]);
  const told = shallowRef<CaseTold[]>([]);
  const around = shallowRef<Around | null>(null);
  const error = ref<unknown>(null);

  async function load(): Promise<void> {
    const asked = ref_.value;
    if (!asked) return;
    const current = <T>(then: (found: T) => void) => (found: T) => asked === ref_.value && then(found);
    try {
      await Promise.all([
        hub.oneCase(asked).then(current((found) => (one.value = found))),
        hub.caseHistory(asked).then(current((found) => (events.value = found))),
        hub.caseTold(asked).then(current((found) => (told.value = found))),
        hub.around(asked).then(current((found) => {
          around.value = found;
          if (found.walk === "loading") again = window.setTimeout(reload, AGAIN_MS);
        })),
      ]);
      error.value = null;
    } catch (problem) {
      if (asked === ref_.value) error.value = problem;
    }
  }

  let again = 0;
  onUnmounted(() => window.clearTimeout(again));
  const reload = soon(load);
  useLive(["case", "notice"], ({ data }) => data.ref === ref_.value && reload(), reload);
  watch(ref_, () => {
    [one.value, events.value, told.value, around.value, error.value] = [null, [], [], null, null];
    void load();
  }, { immediate: true });
  return { one, events, told, around, error, reload };
}
