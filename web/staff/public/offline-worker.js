// Lets a face open without network: its page and the files that it was made of. Answers of the interface are never kept
// here; what a face needs of them stands in its own database. One script, registered once for each face's path.
const HOME = new URL(self.registration.scope).pathname;
const PREFIX = `${HOME.slice(1)}-`;
const BESIDE = ["/look.js", "/favicon.svg", `${HOME}.webmanifest`];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page says what it was made of; all of it is kept, or what was kept before stays.
self.addEventListener("message", (event) => {
  const [port] = event.ports;
  event.waitUntil(
    keep(event.data).then(
      () => port.postMessage(true),
      () => port.postMessage(false),
    ),
  );
});

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (mode === "navigate") event.respondWith(networkFirst(event.request, HOME));
  else if (pathname.startsWith("/assets/")) event.respondWith(keptFirst(event.request));
  else if (BESIDE.includes(pathname)) event.respondWith(networkFirst(event.request, pathname));
});

// A message of the hub's, that came by a push service: nothing of anybody's is in it. The hub hears that it was shown.
self.addEventListener("push", (event) => event.waitUntil(ring(event.data.json())));

async function ring({ ref, title, body, urgent, receipt }) {
  // The same case replaces its notice, and rings again only where it is urgent.
  const tag = ref || receipt;
  const look = { body, tag, icon: "/favicon.svg", data: { ref }, requireInteraction: urgent, renotify: urgent };
  await self.registration.showNotification(title, look);
  await fetch("/api/v1/public/receipts/push", {
    method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ receipt, ok: true }),
  });
}

// A notice was tapped: the face opens at the case that it is about.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(`${HOME}?case=${encodeURIComponent(event.notification.data?.ref ?? "")}`));
});

async function show(path) {
  const [open] = await self.clients.matchAll({ type: "window" });
  if (!open) return self.clients.openWindow(path);
  await open.navigate(path);
  return open.focus();
}

async function keep(paths) {
  const name = PREFIX + Date.now();
  const cache = await caches.open(name);
  try {
    await cache.addAll(paths);
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
  const older = (await caches.keys()).filter((one) => one.startsWith(PREFIX) && one !== name);
  await Promise.all(older.map((one) => caches.delete(one)));
}

async function keptFirst(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function networkFirst(request, path) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(path);
    if (kept) return kept;
    throw error;
  }
}
