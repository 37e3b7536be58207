/** Runs, cards, drawings, what is published. */
import type { Page, Issue } from "./common";
import type { Level } from "./places";

export type Colour = "green" | "blue" | "yellow" | "orange" | "red" | "grey";

export type Scope = "overall" | "theme" | "category" | "type";

export interface Run {
  id: string;
  number: number;
  title: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  stage: string;
  done: number;
  draws: number;
  moments: string[];
  automatic: boolean;
  requested_by: string;
  requested_at: string;
  started_at: string | null;
  finished_at: string | null;
  error: { message?: string; issues?: Issue[] } | null;
  version: string;
  walked: number | null;
}

export interface Upkeep {
  upkeep_min: number | null;
}

export interface RunPage extends Page<Run> {
  stale: boolean;
}

export interface PublicCard {
  area: string;
  area_zh: string;
  area_en: string;
  level: Level;
  scope: Scope;
  key: string;
  key_zh: string;
  key_en: string;
  colour: Colour;
  score: number | null;
  covered_share: number | null;
  reason_zh: string;
  reason_en: string;
  synthetic: boolean;
}

export interface ShortCard extends PublicCard {
  gap: number | null;
  gap_unit: string;
  gap_unit_zh: string;
  uncovered: number | null;
  people: number | null;
}

export interface Card extends ShortCard {
  completeness: number | null;
  scale: number | null;
  coverage: number | null;
  quality: number | null;
  satisfaction: number | null;
  compliance_share: number | null;
  supply: number | null;
  needed: number | null;
  supply_uncapped: number | null;
  answers: number;
  held_share: number | null;
  edge: boolean;
  rule: string;
  lift_zh: string;
  lift_en: string;
  overridden: boolean;
}

export interface Matrix {
  areas: { code: string; zh: string; en: string }[];
  keys: { key: string; zh: string; en: string }[];
  colours: string[];
}

export interface CardChange {
  area: string;
  scope: Scope;
  key: string;
  colour_before: Colour;
  colour_after: Colour;
  score_before: number | null;
  score_after: number | null;
}

export interface Comparison {
  before: Run;
  after: Run;
  rose: number;
  fell: number;
  items: CardChange[];
}

export interface DraftAnswer {
  items: CardChange[];
  types: string[];
  all_types: number;
  seconds: number;
}

export type Drawn =
  | { do: "add"; type: string; lon: number; lat: number; name?: string; capacity?: number }
  | { do: "change"; ref: string; capacity?: number; floor_area_m2?: number }
  | { do: "remove"; ref: string }
  | { do: "close_way"; way: number }
  | { do: "close_lift"; node: number }
  | { do: "add_way"; kind: WayKind; from_lon: number; from_lat: number; to_lon: number; to_lat: number };

export type WayKind = "path" | "steps" | "lift" | "escalator";

export interface Near {
  do: "close_way" | "close_lift";
  way: number | null;
  node: number | null;
  kind: string;
  name: string;
}

export interface Swatch {
  id: Colour;
  hex: string;
  ink: string;
  symbol: string;
  zh: string;
  en: string;
}

export interface Publication {
  place: string;
  place_zh: string;
  published_at: string;
  cards: PublicCard[];
}

export interface DemandRow {
  place: string;
  place_zh: string;
  level: Level;
  type: string;
  type_zh: string;
  group: string;
  unit: string;
  people_now: number;
  people_then: number;
  beyond_now: number | null;
  beyond_then: number | null;
  needed_now: number | null;
  needed_then: number | null;
  received_now: number | null;
  received_then: number | null;
  short_now: number | null;
  short_then: number | null;
  use: number | null;
  satisfaction: number | null;
  answers: number;
  wished: number | null;
}

export interface PlaceClass {
  area: string;
  area_zh: string;
  area_en: string;
  colour: Colour;
  score: number | null;
  act_zh: string;
  act_en: string;
  themes: Record<string, Colour>;
  reasons: {
    key: string;
    key_zh: string;
    key_en: string;
    colour: Colour;
    gap: number | null;
    gap_unit: string | null;
    gap_unit_zh: string | null;
    uncovered: number | null;
  }[];
  held: number;
}
