/** What the command centre shows. */
import type { Case, Priority } from "./cases";
import type { Goal } from "./circles";
import type { Position } from "./map";
import type { AnyLevel, Place } from "./places";

export type How = "own" | "station" | "centre" | "none";
export type DeviceStanding = "ok" | "silent" | "alarm" | "maintenance" | "never";

export interface Figure {
  key: string;
  value: number | null;
  norm: number | null;
  good: boolean | null;
  as_of: string | null;
  stale_after_s: number;
  detail: Record<string, number>;
}

interface Placed {
  at: Position | null;
  how: How;
}

export interface LiveCase extends Case, Placed {
  place_en: string;
}

interface InPlace {
  place: string;
  place_zh: string;
  place_en: string;
}

export interface OnDuty extends InPlace, Placed {
  username: string;
  name: string;
  level: AnyLevel;
  until: string;
  holds: number;
  station: string;
}

export interface PlaceBelow extends InPlace {
  level: AnyLevel;
  open: number;
  urgent: number;
  late: number;
  people: number;
  bounds: [number, number, number, number] | null;
}

export interface DeviceShown {
  ref: string;
  name: string;
  kind: string;
  standing: DeviceStanding;
  heard_at: string | null;
  place_zh: string;
}

export interface Scene {
  now: string;
  place: Place | null;
  ancestors: Place[];
  below: PlaceBelow[];
  figures: Figure[];
  cases: LiveCase[];
  people: OnDuty[];
  devices: GeoJSON.FeatureCollection<GeoJSON.Point, DeviceShown>;
  goals: Goal[];
  may_dispatch: boolean;
}

export interface StoodCase extends InPlace, Placed {
  ref: string;
  priority: Priority;
  title: string;
  kind_zh: string;
  kind_en: string;
  opened_at: string;
  state: string;
  tier: string;
  holder: string;
}

export interface PastDay {
  at: string;
  since: string;
  until: string;
  open: number;
  waiting: number;
  cases: StoodCase[];
  marks: { at: string; count: number; urgent: number }[];
}

export interface Responder extends InPlace, Placed {
  username: string;
  name: string;
  level: AnyLevel;
  rostered: boolean;
  holds: number;
  station: string;
  seconds: number | null;
  metres: number | null;
  length_m: number | null;
  climb_m: number | null;
  stairs: number | null;
  line: GeoJSON.LineString | null;
}

export interface Around extends Placed {
  ref: string;
  walk: "ok" | "loading" | "no_assessment" | "no_spot" | "off_network";
  responders: Responder[];
  facilities: { ref: string; name: string; type: string; type_zh: string; type_en: string; at: Position; seconds: number | null; metres: number }[];
  devices: { ref: string; name: string; kind: string; state: string; silent: boolean; heard_at: string | null; metres: number | null; place_zh: string; hazard: boolean }[];
  hazards: { ref: string; title: string; kind_zh: string; kind_en: string; priority: Priority; state: string; place_zh: string; metres: number }[];
  meeting: { username: string; name: string }[];
}

export interface ReportedCase {
  ref: string;
  priority: Priority;
  title: string;
  place_zh: string;
  state: string;
  tier: string;
  holder_name: string;
  opened_at: string;
  answered_at: string | null;
  arrived_at: string | null;
  resolved_at: string | null;
  late: string[];
}

interface Times {
  count: number;
  p50: number | null;
  p90: number | null;
  p975: number | null;
  in_time: number | null;
}

export interface ShiftReport {
  place: string;
  place_zh: string;
  since: string;
  until: string;
  open_before: number;
  open_after: number;
  settled: number;
  figures: { received: number; answer: Times; arrive: Times; close: Times; by_priority: Record<string, number>; settled: Record<string, number | null> };
  came: ReportedCase[];
  left: ReportedCase[];
  urgent: { ref: string; title: string; place_zh: string; history: { at: string; by: string; what: string; note: string }[] }[];
  people: { name: string; place_zh: string; starts_at: string; ends_at: string; handed_over_at: string | null; note: string }[];
}

export interface Notice {
  id: number;
  case: string;
  title: string;
  text: string;
  priority: string;
  place_zh: string;
  state: string;
  created_at: string;
  delivered_at: string | null;
}

/** A browser that is told when its page is closed; `mark` is the SHA-256 of its endpoint. */
export interface PushBrowser {
  id: number;
  name: string;
  service: string;
  mark: string;
  added_at: string;
  answer: string;
  answered_at: string | null;
  took_it: boolean | null;
}

export interface Push {
  on: boolean;
  key: string;
  items: PushBrowser[];
}

export interface NewPush {
  endpoint: string;
  p256dh: string;
  auth: string;
  name: string;
}
