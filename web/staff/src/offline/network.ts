/** Whether there is a network, who works here without one, and going on when it is back. */
import { computed, onMounted, onUnmounted, ref, type Ref } from "vue";

import { ApiError } from "@/shared/api";
import { keep, kept } from "@/shared/keeping";
import { loadMe, may, me } from "@/shared/session";
import type { Right } from "@/shared/types";

/** A browser says that it is online where it only has a cable or a Wi-Fi: then the hub is asked again so often. */
const AGAIN_MS = 5_000;

/** `start` is called first, and `goOn` whenever there is a network again. */
export function useNetwork(start: () => Promise<void>, goOn: () => Promise<void>) {
  const [linked, reached] = [ref(navigator.onLine), ref(true)];
  const online = computed(() => linked.value && reached.value);
  const changed = () => {
    linked.value = navigator.onLine;
    if (linked.value) void goOn();
  };
  let asking = 0;
  onMounted(() => {
    asking = window.setInterval(() => linked.value && !reached.value && void goOn(), AGAIN_MS);
    window.addEventListener("online", changed);
    window.addEventListener("offline", changed);
    void start();
  });
  onUnmounted(() => {
    window.clearInterval(asking);
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  });
  return { linked, reached, online };
}

/** Who works: the caller; without network, whoever did so here last and has not logged out. */
export async function worker(reached: Ref<boolean>, as: "surveyor" | "desk", ...rights: Right[]): Promise<string> {
  try {
    await loadMe();
    reached.value = true;
  } catch (problem) {
    if (!(problem instanceof ApiError)) throw problem;
    reached.value = false;
    return kept(as) ?? "";
  }
  if (!me.value || !may(...rights)) return "";
  keep(as, me.value.username);
  return me.value.username;
}
