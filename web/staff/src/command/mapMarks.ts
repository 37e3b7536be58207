/** Marks on the map, in HTML: letters and shapes beside colours, and cases that the keyboard reaches. */
import { Marker, type Map } from "maplibre-gl";

import type { Position } from "@/shared/types";

export interface MapMark {
  id: string;
  at: Position;
  kind: "case" | "person" | "device" | "help" | "area";
  /** The letters in it. */
  text: string;
  more?: string;
  /** What it is called by readers and pointers. */
  label: string;
  look?: string;
  chosen?: boolean;
}

interface Shown {
  marker: Marker;
  dressed: string;
}

/**
 * Keep the marks on a map as they are wanted; what stays is not made anew, so that the keyboard does not lose it. Without
 * `clicked` there is nothing to click: a wall.
 */
export function keepMarks(map: Map, clicked: ((id: string) => void) | null): (wanted: readonly MapMark[]) => void {
  const shown = new globalThis.Map<string, Shown>();
  return (wanted) => {
    const ids = new Set(wanted.map((one) => one.id));
    for (const [id, { marker }] of shown) {
      if (ids.has(id)) continue;
      marker.remove();
      shown.delete(id);
    }
    for (const one of wanted) {
      const found = shown.get(one.id) ?? { marker: new Marker({ element: made(one, clicked) }).setLngLat(one.at).addTo(map), dressed: "" };
      shown.set(one.id, found);
      found.marker.setLngLat(one.at);
      const dressed = [one.text, one.more, one.label, one.look, one.chosen].join("|");
      if (dressed !== found.dressed) dress(found.marker.getElement(), one);
      found.dressed = dressed;
    }
  };
}

function made(one: MapMark, clicked: ((id: string) => void) | null): HTMLElement {
  const element = document.createElement(one.kind === "case" && clicked ? "button" : "div");
  element.append(document.createElement("span"), document.createElement("b"));
  if (element instanceof HTMLButtonElement) {
    element.type = "button";
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      clicked?.(one.id);
    });
  }
  return element;
}

function dress(element: HTMLElement, one: MapMark): void {
  const [text, more] = element.children as unknown as [HTMLElement, HTMLElement];
  for (const name of [...element.classList]) if (!name.startsWith("maplibregl")) element.classList.remove(name);
  element.classList.add(`${one.kind}-mark`);
  if (one.kind !== "case" && one.look) element.classList.add(...one.look.split(" "));
  element.classList.toggle("chosen", Boolean(one.chosen));
  if (one.kind === "case") text.className = `priority ${one.look}`;
  text.textContent = one.text;
  more.textContent = one.more ?? "";
  more.className = one.kind === "case" ? "times" : "";
  more.hidden = !one.more;
  element.title = one.label;
  element.style.zIndex = String({ area: 0, help: 1, device: 2, person: 3, case: one.chosen ? 6 : one.text === "P1" ? 5 : 4 }[one.kind]);
  element.removeAttribute("role");
  if (element instanceof HTMLButtonElement) element.setAttribute("aria-label", one.label);
  else {
    element.setAttribute("aria-hidden", "true");
    element.removeAttribute("aria-label");
  }
}
