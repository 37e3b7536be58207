/** The tree from the district down to grids, as far as it was read, and which of its branches are open. */
import { reactive } from "vue";

import { hub } from "@/shared/hub";
import { named } from "@/shared/i18n";
import { renewPlace } from "@/shared/places";
import type { Place } from "@/shared/types";

const MOST = 1000;
const UPPER = ["district", "street", "community"] as const;

export const tree = reactive({ places: new Map<string, Place>(), open: new Set<string>() });

/** Read the upper levels; grids where the caller sees nothing above them. */
export async function loadTree(): Promise<void> {
  const pages = await Promise.all(UPPER.map((level) => hub.places({ level, limit: MOST })));
  const upper = pages.flatMap((page) => page.items);
  const found = upper.length ? upper : (await hub.places({ level: "grid", limit: MOST })).items;
  tree.places = new Map(found.map((one) => [one.code, one]));
  if (!tree.open.size) roots().forEach((one) => tree.open.add(one.code));
  await Promise.all([...tree.open].map(readGrids));
}

export function roots(): Place[] {
  return [...tree.places.values()].filter((one) => !one.parent || !tree.places.has(one.parent));
}

export function childrenOf(code: string): Place[] {
  return [...tree.places.values()].filter((one) => one.parent === code);
}

export async function toggle(code: string): Promise<void> {
  if (tree.open.delete(code)) return;
  await openBranch(code);
}

export async function openBranch(code: string): Promise<void> {
  tree.open.add(code);
  await readGrids(code);
}

/** Show a place as it is now, where it stands now; one that has ended stands nowhere. */
export function put(one: Place): void {
  renewPlace(one);
  if (one.until) tree.places.delete(one.code);
  else if (one.level !== "building" && one.level !== "dwelling") tree.places.set(one.code, one);
}

export function nameOf(code: string): string {
  const found = tree.places.get(code);
  return found ? named(found.name_zh, found.name_en) : code;
}

async function readGrids(parent: string): Promise<void> {
  if (tree.places.get(parent)?.level !== "community") return;
  const { items } = await hub.places({ parent, level: "grid", limit: MOST });
  items.forEach((one) => tree.places.set(one.code, one));
}
