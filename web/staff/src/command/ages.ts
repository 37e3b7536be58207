/** How old something is, and whether that is too old. */
import { span } from "@/planner/cases/clocks";
import { hubNow } from "@/shared/live";
import { say } from "@/shared/i18n";
import type { Figure } from "@/shared/types";

/** Milliseconds since a moment by the hub's clock, never negative; null for no moment. */
export function ageMs(at: string | null | undefined): number | null {
  return at ? Math.max(hubNow.value - Date.parse(at), 0) : null;
}

export function ageWords(at: string | null | undefined): string {
  const age = ageMs(at);
  return age === null ? say("command.noData") : say("command.ago", { age: span(age) });
}

/** Whether a figure says nothing of now: too old, or nothing at all. */
export function isStale(figure: Figure): boolean {
  const age = ageMs(figure.as_of);
  return age === null || age > figure.stale_after_s * 1000;
}

/** What is read twice a minute and was not for longer than that is not live. */
const OLD_MS = 45_000;

export function isOld(now: string | undefined): boolean {
  return (ageMs(now) ?? 0) > OLD_MS;
}

/** A time of day, with seconds for clocks on walls. */
export function timeOf(at: number | string, seconds = false): string {
  const when = new Date(at);
  return when.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, ...(seconds ? { second: "2-digit" } : {}) });
}
