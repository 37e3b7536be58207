/** Surfaces: what the map shows of every home or hexagon, and what is asked of the hub for it. */
import { computed, reactive, watch, type Ref } from "vue";

import { hub } from "@/shared/hub";
import { dark } from "@/shared/look";
import type { Run, Surface, SurfaceMeasure } from "@/shared/types";

import { bestFirst, boundsOf, classOf, colourOf, isNone, OF_STREETS, OF_TYPE } from "./surfaceScale";
import type { View } from "./view";

export const surface = reactive({
  profile: "adult",
  minutes: 15,
  answer: null as Surface | null,
  measure: "minutes" as SurfaceMeasure,
  chosen: null as number | null,
  hovered: null as number | null,
  busy: false,
  error: null as unknown,
});

/** What can be measured of what is shown: of a type all, else the streets only. */
export function measuresOf(view: View): readonly SurfaceMeasure[] {
  return view.scope === "type" ? [...OF_TYPE, ...OF_STREETS] : OF_STREETS;
}

export function measureOf(view: View): SurfaceMeasure {
  const known = measuresOf(view);
  return known.find((one) => one === view.measure) ?? known[0]!;
}

/** Ask for the surface that the view names, whenever that changes. */
export function useSurface(run: Ref<Run | null>, view: Ref<View>): void {
  let turn = 0;
  watch(() => [run.value?.id, view.value.by, view.value.key, measureOf(view.value), surface.profile, surface.minutes] as const, async ([id, by, key, measure, profile, minutes]) => {
    const mine = (turn += 1);
    Object.assign(surface, { answer: null, chosen: null, hovered: null, error: null, busy: false, measure });
    if (!id || by === "cards") return;
    surface.busy = true;
    try {
      const streets = (OF_STREETS as readonly string[]).includes(measure);
      const answer = await hub.surface({ run: id, by, measure, profile, minutes, key: streets ? "" : key });
      if (mine === turn) surface.answer = answer;
    } catch (error) {
      if (mine === turn) surface.error = error;
    } finally {
      if (mine === turn) surface.busy = false;
    }
  }, { immediate: true });
}

const bounds = computed(() => boundsOf(surface.measure, surface.answer?.value ?? []));

/** The classes, the best first, with the residents in each; `none` is where none is near. */
export const classes = computed(() => {
  const steps = bounds.value.length + 1;
  const people = Array.from({ length: steps }, () => 0);
  let none = 0;
  surface.answer?.value.forEach((value, k) => {
    const residents = surface.answer!.residents[k]!;
    if (value === null || isNone(surface.measure, value)) none += residents;
    else people[classOf(surface.measure, bounds.value, value)]! += residents;
  });
  const listed = people.map((residents, step) => ({
    step, residents, colour: colourOf(surface.measure, step, steps, dark.value), bounds: bounds.value,
  }));
  return { steps: bestFirst(surface.measure) ? listed : listed.reverse(), none };
});

/** The surface as the map draws it; a hexagon is a polygon, a home a point. */
export const surfaceFeatures = computed<GeoJSON.Feature[]>(() => {
  const { answer, measure, chosen } = surface;
  if (!answer) return [];
  const steps = bounds.value.length + 1;
  return answer.value.map((value, k) => {
    const fill = colourOf(measure, classOf(measure, bounds.value, value ?? 0), steps, dark.value);
    return {
      type: "Feature",
      geometry: answer.ring
        ? { type: "Polygon", coordinates: [answer.ring[k]!] }
        : { type: "Point", coordinates: [answer.lon[k]!, answer.lat[k]!] },
      properties: { row: k, none: isNone(measure, value), selected: k === chosen, fill },
    };
  });
});
