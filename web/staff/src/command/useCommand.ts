/** How things stand at a place: read when it is opened, when something happens, and twice a minute. */
import { computed, onMounted, onUnmounted, ref, shallowRef, watch } from "vue";
import { useRoute, useRouter } from "vue-router";

import { hub } from "@/shared/hub";
import { setHubTime, useLive } from "@/shared/live";
import { soon } from "@/shared/soon";
import type { Scene } from "@/shared/types";

const EVERY_MS = 30_000;
const KINDS = ["case", "notice", "goal", "duty"] as const;

/** What the address says: the place, the case that is looked at, and whether this is a wall. */
export function useAddress() {
  const route = useRoute();
  const router = useRouter();
  const text = (name: string) => String(route.query[name] ?? "");
  const place = computed(() => text("place"));
  const chosen = computed(() => text("case"));
  const wall = computed(() => "wall" in route.query);

  function go(to: { place?: string; case?: string; wall?: string | undefined }): void {
    const query: Record<string, unknown> = { ...route.query, ...to };
    for (const [name, value] of Object.entries(query)) if (value === "" || value === undefined) delete query[name];
    void router.push({ name: "command", query: query as Record<string, string> });
  }
  return { place, chosen, wall, go };
}

export function useScene(place: () => string) {
  const scene = shallowRef<Scene | null>(null);
  const error = ref<unknown>(null);

  async function load(): Promise<void> {
    const asked = place();
    try {
      const found = await hub.scene(asked);
      if (asked !== place()) return;
      setHubTime(found.now);
      scene.value = found;
      error.value = null;
    } catch (problem) {
      error.value = problem; // what is shown stays, and grows old
    }
  }

  const reload = soon(load);
  useLive(KINDS, reload, reload);
  let asking = 0;
  onMounted(() => {
    void load();
    asking = window.setInterval(reload, EVERY_MS);
  });
  onUnmounted(() => window.clearInterval(asking));
  watch(place, () => void load());
  return { scene, error, reload };
}
