/** What happened to a case, in words. */
import { say } from "@/shared/i18n";
import type { CaseEvent } from "@/shared/types";

const OURS = ["received", "again", "escalated", "nobody", "paused", "resumed", "merged", "joined", "split", "cleared", "meeting", "photo", "photo_removed", "held", "released", "forgotten"];

export function eventWords(event: CaseEvent): string {
  const detail = event.detail;
  const listed = (value: unknown) => [value].flat().join(", ");
  const names = { tier: say(`case.tiers.${String(detail.tier ?? "grid")}`), names: listed(detail.told), into: listed(detail.into), of: detail.of };
  if (event.what === "rated") return say("case.events.rated", { rating: say(`case.ratings.${String(detail.rating)}`) });
  if (OURS.includes(event.what)) return say(`case.events.${event.what}`, names);
  return `${say(`case.moves.${event.what}`)} ${String(detail.assignee || detail.body || "")}`;
}
