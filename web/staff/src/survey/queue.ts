/** What was found out on the way and waits to be sent: one entry a facility. */
import { NAMES } from "@/planner/register/fields";
import type { Facility, FacilityFields, Issue, Said } from "@/shared/types";

export type Values = Partial<FacilityFields>;

export interface Entry {
  id: string;
  user: string;
  /** A facility that is new, or one that was corrected, or found to be as it was (no values). */
  kind: "new" | "change";
  ref: string;
  /** The facility as it was when it was looked at; null for a new one. */
  before: Facility | null;
  values: Values;
  /** What was sent last; its answer may have been lost. */
  sent: Values | null;
  said: Said;
  madeAt: string;
  state: "waiting" | "refused" | "conflict";
  /** What the hub has now, where somebody else was faster. */
  theirs: Facility | null;
  refusal: { words: string; issues: Issue[] } | null;
}

/** A ref made on the phone: sent twice, it is the same facility. */
export function newRef(): string {
  return `survey-${random()}`;
}

/** 128 bits; `randomUUID` there is with https only. */
function random(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

/** An entry of what was found; what waits for the same facility already is gone on with. */
export function noted(old: Entry | undefined, next: Pick<Entry, "user" | "ref" | "before" | "values" | "said">): Entry {
  return {
    id: old?.id ?? random(),
    user: next.user,
    kind: old?.kind ?? (next.before ? "change" : "new"),
    ref: next.ref,
    before: old ? old.before : next.before,
    values: { ...old?.values, ...next.values },
    sent: old?.sent ?? null,
    said: next.said,
    madeAt: new Date().toISOString(),
    state: "waiting",
    theirs: null,
    refusal: null,
  };
}

/** A facility as it will be once an entry has been sent. */
export function seen(one: Facility, entry: Entry | undefined): Facility {
  return entry ? ({ ...one, ...entry.values, checked_on: entry.said.on, stale: false } as Facility) : one;
}

/** A new facility, shown in the list before the hub knows it. */
export function drafted(entry: Entry): Facility {
  const empty = Object.fromEntries(NAMES.map((name) => [name, null]));
  const rest = { ref: entry.ref, place: "", place_zh: "", in_surround: false, synthetic: false, version: 0 };
  return { ...empty, ...entry.values, ...rest, checked_on: entry.said.on, stale: false } as unknown as Facility;
}

/** Whether a facility has some values. */
export function has(one: Facility, values: Values): boolean {
  return Object.entries(values).every(
    ([name, value]) => (one[name as keyof FacilityFields] ?? "") === (value ?? ""),
  );
}

/** All that people fill in of a facility. */
export function valuesOf(one: Facility): Values {
  return Object.fromEntries(NAMES.map((name) => [name, one[name]]));
}
