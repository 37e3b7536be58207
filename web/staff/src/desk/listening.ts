/** What happens while the desk is open: the list is read anew, and who is told of a case is shown a notice, if they want that. */
import { onUnmounted, ref, watch } from "vue";

import { hub } from "@/shared/hub";
import { say } from "@/shared/i18n";

import type { Desk } from "./useDesk";

const SOON_MS = 800;
/** Read anew so often all the same: a stream may be silent because it is gone. */
const EVERY_MS = 60_000;
/** Whether this browser shows notices: asked for by a button, off until then. */
export const mayShow = ref<NotificationPermission | "never">("Notification" in window ? Notification.permission : "never");

export async function askToShow(): Promise<void> {
  mayShow.value = await Notification.requestPermission();
}

/** Somebody else has asked. */
export function askedToShow(): void {
  if (mayShow.value !== "never") mayShow.value = Notification.permission;
}

export function useListening(desk: Desk): void {
  let source: EventSource | null = null;
  let soon = 0;

  const renew = () => {
    window.clearTimeout(soon);
    soon = window.setTimeout(() => void desk.goOn(), SOON_MS);
  };

  function told(event: MessageEvent<string>): void {
    renew();
    const { ref: number, to } = (JSON.parse(event.data) as { data: { ref: string; to: string[] } }).data;
    // A network that goes in the middle of it brings the list, and what was told, the next time.
    if (to.includes(desk.user.value)) show(number).catch(() => undefined);
  }

  function stop(): void {
    source?.close();
    source = null;
  }

  watch([desk.online, desk.user], ([online, user]) => {
    stop();
    if (!online || !user) return;
    source = new EventSource("/stream");
    for (const name of ["case", "patrol", "reset"]) source.addEventListener(name, renew);
    source.addEventListener("notice", told);
    source.addEventListener("bye", stop);
    shown().catch(() => undefined);
  });
  const asking = window.setInterval(() => desk.online.value && !document.hidden && renew(), EVERY_MS);
  onUnmounted(() => {
    stop();
    window.clearInterval(asking);
    window.clearTimeout(soon);
  });
}

/** A notice of the browser's: the matter and its place, no door and no name. */
async function show(number: string): Promise<void> {
  if (mayShow.value === "granted") {
    const one = await hub.oneCase(number);
    const worker = await navigator.serviceWorker?.getRegistration("/desk");
    await worker?.showNotification(`${one.priority} ${one.title}`, {
      body: say("desk.noticeBody", { place: one.place_zh }), tag: number, icon: "/favicon.svg", data: { ref: number },
      requireInteraction: one.priority === "P1",
    });
  }
  await shown();
}

/** Say to the hub that what it told has arrived here. */
async function shown(): Promise<void> {
  const fresh = (await hub.notices()).filter((one) => !one.delivered_at).slice(0, 20);
  await Promise.all(fresh.map((one) => hub.noticeShown(one.id)));
}
