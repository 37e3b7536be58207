/** The symbol and the name of each area, in HTML: no glyphs are fetched, and colour is not the only cue. */
import { Marker, type Map } from "maplibre-gl";

import type { Position } from "@/shared/types";

export interface Mark {
  code: string;
  at: Position;
  symbol: string;
  hex: string;
  ink: string;
  name: string;
}

/** Keep the marks on a map as they are wanted; what stays is moved, not made anew. */
export function marksOn(map: Map): (wanted: readonly Mark[]) => void {
  const shown = new globalThis.Map<string, Marker>();
  return (wanted) => {
    const codes = new Set(wanted.map((one) => one.code));
    for (const [code, marker] of shown) {
      if (codes.has(code)) continue;
      marker.remove();
      shown.delete(code);
    }
    for (const one of wanted) {
      const marker = shown.get(one.code) ?? made(map, one.at);
      shown.set(one.code, marker);
      dress(marker.setLngLat(one.at).getElement(), one);
    }
  };
}

/** A pin with a word in it, for the ends of a walk. */
export function pinOn(map: Map, kind: string): (at: Position | null, word: string) => void {
  const element = document.createElement("div");
  element.className = `pin pin-${kind}`;
  element.setAttribute("aria-hidden", "true");
  const marker = new Marker({ element, anchor: "bottom" });
  return (at, word) => {
    element.textContent = word;
    if (at) marker.setLngLat(at).addTo(map);
    else marker.remove();
  };
}

/** A pin that can be dragged; says where it was let go. */
export function handleOn(map: Map, moved: (at: Position) => void): (at: Position | null, word: string) => void {
  const element = document.createElement("div");
  element.className = "pin pin-handle";
  element.setAttribute("aria-hidden", "true");
  const marker = new Marker({ element, anchor: "bottom", draggable: true });
  marker.on("dragend", () => {
    const { lng, lat } = marker.getLngLat();
    moved([lng, lat]);
  });
  return (at, word) => {
    element.textContent = word;
    if (at) marker.setLngLat(at).addTo(map);
    else marker.remove();
  };
}

function made(map: Map, at: Position): Marker {
  const element = document.createElement("div");
  element.className = "mark";
  element.append(document.createElement("span"), document.createElement("span"));
  return new Marker({ element }).setLngLat(at).addTo(map);
}

function dress(element: HTMLElement, one: Mark): void {
  element.setAttribute("aria-hidden", "true");
  element.removeAttribute("aria-label");
  element.removeAttribute("role");
  const [chip, name] = element.children as unknown as [HTMLElement, HTMLElement];
  chip.className = "mark-chip";
  chip.textContent = one.symbol;
  chip.style.background = one.hex;
  chip.style.color = one.ink;
  name.className = "mark-name";
  name.textContent = one.name;
}
