/** What matters of a device first: an alarm, then silence, then who works on it, then its battery. */
import type { Device } from "@/shared/types";

export const LOW_BATTERY = 20;
export const KINDS = ["button", "smoke", "gas", "co", "door", "corridor_lamp", "lift", "pump", "water_leak", "environment", "gateway"];
export const FORMATS = ["own", "chirpstack", "senml", "ctwing", "onenet"];
export type State = "alarm" | "silent" | "maintenance" | "retired" | "battery" | "active";

export function stateOf(one: Device): State {
  if (one.state === "retired") return "retired";
  if (one.alarm) return "alarm";
  if (one.silent) return "silent";
  if (one.state === "maintenance") return "maintenance";
  return one.battery !== null && one.battery < LOW_BATTERY ? "battery" : "active";
}

/** Whether a platform speaks for a device, by a number of its own. */
export const isPlatforms = (decoder: string) => ["ctwing", "onenet"].includes(decoder);

/** A message that a device could send, as a command to paste. */
export function example(ref: string, secret: string): string {
  const said = JSON.stringify({ boot: "7f3a", seq: 1, values: { test: 1 }, test: true });
  return `curl ${window.location.origin}/api/v1/public/devices/${ref}/messages -H "X-Device-Key: ${secret}" -H "Content-Type: application/json" -d '${said}'`;
}
