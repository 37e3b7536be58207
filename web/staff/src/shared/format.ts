/** Numbers, days and spans as people read them. */
import { language } from "./i18n";

const locale = () => (language.value === "zh" ? "zh-CN" : "en-GB");

export function number(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined) return "–";
  return value.toLocaleString(locale(), { maximumFractionDigits: digits });
}

export function score(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : (Math.floor(value * 10) / 10).toFixed(1);
}

export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? "–" : `${Math.round(share * 100)}%`;
}

export function moment(text: string | null | undefined): string {
  if (!text) return "–";
  return new Date(text).toLocaleString(locale(), {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  });
}

/** A moment in seconds since 1970. */
export function instant(seconds: number | null | undefined): string {
  return moment(seconds ? new Date(seconds * 1000).toISOString() : null);
}

export function minutes(seconds: number): string {
  return number(seconds / 60, 1);
}

/** Today in this browser's own time, as an input of type date wants it. */
export function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
