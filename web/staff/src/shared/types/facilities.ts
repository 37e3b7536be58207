/** The register: facilities, idle spaces, imports. */
import type { Issue } from "./common";

export interface FacilityType {
  id: string;
  name_zh: string;
  name_en: string;
  category: string;
  theme: string;
  walk_min: number | null;
  capacity_unit: string;
}

export interface FacilityFields {
  name: string;
  type: string;
  lon: number;
  lat: number;
  level: string;
  capacity: number | null;
  floor_area_m2: number | null;
  hours: string;
  operator: string;
  operating: boolean | null;
  open_as_stated: boolean | null;
  barrier_free: boolean | null;
  safe: boolean | null;
  licensed: boolean | null;
  condition: number | null;
  utilisation: number | null;
}

export interface Facility extends FacilityFields {
  ref: string;
  place: string;
  place_zh: string;
  in_surround: boolean;
  synthetic: boolean;
  checked_on: string | null;
  stale: boolean;
  version: number;
}

export interface SpaceFields {
  name: string;
  lon: number | null;
  lat: number | null;
  area_m2: number | null;
  floor: number | null;
  cost_cny: number | null;
  allowed_types: string[];
  shared_hours: string;
  free_from: number | null;
}

export interface Space extends SpaceFields {
  ref: string;
  place: string;
  place_zh: string;
  version: number;
}

export interface Photo {
  id: number;
  caption: string;
  taken_on: string | null;
  width: number;
  height: number;
  added_at: string;
  added_by: string;
}

export interface SaidValue {
  field: string;
  value: unknown;
  source: string;
  on: string;
  recorded_at: string;
  recorded_by: string;
}

export interface Said {
  source: string;
  on: string;
}

export interface ImportBatch {
  id: number;
  table: "facilities" | "spaces";
  file: string;
  source: string;
  on: string;
  state: "preview" | "applied" | "undone";
  created_at: string;
  new: number;
  changed: number;
  refused: number;
  changes: {
    ref: string;
    kind: "new" | "changed";
    before: Record<string, unknown>;
    after: Record<string, unknown>;
  }[];
  issues: Issue[];
}
