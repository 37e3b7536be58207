/** Something asked of the hub: whether it is under way, and what it was refused for. */
import { ref } from "vue";

export function useTask() {
  const busy = ref(false);
  const error = ref<unknown>(null);

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

  return { busy, error, run };
}
