/** Light or dark: as chosen here, else as the machine prefers. */
import { ref, watchEffect } from "vue";

import { keep } from "./keeping";

export const dark = ref(document.documentElement.classList.contains("dark"));

watchEffect(() => document.documentElement.classList.toggle("dark", dark.value));

export function switchLook(): void {
  dark.value = !dark.value;
  keep("look", dark.value ? "dark" : "light");
}
