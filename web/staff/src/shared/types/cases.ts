/** Cases and what happened to them. */
export type Priority = "P1" | "P2" | "P3" | "P4" | "P5";

export interface CaseKind {
  id: string;
  zh: string;
  en: string;
  priority: Priority;
  department: string;
  closes: string;
  checklist: string[];
}

export interface Case {
  ref: string;
  kind: string;
  kind_zh: string;
  kind_en: string;
  priority: Priority;
  source: string;
  title: string;
  about: string;
  place: string;
  place_zh: string;
  state: string;
  tier: string;
  holder: string;
  holder_name: string;
  department: string;
  body: string;
  duplicate_of: string;
  lon: number | null;
  lat: number | null;
  opened_at: string;
  answer_due: string;
  arrive_due: string;
  close_due: string;
  paused_at: string | null;
  answered_at: string | null;
  arrived_at: string | null;
  resolved_at: string | null;
  closed_at: string | null;
  rating: string;
  drill: boolean;
  held: boolean;
  forgotten_on: string | null;
  canary: boolean;
  late: string[];
  has_door: boolean;
  version: number;
}

export interface CaseWhole extends Case {
  checklist: string[];
  moves: { name: string; needs: string[] }[];
  may_pause: boolean;
  may_hold: boolean;
  may_rate: boolean;
  may_order: boolean;
  may_hand: boolean;
  may_see_door: boolean;
  spot: [lon: number, lat: number] | null;
  spot_is_place: boolean;
}

export interface CaseEvent {
  at: string;
  by: string;
  what: string;
  note: string;
  detail: Record<string, unknown>;
}

export interface CaseTold {
  username: string;
  name: string;
  channel: string;
  state: string;
  created_at: string;
  sent_at: string | null;
  delivered_at: string | null;
  receipt: string;
  error: string;
}

export interface NewCase {
  place: string;
  kind: string;
  source: string;
  title: string;
  about: string;
  door: string | null;
  reporter: string | null;
  lon?: number | null;
  lat?: number | null;
  key?: string;
}

/** A move of the workflow; `who` is "holder" where only who holds the case may make it. */
export interface Step {
  name: string;
  sources: string[];
  to: string;
  right: string;
  who: "holder" | "anybody";
  needs: string[];
}

export interface MoveBody {
  version: number;
  note?: string;
  assignee?: string;
  body?: string;
  checked?: string[];
  key?: string;
  made_at?: string;
}

export interface CasePhoto {
  id: number;
  sent_key: string | null;
  when: "before" | "after" | "";
  width: number;
  height: number;
  taken_on: string | null;
  added_at: string;
  added_by: string;
  may_remove: boolean;
}

/** Where to, who reported it, whom to call, and what to know of the home: for who holds the case. */
export interface Door {
  door: string;
  reporter: string;
  contacts: { who: string; phone: string }[];
  home: { key_held: string; hazards: string[]; note: string; consent_on: string } | null;
}

/** How a place, a month or a kind does: counts, shares of 0 to 1, points of a hundred. */
export interface EvaluationRow {
  key: string;
  name: string;
  received: number;
  due: number;
  settled: number;
  settled_share: number | null;
  in_time: number | null;
  answered_in_time: number | null;
  once: number | null;
  satisfied: number | null;
  in_grid: number | null;
  points: number | null;
  /** Yuan, as text. */
  cost: string;
}

export interface CaseEvaluation {
  all: EvaluationRow;
  places: EvaluationRow[];
  months: EvaluationRow[];
  kinds: EvaluationRow[];
}

/** A group chat that is told of cases; its address is never shown. */
export interface Chat {
  id: number;
  place: string;
  place_zh: string;
  department: string;
  up_to: Priority;
  name: string;
  kind: string;
  added_by: string;
  added_at: string;
  ended_at: string | null;
  answer: string;
  answered_at: string | null;
  took_it: boolean | null;
}

export interface ChatList {
  /** Which there may be; none, and chats are off. */
  kinds: string[];
  items: Chat[];
}
