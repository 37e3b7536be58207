/** Changes of how one logs in want the password said again: ask for it, then go on. */
import { ref } from "vue";

import { UnconfirmedError, type Flow } from "@/shared/account";
import { say } from "@/shared/i18n";

interface Question {
  flows: Flow[];
  /** Whether it was confirmed. */
  answer: (confirmed: boolean) => void;
}

export const question = ref<Question | null>(null);

/** Do something, after asking who is there where the hub wants to know. */
export async function confirmed<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnconfirmedError)) throw error;
    const yes = await new Promise<boolean>((answer) => (question.value = { flows: error.flows, answer }));
    question.value = null;
    if (!yes) throw new Error(say("security.unconfirmed"));
    return work();
  }
}
