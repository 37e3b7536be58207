/** A rule as the form asks for it, and as the hub takes it. */
export interface Asked {
  value: string;
  how: "above" | "below" | "rises" | "falls" | "silent";
  limit: number;
  clear: number | null;
  minutes: number;
  raise: string;
}

export const HOWS: Asked["how"][] = ["above", "below", "rises", "falls", "silent"];

/** What the form says, as a definition. */
export function definitionOf(asked: Asked): Record<string, unknown> {
  const span = Math.round(asked.minutes * 60);
  const value = asked.value.trim();
  if (asked.how === "silent") return { when: { ...(value ? { value } : {}), silent_s: span }, raise: asked.raise };
  if (asked.how === "rises" || asked.how === "falls") return { when: { value, [asked.how]: asked.limit, within_s: span }, raise: asked.raise };
  const clear = asked.clear === null ? {} : { clear: asked.clear };
  return { when: { value, [asked.how]: asked.limit, ...clear }, for_s: span, raise: asked.raise };
}

/** A text that somebody wrote, as a definition; null where it is no object of JSON. */
export function parsed(text: string): Record<string, unknown> | null {
  try {
    const found: unknown = JSON.parse(text);
    return found && typeof found === "object" && !Array.isArray(found) ? (found as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
