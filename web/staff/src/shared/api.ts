/** A thin fetch: the session's cookie, its CSRF token, and refusals in the reader's language. */
import { language } from "./i18n";
import type { Issue } from "./types";

export type Query = Record<string, string | number | boolean | readonly number[] | null | undefined>;
interface Sent {
  query?: Query;
  json?: unknown;
  form?: FormData;
  signal?: AbortSignal;
}
interface Refusal {
  code?: string;
  message_en?: string;
  message_zh?: string;
  issues?: Issue[];
}

/** A refusal of the hub: its status, a code, words in both languages, and the rows at fault. */
export class ApiError extends Error {
  readonly code: string;
  readonly issues: Issue[];

  constructor(
    readonly status: number,
    private readonly body: Refusal,
  ) {
    super(body.message_en ?? `HTTP ${status}`);
    this.code = body.code ?? String(status);
    this.issues = body.issues ?? [];
  }

  /** The message in the language that is shown now. */
  get words(): string {
    const said = language.value === "zh" ? this.body.message_zh : this.body.message_en;
    return said || (language.value === "zh" ? `请求失败 (${this.status})` : `the request failed (${this.status})`);
  }
}

let whenLoggedOut: () => void = () => undefined;

/** Say what happens when the hub no longer knows the caller. */
export function onLoggedOut(then: () => void): void {
  whenLoggedOut = then;
}

/** Somebody has found that the hub no longer knows the caller. */
export function loggedOut(): void {
  whenLoggedOut();
}

/** Call the hub's interface and return what it answers. */
export async function call<Answer>(method: string, path: string, sent: Sent = {}): Promise<Answer> {
  const answer = await send(method, `/api/v1${path}${written(sent.query)}`, sent);
  if (answer.status === 204) return undefined as Answer;
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body as Answer;
  if (answer.status === 401) whenLoggedOut();
  throw new ApiError(answer.status, body as Refusal);
}

/** Call the hub's interface where it answers with a file. */
export async function file(method: string, path: string, sent: Sent = {}): Promise<Response> {
  const answer = await send(method, `/api/v1${path}${written(sent.query)}`, sent);
  if (answer.ok) return answer;
  if (answer.status === 401) whenLoggedOut();
  throw new ApiError(answer.status, (await answer.json().catch(() => ({}))) as Refusal);
}

/** Send a request of the page's own origin with what Django wants of it. */
export async function send(method: string, path: string, sent: Sent = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = cookie("csrftoken");
  if (sent.json !== undefined) headers["Content-Type"] = "application/json";
  const body = sent.form ?? (sent.json === undefined ? undefined : JSON.stringify(sent.json));
  try {
    return await fetch(path, { method, headers, body, signal: sent.signal, credentials: "same-origin" });
  } catch (error) {
    if (sent.signal?.aborted) throw error;
    throw new ApiError(0, { message_en: "the server cannot be reached", message_zh: "无法连接服务器" });
  }
}

/** The words of whatever went wrong. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiError) return error.words;
  return error instanceof Error ? error.message : String(error);
}

function written(query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === "" || value === false) return [];
    const values = Array.isArray(value) ? value : [value];
    return values.map((one) => `${name}=${encodeURIComponent(String(one))}`);
  });
  return pairs.length ? `?${pairs.join("&")}` : "";
}

function cookie(name: string): string {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
