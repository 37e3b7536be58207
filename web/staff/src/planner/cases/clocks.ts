/** Which clock of a case runs next, and how much of it is left. */
import { onMounted, onUnmounted, ref } from "vue";

import { say } from "@/shared/i18n";
import type { Case } from "@/shared/types";

const TICK_MS = 1000;

/** The time now, in milliseconds, told anew every second. */
export function useNow() {
  const now = ref(Date.now());
  let ticking = 0;
  onMounted(() => (ticking = window.setInterval(() => (now.value = Date.now()), TICK_MS)));
  onUnmounted(() => window.clearInterval(ticking));
  return now;
}

/** The clocks of a case: name, when it is due, when it was met. */
export const CLOCKS = [
  ["answer", "answer_due", "answered_at"], ["arrive", "arrive_due", "arrived_at"], ["close", "close_due", "resolved_at"],
] as const;

/** The next clock of an open case: its name, and milliseconds to its end, negative when it is past; null for none. */
export function nextClock(one: Case, now: number): { name: string; left: number } | null {
  if (one.paused_at || ["closed", "merged", "verified"].includes(one.state)) return null;
  for (const [name, due, done] of CLOCKS) if (!one[done]) return { name, left: Date.parse(one[due]) - now };
  return null;
}

/** A span in its largest unit. */
export function span(ms: number): string {
  const s = Math.abs(ms) / 1000;
  if (s < 100) return say("case.spans.s", { n: Math.floor(s) });
  if (s < 5400) return say("case.spans.min", { n: Math.floor(s / 60) });
  if (s < 129_600) return say("case.spans.h", { n: Math.floor(s / 3600) });
  return say("case.spans.d", { n: Math.floor(s / 86_400) });
}

/** What a list says of a case's clock. */
export function clockWords(one: Case, now: number): string {
  if (one.paused_at) return say("case.paused");
  const next = nextClock(one, now);
  if (!next) return "–";
  return say(next.left < 0 ? "case.over" : "case.left", { clock: say(`case.clocks.${next.name}`), span: span(next.left) });
}
