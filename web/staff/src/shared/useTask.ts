/** Something asked of the hub: whether it is under way, and what it was refused for. */
import { ref, shallowRef } from "vue";

export function useTask() {
  const busy = ref(false);
  const error = shallowRef<unknown>(null);
  let unread: unknown = undefined;

  async function run<Answer>(work: () => Promise<Answer>): Promise<Answer | undefined> {
    busy.value = true;
    error.value = null;
    try {
      return await work();
    } catch (problem) {
      error.value = problem;
      return undefined;
    } finally {
      busy.value = false;
    }
  }

  /** Read anew in the background: no button waits for it, and what an act was refused for stays said. */
  async function look<Answer>(work: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      const found = await work();
      if (error.value === unread) error.value = null;
      return found;
    } catch (problem) {
      unread = problem;
      error.value ??= problem;
      return undefined;
    }
  }

  return { busy, error, run, look };
}
