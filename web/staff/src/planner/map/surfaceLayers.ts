/** How a surface is drawn: hexagons under the streets, homes over them; hollow where none is near. */
import type { LayerSpecification, Map } from "maplibre-gl";

const truly = (name: string) => ["==", ["get", name], true] as never;
const hexagons = ["==", ["geometry-type"], "Polygon"] as never;
const homes = ["==", ["geometry-type"], "Point"] as never;
const solid = (opacity: number) => ["case", truly("none"), 0, opacity] as never;

/** The layers whose features can be clicked. */
export const SPOTS = ["surface-homes", "surface-fill"];

export function surfaceUnderStreets(): LayerSpecification[] {
  return [
    {
      id: "surface-fill", type: "fill", source: "surface", filter: hexagons,
      paint: { "fill-color": ["get", "fill"], "fill-opacity": solid(0.72), "fill-antialias": false },
    },
  ];
}

export function surfaceOverStreets(): LayerSpecification[] {
  return [
    {
      id: "surface-line", type: "line", source: "surface", filter: hexagons,
      paint: {
        "line-width": ["case", truly("selected"), 3.5, truly("none"), 1.6, 0.5],
        "line-opacity": ["case", truly("selected"), 1, truly("none"), 0.9, 0.35],
      },
    },
    {
      id: "surface-homes", type: "circle", source: "surface", filter: homes,
      paint: {
        "circle-color": ["get", "fill"], "circle-opacity": solid(0.95),
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, 1.8, 14, 4, 17, 9],
        "circle-stroke-width": ["case", truly("selected"), 4, truly("none"), 1.6, 0.8],
      },
    },
  ];
}

export function paintSurface(map: Map, ink: string): void {
  map.setPaintProperty("surface-line", "line-color", ink);
  map.setPaintProperty("surface-homes", "circle-stroke-color", ink);
}
