/** A drawing: changes to the district, graded beside today after each one. */
import { computed, reactive } from "vue";

import { hub } from "@/shared/hub";
import { run } from "@/shared/latest";
import type { CardChange, DraftAnswer, Drawn, Facility, Near, Position, WayKind } from "@/shared/types";

/** A change with what people read of it. */
export interface Entry {
  change: Drawn;
  name: string;
  at: Position;
}
export type Tool = "add" | "facility" | "way" | "close";

export const drawing = reactive({
  tool: "add" as Tool,
  type: "",
  capacity: 100 as number | undefined,
  entries: [] as Entry[],
  answer: null as DraftAnswer | null,
  shown: "drawn" as "today" | "drawn",
  target: null as Facility | null,
  wayKind: "path" as WayKind,
  wayFrom: null as Position | null,
  near: [] as Near[],
  nearAt: null as Position | null,
  busy: false,
  error: null as unknown,
});

/** Draw one change more; it is taken back if the hub refuses it. */
export async function draw(entry: Entry): Promise<void> {
  drawing.entries.push(entry);
  if (!(await grade())) drawing.entries.pop();
}

export async function undo(k: number): Promise<void> {
  drawing.entries.splice(k, 1);
  await grade();
}

export async function undoAll(): Promise<void> {
  drawing.entries = [];
  await grade();
}

/** The first click begins a way, the second ends it. */
export function drawWay(at: Position): void {
  const from = drawing.wayFrom;
  if (!from) {
    drawing.wayFrom = at;
    return;
  }
  drawing.wayFrom = null;
  const kind = drawing.wayKind;
  const change = { do: "add_way" as const, kind, from_lon: from[0], from_lat: from[1], to_lon: at[0], to_lat: at[1] };
  void draw({ change, name: kind, at });
}

/** What lies near a click that can be closed. */
export async function lookNear(at: Position): Promise<void> {
  await busily(async () => {
    drawing.near = await hub.near(run.value!.id, at);
    drawing.nearAt = at;
  });
}

/** The drawing board takes seconds to open; this opens it before it is needed. */
export function openBoard(): void {
  if (run.value) void hub.draft(run.value.id, []).catch(() => undefined);
}

async function grade(): Promise<boolean> {
  if (!drawing.entries.length) {
    drawing.answer = null;
    drawing.error = null;
    return true;
  }
  return busily(async () => {
    const changes = drawing.entries.map((one) => one.change);
    drawing.answer = await hub.draft(run.value!.id, changes);
  });
}

async function busily(work: () => Promise<void>): Promise<boolean> {
  drawing.busy = true;
  drawing.error = null;
  try {
    await work();
    return true;
  } catch (problem) {
    drawing.error = problem;
    return false;
  } finally {
    drawing.busy = false;
  }
}

/** Cards that changed, those with another colour first, then by how far. */
export const changed = computed<CardChange[]>(() =>
  [...(drawing.answer?.items ?? [])].sort((a, b) => weight(b) - weight(a)),
);

function weight(one: CardChange): number {
  const moved = one.colour_before === one.colour_after ? 0 : 1000;
  return moved + Math.abs((one.score_after ?? 0) - (one.score_before ?? 0));
}
