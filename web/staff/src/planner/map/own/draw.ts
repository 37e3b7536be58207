/** Own layers on the map: areas of a sum below, then each layer, then what was picked. */
import type { GeoJSONSource, LayerSpecification, Map as Canvas } from "maplibre-gl";
import { watch, watchEffect, type WatchStopHandle } from "vue";

import { dark } from "@/shared/look";
import type { OwnLayer } from "@/shared/types";

import { choropleth, drawn, own, pickFeature } from "./own";

const BELOW = "areas-line";
/** With more points than this they are drawn smaller from afar. */
const DENSE = 2000;
let canvas: Canvas | null = null;

/** Keep the map as the layers are; what stops that. */
export function drawOwn(map: Canvas): WatchStopHandle[] {
  canvas = map;
  map.addSource("own-sum", empty());
  map.addLayer(
    { id: "own-sum", type: "fill", source: "own-sum", paint: { "fill-color": ["get", "fill"], "fill-opacity": 0.8 } }, BELOW,
  );
  map.addSource("own-picked", empty());
  for (const layer of pickedLayers()) map.addLayer(layer);
  const shown = new Map<number, GeoJSON.Feature[]>();
  return [
    watchEffect(() => setData(map, "own-sum", choropleth.value.features)),
    watchEffect(() => setData(map, "own-picked", own.picked ? [own.picked.feature] : [])),
    watch(drawn, (now) => {
      for (const id of [...shown.keys()].filter((one) => !now.some((layer) => layer.id === one))) {
        shown.delete(id);
        for (const layer of layersOf(id, "polygon")) if (map.getLayer(layer.id)) map.removeLayer(layer.id);
        map.removeSource(`own-${id}`);
      }
      for (const one of now) {
        if (!shown.has(one.id)) add(map, one.id, one.kind, one.features.length > DENSE);
        if (shown.get(one.id) !== one.features) setData(map, `own-${one.id}`, one.features);
        shown.set(one.id, one.features);
      }
    }, { immediate: true }),
    watchEffect(() => map.setPaintProperty("own-picked-line", "line-color", dark.value ? "#ffffff" : "#17242b")),
    () => (canvas = null),
  ] as WatchStopHandle[];
}

/** Pick the feature under a click; whether there is one. */
export function pickOwn(map: Canvas, point: { x: number; y: number }): boolean {
  const layers = drawn.value.flatMap((one) => layersOf(one.id, one.kind).map((layer) => layer.id));
  const around: [[number, number], [number, number]] = [[point.x - 4, point.y - 4], [point.x + 4, point.y + 4]];
  const found = map.queryRenderedFeatures(around, { layers })[0];
  if (!found) return false;
  void pickFeature(Number(found.source.slice(4)), Number(found.properties.row));
  return true;
}

export function zoomTo([west, south, east, north]: [number, number, number, number]): void {
  canvas?.fitBounds([[west, south], [east, north]], { padding: 70, maxZoom: 16.5, duration: 500 });
}

function add(map: Canvas, id: number, kind: OwnLayer["kind"], dense: boolean): void {
  map.addSource(`own-${id}`, empty());
  for (const layer of layersOf(id, kind, dense)) map.addLayer(layer, "own-picked-line");
}

function layersOf(id: number, kind: OwnLayer["kind"], dense = false): LayerSpecification[] {
  const [source, colour] = [`own-${id}`, ["get", "fill"] as never];
  if (kind === "point") {
    return [{
      id: source, type: "circle", source,
      paint: {
        "circle-color": colour, "circle-stroke-color": "#ffffff",
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, dense ? 1 : 2.5, 14, dense ? 2 : 5, 17, 9],
        "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 11, 0.2, 14, dense ? 0.3 : 1.2, 17, 1.2],
      },
    }];
  }
  const line: LayerSpecification = {
    id: kind === "line" ? source : `${source}-edge`, type: "line", source,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": colour, "line-width": kind === "line" ? 3 : 1.5 },
  };
  if (kind === "line") return [line];
  return [{ id: source, type: "fill", source, paint: { "fill-color": colour, "fill-opacity": 0.62 } }, line];
}

function pickedLayers(): LayerSpecification[] {
  return [
    { id: "own-picked-line", type: "line", source: "own-picked", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-width": 3.5 } },
    {
      id: "own-picked-spot", type: "circle", source: "own-picked", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 11, "circle-opacity": 0, "circle-stroke-color": "#d55e00", "circle-stroke-width": 3.5 },
    },
  ];
}

function empty() {
  return { type: "geojson" as const, data: { type: "FeatureCollection" as const, features: [] } };
}

function setData(map: Canvas, source: string, features: GeoJSON.Feature[]): void {
  map.getSource<GeoJSONSource>(source)?.setData({ type: "FeatureCollection", features });
}
