/** Patrols: what is looked at, when, and what was found. */
export type Often = "day" | "week" | "month";
export type Found = "ok" | "not_ok" | "not_applicable";

export interface PatrolList {
  id: string;
  zh: string;
  en: string;
  every: Often;
  about: string;
  items: { id: string; zh: string; en: string; kind: string }[];
}

export interface DuePatrol {
  plan: number;
  place: string;
  place_zh: string;
  checklist: string;
  checklist_zh: string;
  checklist_en: string;
  every: Often;
  due_on: string;
  done_on: string | null;
  last_on: string | null;
  missed: boolean;
}

export interface PatrolPlan {
  id: number;
  place: string;
  checklist: string;
  every: Often;
}

export interface PatrolBody {
  key: string;
  place: string;
  checklist: string;
  on: string;
  note: string;
  answers: { item: string; answer: Found; note: string }[];
}

export interface Patrol {
  id: number;
  place_zh: string;
  checklist: string;
  on: string;
  by_name: string;
  answers: { item: string; answer: Found; note: string; case: string; case_state: string }[];
}

export interface PatrolFigures {
  due: number;
  done_in_time: number;
  share: number | null;
  patrols: number;
  findings: number;
  open_findings: number;
}
