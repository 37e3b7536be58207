/** Whether the screen is as narrow as a phone's, also after it was turned. */
import { onMounted, onUnmounted, ref } from "vue";

export function useNarrow() {
  const query = window.matchMedia("(max-width: 760px)");
  const narrow = ref(query.matches);
  const turned = () => (narrow.value = query.matches);
  onMounted(() => query.addEventListener("change", turned));
  onUnmounted(() => query.removeEventListener("change", turned));
  return narrow;
}
