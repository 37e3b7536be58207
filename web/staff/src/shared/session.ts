/** Who is logged in, and what they may do. */
import { ref } from "vue";

import { forgetCases } from "@/offline/database";
import { forgetHere } from "@/offline/pushing";

import { account, type Flow } from "./account";
import { ApiError, send } from "./api";
import { hub } from "./hub";
import { say } from "./i18n";
import { forget } from "./keeping";
import { signWithPasskey } from "./passkeys";
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

/** Whether the caller holds a right at a place, by its lineage; the hub has the last word. */
export function mayAt(right: Right, lineage: string): boolean {
  return (me.value?.rights[right] ?? []).some((under) => lineage.startsWith(under));
}

/** Log in: the factors of which one is wanted as a second step; none when that was all. */
export async function logIn(username: string, password: string): Promise<string[]> {
  return entered(await send("POST", `${AUTH}/login`, { json: { username, password } }), "login.wrong");
}

/** The second step: a code from an authenticator, or a recovery code. */
export async function logInWithCode(code: string): Promise<string[]> {
  return entered(await send("POST", `${AUTH}/2fa/authenticate`, { json: { code } }), "login.wrongCode");
}

/** With a passkey: by itself, or as the second step. */
export async function logInWithPasskey(step: "login" | "authenticate"): Promise<string[]> {
  const credential = await signWithPasskey(await account.challenge(step));
  const answer = await send("POST", `${AUTH}/webauthn/${step}`, { json: { credential } });
  return entered(answer, "login.wrongPasskey");
}

/** Log out; the page starts afresh, so that nothing of it stays. */
export async function logOut(): Promise<void> {
  await forgetHere().catch(() => undefined);
  await send("DELETE", `${AUTH}/session`);
  me.value = null;
  forget("surveyor");
  forget("desk");
  await forgetCases();
  window.location.assign("/login");
}

async function entered(answer: Response, otherwise: string): Promise<string[]> {
  if (answer.ok) {
    await loadMe();
    return [];
  }
  const body = (await answer.json().catch(() => ({}))) as { data?: { flows?: Flow[] } };
  const next = body.data?.flows?.find((one) => one.id === "mfa_authenticate" && one.is_pending);
  if (answer.status === 401 && next) return next.types ?? ["totp"];
  const slow = answer.status === 429 || answer.status === 403;
  throw new Error(say(slow ? "login.slow" : otherwise));
}
