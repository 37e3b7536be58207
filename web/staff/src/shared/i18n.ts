import { computed, watchEffect } from "vue";
import { createI18n } from "vue-i18n";

import { kept, keep } from "./keeping";
import type { Language } from "./types";
import en from "./words/en";
import zh from "./words/zh";

export const i18n = createI18n({
  legacy: false,
  locale: kept("language") === "en" ? "en" : "zh",
  fallbackLocale: "zh",
  messages: { zh, en },
});

/** The language that is shown; setting it is kept in this browser. */
export const language = computed<Language>({
  get: () => i18n.global.locale.value as Language,
  set: (value) => {
    i18n.global.locale.value = value;
    keep("language", value);
  },
});

watchEffect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});

/** One of two names, in the language that is shown; the Chinese one where there is no English. */
export function named(zh_: string, en_: string): string {
  return language.value === "en" && en_ ? en_ : zh_;
}

/** A message of our own, outside a component's setup. */
export function say(key: string, values: Record<string, unknown> = {}): string {
  return i18n.global.t(key, values);
}
