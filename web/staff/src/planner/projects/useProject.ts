/** One project as it is read and written: who comes second is told, and sees the latest. */
import { onMounted, ref } from "vue";

import { ApiError } from "@/shared/api";
import { hub } from "@/shared/hub";
import { say } from "@/shared/i18n";
import { done } from "@/shared/tell";
import type { Project } from "@/shared/types";
import { useTask } from "@/shared/useTask";

export function useProject(number: string) {
  const project = ref<Project | null>(null);
  const meanwhile = ref(false);
  /** Rises when somebody else's version is shown: forms begin anew. */
  const shown = ref(0);
  const task = useTask();

  async function load(): Promise<void> {
    const found = await task.run(() => hub.project(number));
    if (found) project.value = found;
  }

  let last: Promise<unknown> = Promise.resolve();

  /** Write, one after the other, and show what came of it; whether it was written. */
  function write(work: (one: Project) => Promise<Project>, words = "project.saved"): Promise<boolean> {
    const written = last.then(() => writeNow(work, words));
    last = written;
    return written;
  }

  async function writeNow(work: (one: Project) => Promise<Project>, words: string): Promise<boolean> {
    const now = project.value;
    if (!now) return false;
    meanwhile.value = false;
    const saved = await task.run(() => work(now));
    if (saved) {
      project.value = saved;
      done(say(words));
      return true;
    }
    const refusal = task.error.value;
    if (refusal instanceof ApiError && refusal.status === 409) {
      const latest = await hub.project(number);
      if (latest.version !== now.version) {
        project.value = latest;
        shown.value += 1;
        task.error.value = null;
        meanwhile.value = true;
      }
    }
    return false;
  }

  onMounted(load);
  return { ...task, project, meanwhile, shown, load, write };
}
