/** The layers that staff bring along: which are there, which are shown, and what one comes to by place. */
import { computed, reactive, shallowReactive } from "vue";

import { hub } from "@/shared/hub";
import { named, say } from "@/shared/i18n";
import { refused } from "@/shared/tell";
import type { AreaShape, LayerFeature, LayerStyle, Level, OwnLayer, Summed, SumMeasure } from "@/shared/types";

import { graduated, paint, type Class } from "./classes";

export interface Sum {
  layer: number;
  level: Level;
  measure: SumMeasure;
  field: string;
  filter: string;
  items: Summed[];
  outside: number;
  shapes: AreaShape[];
}
export interface Drawn {
  id: number;
  name: string;
  kind: OwnLayer["kind"];
  features: GeoJSON.Feature[];
  classes: Class[];
}

interface Shown {
  style: LayerStyle;
  found: LayerFeature[];
}

export const own = reactive({
  layers: [] as OwnLayer[],
  chosen: null as number | null,
  filters: {} as Record<number, string>,
  picked: null as { layer: number; feature: LayerFeature } | null,
});
/** The features of each layer that is shown, with the value that colours them. */
const features = shallowReactive(new Map<number, Shown>());
const sums = shallowReactive({ sum: null as Sum | null });

/** An answer that a later question has overtaken is left. */
const turns: Record<number, number> = {};

export const chosen = computed(() => own.layers.find((one) => one.id === own.chosen) ?? null);
export const sum = computed(() => sums.sum);

export async function loadOwn(): Promise<void> {
  own.layers = (await hub.layers()).items;
  for (const id of features.keys()) if (!own.layers.some((one) => one.id === id)) hide(id);
}

export function isShown(id: number): boolean {
  return features.has(id);
}

export function shownCount(id: number): number {
  return features.get(id)?.found.length ?? 0;
}

/** Draw a layer as it is styled and filtered now. */
export async function show(id: number): Promise<void> {
  const layer = own.layers.find((one) => one.id === id);
  if (!layer) return;
  const style = { ...layer.style };
  const mine = (turns[id] = (turns[id] ?? 0) + 1);
  const query = { filter: own.filters[id], named: true, fields: style.by === "single" ? null : style.field };
  const found = await hub.layerFeatures(id, query);
  if (mine === turns[id]) features.set(id, { style, found: found.features });
}

export function hide(id: number): void {
  turns[id] = (turns[id] ?? 0) + 1;
  features.delete(id);
  if (own.picked?.layer === id) own.picked = null;
  if (sums.sum?.layer === id) sums.sum = null;
}

/** Replace what is known of a layer, and draw it anew if it is shown. */
export async function keep(layer: OwnLayer): Promise<void> {
  const at = own.layers.findIndex((one) => one.id === layer.id);
  own.layers.splice(at < 0 ? 0 : at, at < 0 ? 0 : 1, layer);
  if (isShown(layer.id)) await show(layer.id);
}

/** Look at another style before it is kept. */
export async function tryStyle(id: number, style: LayerStyle): Promise<void> {
  const layer = own.layers.find((one) => one.id === id);
  if (!layer) return;
  layer.style = { ...style };
  await show(id);
}

export async function filterBy(id: number, filter: string): Promise<void> {
  const before = own.filters[id] ?? "";
  own.filters[id] = filter;
  try {
    await show(id);
  } catch (problem) {
    own.filters[id] = before;
    throw problem;
  }
  const old = sums.sum;
  if (old?.layer === id) await sumUp(id, old.level, old.measure, old.field);
}

export async function remove(id: number): Promise<void> {
  await hub.removeLayer(id);
  hide(id);
  own.chosen = null;
  own.layers = own.layers.filter((one) => one.id !== id);
}

export async function pickFeature(layer: number, row: number): Promise<void> {
  try {
    own.picked = { layer, feature: await hub.layerFeature(layer, row) };
  } catch (problem) {
    refused(problem);
  }
}

export async function sumUp(id: number, level: Level, measure: SumMeasure, field: string): Promise<void> {
  const filter = own.filters[id] ?? "";
  const [found, shapes] = await Promise.all([
    hub.layerByPlace(id, { level, measure, field, filter }), hub.shapes(level),
  ]);
  sums.sum = { layer: id, level, measure, field, filter, ...found, shapes: shapes.features };
}

export function hideSum(): void {
  sums.sum = null;
}

/** What is drawn, the latest layer on top; a layer that is summed up is drawn as its sums. */
export const drawn = computed<Drawn[]>(() =>
  [...own.layers].reverse().flatMap((layer) => {
    const found = features.get(layer.id);
    return found && sums.sum?.layer !== layer.id ? [drawnOf(layer, found)] : [];
  }),
);

function drawnOf({ id, name, kind }: OwnLayer, { style, found }: Shown): Drawn {
  const valueOf = (one: LayerFeature) => one.properties[style.field];
  const painting = paint(style, found.map(valueOf));
  const painted = found.map((one) => ({
    type: "Feature" as const, geometry: one.geometry,
    properties: { row: one.id, fill: painting.classes[painting.of(valueOf(one))]!.colour },
  }));
  return { id, name, kind, features: painted, classes: painting.classes };
}

/** The areas of a sum with their colours, and what the colours say. */
export const choropleth = computed(() => {
  const found = sums.sum;
  if (!found) return { title: "", features: [], classes: [] };
  const values = new Map(found.items.map((one) => [one.place, one.value]));
  const painting = graduated([...values.values()], { method: "quantile", classes: 5, ramp: "blues" });
  const areas = found.shapes.filter((one) => values.has(one.properties.code)).map((one) => {
    const fill = painting.classes[painting.of(values.get(one.properties.code))]!.colour;
    return { type: "Feature" as const, geometry: one.geometry, properties: { fill } };
  });
  const layer = own.layers.find((one) => one.id === found.layer);
  const title = [layer?.name, found.field, say(`own.measureOf.${found.measure}`)].filter(Boolean).join(" · ");
  return { title, features: areas, classes: painting.classes };
});

export function placeOf(one: Summed): string {
  return named(one.name_zh, one.name_en);
}
