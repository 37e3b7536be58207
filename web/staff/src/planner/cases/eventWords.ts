/** What happened to a case, in words. */
import { say } from "@/shared/i18n";
import type { CaseEvent } from "@/shared/types";

/** Steps beside the moves of the workflow. */
export const OURS = ["received", "again", "escalated", "nobody", "paused", "resumed", "merged", "joined", "split", "cleared", "meeting", "photo", "photo_removed",
  "held", "released", "forgotten",
  "order_proposed", "order_changed", "order_approved", "order_done", "order_withdrawn",
  "outside_sent", "outside_told", "outside_ended", "outside_accepted", "outside_note", "outside_photo", "outside_done", "outside_declined",
];
const OUTSIDE = "outside body: ";

/** Whether an outside body did it. */
export const isOutside = (by: string) => by.startsWith(OUTSIDE);

/** Who did it: an outside body by its name, in the reader's language. */
export function byWords(by: string): string {
  return isOutside(by) ? say("outside.by", { body: by.slice(OUTSIDE.length) }) : by;
}
export function eventWords(event: CaseEvent): string {
  const detail = event.detail;
  const listed = (value: unknown) => [value].flat().join(", ");
  const names = { ...strings(detail), tier: say(`case.tiers.${String(detail.tier ?? "grid")}`), names: listed(detail.told), into: listed(detail.into), of: detail.of };
  if (event.what === "rated") return say("case.events.rated", { rating: say(`case.ratings.${String(detail.rating)}`) });
  if (OURS.includes(event.what)) return say(`case.events.${event.what}`, names);
  return `${say(`case.moves.${event.what}`)} ${String(detail.assignee || detail.body || "")}`;
}

function strings(detail: Record<string, unknown>): Record<string, string> {
  const told = ["order", "doer", "total", "body", "name"].map((name) => [name, String(detail[name] ?? "")]);
  return Object.fromEntries(told) as Record<string, string>;
}
