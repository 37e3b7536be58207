/** Names of the places that cards are about. */
import { ref } from "vue";

import { hub } from "./hub";
import { named } from "./i18n";
import type { Place } from "./types";

const known = ref(new Map<string, Place>());
let asked: Promise<void> | null = null;

export function loadPlaces(): Promise<void> {
  asked ??= Promise.all(
    (["district", "street", "community"] as const).map((level) => hub.places({ level, limit: 1000 })),
  ).then((pages) => {
    known.value = new Map(pages.flatMap((page) => page.items).map((one) => [one.code, one]));
  });
  asked.catch(() => (asked = null));
  return asked;
}

export function place(code: string): Place | undefined {
  return known.value.get(code);
}

export function placeName(code: string): string {
  const found = known.value.get(code);
  return found ? named(found.name_zh, found.name_en) : code;
}

/** The codes from the district down to a place, as roles name what they hold under; empty if it is not known. */
export function lineageOf(code: string): string {
  const codes: string[] = [];
  for (let one = known.value.get(code); one; one = one.parent ? known.value.get(one.parent) : undefined) codes.unshift(one.code);
  return codes.length ? `/${codes.join("/")}/` : "";
}

/** A place has changed: its name is the new one everywhere. */
export function renewPlace(one: Place): void {
  if (known.value.has(one.code)) known.value = new Map(known.value).set(one.code, one);
}

export function allPlaces(): Place[] {
  return [...known.value.values()];
}
