/** Readings by the hour, as the hub makes them once an hour is over: for a device that is new. */
import type { Hour, Reading } from "@/shared/types";

const HOUR_MS = 3_600_000;

export function byHour(readings: Reading[]): Hour[] {
  const found = new Map<string, Hour>();
  for (const one of readings) {
    const when = Math.floor(Date.parse(one.skewed ? one.received_at : one.at) / HOUR_MS) * HOUR_MS;
    const key = `${one.name} ${when}`;
    const hour = found.get(key) ?? { name: one.name, at: new Date(when).toISOString(), count: 0, mean: 0, low: Infinity, high: -Infinity };
    hour.mean = (hour.mean * hour.count + one.value) / (hour.count + 1);
    hour.count += 1;
    hour.low = Math.min(hour.low, one.value);
    hour.high = Math.max(hour.high, one.value);
    found.set(key, hour);
  }
  return [...found.values()];
}
