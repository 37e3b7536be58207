/** Sums of orders in whole fen, as the hub reckons them: each line rounded, halves up. */
import { language } from "@/shared/i18n";
import type { OrderLine } from "@/shared/types";

const DECIMAL = /^\d{1,8}(\.\d{1,3})?$/;

/** Yuan as people read them. */
export function yuan(text: string): string {
  const locale = language.value === "zh" ? "zh-CN" : "en-GB";
  return Number(text).toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** What lines come to, as decimal text; null while one of them is no number. */
export function total(lines: OrderLine[]): string | null {
  let fen = 0n;
  for (const { quantity, price } of lines) {
    if (!DECIMAL.test(quantity) || !DECIMAL.test(price)) return null;
    fen += (scaled(quantity, 3) * scaled(price, 2) + 500n) / 1000n;
  }
  const digits = fen.toString().padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A quantity without zeros that say nothing. */
export function plain(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function scaled(text: string, digits: number): bigint {
  const [whole = "0", part = ""] = text.split(".");
  return BigInt(whole + part.slice(0, digits).padEnd(digits, "0"));
}
