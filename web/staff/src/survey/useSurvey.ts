/** The survey: who surveys, what they took along, what waits, and the network. */
import { computed, onMounted, onUnmounted, ref, type Ref } from "vue";

import { ApiError } from "@/shared/api";
import { hub } from "@/shared/hub";
import { keep, kept } from "@/shared/keeping";
import { loadMe, may, me } from "@/shared/session";
import { knowTypes } from "@/shared/standard";
import type { Facility, Said } from "@/shared/types";

import { drafted, noted, seen, type Entry, type Values } from "./queue";
import { sendAll, type Ending } from "./sending";
import { store, type Taken } from "./store";

const MOST = 3000;
const STEP = 1000;
/** A browser says that it is online where it only has a cable or a Wi-Fi: then the hub is asked again so often. */
const AGAIN_MS = 5_000;

export function useSurvey() {
  const [linked, reached] = [ref(navigator.onLine), ref(true)];
  const online = computed(() => linked.value && reached.value);
  const user = ref("");
  const taken = ref<Taken | null>(null);
  const queue = ref<Entry[]>([]);
  const others = ref(0);
  const busy = ref(false);
  const ended = ref<Ending | "">("");
  const opened = ref(false);
  const error = ref<unknown>(null);

  const waiting = computed(() => new Map(queue.value.map((one) => [one.ref, one])));
  const facilities = computed(() => {
    const known = taken.value?.facilities ?? [];
    const refs = new Set(known.map((one) => one.ref));
    const fresh = queue.value.filter((one) => !refs.has(one.ref)).map((one) => one.theirs ?? drafted(one));
    return [...fresh, ...known.map((one) => seen(one, waiting.value.get(one.ref)))];
  });

  async function start(): Promise<void> {
    const who = await surveyor(reached);
    const found = (who && (await store.taken(who))) || null;
    if (found) knowTypes(found.types);
    await readQueue(who);
    [user.value, taken.value, opened.value] = [who, found, true];
    if (me.value && user.value) await send();
    if (me.value && user.value && !taken.value) await take();
  }

  async function readQueue(who = user.value): Promise<void> {
    const all = await store.everything();
    const mine = all.filter((one) => one.user === who);
    queue.value = mine.sort((a, b) => a.madeAt.localeCompare(b.madeAt));
    others.value = all.length - mine.length;
  }

  /** Take along the facilities of the places where the user may write. */
  async function take(): Promise<void> {
    busy.value = true;
    error.value = null;
    try {
      const found: Facility[] = [];
      let count = 0;
      for (const place of me.value?.rights["facility.write"] ?? []) {
        for (let offset = 0; found.length < MOST; offset += STEP) {
          const page = await hub.facilities({ place: codeOf(place), limit: STEP, offset });
          found.push(...page.items);
          if (!offset) count += page.count;
          if (page.items.length < STEP) break;
        }
      }
      const types = await hub.types();
      const what = {
        user: user.value, name: me.value?.name ?? "", at: new Date().toISOString(),
        facilities: found, types, cut: count > found.length,
      };
      await store.take(what);
      knowTypes(types);
      taken.value = what;
    } catch (problem) {
      error.value = problem;
    } finally {
      busy.value = false;
    }
  }

  async function note(one: { ref: string; before: Facility | null; values: Values; said: Said }): Promise<void> {
    await store.put(noted(waiting.value.get(one.ref), { ...one, user: user.value }));
    await readQueue();
    if (linked.value) await goOn();
  }

  async function drop(entry: Entry): Promise<void> {
    if (entry.theirs) await replace(entry.theirs);
    await store.drop(entry.id);
    await readQueue();
  }

  /** Ours over theirs: sent again as a change of what is there now. */
  async function insist(entry: Entry): Promise<void> {
    await store.put({ ...entry, before: entry.theirs, sent: null, theirs: null, state: "waiting" });
    await readQueue();
    await send();
  }

  async function send(): Promise<void> {
    if (!user.value) return;
    busy.value = true;
    const arrived: Facility[] = [];
    try {
      await alone(async () => {
        ended.value = await sendAll(user.value, (one) => arrived.push(one));
        if (ended.value === "offline") reached.value = false;
      });
      if (arrived.length) await replace(...arrived);
    } finally {
      await readQueue();
      busy.value = false;
    }
  }

  async function replace(...arrived: Facility[]): Promise<void> {
    if (!taken.value) return;
    const fresh = new Map(arrived.map((one) => [one.ref, one]));
    const kept_ = taken.value.facilities.filter((one) => !fresh.has(one.ref));
    taken.value = { ...taken.value, facilities: [...kept_, ...fresh.values()] };
    await store.take(taken.value);
  }

  const goOn = () => (me.value && reached.value ? send() : start());
  const changed = () => {
    linked.value = navigator.onLine;
    if (linked.value) void goOn();
  };
  const asking = setInterval(() => linked.value && !reached.value && void goOn(), AGAIN_MS);
  onMounted(() => {
    window.addEventListener("online", changed);
    window.addEventListener("offline", changed);
    void start();
  });
  onUnmounted(() => {
    clearInterval(asking);
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  });

  return { online, user, taken, queue, others, busy, ended, opened, error, facilities, waiting, take, note, drop, insist, goOn };
}

/** Who surveys: the caller; without network, whoever did so here last and has not logged out. */
async function surveyor(reached: Ref<boolean>): Promise<string> {
  try {
    await loadMe();
    reached.value = true;
  } catch (problem) {
    if (!(problem instanceof ApiError)) throw problem;
    reached.value = false;
    return kept("surveyor") ?? "";
  }
  if (!me.value || !may("facility.write", "survey.answer")) return "";
  keep("surveyor", me.value.username);
  return me.value.username;
}

function codeOf(lineage: string): string {
  return lineage.split("/").filter(Boolean).at(-1) ?? "";
}

/** One tab sends at a time, where a browser can tell. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (navigator.locks) await navigator.locks.request("lifecircle-survey", work);
  else await work();
}
