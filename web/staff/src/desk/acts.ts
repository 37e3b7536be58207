/** What was done on the phone and waits to be sent, and how a case stands once it has been. */
import type { CaseWhole, NewCase, PatrolBody, Step } from "@/shared/types";

interface Waiting {
  /** Made on the phone: sent twice, it is done once. */
  id: string;
  user: string;
  /** The case that it is about, or the place; of a photo of something that has no case yet empty until it has one. */
  ref: string;
  title: string;
  /** Milliseconds; no two are alike, so that they are sent in their order. */
  madeAt: number;
  state: "waiting" | "refused" | "conflict";
  refusal: string | null;
  /** How the case stands now, where somebody else was faster. */
  theirs: CaseWhole | null;
}

export interface MoveAct extends Waiting {
  kind: "move";
  name: string;
  /** The version of the case that the move was made on. */
  version: number;
  note: string;
  checked: string[];
}

export interface PhotoAct extends Waiting {
  kind: "photo";
  when: "before" | "after" | "";
  file: Blob;
  /** The patrol and its finding, or the report, that it shows. */
  of: { act: string; item: string } | null;
}

export interface PatrolAct extends Waiting {
  kind: "patrol";
  body: PatrolBody;
}

export interface ReportAct extends Waiting {
  kind: "report";
  body: NewCase;
}

export type Act = MoveAct | PhotoAct | PatrolAct | ReportAct;

/** States in which a case is on somebody's hands. */
export const HELD = ["assigned", "accepted", "on_site"];
/** After these a case is off the worker's hands, and its door off the phone. */
export const GIVEN_UP = ["decline", "hand_up", "resolve"];

export const movesOf = (acts: readonly Act[], ref: string): MoveAct[] =>
  acts.filter((one): one is MoveAct => one.kind === "move" && one.ref === ref);

export const photosOf = (acts: readonly Act[], ref: string): PhotoAct[] =>
  acts.filter((one): one is PhotoAct => one.kind === "photo" && one.ref === ref);

/** A case as it will stand once the moves that wait have been sent, and what may be done then without asking the hub. */
export function foreseen(one: CaseWhole, moves: readonly MoveAct[], steps: readonly Step[], user: string): CaseWhole {
  let next = one;
  for (const { name, madeAt } of moves) {
    const step = steps.find((each) => each.name === name);
    if (!step) continue;
    const when = new Date(madeAt).toISOString();
    const holder = name === "accept" ? user : ["decline", "hand_up"].includes(name) ? "" : next.holder;
    next = {
      ...next, state: step.to, holder, version: next.version + 1, late: [],
      answered_at: name === "accept" ? (next.answered_at ?? when) : next.answered_at,
      arrived_at: name === "arrive" ? (next.arrived_at ?? when) : next.arrived_at,
      resolved_at: name === "resolve" ? when : next.resolved_at,
    };
  }
  return next === one ? one : { ...next, moves: allowed(next, steps, user), may_see_door: false };
}

/** The moves of who works on a case: they need no dispatcher's right. */
function allowed(one: CaseWhole, steps: readonly Step[], user: string): CaseWhole["moves"] {
  const open = steps.filter((step) => step.right === "case.act" && step.sources.includes(one.state));
  return open.filter((step) => step.who !== "holder" || one.holder === user).map(({ name, needs }) => ({ name, needs }));
}
