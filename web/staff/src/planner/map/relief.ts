/** The relief of the elevation model under streets and buildings; switched on and off. */
import type { Map } from "maplibre-gl";
import { ref } from "vue";

import { hub } from "@/shared/hub";
import { keep, kept } from "@/shared/keeping";

export const reliefShown = ref(kept("relief") !== "no");
/** Whether the district has an elevation model. */
export const reliefKnown = ref(false);

export function switchRelief(): void {
  reliefShown.value = !reliefShown.value;
  keep("relief", reliefShown.value ? "yes" : "no");
}

/** Put the relief under the buildings, where heights are known and the map is still there once they are. */
export async function addRelief(shown: () => Map | null, dark: () => boolean): Promise<void> {
  const { bounds, maxzoom } = await hub.relief().catch(() => ({ bounds: null, maxzoom: 0 }));
  reliefKnown.value = bounds !== null;
  const map = shown();
  if (!map || !bounds || map.getSource("relief") || !map.getLayer("building")) return;
  map.addSource("relief", {
    type: "raster-dem", encoding: "terrarium", tileSize: 256, minzoom: 8, maxzoom, bounds,
    tiles: [`${window.location.origin}/api/v1/map/relief/{z}/{x}/{y}`],
  });
  map.addLayer({ id: "relief", type: "hillshade", source: "relief" }, "building");
  paintRelief(map, dark());
  showRelief(map);
}

export function showRelief(map: Map): void {
  if (map.getLayer("relief")) map.setLayoutProperty("relief", "visibility", reliefShown.value ? "visible" : "none");
}

export function paintRelief(map: Map, dark: boolean): void {
  if (!map.getLayer("relief")) return;
  const [shadow, light, strength] = dark ? ["#000000", "#5b6a72", 0.6] : ["#3d382f", "#ffffff", 0.65];
  map.setPaintProperty("relief", "hillshade-shadow-color", shadow);
  map.setPaintProperty("relief", "hillshade-highlight-color", light);
  map.setPaintProperty("relief", "hillshade-accent-color", shadow);
  map.setPaintProperty("relief", "hillshade-exaggeration", strength);
}
