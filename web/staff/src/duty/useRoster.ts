/** The roster of a place in a week, as the address names them: read when it opens, and when somebody changed it. */
import { computed, shallowRef, watch } from "vue";
import { useRoute, useRouter } from "vue-router";

import { hub } from "@/shared/hub";
import { useLive } from "@/shared/live";
import { today } from "@/shared/format";
import { me } from "@/shared/session";
import { soon } from "@/shared/soon";
import type { DutyHoles, DutyWeek } from "@/shared/types";
import { useTask } from "@/shared/useTask";

export function useRoster() {
  const route = useRoute();
  const router = useRouter();
  const place = computed(() => String(route.query.place ?? "") || ownPlace());
  const day = computed(() => String(route.query.day ?? "") || today());
  const week = shallowRef<DutyWeek | null>(null);
  const ahead = shallowRef<DutyHoles[]>([]);
  const { busy, error, run } = useTask();

  async function load(): Promise<void> {
    const [code, on] = [place.value, day.value];
    if (!code) return;
    const found = await run(() => Promise.all([hub.dutyWeek({ place: code, day: on }), hub.dutyHoles(code)]));
    if (code !== place.value || on !== day.value) return;
    [week.value, ahead.value] = found ?? [null, []];
  }

  function go(to: { place?: string; day?: string }): void {
    void router.push({ name: "rosters", query: { place: place.value, day: day.value, ...to } });
  }

  const reload = soon(load);
  useLive(["duty"], reload, reload);
  watch([place, day], load, { immediate: true });
  return { place, day, week, ahead, busy, error, load, go };
}

/** Where the caller works: the first place of their roles. */
function ownPlace(): string {
  return me.value?.rights["case.read"]?.[0]?.split("/").filter(Boolean).at(-1) ?? "";
}
