/** Projects, annual lists, proofs. */
import type { Colour, Scope } from "./assessments";
import type { Issue } from "./common";

export type ProjectState = "idea" | "reserve" | "listed" | "approved" | "building" | "accepted" | "dropped";
export type Criterion = "need" | "basis" | "fit" | "landing";

export interface Score {
  score: number;
  reason: string;
}

export interface BudgetLine {
  year: number;
  source: string;
  planned_cny: number;
  spent_cny: number;
}

export interface Milestone {
  name: string;
  due_on: string;
  done_on: string | null;
}

export interface Risk {
  text: string;
  likelihood: number;
  impact: number;
  response: string;
  closed_on: string | null;
}

export interface ProjectFields {
  name: string;
  about: string;
  place: string;
  kind: "new" | "enlarge" | "way" | "other";
  facility_type: string;
  space: string;
  facility: string;
  lon: number | null;
  lat: number | null;
  planned: { capacity?: number | null; floor_area_m2?: number | null };
  promised: { people?: number | null; words?: string };
  scores: Partial<Record<Criterion, Score>>;
  horizon: "near" | "later";
  department: string;
  supporting: string[];
  responsible: string | null;
  starts_on: string | null;
  due_on: string | null;
  pilot: boolean;
}

export interface NewProject extends Partial<ProjectFields> {
  name: string;
  place: string;
  card?: { run: string; area: string; scope: Scope; key: string };
}

export interface CardThen {
  area: string;
  area_zh: string;
  area_en: string;
  key: string;
  key_zh: string;
  key_en: string;
  colour: Colour;
  score: number | null;
  reason_zh: string;
  reason_en: string;
  lift_zh: string;
  lift_en: string;
}

export interface Project extends ProjectFields {
  ref: string;
  place_zh: string;
  evidence: { run?: string; card?: CardThen; pilot?: string };
  score: number | null;
  state: ProjectState;
  responsible_name: string | null;
  annual: number | null;
  year: number | null;
  copied_from: string | null;
  created_at: string;
  created_by: string;
  accepted_on: string | null;
  version: number;
  budget: BudgetLine[];
  milestones: Milestone[];
  risks: Risk[];
  planned_cny: number;
  spent_cny: number;
  late_days: number;
}

export interface ProjectEvent {
  at: string;
  by: string;
  what: string;
  note: string;
}

export interface ProjectSummary {
  states: Partial<Record<ProjectState, number>>;
  money: { year: number; source: string; planned_cny: number; spent_cny: number }[];
  late: { ref: string; name: string; days: number }[];
}

export interface AnnualList {
  id: number;
  place: string;
  place_zh: string;
  year: number;
  title: string;
  state: "draft" | "approved";
  approved_by: string;
  approved_at: string | null;
  projects: string[];
  frozen: { ref: string; name: string; place_zh: string; due_on: string | null }[];
  version: number;
}

export interface ProofState {
  colour: Colour;
  score: number | null;
  satisfaction: number | null;
  answers: number | null;
}

export interface ProofCard {
  area: string;
  area_zh: string;
  scope: Scope;
  key: string;
  key_zh: string;
  before: ProofState | null;
  after: ProofState | null;
}

export interface Proof {
  project: string;
  name: string;
  before: number | null;
  after: number | null;
  made_at: string | null;
  figures: {
    promised?: { people?: number };
    planned_cny?: number;
    spent_cny?: number;
    newly_reached?: number | null;
    cards?: ProofCard[];
    turned?: { area: string; area_zh: string; before: Colour; after: Colour }[];
  };
}

export interface Build {
  year: number;
  kind: string;
  space: string;
  facility: string;
  name: string;
  area_m2: number | null;
  cost_cny: number;
  capacity: number | null;
  serves: number;
}

export interface ProposalAsked {
  budgets?: number[] | undefined;
  kinds?: string[] | undefined;
  fair?: number;
  gap_between?: number | null;
  seconds?: number;
  exact?: boolean;
  from_year?: number;
}

export interface Proposal {
  id: number;
  place: string;
  place_zh: string;
  title: string;
  run: number;
  asked: ProposalAsked;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  result: {
    so_far?: { value: number; gap: number; seconds: number };
    options?: number;
    value?: number;
    gap?: number;
    seconds?: number;
    builds?: Build[];
    promised?: Record<string, number>;
    reached?: Record<string, number>;
    cost_by_year?: number[];
    shares?: { place: string; before: number; after: number }[];
    turned?: { area: string; before: string; after: string; scope: string; key: string }[];
    notes?: Issue[];
  };
  error: { message: string; issues: Issue[] } | null;
  requested_by: string;
  requested_at: string;
}
