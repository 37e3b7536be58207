/** How a surface's values are put into classes, coloured and said in words. */
import { number, percent } from "@/shared/format";
import { say } from "@/shared/i18n";
import { typesById } from "@/shared/standard";
import type { Surface, SurfaceMeasure } from "@/shared/types";

export const OF_TYPE = ["minutes", "share", "scale", "quality", "gravity", "supply", "need", "need_later", "short", "short_later"] as const;
export const OF_STREETS = ["street", "ground"] as const;

/** Where more is worse: it stands out most, and heads the list. */
const WORSE_ABOVE: ReadonlySet<SurfaceMeasure> = new Set(["minutes", "need", "need_later", "short", "short_later"]);

/** Six steps of viridis: even in lightness, and told apart by colour-blind readers. */
const VIRIDIS = ["#fde725", "#7ad151", "#22a884", "#2a788e", "#414487", "#440154"];
const FIXED: Partial<Record<SurfaceMeasure, readonly number[]>> = {
  minutes: [5, 10, 15, 20, 30], share: [0.2, 0.4, 0.6, 0.8, 0.95], scale: [0.25, 0.5, 0.75, 1, 1.5],
  quality: [0.2, 0.4, 0.6, 0.8, 0.9],
};

/** The bounds between classes: fixed where a number means the same everywhere, else sixths of the homes. */
export function boundsOf(measure: SurfaceMeasure, values: readonly (number | null)[]): readonly number[] {
  const fixed = FIXED[measure];
  if (fixed) return fixed;
  const known = values.filter((one) => !isNone(measure, one)).map(Number).sort((a, b) => a - b);
  const cuts = [1, 2, 3, 4, 5].map((k) => rounded(known[Math.floor((k * known.length) / 6)] ?? 0));
  return [...new Set(cuts)].filter((cut) => cut > (known[0] ?? 0));
}

/** Whether none is near enough to be walked to. */
export function isNone(measure: SurfaceMeasure, value: number | null): boolean {
  return value === null || (value === 0 && (measure === "gravity" || measure === "supply"));
}

/** The class of a value, from 0; a value on a bound belongs to the class that it ends for minutes, else begins. */
export function classOf(measure: SurfaceMeasure, bounds: readonly number[], value: number): number {
  const above = WORSE_ABOVE.has(measure) ? (bound: number) => value > bound : (bound: number) => value >= bound;
  return bounds.filter(above).length;
}

/** Whether the first class is the best. */
export function bestFirst(measure: SurfaceMeasure): boolean {
  return WORSE_ABOVE.has(measure);
}

/** The colour of a class. What is poor stands out most from the ground, light or dark. */
export function colourOf(measure: SurfaceMeasure, step: number, steps: number, dark: boolean): string {
  const poor = WORSE_ABOVE.has(measure) ? step : steps - 1 - step;
  const at = Math.round((poor / Math.max(steps - 1, 1)) * (VIRIDIS.length - 1));
  return VIRIDIS[dark ? VIRIDIS.length - 1 - at : at]!;
}

/** The words of a class: from, to. */
export function rangeWords(measure: SurfaceMeasure, bounds: readonly number[], step: number): string {
  const [from, to] = [bounds[step - 1], bounds[step]].map((one) => (one === undefined ? undefined : bare(measure, one)));
  if (from === undefined && to === undefined) return say("surface.all");
  if (to === undefined) return say(WORSE_ABOVE.has(measure) ? "surface.over" : "surface.from", { from });
  return from === undefined ? say("surface.under", { to }) : `${from}–${to}`;
}

/** The value at one place, with its unit. */
export function valueWords(measure: SurfaceMeasure, key: string, value: number | null): string {
  return value === null || isNone(measure, value) ? say("surface.none") : say(`surface.values.${measure}`, { value: bare(measure, value), unit: unitOf(key) });
}

export function unitOf(key: string): string {
  const unit = typesById.value.get(key)?.capacity_unit;
  return unit ? say(`unit.${unit}`) : "";
}

/** Rows of a surface, the poorest first. */
export function poorestFirst(answer: Surface, measure: SurfaceMeasure): number[] {
  const sign = WORSE_ABOVE.has(measure) ? -1 : 1;
  const rank = (k: number) => (answer.value[k] === null ? -Infinity : sign * answer.value[k]!);
  return answer.value.map((_, k) => k).sort((a, b) => rank(a) - rank(b) || answer.residents[b]! - answer.residents[a]!);
}

function bare(measure: SurfaceMeasure, value: number): string {
  if (measure === "share" || measure === "scale" || measure === "quality") return percent(value);
  return number(value, Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
}

/** To two digits, as a reader would say it. */
function rounded(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(2));
}
