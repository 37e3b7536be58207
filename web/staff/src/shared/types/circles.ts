/** Life circles, check lists, work goals, files of projects. */
import type { Colour } from "./assessments";

export type CircleState = "planned" | "building" | "accepted" | "demonstration";

export interface Circle {
  code: string;
  name_zh: string;
  name_en: string;
  members: string[];
  members_zh: string[];
  people: number | null;
  beyond: number | null;
  state: CircleState;
  checklist: string;
  version: number;
  colour: Colour | null;
  score: number | null;
  since: string | null;
  bounds: [number, number, number, number] | null;
}

export interface CircleStep {
  at: string;
  on: string;
  by: string;
  state: CircleState;
  note: string;
}

export interface DrawnCircle {
  name_zh: string;
  members: string[];
  people: number;
  walk_s: number;
  beyond: number;
}

export interface Division {
  wish: string;
  walk_s: number;
  split: number;
  uneven: number;
  circles: DrawnCircle[];
}

export interface CircleTarget {
  place: string;
  on: string;
  circles: number;
  accepted: number;
}

export interface ChecklistItem {
  id: string;
  zh: string;
  en: string;
  norm: string;
  types: string[];
}

export interface Checklist {
  id: string;
  zh: string;
  en: string;
  level: "community" | "circle";
  source: string;
  origin: "source" | "proposal";
  verify: boolean;
  items: ChecklistItem[];
}

export interface CheckedItem extends ChecklistItem {
  register_says: boolean | null;
  facilities: string[];
  met: boolean | null;
  note: string;
  by: string;
}

export interface Checked {
  place: string;
  place_zh: string;
  checklist: string;
  items: CheckedItem[];
  met: number;
  unmet: number;
  open: number;
}

export type Standing = "done" | "on_track" | "behind" | "overdue";

export interface GoalFields {
  name: string;
  about: string;
  unit: string;
  start: number;
  target: number;
  starts_on: string;
  due_on: string;
  department: string;
  owner: string;
  counts: string;
  place_on_screen: number;
}

export interface Goal extends GoalFields {
  id: number;
  place: string;
  place_zh: string;
  owner_name: string;
  value: number;
  done: number;
  standing: Standing;
  on: string | null;
  ended_on: string | null;
  version: number;
  progress: { on: string; value: number; note: string; by: string }[];
}

export interface ProjectFile {
  id: number;
  kind: "document" | "photo";
  name: string;
  title: string;
  bytes: number;
  added_at: string;
  added_by: string;
}
