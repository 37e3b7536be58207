/** Conditions as people choose them, and the text that the hub filters by. */
import type { FieldKind } from "@/shared/types";

export type Op = "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "contains" | "in" | "blank" | "full";
export interface Condition {
  field: string;
  op: Op;
  value: string;
}

const SIGNS = { eq: "=", ne: "!=", lt: "<", le: "<=", gt: ">", ge: ">=", contains: "contains" } as const;
const OPS: Record<FieldKind, Op[]> = {
  number: ["ge", "le", "gt", "lt", "eq", "ne", "in", "blank", "full"],
  date: ["ge", "le", "gt", "lt", "eq", "ne", "in", "blank", "full"],
  text: ["contains", "eq", "ne", "in", "blank", "full"],
  flag: ["eq", "ne", "blank", "full"],
};

export function opsOf(kind: FieldKind | undefined): Op[] {
  return OPS[kind ?? "text"];
}

export function takesValue(op: Op): boolean {
  return op !== "blank" && op !== "full";
}

export function written(conditions: readonly Condition[]): string {
  return conditions
    .filter((one) => one.field && (!takesValue(one.op) || one.value.trim() !== ""))
    .map(({ field, op, value }) => {
      if (op === "blank") return `${quoted(field)} = ""`;
      if (op === "full") return `${quoted(field)} != ""`;
      if (op !== "in") return `${quoted(field)} ${SIGNS[op]} ${quoted(value.trim())}`;
      const several = value.split(/[,,、;;]/).map((one) => one.trim()).filter(Boolean);
      return `${quoted(field)} in (${several.map(quoted).join(", ")})`;
    })
    .join(" and ");
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
