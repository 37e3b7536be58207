/** One survey as it is read and written: who comes second is told, and sees the latest. */
import { onMounted, ref } from "vue";

import { ApiError } from "@/shared/api";
import { hub } from "@/shared/hub";
import { say } from "@/shared/i18n";
import { done } from "@/shared/tell";
import type { WholeSurvey } from "@/shared/types";
import { useTask } from "@/shared/useTask";

export function useOneSurvey(id: number) {
  const survey = ref<WholeSurvey | null>(null);
  const meanwhile = ref(false);
  const task = useTask();

  async function load(): Promise<void> {
    const found = await task.run(() => hub.survey(id));
    if (found) survey.value = found;
  }

  async function write(work: (one: WholeSurvey) => Promise<WholeSurvey>, words = "saved"): Promise<boolean> {
    const now = survey.value;
    if (!now) return false;
    meanwhile.value = false;
    const saved = await task.run(() => work(now));
    if (saved) {
      survey.value = saved;
      done(say(words));
      return true;
    }
    if (task.error.value instanceof ApiError && task.error.value.status === 409) {
      const latest = await hub.survey(id);
      meanwhile.value = latest.version !== now.version;
      survey.value = latest;
    }
    return false;
  }

  onMounted(load);
  return { ...task, survey, meanwhile, load, write };
}
