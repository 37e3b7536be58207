/** Values and places of single features, as people read them. */
import { number } from "@/shared/format";
import { say } from "@/shared/i18n";

export function shownValue(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  return typeof value === "number" ? number(value, 6) : value;
}

/** The bounds of a shape. */
export function surround(shape: GeoJSON.Geometry): [number, number, number, number] {
  const [xs, ys]: [number[], number[]] = [[], []];
  const walk = (one: unknown): void => {
    if (!Array.isArray(one)) return;
    if (typeof one[0] !== "number") return one.forEach(walk);
    xs.push(one[0]);
    ys.push(one[1] as number);
  };
  if (shape.type !== "GeometryCollection") walk(shape.coordinates);
  const least = (all: number[]) => all.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (all: number[]) => all.reduce((a, b) => Math.max(a, b), -Infinity);
  return [least(xs), least(ys), most(xs), most(ys)];
}
