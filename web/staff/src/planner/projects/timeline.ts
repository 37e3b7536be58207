/** Where bars and marks of projects stand on a line of months. */
import type { Project } from "@/shared/types";

const DAY_MS = 86_400_000;

export interface Row {
  project: Project;
  left: number;
  width: number;
  marks: { at: number; done: boolean; late: boolean; words: string }[];
}

export interface Timeline {
  rows: Row[];
  months: { at: number; words: string }[];
  today: number;
}

const time = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** Rows of the projects that have a date, in per cent of the whole span; months and today beside. */
export function timelineOf(items: Project[], today: string): Timeline {
  const dated = items.filter((one) => one.due_on ?? one.starts_on ?? one.milestones.length);
  const days = dated.flatMap((one) => [...ends(one), ...one.milestones.map((step) => time(step.due_on))]);
  const first = monthOf(Math.min(...days, time(today)), 0);
  const last = monthOf(Math.max(...days, time(today)), 1);
  const at = (moment: number) => (100 * (moment - first)) / (last - first);
  const rows = dated.map((project) => {
    const [from, to] = ends(project);
    const left = at(from ?? first);
    return {
      project, left, width: Math.max(at((to ?? from ?? first) + DAY_MS) - left, 0.6),
      marks: project.milestones.map((step) => ({
        at: at(time(step.due_on)), done: step.done_on !== null, late: step.done_on === null && step.due_on < today,
        words: `${step.name} ${step.due_on}`,
      })),
    };
  });
  const months = [];
  const span = (last - first) / DAY_MS;
  const every = span > 1500 ? 12 : span > 500 ? 3 : 1;
  for (let moment = first, k = 0; moment < last; moment = monthOf(moment, 1), k += 1) {
    if (k % every === 0) months.push({ at: at(moment), words: new Date(moment).toISOString().slice(0, 7) });
  }
  return { rows, months, today: at(time(today)) };
}

/** When a project starts and ends, by its dates or its milestones. */
function ends(one: Project): number[] {
  const days = [...one.milestones.map((step) => step.due_on), one.starts_on, one.due_on]
    .filter((day): day is string => day !== null).map(time);
  return days.length ? [Math.min(...days), Math.max(...days)] : [];
}

function monthOf(moment: number, more: number): number {
  const day = new Date(moment);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + more, 1);
}
