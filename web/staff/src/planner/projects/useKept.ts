/** A form of a part of something that changes elsewhere too: what is typed stays until it is saved. */
import { computed, ref, watch, type Ref } from "vue";

/**
 * `fields` begin as `source` says. When that changes they follow, unless something was typed that is not saved; what
 * came of their own saving (`sent`) they always take.
 */
export function useKept<Fields extends object>(source: () => Fields) {
  const base = ref(JSON.stringify(source()));
  const fields = ref(source()) as Ref<Fields>;
  const now = () => JSON.stringify(fields.value);
  const dirty = computed(() => now() !== base.value);
  let saving = "";

  watch(() => JSON.stringify(source()), (latest) => {
    if (!dirty.value || saving === now()) fields.value = source();
    base.value = latest;
    saving = "";
  });

  function sent(): void {
    saving = now();
  }

  return { fields, dirty, sent };
}
