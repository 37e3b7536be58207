/** The facilities of one type, as points. */
import { shallowRef, watch, type Ref } from "vue";

import { hub } from "@/shared/hub";
import { refused } from "@/shared/tell";
import type { Facility } from "@/shared/types";

export function useFacilities(type: Ref<string>) {
  const facilities = shallowRef<Facility[]>([]);

  watch(type, async (wanted) => {
    facilities.value = [];
    if (!wanted) return;
    try {
      const page = await hub.facilities({ type: wanted, limit: 1000 });
      if (wanted === type.value) facilities.value = page.items;
    } catch (error) {
      refused(error);
    }
  }, { immediate: true });

  return facilities;
}
