/** Communities in the colours of their circles: neighbours differ, and each carries its circle's number. */
import type { Area } from "@/planner/map/AreaMap.vue";
import type { AreaShape, Circle } from "@/shared/types";

/** Okabe and Ito's colours, told apart by colour-blind readers, and lighter ones of them. */
const HUES = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999"];

export function coloured(shapes: AreaShape[], circles: { members: string[] }[], selected: string[], edited: Circle | null): Area[] {
  const of = new Map<string, number>();
  circles.forEach((one, k) => one.members.forEach((code) => of.set(code, k)));
  const chosen = new Set(selected);
  return shapes.map((shape) => {
    const { code } = shape.properties;
    const circle = of.get(code);
    const own = edited !== null && edited.members.includes(code) && !chosen.has(code);
    const hex = circle === undefined || own ? "" : HUES[circle % HUES.length]!;
    return {
      shape, fill: hex || "rgba(0, 0, 0, 0)", selected: chosen.has(code),
      ...(hex ? { mark: { symbol: String(circle! + 1), hex, ink: "#000000" } } : {}),
    };
  });
}
