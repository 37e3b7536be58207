/** What a click on the map does. */
import { ref } from "vue";

export const MODES = ["look", "here", "draw", "own"] as const;
export type Mode = (typeof MODES)[number];
export const mode = ref<Mode>("look");
