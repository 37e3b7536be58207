/** The fields of a facility as a form has them. */
import type { Facility, FacilityFields } from "@/shared/types";

export type Fields = { [Name in keyof FacilityFields]: FacilityFields[Name] | null | undefined };

export const NAMES = [
  "name", "type", "lon", "lat", "level", "capacity", "floor_area_m2", "hours", "operator", "operating",
  "open_as_stated", "barrier_free", "safe", "licensed", "condition", "utilisation",
] as const satisfies readonly (keyof FacilityFields)[];

export const TRUTHS = ["operating", "open_as_stated", "barrier_free", "safe", "licensed"] as const;

export function fieldsOf(one: Partial<Facility>): Fields {
  return Object.fromEntries(NAMES.map((name) => [name, one[name] ?? null])) as unknown as Fields;
}

/** What was changed; an emptied field is null, which takes its value away. */
export function differences(before: Fields, after: Fields): Partial<FacilityFields> {
  const changed = NAMES.filter((name) => (before[name] ?? "") !== (after[name] ?? ""));
  return Object.fromEntries(changed.map((name) => [name, after[name] === "" ? null : after[name] ?? null]));
}
