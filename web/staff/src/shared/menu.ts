/** The menu: each entry with the rights of which one is needed to see it. */
import type { Right } from "./types";

export interface Entry {
  name: string;
  rights: Right[];
}

export const menu: Entry[] = [
  { name: "map", rights: ["card.read"] },
  { name: "matrix", rights: ["card.read"] },
  { name: "register", rights: ["facility.read"] },
  { name: "surveys", rights: ["survey.read"] },
  { name: "circles", rights: ["project.read"] },
  { name: "projects", rights: ["project.read"] },
  { name: "command", rights: ["case.read"] },
  { name: "desk", rights: ["case.act"] },
  { name: "cases", rights: ["case.read"] },
  { name: "rosters", rights: ["case.read"] },
  { name: "devices", rights: ["device.read"] },
  { name: "rules", rights: ["rule.write"] },
  { name: "warnings", rights: ["case.read"] },
  { name: "places", rights: ["place.read"] },
  { name: "runs", rights: ["card.read"] },
  { name: "residents", rights: ["resident.read"] },
  { name: "groups", rights: ["place.read"] },
  { name: "accounts", rights: ["account.read"] },
  { name: "audit", rights: ["audit.read"] },
];
