/** The menu: groups of entries, each entry with the rights of which one is needed to see it. */
import type { Right } from "./types";

export interface Entry {
  /** Its name is that of its route, and the first part of the path of all pages below it. */
  name: string;
  rights: Right[];
}

export interface Group {
  name: string;
  entries: Entry[];
}

export const groups: Group[] = [
  {
    name: "plan",
    entries: [
      { name: "map", rights: ["card.read"] },
      { name: "matrix", rights: ["card.read"] },
      { name: "runs", rights: ["card.read"] },
      { name: "surveys", rights: ["survey.read"] },
      { name: "circles", rights: ["project.read"] },
      { name: "projects", rights: ["project.read"] },
    ],
  },
  {
    name: "run",
    entries: [
      { name: "command", rights: ["case.read"] },
      { name: "desk", rights: ["case.act"] },
      { name: "cases", rights: ["case.read"] },
      { name: "rosters", rights: ["case.read"] },
      { name: "chats", rights: ["duty.write"] },
      { name: "devices", rights: ["device.read"] },
      { name: "rules", rights: ["rule.write"] },
      { name: "warnings", rights: ["case.read"] },
    ],
  },
  {
    name: "records",
    entries: [
      { name: "register", rights: ["facility.read"] },
      { name: "places", rights: ["place.read"] },
      { name: "residents", rights: ["resident.read"] },
      { name: "groups", rights: ["place.read"] },
    ],
  },
  {
    name: "system",
    entries: [
      { name: "accounts", rights: ["account.read"] },
      { name: "audit", rights: ["audit.read"] },
    ],
  },
];

export const menu: Entry[] = groups.flatMap((one) => one.entries);

/** The entry that a page is below, by its path. */
export function entryOf(path: string): string {
  return path.split("/")[1] || "map";
}
