/** A week as a grid: its days, its shifts by when they begin, and words for days and spans. Days are the hub's own. */
import { say } from "@/shared/i18n";
import type { DutySpan, DutyWeek, WeekShift } from "@/shared/types";

const DAY_MS = 86_400_000;
export const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6];

/** A day so many days later. */
export function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** 0 is Monday. */
export function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

export function daysOf(week: DutyWeek): string[] {
  return WEEKDAYS.map((k) => later(week.monday, k));
}

/** 06-07 周一. */
export function dayWords(day: string): string {
  return `${day.slice(5)} ${say(`roster.days.d${weekdayOf(day)}`)}`;
}

/** 20:00–次日 08:00. */
export function timeWords(one: Pick<DutySpan, "day" | "ends_day" | "starts" | "ends">): string {
  const days = Math.round((Date.parse(one.ends_day) - Date.parse(one.day)) / DAY_MS);
  if (one.ends === "24:00" || days === 0) return `${one.starts}–${one.ends}`;
  return days === 1 ? `${one.starts}–${say("roster.nextDay", { time: one.ends })}` : `${one.starts}–${dayWords(one.ends_day)} ${one.ends}`;
}

/** Who is there by a shift: whoever stands in. */
export function whoOf(one: WeekShift): string {
  return one.substitute_name || one.name;
}

export interface Row {
  key: string;
  /** What most of its shifts last; a shift that does not says its own times. */
  times: string;
  /** By day. */
  cells: Record<string, WeekShift[]>;
}

/** Rows by the time at which shifts begin; first what goes on from the week before. */
export function rowsOf(week: DutyWeek): Row[] {
  const rows = new Map<string, WeekShift[]>();
  for (const one of week.shifts) {
    const key = one.day < week.monday ? "" : one.starts;
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  return [...rows].sort(([a], [b]) => a.localeCompare(b)).map(([key, shifts]) => {
    const cells: Record<string, WeekShift[]> = {};
    for (const one of shifts) (cells[key ? one.day : week.monday] ??= []).push(one);
    return { key, times: key ? mostOf(shifts.map(timeWords)) : say("roster.carried"), cells };
  });
}

export function holesOn(week: DutyWeek, day: string): DutySpan[] {
  return week.holes.filter((one) => one.day === day);
}

/** How many shifts a plan makes. */
export function countOf(since: string, until: string, weekdays: readonly number[]): number {
  const days = Math.round((Date.parse(until) - Date.parse(since)) / DAY_MS);
  if (!(days >= 0) || days > 366) return 0;
  return Array.from({ length: days + 1 }, (_, k) => weekdayOf(later(since, k))).filter((one) => weekdays.includes(one)).length;
}

function mostOf(words: string[]): string {
  const counts = new Map<string, number>();
  for (const one of words) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0];
}
