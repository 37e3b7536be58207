/** Being told when the page is closed: this browser's subscription, and the hub's list of the caller's browsers. */
import { hub } from "@/shared/hub";
import type { PushBrowser } from "@/shared/types";

export interface Told {
  /** Why it cannot be switched on here; empty if it can. */
  why: "" | "operator" | "browser" | "denied";
  here: PushBrowser | null;
  elsewhere: PushBrowser[];
}

const SYSTEMS = /HarmonyOS|OpenHarmony|Android|iPhone|iPad|Windows|Macintosh|Linux/;

export async function look(): Promise<Told> {
  const { on, items } = await hub.push();
  const mine = await ours();
  const mark = mine ? await markOf(mine.endpoint) : "";
  const here = items.find((one) => one.mark === mark) ?? null;
  return { why: whyNot(on), here, elsewhere: items.filter((one) => one !== here) };
}

/** Ask for permission and switch it on; only ever by a click. Whether it is on now. */
export async function tellHere(): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  const { key } = await hub.push();
  const worker = await navigator.serviceWorker.getRegistration("/desk");
  // One that was made with another key of the hub's would be refused by its push service.
  await (await ours())?.unsubscribe();
  const made = await worker!.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
  const { endpoint = "", keys = {} } = made.toJSON();
  const name = SYSTEMS.exec(navigator.userAgent)?.[0] ?? "";
  await hub.addPush({ endpoint, p256dh: keys.p256dh ?? "", auth: keys.auth ?? "", name });
  return true;
}

export async function endHere(one: PushBrowser): Promise<void> {
  await hub.removePush(one.id);
  await (await ours())?.unsubscribe();
}

/** Nobody's phone is told once they have logged out of it; a push service that is out of reach says so to the hub later. */
export async function forgetHere(): Promise<void> {
  const mine = await ours();
  if (!mine) return;
  const mark = await markOf(mine.endpoint);
  await mine.unsubscribe();
  const here = (await hub.push()).items.find((one) => one.mark === mark);
  if (here) await hub.removePush(here.id);
}

async function ours(): Promise<PushSubscription | null> {
  const worker = await navigator.serviceWorker?.getRegistration("/desk");
  return (await worker?.pushManager?.getSubscription()) ?? null;
}

function whyNot(on: boolean): Told["why"] {
  if (!on) return "operator";
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return "browser";
  return Notification.permission === "denied" ? "denied" : "";
}

async function markOf(endpoint: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(digest)].map((one) => one.toString(16).padStart(2, "0")).join("");
}

function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
}
