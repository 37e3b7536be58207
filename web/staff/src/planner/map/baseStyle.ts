/** The base map: the district's own streets, stairs, buildings, water and green, light or dark. */
import type { LayerSpecification, Map, StyleSpecification } from "maplibre-gl";

const LIGHT = {
  ground: "#f4f3ef", water: "#bcd7e3", green: "#d9e8d3", building: "#e0dcd4", major: "#ffffff",
  edge: "#c9c3b8", minor: "#ffffff", path: "#b8afa1", steps: "#96613c",
};
const DARK: typeof LIGHT = {
  ground: "#14191c", water: "#1b3442", green: "#1a2c22", building: "#262e33", major: "#57636b",
  edge: "#0d1113", minor: "#3c464c", path: "#4c575d", steps: "#b98a62",
};

export function baseStyle(dark: boolean): StyleSpecification {
  return {
    version: 8,
    sources: {
      base: {
        type: "vector",
        tiles: [`${window.location.origin}/api/v1/map/tiles/{z}/{x}/{y}`],
        minzoom: 8,
        maxzoom: 16,
      },
    },
    layers: layers(dark ? DARK : LIGHT),
  };
}

/** Paint the base map of a living map in the other look. */
export function repaint(map: Map, dark: boolean): void {
  for (const layer of layers(dark ? DARK : LIGHT)) {
    for (const [name, value] of Object.entries(layer.paint ?? {})) {
      map.setPaintProperty(layer.id, name, value);
    }
  }
}

const widths = (narrow: number, wide: number) =>
  ["interpolate", ["exponential", 1.6], ["zoom"], 12, narrow, 18, wide] as never;
const kind = (...kinds: string[]) => ["in", ["get", "kind"], ["literal", kinds]] as never;

function layers(c: typeof LIGHT): LayerSpecification[] {
  const source = "base";
  const street = { type: "line" as const, source, "source-layer": "street" };
  const round = { "line-cap": "round" as const, "line-join": "round" as const };
  return [
    { id: "ground", type: "background", paint: { "background-color": c.ground } },
    { id: "green", type: "fill", source, "source-layer": "green", paint: { "fill-color": c.green } },
    { id: "water", type: "fill", source, "source-layer": "water", paint: { "fill-color": c.water } },
    {
      id: "building", type: "fill", source, "source-layer": "building", minzoom: 14,
      paint: { "fill-color": c.building, "fill-opacity": 0.75 },
    },
    {
      ...street, id: "path", filter: kind("path"), minzoom: 14,
      paint: { "line-color": c.path, "line-width": widths(0.4, 2.2), "line-dasharray": [3, 1.5] },
    },
    {
      ...street, id: "steps", filter: kind("steps"), minzoom: 14,
      paint: { "line-color": c.steps, "line-width": widths(0.8, 5), "line-dasharray": [0.5, 0.5] },
    },
    {
      ...street, id: "minor", filter: kind("minor"), layout: round,
      paint: { "line-color": c.minor, "line-width": widths(0.5, 9), "line-opacity": 0.9 },
    },
    {
      ...street, id: "edge", filter: kind("major"), layout: round,
      paint: { "line-color": c.edge, "line-width": widths(1.8, 19) },
    },
    {
      ...street, id: "major", filter: kind("major"), layout: round,
      paint: { "line-color": c.major, "line-width": widths(1.1, 16) },
    },
  ];
}
