// Lets the survey open without network: the page and the files that it was made of. Answers of the
// interface are never kept here; what the survey needs of them stands in its own database.
const PREFIX = "survey-";

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
  if (mode === "navigate") event.respondWith(networkFirst(event.request, "/survey"));
  else if (pathname.startsWith("/assets/")) event.respondWith(keptFirst(event.request));
  else if (["/look.js", "/favicon.svg", "/survey.webmanifest"].includes(pathname)) {
    event.respondWith(networkFirst(event.request, pathname));
  }
});

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
