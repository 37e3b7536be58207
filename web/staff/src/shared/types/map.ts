/** What the map draws. */
export type Position = [lon: number, lat: number];

export type SurfaceMeasure =
  | "minutes" | "share" | "scale" | "quality" | "gravity" | "supply" | "street" | "ground"
  | "need" | "need_later" | "short" | "short_later";

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

export interface Relief {
  bounds: [number, number, number, number] | null;
  maxzoom: number;
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
