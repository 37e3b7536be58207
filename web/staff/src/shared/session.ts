/** Who is logged in, and what they may do. */
import { ref } from "vue";

import { ApiError, send } from "./api";
import { hub } from "./hub";
import { say } from "./i18n";
import { forget } from "./keeping";
import type { Me, Right } from "./types";

export const me = ref<Me | null>(null);
const AUTH = "/_allauth/browser/v1/auth";

/** Read who the caller is; null for nobody. */
export async function loadMe(): Promise<Me | null> {
  try {
    me.value = await hub.me();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    me.value = null;
  }
  return me.value;
}

/** Whether the caller holds one of some rights anywhere. */
export function may(...rights: Right[]): boolean {
  return rights.some((right) => (me.value?.rights[right]?.length ?? 0) > 0);
}

/** Log in: whether that was all, or a code is wanted too. */
export async function logIn(username: string, password: string): Promise<"done" | "code"> {
  return entered(await send("POST", `${AUTH}/login`, { json: { username, password } }));
}

/** The second step: a code from an authenticator, or a recovery code. */
export async function logInWithCode(code: string): Promise<"done" | "code"> {
  return entered(await send("POST", `${AUTH}/2fa/authenticate`, { json: { code } }), true);
}

/** Log out; the page starts afresh, so that nothing of it stays. */
export async function logOut(): Promise<void> {
  await send("DELETE", `${AUTH}/session`);
  me.value = null;
  forget("surveyor");
  window.location.assign("/login");
}

interface Flow {
  id: string;
  is_pending?: boolean;
}

async function entered(answer: Response, second = false): Promise<"done" | "code"> {
  if (answer.ok) {
    await loadMe();
    return "done";
  }
  const body = (await answer.json().catch(() => ({}))) as { data?: { flows?: Flow[] } };
  const flows = body.data?.flows ?? [];
  if (answer.status === 401 && flows.some((one) => one.id === "mfa_authenticate" && one.is_pending)) {
    return "code";
  }
  const slow = answer.status === 429 || answer.status === 403;
  throw new Error(say(slow ? "login.slow" : second ? "login.wrongCode" : "login.wrong"));
}
