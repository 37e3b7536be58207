/** One's own factors and sessions: django-allauth's interface, with the password asked for again where it wants it. */
import { ApiError, loggedOut, send } from "./api";
import { say } from "./i18n";

export interface Factor {
  type: "totp" | "webauthn" | "recovery_codes";
  id?: number;
  name?: string;
  created_at: number;
  last_used_at: number | null;
  total_code_count?: number;
  unused_code_count?: number;
  unused_codes?: string[];
}

export interface OpenSession {
  id: number;
  user_agent: string;
  ip: string;
  created_at: number;
  is_current: boolean;
}

export interface Flow {
  id: string;
  types?: string[];
  is_pending?: boolean;
}

interface Answer<Data> {
  data: Data;
  meta?: Record<string, unknown> & { is_authenticated?: boolean };
  errors?: { code: string }[];
}

/** It has to be confirmed first who asks. */
export class UnconfirmedError extends Error {
  constructor(readonly flows: Flow[]) {
    super("confirm who you are");
  }
}

const FACTORS = "/account/authenticators";

async function ask<Data>(method: string, path: string, json?: unknown, also?: number): Promise<Answer<Data>> {
  const answer = await send(method, `/_allauth/browser/v1${path}`, { json });
  const body = (await answer.json().catch(() => ({}))) as Answer<Data>;
  if (answer.ok || answer.status === also) return body;
  if (answer.status === 401) {
    if (body.meta?.is_authenticated) throw new UnconfirmedError((body.data as { flows: Flow[] }).flows);
    loggedOut();
  }
  if (answer.status === 400 || answer.status === 422) throw new Error(say(reason(body.errors?.[0]?.code)));
  if (answer.status === 429) throw new Error(say("login.slow"));
  throw new ApiError(answer.status, {});
}

function reason(code = ""): string {
  if (code.startsWith("too_many")) return "login.slow";
  if (code.includes("password")) return "security.wrongPassword";
  return code === "incorrect_code" ? "login.wrongCode" : "security.refused";
}

export const account = {
  factors: async () => (await ask<Factor[]>("GET", FACTORS)).data,
  newTotp: async () => (await ask<never>("GET", `${FACTORS}/totp`, undefined, 404)).meta as { secret: string },
  addTotp: (code: string) => ask("POST", `${FACTORS}/totp`, { code }),
  removeTotp: () => ask("DELETE", `${FACTORS}/totp`),
  codes: async () => (await ask<Factor>("GET", `${FACTORS}/recovery-codes`)).data.unused_codes ?? [],
  newCodes: async () => (await ask<Factor>("POST", `${FACTORS}/recovery-codes`)).data.unused_codes ?? [],
  newPasskey: async () =>
    (await ask<{ creation_options: { publicKey: unknown } }>("GET", `${FACTORS}/webauthn?passwordless`)).data
      .creation_options.publicKey,
  addPasskey: (name: string, credential: unknown) => ask("POST", `${FACTORS}/webauthn`, { name, credential }),
  renamePasskey: (id: number, name: string) => ask("PUT", `${FACTORS}/webauthn`, { id, name }),
  removePasskey: (id: number) => ask("DELETE", `${FACTORS}/webauthn`, { authenticators: [id] }),
  sessions: async () => (await ask<OpenSession[]>("GET", "/auth/sessions")).data,
  endSessions: async (sessions: number[]) =>
    (await ask<OpenSession[]>("DELETE", "/auth/sessions", { sessions })).data,
  confirmByPassword: (password: string) => ask("POST", "/auth/reauthenticate", { password }),
  confirmByCode: (code: string) => ask("POST", "/auth/2fa/reauthenticate", { code }),
  confirmByPasskey: (credential: unknown) => ask("POST", "/auth/webauthn/reauthenticate", { credential }),
  /** What a passkey has to sign: to log in, as the second step, or to confirm who asks. */
  challenge: async (to: "login" | "authenticate" | "reauthenticate") =>
    (await ask<{ request_options: { publicKey: unknown } }>("GET", `/auth/webauthn/${to}`)).data.request_options
      .publicKey,
};
