/** What the hub's interface says, as its OpenAPI document (/api/v1/openapi.json) describes it. */

export type Colour = "green" | "blue" | "yellow" | "orange" | "red" | "grey";
export type Scope = "overall" | "theme" | "category" | "type";
export type Level = "district" | "street" | "community";
export type AnyLevel = Level | "grid" | "building" | "dwelling";
export type Language = "zh" | "en";
export type Position = [lon: number, lat: number];

export type Right =
  | "place.read" | "place.write" | "facility.read" | "facility.write" | "card.read"
  | "assessment.run" | "assessment.publish" | "resident.read" | "resident.reveal"
  | "resident.write" | "account.read" | "account.write" | "role.grant" | "audit.read"
  | "district.load" | "layer.write";

export interface Page<Item> {
  count: number;
  items: Item[];
}

export interface Issue {
  code: string;
  file: string;
  row: number;
  column: string;
  value: string;
  expected: string;
  expected_zh: string;
  severity: string;
}

export interface Role {
  id: number;
  role: string;
  role_zh: string;
  role_en: string;
  place: string;
  place_zh: string;
  categories: string[];
  since: string;
  until: string | null;
}

export interface Me {
  username: string;
  name: string;
  kind: string;
  language: string;
  must_change_password: boolean;
  roles: Role[];
  rights: Partial<Record<Right, string[]>>;
  demo: boolean;
}

export interface Account {
  username: string;
  name: string;
  kind: "staff" | "resident";
  email: string;
  is_active: boolean;
  expires_at: string | null;
  last_login: string | null;
  roles: Role[];
}

export interface Token {
  id: number;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string;
  used_at: string | null;
  token?: string;
}

export interface Person {
  username: string;
  name: string;
}

export interface Group {
  id: number;
  name: string;
  task: string;
  place: string;
  place_zh: string;
  lead: Person;
  members: Person[];
  since: string;
  until: string | null;
  may_change: boolean;
}

export interface AuditEntry {
  id: number;
  at: string;
  name: string;
  address: string;
  action: string;
  target: string;
  allowed: boolean;
  detail: Record<string, unknown>;
}

export interface Resident {
  id: number;
  place: string;
  household: number;
  name: string;
  phone: string;
  birth_decade: number | null;
  birth_year?: number | null;
  groups: string[];
}

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

/** Somebody in a grid's team; the user name only for who may change it. */
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
export type WayKind = "path" | "steps" | "lift";

export interface Near {
  do: "close_way" | "close_lift";
  way: number | null;
  node: number | null;
  kind: string;
  name: string;
}

export type SurfaceMeasure =
  | "minutes" | "share" | "scale" | "quality" | "gravity" | "supply" | "street" | "ground";

/** A measure at every home (`id`) or hexagon (`ring`), a list each; null where none is near enough. */
export interface Surface {
  lon: number[];
  lat: number[];
  value: (number | null)[];
  residents: number[];
  community: string[];
  beyond: number[] | null;
  id: string[] | null;
  ring: GeoJSON.Position[][] | null;
}

/** Where heights are known, in degrees; null where they are not. */
export interface Relief {
  bounds: [number, number, number, number] | null;
  maxzoom: number;
}

export interface Swatch {
  id: Colour;
  hex: string;
  ink: string;
  symbol: string;
  zh: string;
  en: string;
}

export interface Profile {
  id: string;
  zh: string;
  en: string;
}

export type Way = "both" | "out" | "back";

export type Isochrones = GeoJSON.FeatureCollection<
  GeoJSON.MultiPolygon,
  { minutes: number; area_m2: number; length_m: number }
>;

export interface JourneyStep {
  kind: string;
  name: string;
  length_m: number;
  seconds: number;
  climb_m: number;
  descent_m: number;
  stairs: number;
  zh: string;
  en: string;
}

export interface Journey {
  seconds: number;
  length_m: number;
  climb_m: number;
  descent_m: number;
  stairs: number;
  line: GeoJSON.LineString;
  steps: JourneyStep[];
}

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

export type FieldKind = "number" | "text" | "flag" | "date";
export type Ramp = "blues" | "oranges" | "viridis";
export type SumMeasure = "count" | "sum" | "mean" | "min" | "max" | "length_m" | "area_m2";

export interface LayerStyle {
  by: "single" | "categories" | "graduated";
  colour: string;
  field: string;
  method: "quantile" | "equal";
  classes: number;
  ramp: Ramp;
}

export interface OwnLayer {
  id: number;
  name: string;
  source: string;
  on: string;
  place: string;
  place_zh: string;
  owner: string;
  file: string;
  kind: "point" | "line" | "polygon";
  fields: { name: string; kind: FieldKind }[];
  count: number;
  bounds: [number, number, number, number];
  style: LayerStyle;
  may_change: boolean;
  issues?: Issue[];
}

export type LayerFeature = GeoJSON.Feature<GeoJSON.Geometry, Record<string, string | number | boolean | null>>;

export interface LayerFeatures {
  count: number;
  features: LayerFeature[];
}

export interface Summed {
  place: string;
  name_zh: string;
  name_en: string;
  count: number;
  value: number | null;
}

/** What is filled in of an idle space. */
export interface SpaceFields {
  name: string;
  lon: number | null;
  lat: number | null;
  area_m2: number | null;
  cost_cny: number | null;
  allowed_types: string[];
  shared_hours: string;
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

export interface Publication {
  place: string;
  place_zh: string;
  published_at: string;
  cards: PublicCard[];
}
