/** Names of the standard's types, categories and themes, read once a visit. */
import { computed, ref } from "vue";

import { hub } from "./hub";
import { named } from "./i18n";
import type { FacilityType, Scope } from "./types";

interface Name {
  key: string;
  zh: string;
  en: string;
}

export const types = ref<FacilityType[]>([]);
const groups = ref<{ theme: Name[]; category: Name[] }>({ theme: [], category: [] });
let typesAsked: Promise<void> | null = null;
let groupsAsked: Promise<void> | null = null;

export function loadTypes(): Promise<void> {
  typesAsked ??= hub.types().then((found) => void (types.value = found));
  typesAsked.catch(() => (typesAsked = null));
  return typesAsked;
}

/** Types that were read earlier, for a page without network. */
export function knowTypes(found: FacilityType[]): void {
  types.value = found;
  typesAsked = Promise.resolve();
}

/** Categories and themes, as a run names them. */
export function loadGroups(run: string): Promise<void> {
  groupsAsked ??= Promise.all([
    hub.matrix(run, "theme", "community"),
    hub.matrix(run, "category", "community"),
  ]).then(([theme, category]) => {
    groups.value = { theme: theme.keys, category: category.keys };
  });
  groupsAsked.catch(() => (groupsAsked = null));
  return groupsAsked;
}

export const typesById = computed(() => new Map(types.value.map((one) => [one.id, one])));

/** The keys of a scope with their names. */
export function keysOf(scope: Scope): Name[] {
  if (scope === "theme" || scope === "category") return groups.value[scope];
  if (scope === "overall") return [{ key: "overall", zh: "总体", en: "Overall" }];
  return types.value.map((one) => ({ key: one.id, zh: one.name_zh, en: one.name_en }));
}

export function typeName(id: string): string {
  const found = typesById.value.get(id);
  return found ? named(found.name_zh, found.name_en) : id;
}

export function keyName(scope: Scope, key: string): string {
  const found = keysOf(scope).find((one) => one.key === key);
  return found ? named(found.zh, found.en) : key;
}

export function categoryName(key: string): string {
  return keyName("category", key);
}

/** Types under their categories, for lists to choose from. */
export const typesByCategory = computed(() => {
  const found = new Map<string, FacilityType[]>();
  for (const one of types.value) found.set(one.category, [...(found.get(one.category) ?? []), one]);
  return [...found].map(([category, members]) => ({ category, members }));
});
