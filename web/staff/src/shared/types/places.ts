/** The tree of places. */
export type Level = "district" | "street" | "community" | "circle";

export type AnyLevel = Level | "grid" | "building" | "dwelling";

export interface Place {
  code: string;
  level: AnyLevel;
  name_zh: string;
  name_en: string;
  parent: string | null;
  bounds: [number, number, number, number] | null;
  since: string | null;
  until: string | null;
  party_branch: string;
  synthetic: boolean;
}

export interface TeamMember {
  role: "head" | "full_time" | "part_time" | "guide" | "other";
  name: string;
  username?: string;
}

export interface PlaceDetail {
  place: Place;
  ancestors: Place[];
  population: Record<string, number>;
  team: TeamMember[];
  may_change: boolean;
}

export interface PlaceEvent {
  kind: "created" | "renamed" | "reshaped" | "moved" | "merged" | "split" | "ended" | "branch" | "team";
  on: string;
  recorded_at: string;
  recorded_by: string;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

export interface NewPlace {
  parent: string;
  code: string;
  level: AnyLevel;
  name_zh: string;
  name_en: string;
  on: string;
}

export type AreaShape = GeoJSON.Feature<
  GeoJSON.Polygon | GeoJSON.MultiPolygon,
  { code: string; level: Level; name_zh: string; name_en: string }
>;
