/** Keep a face's page itself on the phone, so that it opens without network. */
import { ref } from "vue";

/** Whether the page opens without network: not yet known, yes, or why not. */
export const ready = ref<"waiting" | "ready" | "failed" | "impossible">("waiting");

/** Keep the page of a face by its path, with everything that it has loaded so far. */
export async function keepPage(home: "/survey" | "/desk"): Promise<void> {
  document.querySelector<HTMLLinkElement>("link[rel=manifest]")?.setAttribute("href", `${home}.webmanifest`);
  if (!("serviceWorker" in navigator)) {
    ready.value = "impossible"; // no worker without https
    return;
  }
  try {
    // Its own: a page that was reached from another face is not of the worker's yet.
    const worker = await active(await navigator.serviceWorker.register("/offline-worker.js", { scope: home }));
    // Without network what was kept before stays.
    if (!(await kept(worker, home)) && !(await caches.match(home))) throw new Error("not kept");
    ready.value = "ready";
  } catch {
    ready.value = "failed";
  }
}

function active({ active: there, waiting, installing }: ServiceWorkerRegistration): Promise<ServiceWorker> {
  const coming = there ?? waiting ?? installing!;
  return new Promise((resolve, reject) => {
    const look = () => {
      if (coming.state === "activated") resolve(coming);
      if (coming.state === "redundant") reject(new Error("not installed"));
    };
    coming.addEventListener("statechange", look);
    look();
  });
}

/** Have the worker keep what this page was made of. */
function kept(worker: ServiceWorker, home: string): Promise<boolean> {
  const always = [home, "/look.js", "/favicon.svg", `${home}.webmanifest`];
  const loaded = performance.getEntriesByType("resource").map((one) => new URL(one.name));
  const files = loaded.filter((one) => one.origin === location.origin && one.pathname.startsWith("/assets/"));
  const paths = [...new Set([...always, ...files.map((one) => one.pathname)])];
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data as boolean);
    worker.postMessage(paths, [port2]);
  });
}
