/** What a place's people and its past are called. */
import { say } from "@/shared/i18n";
import type { PlaceEvent, TeamMember } from "@/shared/types";

import { nameOf } from "./tree";

/** A group of people: an age band by its years, others by their names. */
export function peopleName(group: string): string {
  const [, from, to] = /^age_(\d+)_(\d+|plus)$/.exec(group) ?? [];
  if (from) return say(to === "plus" ? "places.ageFrom" : "places.age", { from, to });
  const key = `group.${group}`;
  const found = say(key);
  return found === key ? group : found;
}

/** What something was before and became, in words; empty where there is nothing to say. */
export function changeOf(event: PlaceEvent): { from: string; to: string } {
  const { kind, before, after } = event;
  if (kind === "team") return { from: team(before.before), to: team(after.team) };
  if (kind === "merged" && before.of) return { from: places(before.of), to: "" };
  const fields: Partial<Record<PlaceEvent["kind"], string>> = {
    created: "name_zh", renamed: "name_zh", moved: "parent", merged: "into", split: "into", branch: "party_branch",
  };
  const field = fields[kind];
  if (!field) return { from: "", to: "" };
  const shown = field === "parent" || field === "into" ? places : text;
  return { from: shown(before[field]), to: shown(after[field]) };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function places(value: unknown): string {
  const codes = Array.isArray(value) ? value : value ? [value] : [];
  return codes.map((code) => nameOf(String(code))).join(say("places.and"));
}

function team(value: unknown): string {
  const members = Array.isArray(value) ? (value as TeamMember[]) : [];
  return members.map((one) => `${say(`places.role.${one.role}`)} ${one.name}`).join(say("places.and"));
}
