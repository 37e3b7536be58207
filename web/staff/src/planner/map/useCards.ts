/** The areas of a level and their cards of one key. */
import { computed, ref, shallowRef, watch, type Ref } from "vue";

import { ApiError, wordsOf } from "@/shared/api";
import { hub } from "@/shared/hub";
import type { AreaShape, Level, Run, ShortCard } from "@/shared/types";

import type { View } from "./view";

const shapesOf = new Map<Level, Promise<AreaShape[]>>();

export function useCards(run: Ref<Run | null>, view: Ref<View>) {
  const shapes = shallowRef<AreaShape[]>([]);
  const cards = shallowRef<ShortCard[]>([]);
  const busy = ref(true);
  const error = ref("");

  watch(() => view.value.level, async (level) => {
    const found = await loadShapes(level).catch(failed);
    if (found && level === view.value.level) shapes.value = found;
  }, { immediate: true });

  watch([run, () => view.value.level, () => view.value.scope, () => view.value.key], async () => {
    if (!run.value) return;
    const { scope, key, level } = view.value;
    const asked = `${level}/${scope}/${key}`;
    busy.value = true;
    error.value = "";
    const found = await hub.cards(run.value.id, { scope, key, level, limit: 1000 }).catch(failed);
    const now = view.value;
    if (asked !== `${now.level}/${now.scope}/${now.key}`) return;
    cards.value = found?.items ?? [];
    busy.value = false;
  }, { immediate: true });

  function failed(problem: unknown): undefined {
    if (!(problem instanceof ApiError && problem.status === 401)) error.value = wordsOf(problem);
    busy.value = false;
    return undefined;
  }

  const byArea = computed(() => new Map(cards.value.map((card) => [card.area, card])));
  return { shapes, cards, byArea, busy, error };
}

function loadShapes(level: Level): Promise<AreaShape[]> {
  const found = shapesOf.get(level) ?? hub.shapes(level).then((answer) => answer.features);
  shapesOf.set(level, found);
  found.catch(() => shapesOf.delete(level));
  return found;
}
