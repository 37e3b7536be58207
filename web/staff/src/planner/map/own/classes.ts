/** Colours of a layer's features: one, one a value, or classes of a number. All can be told apart by colour-blind eyes. */
import { number } from "@/shared/format";
import { say } from "@/shared/i18n";
import type { LayerStyle, Ramp } from "@/shared/types";

type Value = string | number | boolean | null | undefined;
export interface Class {
  label: string;
  colour: string;
  count: number;
}
export interface Painting {
  classes: Class[];
  /** Which class a value belongs to. */
  of: (value: Value) => number;
}

/** Okabe and Ito's colours. */
export const COLOURS: readonly string[] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#3d3d3d"];
const REST = "#9aa0a6";
const RAMPS: Record<Ramp, string[]> = {
  blues: ["#d3e3f3", "#6aaed6", "#08306b"],
  oranges: ["#fee0c1", "#f98a35", "#7f2704"],
  viridis: ["#fde725", "#21918c", "#440154"],
};

export function paint(style: LayerStyle, values: readonly Value[]): Painting {
  if (style.by === "categories") return categories(values);
  if (style.by === "graduated") return graduated(values, style);
  return { classes: [{ label: "", colour: style.colour, count: values.length }], of: () => 0 };
}

/** Classes of numbers from light to dark; what is blank is grey. */
export function graduated(values: readonly Value[], style: Pick<LayerStyle, "method" | "classes" | "ramp">): Painting {
  const numbers = values.filter((one): one is number => typeof one === "number").sort((a, b) => a - b);
  const tops = style.method === "equal" ? equal(numbers, style.classes) : quantiles(numbers, style.classes);
  const last = tops.length;
  const of = (value: Value): number => {
    if (typeof value !== "number") return last;
    const found = tops.findIndex((top) => value <= top);
    return found < 0 ? last - 1 : found;
  };
  const digits = digitsOf(numbers);
  const classes = tops.map((top, k) => {
    const from = k ? tops[k - 1]! : numbers[0]!;
    const label = from === top ? number(top, digits) : `${k ? ">" : ""}${number(from, digits)} – ${number(top, digits)}`;
    return { label, colour: along(RAMPS[style.ramp], last > 1 ? k / (last - 1) : 0.5), count: 0 };
  });
  return counted([...classes, { label: say("own.blank"), colour: REST, count: 0 }], values, of);
}

function categories(values: readonly Value[]): Painting {
  const counts = new Map<Value, number>();
  for (const one of values) counts.set(one ?? null, (counts.get(one ?? null) ?? 0) + 1);
  const blanks = counts.delete(null);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || String(a[0]).localeCompare(String(b[0])));
  const own = sorted.length > COLOURS.length ? sorted.slice(0, COLOURS.length - 1) : sorted;
  const index = new Map(own.map(([value], k) => [value, k]));
  const classes: Class[] = own.map(([value], k) => ({ label: words(value), colour: COLOURS[k]!, count: 0 }));
  const rest = sorted.length - own.length;
  if (rest) classes.push({ label: say("own.others", { count: rest }), colour: REST, count: 0 });
  if (blanks) classes.push({ label: say("own.blank"), colour: rest ? "#d0d3d6" : REST, count: 0 });
  const blank = classes.length - 1;
  return counted(classes, values, (value) => {
    if (value === null || value === undefined) return blank;
    return index.get(value) ?? own.length;
  });
}

function counted(classes: Class[], values: readonly Value[], of: (value: Value) => number): Painting {
  for (const one of values) classes[of(one)]!.count += 1;
  return { classes, of };
}

function words(value: Value): string {
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  return typeof value === "number" ? number(value, 6) : String(value);
}

/** The upper ends of classes with as many values each; equal ends are one. */
function quantiles(sorted: readonly number[], classes: number): number[] {
  const ends = Array.from({ length: classes }, (_, k) => sorted[Math.ceil(((k + 1) * sorted.length) / classes) - 1]);
  return [...new Set(ends.filter((one): one is number => one !== undefined))];
}

function equal(sorted: readonly number[], classes: number): number[] {
  if (!sorted.length) return [];
  const [low, high] = [sorted[0]!, sorted[sorted.length - 1]!];
  if (low === high) return [low];
  return Array.from({ length: classes }, (_, k) => (k === classes - 1 ? high : low + ((high - low) * (k + 1)) / classes));
}

function digitsOf(sorted: readonly number[]): number {
  const width = (sorted[sorted.length - 1] ?? 0) - (sorted[0] ?? 0);
  if (sorted.every(Number.isInteger) && width >= 10) return 0;
  return Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(width || 1))));
}

/** A colour so far along a ramp of three. */
function along(ramp: readonly string[], at: number): string {
  const [from, to, part] = at < 0.5 ? [ramp[0]!, ramp[1]!, at * 2] : [ramp[1]!, ramp[2]!, at * 2 - 1];
  const mixed = [1, 3, 5].map((k) => {
    const [a, b] = [parseInt(from.slice(k, k + 2), 16), parseInt(to.slice(k, k + 2), 16)];
    return Math.round(a + (b - a) * part).toString(16).padStart(2, "0");
  });
  return `#${mixed.join("")}`;
}
