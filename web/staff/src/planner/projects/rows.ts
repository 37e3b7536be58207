/** The tables of a project that are written as a whole: their columns, and an empty row. */
import { today } from "@/shared/format";
import type { Project } from "@/shared/types";

export const ROWS = ["budget", "milestones", "risks"] as const;
export type What = (typeof ROWS)[number];
export type Cell = string | number | null;
export type Line = Record<string, Cell>;

interface Column {
  name: string;
  words: string;
  kind: "text" | "number" | "day";
  min?: number;
  max?: number;
}

export const TABLES: Record<What, { words: string; columns: Column[]; empty: () => Line }> = {
  budget: {
    words: "project.money",
    columns: [
      { name: "year", words: "project.year", kind: "number", min: 2000, max: 2100 },
      { name: "source", words: "project.source", kind: "text" },
      { name: "planned_cny", words: "project.planned", kind: "number", min: 0, max: 1e12 },
      { name: "spent_cny", words: "project.spent", kind: "number", min: 0, max: 1e12 },
    ],
    empty: () => ({ year: Number(today().slice(0, 4)), source: "", planned_cny: 0, spent_cny: 0 }),
  },
  milestones: {
    words: "project.steps",
    columns: [
      { name: "name", words: "project.step", kind: "text" },
      { name: "due_on", words: "project.stepDue", kind: "day" },
      { name: "done_on", words: "project.stepDone", kind: "day" },
    ],
    empty: () => ({ name: "", due_on: today(), done_on: null }),
  },
  risks: {
    words: "project.risks",
    columns: [
      { name: "text", words: "project.risk", kind: "text" },
      { name: "likelihood", words: "project.likelihood", kind: "number", min: 1, max: 5 },
      { name: "impact", words: "project.impact", kind: "number", min: 1, max: 5 },
      { name: "response", words: "project.response", kind: "text" },
      { name: "closed_on", words: "project.closed", kind: "day" },
    ],
    empty: () => ({ text: "", likelihood: 3, impact: 3, response: "", closed_on: null }),
  },
};

/** The rows of a project, to be changed. */
export function linesOf(project: Project, what: What): Line[] {
  return (project[what] as unknown as Line[]).map((one) => ({ ...one }));
}
