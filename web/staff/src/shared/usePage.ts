/** A page of a list: fetched when it is opened, turned, or asked for otherwise. */
import { onMounted, ref, watch, type WatchSource } from "vue";

import type { Page } from "./types";
import { useTask } from "./useTask";

interface Range {
  limit: number;
  offset: number;
}

const WAIT_MS = 250;

/**
 * `fetch` gets a range of the list; what is asked for by `filters` is shown from its beginning, once nothing more is
 * typed for a moment.
 */
export function usePage<Item>(
  size: number,
  fetch: (range: Range) => Promise<Page<Item>>,
  filters: WatchSource | object,
) {
  const offset = ref(0);
  const page = ref<Page<Item>>({ count: 0, items: [] });
  const task = useTask();

  async function load(): Promise<void> {
    const found = await task.run(() => fetch({ limit: size, offset: offset.value }));
    if (found) page.value = found as typeof page.value;
  }

  let waiting = 0;
  watch(filters as WatchSource, () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => (offset.value ? (offset.value = 0) : load()), WAIT_MS);
  });
  watch(offset, load);
  onMounted(load);
  return { ...task, size, offset, page, load };
}
