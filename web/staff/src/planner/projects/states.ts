/** The life of a project, and how it is looked at. */
import type { Criterion, ProjectState } from "@/shared/types";

export const STATES: ProjectState[] = ["idea", "reserve", "listed", "approved", "building", "accepted", "dropped"];
export const CRITERIA: Criterion[] = ["need", "basis", "fit", "landing"];
export const VIEWS = ["table", "board", "time", "map", "sites", "lists", "goals", "proofs"] as const;
export type ProjectsView = (typeof VIEWS)[number];

/** Where a project may be moved by hand; lists and acceptance are ways of their own. */
export const MOVES: Record<ProjectState, ("idea" | "reserve" | "building" | "dropped")[]> = {
  idea: ["reserve", "dropped"], reserve: ["idea", "dropped"], listed: [], approved: ["building", "dropped"],
  building: ["dropped"], accepted: [], dropped: ["idea"],
};
