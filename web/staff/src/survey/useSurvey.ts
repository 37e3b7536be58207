/** The survey: who surveys, what they took along, what waits, and the network. */
import { computed, ref } from "vue";

import { useNetwork, worker } from "@/offline/network";
import { alone, type Ending } from "@/offline/sending";
import { hub } from "@/shared/hub";
import { me } from "@/shared/session";
import { knowTypes } from "@/shared/standard";
import type { Facility, Said } from "@/shared/types";

import { drafted, noted, seen, type Entry, type Values } from "./queue";
import { sendAll } from "./sending";
import { store, type Taken } from "./store";

const MOST = 3000;
const STEP = 1000;

export function useSurvey() {
  const { linked, reached, online } = useNetwork(start, goOn);
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
    const who = await worker(reached, "surveyor", "facility.write", "survey.answer");
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

  function goOn(): Promise<void> {
    return me.value && reached.value ? send() : start();
  }

  return { online, user, taken, queue, others, busy, ended, opened, error, facilities, waiting, take, note, drop, insist, goOn };
}

function codeOf(lineage: string): string {
  return lineage.split("/").filter(Boolean).at(-1) ?? "";
}
