/** Send what was done on the phone: in its order, once each; what a case's move stumbles over holds back the rest of the case. */
import { sendEach, type Ending } from "@/offline/sending";
import { ApiError } from "@/shared/api";
import { hub } from "@/shared/hub";
import type { CaseWhole } from "@/shared/types";

import { movesOf, type Act, type MoveAct, type PatrolAct, type PhotoAct, type ReportAct } from "./acts";
import { store } from "./store";

export async function sendActs(user: string): Promise<Ending> {
  const all = await store.acts(user);
  const held = new Set(all.filter((one) => one.state !== "waiting" && one.kind === "move").map((one) => one.ref));
  // A photo may have been taken before the patrol was done that it belongs to.
  const waiting = all.filter((one) => one.state === "waiting").sort((a, b) => Number(isShot(a)) - Number(isShot(b)));
  return sendEach(user, waiting, async ({ id }) => {
    // Read anew: a patrol that was sent before has given its photos their case.
    const one = (await store.acts(user)).find((each) => each.id === id);
    if (!one || (one.kind === "move" && held.has(one.ref)) || (one.kind === "photo" && !one.ref)) return;
    await sent(one);
    await store.drop(one.id);
  }, async ({ id }, why) => {
    const one = (await store.acts(user)).find((each) => each.id === id)!;
    if (one.kind === "move") held.add(one.ref);
    await store.put(await stumbled(one, why));
  });
}

const isShot = (one: Act) => one.kind === "photo" && one.of !== null;

function sent(one: Act): Promise<void> {
  if (one.kind === "move") return move(one);
  if (one.kind === "photo") return photo(one);
  return one.kind === "patrol" ? patrol(one) : report(one);
}

async function move(one: MoveAct): Promise<void> {
  const { version, note, checked } = one;
  await hub.moveCase(one.ref, one.name, { version, note, checked, key: one.id, made_at: new Date(one.madeAt).toISOString() });
}

async function photo(one: PhotoAct): Promise<void> {
  const form = new FormData();
  form.set("file", one.file, "photo.jpg");
  form.set("when", one.when);
  form.set("key", one.id);
  await hub.addCasePhoto(one.ref, form);
}

async function patrol(one: PatrolAct): Promise<void> {
  const made = await hub.enterPatrol(one.body);
  await give(one, (item) => made.answers.find((answer) => answer.item === item)!.case);
}

async function report(one: ReportAct): Promise<void> {
  const made = await hub.reportCase({ ...one.body, key: one.id });
  await give(one, () => made.ref);
}

/** The photos of what has become a case are its photos. */
async function give(one: Act, caseOf: (item: string) => string): Promise<void> {
  for (const each of await store.acts(one.user)) {
    if (each.kind === "photo" && each.of?.act === one.id) await store.put({ ...each, ref: caseOf(each.of.item) });
  }
}

/** Somebody was faster, or the hub does not take it: it waits for the worker's decision. */
async function stumbled(one: Act, why: ApiError): Promise<Act> {
  const faster = one.kind === "move" && [403, 409].includes(why.status);
  const theirs = faster ? await lookedUp(one.ref) : null;
  return { ...one, state: theirs ? "conflict" : "refused", theirs, refusal: why.words };
}

async function lookedUp(ref: string): Promise<CaseWhole | null> {
  try {
    return await hub.oneCase(ref);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Ours all the same: the moves that wait for a case, made on what it is now. */
export async function rebase(acts: readonly Act[], theirs: CaseWhole): Promise<void> {
  for (const [k, one] of movesOf(acts, theirs.ref).entries()) {
    await store.put({ ...one, version: theirs.version + k, state: "waiting", theirs: null, refusal: null });
  }
}
