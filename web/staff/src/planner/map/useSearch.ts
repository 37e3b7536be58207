/** What is found while somebody types. */
import { ref, shallowRef, watch } from "vue";

import { hub } from "@/shared/hub";
import { named, say } from "@/shared/i18n";
import { typeName } from "@/shared/standard";
import type { Facility, Place } from "@/shared/types";

export interface Hit {
  name: string;
  hint: string;
  place?: Place;
  facility?: Facility;
}

const MOST = 8;

export function useSearch() {
  const text = ref("");
  const hits = shallowRef<Hit[]>([]);
  const open = ref(false);
  let waiting = 0;

  watch(text, (typed) => {
    window.clearTimeout(waiting);
    const wanted = typed.trim();
    const chosen = hits.value.some((one) => one.name === wanted) && !open.value;
    if (!wanted || chosen) open.value = false;
    else waiting = window.setTimeout(() => look(wanted), 200);
  });

  async function look(wanted: string): Promise<void> {
    const none = { items: [] };
    const [places, facilities] = await Promise.all([
      hub.places({ text: wanted, limit: MOST }).catch(() => none),
      hub.facilities({ text: wanted, limit: MOST }).catch(() => none),
    ]);
    if (wanted !== text.value.trim()) return;
    hits.value = [
      ...places.items.map((place) => ({ name: named(place.name_zh, place.name_en), hint: say(`level.${place.level}`), place })),
      ...facilities.items.map((facility) => ({ name: facility.name, hint: typeName(facility.type), facility })),
    ];
    open.value = true;
  }

  function clear(): void {
    text.value = "";
    open.value = false;
  }

  return { text, hits, open, clear };
}
