/** Keep the page itself on the phone, so that it opens without network. */
import { ref } from "vue";

/** Whether the page opens without network: not yet known, yes, or why not. */
export const ready = ref<"waiting" | "ready" | "failed" | "impossible">("waiting");
const ALWAYS = ["/survey", "/look.js", "/favicon.svg", "/survey.webmanifest"];

export async function keepPage(): Promise<void> {
  if (!("serviceWorker" in navigator)) {
    ready.value = "impossible"; // no worker without https
    return;
  }
  try {
    await navigator.serviceWorker.register("/survey-worker.js", { scope: "/survey" });
    const { active } = await navigator.serviceWorker.ready;
    // Without network what was kept before stays.
    if (active && !(await kept(active)) && !(await caches.match("/survey"))) throw new Error("not kept");
    ready.value = "ready";
  } catch {
    ready.value = "failed";
  }
}

/** Have the worker keep what this page was made of. */
function kept(worker: ServiceWorker): Promise<boolean> {
  const loaded = performance.getEntriesByType("resource").map((one) => new URL(one.name));
  const files = loaded.filter((one) => one.origin === location.origin && one.pathname.startsWith("/assets/"));
  const paths = [...new Set([...ALWAYS, ...files.map((one) => one.pathname)])];
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data as boolean);
    worker.postMessage(paths, [port2]);
  });
}
