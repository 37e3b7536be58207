/** Layers that staff bring along. */
import type { Issue } from "./common";

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
