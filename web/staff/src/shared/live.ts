/**
 * The line to the hub's stream, one for all that is shown. It says how long nothing was heard, comes back by itself, and
 * lets everybody read anew when it does: what happened in between is never guessed.
 */
import { computed, onMounted, onUnmounted, ref } from "vue";

import { hub } from "./hub";

export interface Heard {
  kind: string;
  data: Record<string, unknown>;
}

interface Listener {
  kinds: readonly string[];
  heard: (event: Heard) => void;
  reload: () => void;
}

/** The hub gives a sign of life every 10 to 15 s. */
const STALE_MS = 20_000;
const WAITS_MS = [1000, 2000, 4000, 8000];
const TICK_MS = 1000;

const listeners = new Set<Listener>();
const heardAt = ref(Date.now());
const ticked = ref(Date.now());
let triedAt = 0;
/** How far the hub's clock is ahead of this machine's. */
let aheadMs = 0;
let source: EventSource | null = null;
let position = "";
let failures = 0;
let ticking = 0;
let waiting = 0;

/** Live: heard within 20 s, a break of a second in between or not. Else what is shown is as old as it says. */
export const live = computed(() => ticked.value - heardAt.value < STALE_MS);
/** The time by the hub's clock, in milliseconds, told anew every second. */
export const hubNow = computed(() => ticked.value + aheadMs);

/** Be told of some kinds of events, and when everything is to be read anew, as long as the component is there. */
export function useLive(kinds: readonly string[], heard: (event: Heard) => void, reload: () => void): void {
  const listener = { kinds, heard, reload };
  onMounted(() => {
    listeners.add(listener);
    if (listeners.size === 1) begin();
    else for (const kind of kinds) source?.addEventListener(kind, tell);
  });
  onUnmounted(() => {
    listeners.delete(listener);
    if (!listeners.size) end();
  });
}

/** An answer of the hub says what time it is there. */
export function setHubTime(now: string): void {
  aheadMs = Date.parse(now) - Date.now();
}

function begin(): void {
  heardAt.value = ticked.value = Date.now();
  ticking = window.setInterval(tick, TICK_MS);
  window.addEventListener("online", connect);
  connect();
}

function end(): void {
  window.clearInterval(ticking);
  window.clearTimeout(waiting);
  window.removeEventListener("online", connect);
  close();
  failures = 0;
}

function close(): void {
  source?.close();
  source = null;
}

function connect(): void {
  window.clearTimeout(waiting);
  close();
  triedAt = Date.now();
  source = new EventSource(position ? `/stream?after=${position}` : "/stream");
  source.onerror = lost;
  source.addEventListener("hello", (event) => {
    sign(event);
    failures = 0;
    for (const one of listeners) one.reload();
  });
  source.addEventListener("beat", sign);
  source.addEventListener("reset", (event) => {
    sign(event);
    for (const one of listeners) one.reload();
  });
  source.addEventListener("bye", lost);
  for (const kind of new Set([...listeners].flatMap((one) => one.kinds))) source.addEventListener(kind, tell);
}

/** Gone, or gone quiet: ask whether the caller is still known, which leads to the log-in if not, and try again later. */
function lost(): void {
  close();
  hub.me().catch(() => undefined);
  window.clearTimeout(waiting);
  const wait = WAITS_MS[Math.min(failures, WAITS_MS.length - 1)]!;
  waiting = window.setTimeout(connect, wait * (0.75 + Math.random() / 2)); // not all screens at once
  failures += 1;
}

function tick(): void {
  ticked.value = Date.now();
  if (source && ticked.value - Math.max(heardAt.value, triedAt) > STALE_MS) lost();
}

function sign(event: MessageEvent<string>): void {
  heardAt.value = ticked.value = Date.now();
  if (event.lastEventId) position = event.lastEventId;
  const { now } = JSON.parse(event.data || "{}") as { now?: string };
  if (now) setHubTime(now);
}

function tell(event: MessageEvent<string>): void {
  sign(event);
  const { kind, data } = JSON.parse(event.data) as Heard;
  for (const one of listeners) if (one.kinds.includes(kind)) one.heard({ kind, data });
}
