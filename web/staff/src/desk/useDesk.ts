/** The desk: who works, what they took along, what waits, and the network. */
import { computed, ref } from "vue";

import { newKey } from "@/answering/keys";
import { useNetwork, worker } from "@/offline/network";
import { alone, type Ending } from "@/offline/sending";
import { ApiError } from "@/shared/api";
import { hub } from "@/shared/hub";
import { me } from "@/shared/session";
import type { CaseWhole, Journey, NewCase, PatrolBody, Door } from "@/shared/types";

import { foreseen, GIVEN_UP, HELD, movesOf, type Act, type MoveAct, type PatrolAct, type PhotoAct, type ReportAct } from "./acts";
import { rebase, sendActs } from "./sendingActs";
import { store, type Draft, type Taken } from "./store";

type Made<Kind extends Act> = Omit<Kind, "id" | "user" | "madeAt" | "state" | "refusal" | "theirs"> & { id?: string };

type Fixed = Pick<Taken, "steps" | "lists" | "kinds" | "places">;

export function useDesk() {
  const { reached, online } = useNetwork(start, goOn);
  let again = false;
  let fixedNow: Fixed | null = null;
  const user = ref("");
  const taken = ref<Taken | null>(null);
  const acts = ref<Act[]>([]);
  const others = ref(0);
  const [busy, opened] = [ref(false), ref(false)];
  const ended = ref<Ending | "">("");
  const error = ref<unknown>(null);

  /** The cases as they will stand once what waits has been sent. */
  const cases = computed(() =>
    (taken.value?.cases ?? []).map((one) => {
      const moves = movesOf(acts.value, one.ref);
      const theirs = moves.find((each) => each.theirs)?.theirs;
      // Where somebody was faster it is as they made it, and waits for a decision.
      return theirs ? { ...theirs, moves: [] } : foreseen(one, moves, taken.value!.steps, user.value);
    }),
  );
  const mine = computed(() => cases.value.filter((one) => one.holder === user.value && HELD.includes(one.state)));
  const waiting = computed(() => cases.value.filter((one) => ["received", "assigned"].includes(one.state) && !mine.value.includes(one) && !movesOf(acts.value, one.ref).length));
  const stuck = computed(() => acts.value.filter((one) => one.state !== "waiting"));
  const given = computed(() => cases.value.filter((one) => !mine.value.includes(one) && !waiting.value.includes(one) && !stuck.value.some((act) => act.ref === one.ref)));

  async function start(): Promise<void> {
    const who = await worker(reached, "desk", "case.act");
    taken.value = (who && (await store.taken(who))) || null;
    if (me.value) await store.forgetOthers(who);
    await readActs(who);
    [user.value, opened.value] = [who, true];
    if (me.value && who) await send();
  }

  async function readActs(who = user.value): Promise<void> {
    const [own, all] = [await store.acts(who), await store.all()];
    acts.value = own;
    others.value = all.length - own.length;
  }

  /** Take along what is on the desk now; a case that a move waits for stays until that is settled. */
  async function take(): Promise<void> {
    error.value = null;
    try {
      const [now, due, fixed] = await Promise.all([hub.deskCases(), hub.patrolsDue(), fixedNow ?? takeFixed()]);
      fixedNow = fixed;
      const drafts = taken.value?.drafts ?? {};
      const refs = new Set(now.map((one) => one.ref));
      const kept = (taken.value?.cases ?? []).filter((one) => !refs.has(one.ref) && movesOf(acts.value, one.ref).length);
      const doors = Object.fromEntries(now.filter((one) => one.may_see_door && taken.value?.doors[one.ref]).map((one) => [one.ref, taken.value!.doors[one.ref]!]));
      const ways = Object.fromEntries(Object.entries(taken.value?.ways ?? {}).filter(([ref]) => refs.has(ref)));
      await keep({ user: user.value, name: me.value?.name ?? "", at: new Date().toISOString(), cases: [...now, ...kept], due, doors, ways, drafts, ...fixed });
    } catch (problem) {
      const status = problem instanceof ApiError ? problem.status : -1;
      if (status === 401) ended.value = "stranger";
      else if (status === 0) reached.value = false;
      else error.value = problem;
    }
  }

  /** What changes with the platform only: read once each time that the page is opened. */
  async function takeFixed(): Promise<Fixed> {
    const [steps, lists, kinds, communities, grids] = await Promise.all([
      hub.caseSteps(), hub.patrolLists(), hub.caseKinds(), hub.places({ level: "community", limit: 1000 }), hub.places({ level: "grid", limit: 1000 }),
    ]);
    const places = [...communities.items, ...grids.items].map(({ code, name_zh, name_en }) => ({ code, name_zh, name_en }));
    return { steps, lists, kinds, places };
  }

  async function keep(what: Taken): Promise<void> {
    taken.value = what; // at once: what comes next builds on it
    await store.take(what);
  }

  async function send(): Promise<void> {
    if (!user.value) return;
    if (busy.value) {
      again = true; // something was noted meanwhile
      return;
    }
    busy.value = true;
    try {
      do {
        again = false;
        await alone(async () => {
          ended.value = await sendActs(user.value);
          if (ended.value === "offline") reached.value = false;
        });
        await readActs();
        if (ended.value === "sent") await take();
      } while (again);
    } finally {
      await readActs();
      busy.value = false;
    }
  }

  function goOn(): Promise<void> {
    return me.value && reached.value ? send() : start();
  }

  async function note<Kind extends Act>(what: Made<Kind>): Promise<void> {
    const last = acts.value.at(-1)?.madeAt ?? 0;
    const act = { id: newKey(), user: user.value, madeAt: Math.max(Date.now(), last + 1), state: "waiting", refusal: null, theirs: null, ...what } as unknown as Act;
    await store.put(act);
    await readActs();
  }

  async function move(one: CaseWhole, name: string, text: string, checked: string[]): Promise<void> {
    await note<MoveAct>({ kind: "move", ref: one.ref, title: one.title, name, version: one.version, note: text, checked });
    if (GIVEN_UP.includes(name)) await forgetDoor(one.ref);
    if (online.value) await goOn();
  }

  async function addPhoto(one: CaseWhole, when: PhotoAct["when"], file: Blob): Promise<void> {
    await note<PhotoAct>({ kind: "photo", ref: one.ref, title: one.title, when, file, of: null });
    if (online.value) await goOn();
  }

  /** The patrol of a plan is done; photos of what turned out to be in order go. */
  async function addPatrol(plan: number, title: string, body: PatrolBody): Promise<void> {
    const wrong = body.answers.filter((one) => one.answer === "not_ok").map((one) => one.item);
    for (const one of shots(body.key)) if (!wrong.includes(one.of!.item)) await store.drop(one.id);
    await note<PatrolAct>({ kind: "patrol", id: body.key, ref: body.place, title, body });
    await keepDraft(plan, null);
    if (online.value) await goOn();
  }

  /** A photo of what has no case yet: it waits for the patrol or the report. */
  async function addShot(title: string, of: { act: string; item: string }, file: Blob): Promise<void> {
    await note<PhotoAct>({ kind: "photo", ref: "", title, when: "before", file, of });
  }

  const shots = (act: string) => acts.value.filter((one): one is PhotoAct => one.kind === "photo" && one.of?.act === act);

  async function keepDraft(plan: number, draft: Draft | null): Promise<void> {
    const { [plan]: _, ...others_ } = taken.value!.drafts;
    await keep({ ...taken.value!, drafts: draft ? { ...others_, [plan]: draft } : others_ });
  }

  async function report(body: NewCase, file: Blob | null): Promise<void> {
    const id = newKey();
    await note<ReportAct>({ kind: "report", id, ref: body.place, title: body.title, body });
    if (file) await addShot(body.title, { act: id, item: "" }, file);
    if (online.value) await goOn();
  }

  /** Ours all the same, on how the case stands now. */
  async function insist(act: Act): Promise<void> {
    await rebase(acts.value, act.theirs!);
    if (taken.value) await keep({ ...taken.value, cases: taken.value.cases.map((one) => (one.ref === act.ref ? act.theirs! : one)) });
    await goOn();
  }

  /** Leave it: a move goes with all that was built on it, a patrol or a report with its photos. */
  async function drop(act: Act): Promise<void> {
    const with_ = acts.value.filter((one) => (act.kind === "move" && one.kind === "move" && one.ref === act.ref) || (one.kind === "photo" && one.of?.act === act.id));
    for (const one of [act, ...with_]) await store.drop(one.id);
    await readActs();
    if (online.value) await take();
  }

  async function keepDoor(one: string, door: Door): Promise<void> {
    await keep({ ...taken.value!, doors: { ...taken.value!.doors, [one]: door } });
  }

  async function forgetDoor(one: string): Promise<void> {
    const { [one]: _, ...doors } = taken.value!.doors;
    await keep({ ...taken.value!, doors });
  }

  async function keepWay(one: string, way: Journey): Promise<void> {
    await keep({ ...taken.value!, ways: { ...taken.value!.ways, [one]: way } });
  }

  return {
    online, user, taken, acts, others, busy, ended, opened, error, cases, mine, waiting, given, stuck,
    goOn, move, addPhoto, addPatrol, addShot, shots, keepDraft, report, insist, drop, keepDoor, keepWay,
  };
}

export type Desk = ReturnType<typeof useDesk>;
