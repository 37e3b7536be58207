/** What the map shows, kept in the address so that it can be sent to somebody. */
import { computed } from "vue";
import { useRoute, useRouter } from "vue-router";

import type { Level, Scope, SurfaceMeasure } from "@/shared/types";

export interface View {
  scope: Scope;
  key: string;
  level: Level;
  place: string;
  by: "cards" | "building" | "hexagon";
  measure: SurfaceMeasure | "";
  run: string;
}

const SCOPES: Scope[] = ["overall", "theme", "category", "type"];
const BY: View["by"][] = ["cards", "building", "hexagon"];
const LEVELS: Level[] = ["district", "street", "community", "circle"];

export function useView() {
  const route = useRoute();
  const router = useRouter();

  const view = computed<View>(() => {
    const { scope, key, level, place, by, measure, run } = route.query as Record<string, string | undefined>;
    const known = SCOPES.find((one) => one === scope && key) ?? "overall";
    return {
      scope: known,
      key: known === "overall" ? "overall" : String(key),
      level: LEVELS.find((one) => one === level) ?? "community",
      place: place ?? "",
      by: BY.find((one) => one === by) ?? "cards",
      measure: (measure ?? "") as View["measure"],
      run: run ?? "",
    };
  });

  /** Show something else; what is not named stays. */
  function show(part: Partial<View>): void {
    const { scope, key, level, place, by, measure, run } = { ...view.value, ...part };
    const query: Record<string, string> = { level };
    if (scope !== "overall") Object.assign(query, { scope, key });
    if (place) query.place = place;
    if (run) query.run = run;
    if (by !== "cards") Object.assign(query, { by, ...(measure ? { measure } : {}) });
    void router.replace({ name: "map", query });
  }

  return { view, show };
}
