/** What the map is given to draw, from cards, facilities, walks and drawings. */
import { computed, type Ref } from "vue";

import { swatch } from "@/shared/colours";
import { named } from "@/shared/i18n";
import type { AreaShape, Colour, Facility, Position, ShortCard } from "@/shared/types";

import { drawing } from "./drawing";
import { insidePoint } from "./geometry";
import { here } from "./here";
import type { SourceName } from "./layers";
import type { Mark } from "./marks";
import { mode } from "./mode";
import { surfaceFeatures } from "./surface";
import type { View } from "./view";

const CLEAR = "rgba(0, 0, 0, 0)";

interface Given {
  shapes: Ref<AreaShape[]>;
  byArea: Ref<Map<string, ShortCard>>;
  facilities: Ref<Facility[]>;
  view: Ref<View>;
  noted: Ref<string | null>;
}

export function useFeatures({ shapes, byArea, facilities, view, noted }: Given) {
  const middles = computed(() => new Map(shapes.value.map((one) => [one.properties.code, insidePoint(one.geometry)])));

  /** Areas whose card of the shown key a drawing changes, with the colour that it gets. */
  const drawnColours = computed(() => {
    const found = new Map<string, Colour>();
    if (mode.value !== "draw") return found;
    for (const one of drawing.answer?.items ?? []) {
      const same = one.scope === view.value.scope && one.key === view.value.key;
      if (same) found.set(one.area, one.colour_after);
    }
    return found;
  });

  function colourOf(code: string): Colour {
    const after = drawing.shown === "drawn" ? drawnColours.value.get(code) : undefined;
    return after ?? byArea.value.get(code)?.colour ?? "grey";
  }

  const areas = computed(() =>
    shapes.value.map((one) => {
      const { code } = one.properties;
      const fill = view.value.by === "cards" ? swatch(colourOf(code)).hex : CLEAR;
      const selected = code === view.value.place;
      const properties = { code, fill, selected, changed: drawnColours.value.has(code) };
      return { type: "Feature" as const, geometry: one.geometry, properties };
    }),
  );

  const marks = computed<Mark[]>(() =>
    shapes.value.map(({ properties: { code, name_zh, name_en } }) => {
      const { symbol, hex, ink } = swatch(colourOf(code));
      return { code, at: middles.value.get(code)!, symbol, hex, ink, name: named(name_zh, name_en) };
    }),
  );

  const gone = computed(() => new Set(drawing.entries.flatMap(({ change }) => (change.do === "remove" ? [change.ref] : []))));
  const points = computed(() =>
    facilities.value.map((one) => {
      const selected = one.ref === (mode.value === "draw" ? drawing.target?.ref : noted.value);
      return point([one.lon, one.lat], { ref: one.ref, selected, gone: mode.value === "draw" && gone.value.has(one.ref) });
    }),
  );

  const data = computed<Record<SourceName, GeoJSON.Feature[]>>(() => {
    const walking = mode.value === "here";
    return {
      areas: areas.value,
      surface: surfaceFeatures.value,
      facilities: points.value,
      reach: walking ? [...(here.rings?.features ?? [])].sort((a, b) => b.properties.minutes - a.properties.minutes) : [],
      journey: walking && here.journey ? [{ type: "Feature", geometry: here.journey.line, properties: {} }] : [],
      drawn: mode.value === "draw" ? [...drawing.entries.map((one) => one.at), ...(drawing.wayFrom ? [drawing.wayFrom] : [])].map((at) => point(at, {})) : [],
    };
  });

  return { data, marks };
}

function point(at: Position, properties: Record<string, unknown>): GeoJSON.Feature {
  return { type: "Feature", geometry: { type: "Point", coordinates: at }, properties };
}
