/** Repair orders of cases, and cases in the hands of outside bodies. Money and quantities are decimal text. */
export interface OrderLine {
  sort: "part" | "labour";
  name: string;
  unit: string;
  quantity: string;
  price: string;
}

export interface OrderBody {
  what: string;
  group: number | null;
  firm: string;
  most: string | null;
  lines: OrderLine[];
}

export interface Order extends OrderBody {
  number: number;
  group_name: string;
  state: "proposed" | "approved" | "done" | "withdrawn";
  lines: (OrderLine & { amount: string })[];
  total: string;
  tier: "community" | "street" | "district";
  proposed_at: string;
  proposed_by: string;
  approved_at: string | null;
  approved_by: string;
  done_on: string | null;
  done_by: string;
  warranty_until: string | null;
  version: number;
  may_change: boolean;
  may_approve: boolean;
  may_finish: boolean;
  may_withdraw: boolean;
}

export type OutsideState = "sent" | "accepted" | "done" | "declined" | "ended" | "expired";
export type OutsideChannel = "sms" | "email";

/** A link to an outside body, and where it stands. */
export interface OutsideLink {
  id: number;
  body: string;
  ask: string;
  order: number | null;
  door: boolean;
  photos: number;
  state: OutsideState;
  made_at: string;
  made_by: string;
  expires_at: string;
  looked_at: string | null;
  accepted_by: string;
  may_end: boolean;
}

export interface OutsideMade extends OutsideLink {
  link: string;
  told: boolean | null;
}

export interface OutsideBody {
  version: number;
  body: string;
  ask: string;
  order: number | null;
  door: boolean;
  photos: number[];
  days: number;
  channel: OutsideChannel | null;
  to: string;
}

/** What a body reads of a case. */
export interface OutsideShown {
  ref: string;
  body: string;
  state: OutsideState;
  kind_zh: string;
  kind_en: string;
  place_zh: string[];
  place_en: string[];
  ask: string;
  door: string;
  due: string | null;
  paused: boolean;
  photos: { id: number; own: boolean }[];
  work: { number: number; what: string; lines: { name: string; unit: string; quantity: string }[] } | null;
  notes: { at: string; note: string }[];
  accepted_by: string;
  contact: string;
  expires_at: string;
}
