/** The five colours and grey, as the hub shows them: fill, ink, symbol and word. */
import { ref } from "vue";

import { hub } from "./hub";
import type { Colour, Swatch } from "./types";

export const swatches = ref<Swatch[]>([]);
let asked: Promise<void> | null = null;

/** Read the legend once, and give its colours to the style sheets. */
export function loadColours(): Promise<void> {
  asked ??= hub.colours().then((found) => {
    swatches.value = found;
    for (const one of found) {
      document.documentElement.style.setProperty(`--card-${one.id}`, one.hex);
      document.documentElement.style.setProperty(`--card-${one.id}-ink`, one.ink);
    }
  });
  asked.catch(() => (asked = null));
  return asked;
}

export function swatch(colour: Colour): Swatch {
  const found = swatches.value.find((one) => one.id === colour);
  return found ?? { id: colour, hex: "#9aa0a6", ink: "#000000", symbol: "–", zh: "", en: colour };
}

const ORDER: Colour[] = ["red", "orange", "yellow", "blue", "green", "grey"];

/** Compare two cards, the worse first; what is not rated comes last. */
export function worseFirst(
  a: { colour: Colour; score: number | null },
  b: { colour: Colour; score: number | null },
): number {
  return ORDER.indexOf(a.colour) - ORDER.indexOf(b.colour) || (a.score ?? 0) - (b.score ?? 0);
}

/** Whether a change of colour is for the better (1), the worse (-1), or neither. */
export function direction(before: Colour, after: Colour): number {
  if (before === "grey" || after === "grey") return 0;
  return Math.sign(ORDER.indexOf(after) - ORDER.indexOf(before));
}
