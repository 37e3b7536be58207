/** What lies over the base map: areas, walks, facilities, what is drawn. Each is a source of its own. */
import type { GeoJSONSource, LayerSpecification, Map } from "maplibre-gl";

import { paintSurface, surfaceOverStreets, surfaceUnderStreets } from "./surfaceLayers";

const SOURCES = ["areas", "surface", "reach", "journey", "facilities", "drawn"] as const;
export type SourceName = (typeof SOURCES)[number];

export function addLayers(map: Map, dark: boolean): void {
  for (const source of SOURCES) map.addSource(source, { type: "geojson", data: collection([]) });
  for (const layer of [...surfaceUnderStreets(), ...underStreets()]) map.addLayer(layer, "path");
  for (const layer of [...surfaceOverStreets(), ...overStreets()]) map.addLayer(layer);
  paintOverlays(map, dark);
}

export function setData(map: Map, source: SourceName, features: GeoJSON.Feature[]): void {
  map.getSource<GeoJSONSource>(source)?.setData(collection(features));
}

/** The colours that differ between light and dark. */
export function paintOverlays(map: Map, dark: boolean): void {
  const [ink, paper, here] = dark ? ["#ffffff", "#14191c", "#b9a3f2"] : ["#17242b", "#ffffff", "#5b3fa0"];
  map.setPaintProperty("areas-line", "line-color", dark ? "#0d1113" : "#ffffff");
  for (const name of ["areas-selected", "areas-changed"]) map.setPaintProperty(name, "line-color", ink);
  for (const name of ["reach-line", "journey"]) map.setPaintProperty(name, "line-color", here);
  map.setPaintProperty("reach-fill", "fill-color", here);
  paintSurface(map, ink);
  map.setPaintProperty("journey-edge", "line-color", paper);
  map.setPaintProperty("facilities", "circle-color", ink);
  for (const name of ["facilities", "drawn"]) map.setPaintProperty(name, "circle-stroke-color", paper);
  map.setPaintProperty("drawn", "circle-color", here);
}

/** How strongly the cards colour the map: less while something else is looked at. */
export function dimAreas(map: Map, dim: boolean): void {
  map.setPaintProperty("areas-fill", "fill-opacity", dim ? 0.14 : 0.58);
}

const truly = (name: string) => ["==", ["get", name], true] as never;

function underStreets(): LayerSpecification[] {
  return [
    {
      id: "areas-fill", type: "fill", source: "areas",
      paint: { "fill-color": ["get", "fill"], "fill-opacity": 0.58, "fill-antialias": false },
    },
    {
      id: "reach-fill", type: "fill", source: "reach",
      paint: { "fill-opacity": ["match", ["get", "minutes"], 5, 0.34, 10, 0.24, 0.16] },
    },
  ];
}

function overStreets(): LayerSpecification[] {
  return [
    { id: "areas-line", type: "line", source: "areas", paint: { "line-width": 1.2, "line-opacity": 0.9 } },
    {
      id: "areas-changed", type: "line", source: "areas", filter: truly("changed"),
      paint: { "line-width": 2.5, "line-dasharray": [2, 1] },
    },
    {
      id: "areas-selected", type: "line", source: "areas", filter: truly("selected"),
      paint: { "line-width": 3.2 },
    },
    { id: "reach-line", type: "line", source: "reach", paint: { "line-width": 1.5 } },
    {
      id: "journey-edge", type: "line", source: "journey",
      layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-width": 7 },
    },
    {
      id: "journey", type: "line", source: "journey",
      layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-width": 4 },
    },
    {
      id: "facilities", type: "circle", source: "facilities",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 12, 3, 16, 7],
        "circle-stroke-width": ["case", truly("selected"), 3.5, 1.5],
        "circle-opacity": ["case", truly("gone"), 0.25, 1],
      },
    },
    {
      id: "drawn", type: "circle", source: "drawn",
      paint: { "circle-radius": 8, "circle-stroke-width": 2.5 },
    },
  ];
}

function collection(features: GeoJSON.Feature[]): GeoJSON.FeatureCollection {
  return { type: "FeatureCollection", features };
}
