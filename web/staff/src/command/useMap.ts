/** What the live map draws of a scene, by the layers that are switched on. */
import { computed, shallowRef, watch, type Ref } from "vue";

import { boundsOf, insidePoint, type Bounds } from "@/planner/map/geometry";
import { loadColours, swatch } from "@/shared/colours";
import { hub } from "@/shared/hub";
import { named, say } from "@/shared/i18n";
import type { AreaShape, Around, AnyLevel, Facility, LiveCase, Position, Scene, ShortCard, StoodCase } from "@/shared/types";

import type { MapMark } from "./mapMarks";

export interface Layers {
  devices: boolean;
  people: boolean;
  facilities: boolean;
  cards: boolean;
}

/** Facilities that matter to a command centre. */
const HELP = ["micro_fire", "aed", "health_center", "health_station", "clinic", "police_justice", "shelter"];
const DRAWN: AnyLevel[] = ["street", "community", "grid"];
const SIGNS = { ok: "", silent: "…", alarm: "!", maintenance: "=", never: "?" };

/** While the `past` is shown only cases are drawn: devices and people are known of now alone. */
export function useMap(scene: Ref<Scene | null>, cases: Ref<(LiveCase | StoodCase)[]>, chosen: Ref<string>, around: Ref<Around | null>, layers: Layers, past: Ref<boolean>) {
  const shapes = shallowRef<AreaShape[]>([]);
  const cards = shallowRef(new Map<string, ShortCard>());
  const help = shallowRef<Facility[]>([]);
  const level = computed(() => scene.value?.below[0]?.level ?? null);

  watch(level, async (now) => {
    shapes.value = now && DRAWN.includes(now) ? (await hub.shapes(now)).features : [];
  }, { immediate: true });

  watch([() => layers.cards, level], async ([on, now]) => {
    if (!on || !now || !DRAWN.includes(now)) return;
    await loadColours();
    const run = await hub.latestRun();
    const found = await hub.cards(run.id, { scope: "overall", level: now, limit: 1000 });
    cards.value = new Map(found.items.map((one) => [one.area, one]));
  });

  watch([() => layers.facilities, () => scene.value?.place?.code], async ([on, place]) => {
    if (!on) return;
    const pages = await Promise.all(HELP.map((type) => hub.facilities({ type, place, limit: 200 })));
    help.value = pages.flatMap((one) => one.items);
  });

  const below = computed(() => new Map((scene.value?.below ?? []).map((one) => [one.place, one])));
  const inside = computed(() => shapes.value.filter((one) => below.value.has(one.properties.code)));

  const areas = computed<GeoJSON.Feature[]>(() =>
    inside.value.map(({ geometry, properties: { code } }) => {
      const card = layers.cards ? cards.value.get(code) : undefined;
      const busy = !past.value && (below.value.get(code)?.urgent ?? 0) > 0;
      const [fill, opacity] = card ? [swatch(card.colour).hex, 0.5] : [busy ? "#b3201b" : "#0e5a66", busy ? 0.16 : 0.05];
      return { type: "Feature", geometry, properties: { code, fill, opacity } };
    }),
  );

  const marks = computed<MapMark[]>(() => [
    ...inside.value.map(areaMark), ...(layers.facilities ? help.value.map(helpMark) : []),
    ...(layers.devices && !past.value ? deviceMarks() : []), ...(layers.people && !past.value ? personMarks() : []), ...caseMarks(),
  ]);

  function areaMark({ geometry, properties }: AreaShape): MapMark {
    const one = below.value.get(properties.code)!;
    const card = layers.cards ? cards.value.get(properties.code) : undefined;
    const sign = card ? `${swatch(card.colour).symbol} ` : "";
    return { id: `area:${one.place}`, at: insidePoint(geometry), kind: "area", text: named(one.place_zh, one.place_en), more: `${sign}${past.value ? "" : one.open || ""}`, label: named(one.place_zh, one.place_en) };
  }

  function helpMark(one: Facility): MapMark {
    return { id: `help:${one.ref}`, at: [one.lon, one.lat], kind: "help", text: one.name.slice(0, 8), label: one.name };
  }

  function deviceMarks(): MapMark[] {
    return (scene.value?.devices.features ?? []).map(({ geometry, properties: p }) => ({
      id: `device:${p.ref}`, at: geometry.coordinates as Position, kind: "device", text: SIGNS[p.standing], look: p.standing,
      label: `${p.name} · ${say(`command.standing.${p.standing}`)}`,
    }));
  }

  function personMarks(): MapMark[] {
    const people = (scene.value?.people ?? []).filter((one) => one.at);
    return gathered(people).map((group) => ({
      id: `person:${group[0]!.username}`, at: group[0]!.at!, kind: "person", text: "", more: group.length > 1 ? String(group.length) : "",
      label: group.map((one) => `${one.name} · ${one.place_zh}`).join("\n"),
    }));
  }

  function caseMarks(): MapMark[] {
    return gathered(cases.value.filter((one) => one.at)).map((group) => {
      const one = group.find((each) => each.ref === chosen.value) ?? group[0]!;
      const waits = group.some((each) => ["received", "assigned"].includes(each.state));
      return {
        id: `case:${one.ref}`, at: one.at!, kind: "case", text: one.priority, more: group.length > 1 ? `×${group.length}` : "",
        look: `${one.priority}${waits ? " waiting" : ""}`, chosen: one.ref === chosen.value,
        label: group.map((each) => `${each.priority} ${each.title} · ${say(`case.states.${each.state}`)}`).join("\n"),
      };
    });
  }

  const ways = computed<GeoJSON.Feature[]>(() => {
    const line = past.value ? null : around.value?.responders.find((one) => one.line)?.line;
    return line ? [{ type: "Feature", geometry: line, properties: {} }] : [];
  });
  const bounds = computed<Bounds | null>(() => (scene.value?.place?.bounds as Bounds | undefined) ?? boundsOf(inside.value));
  const close = computed<Bounds | null>(() => {
    const points = [around.value?.at, ...(ways.value[0]?.geometry as GeoJSON.LineString | undefined)?.coordinates ?? []].filter(Boolean) as Position[];
    if (!points.length) return null;
    const [xs, ys] = [points.map((one) => one[0]), points.map((one) => one[1])];
    return [Math.min(...xs) - 0.0012, Math.min(...ys) - 0.0012, Math.max(...xs) + 0.0012, Math.max(...ys) + 0.0012];
  });
  return { areas, marks, ways, bounds, close };
}

/** Things at one spot are one mark, as they come. */
function gathered<One extends { at: Position | null }>(all: One[]): One[][] {
  const found = new Map<string, One[]>();
  for (const one of all) {
    const key = one.at!.map((x) => x.toFixed(5)).join();
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return [...found.values()];
}
