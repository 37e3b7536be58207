/** Send what the survey noted: a facility has no key of the phone's, so a lost reply is told from what is there now. */
import { sendEach, type Ending } from "@/offline/sending";
import { ApiError } from "@/shared/api";
import { hub } from "@/shared/hub";
import type { Facility } from "@/shared/types";

import { has, valuesOf, type Entry } from "./queue";
import { store } from "./store";

/** Send a user's entries, one after the other; `answered` is told of each facility that the hub has now. */
export async function sendAll(user: string, answered: (one: Facility) => void): Promise<Ending> {
  const waiting = (await store.queue(user)).filter((one) => one.state === "waiting");
  return sendEach(user, waiting, async (entry) => {
    const found = await sendOne(entry);
    if (!found) return;
    answered(found);
    await store.drop(entry.id);
  }, (entry, why) => store.put({ ...entry, state: "refused", refusal: { words: why.words, issues: why.issues } }).then(() => undefined));
}

/** Send one; the facility as the hub has it then, or null where it waits for a choice. */
async function sendOne(entry: Entry): Promise<Facility | null> {
  const sent = { ...entry, sent: entry.values };
  await store.put(sent);
  try {
    if (entry.kind === "new") {
      return await hub.enterFacility({ ...entry.values, ref: entry.ref }, entry.said);
    }
    return await hub.changeFacility(entry.ref, entry.before!.version, entry.values, entry.said);
  } catch (error) {
    if (!(error instanceof ApiError) || ![409, 422].includes(error.status)) throw error;
    const theirs = await lookedUp(entry.ref);
    if (!theirs || (entry.kind === "change" && error.status === 422)) throw error;
    return settle(entry, theirs);
  }
}

/** Another version than the entry's is there: ours whose reply was lost, or somebody else's. */
async function settle(entry: Entry, theirs: Facility): Promise<Facility | null> {
  const { before, sent } = entry;
  const checked = (theirs.checked_on ?? "") >= entry.said.on;
  const wanted = Object.keys(entry.values).length || !before ? entry.values : valuesOf(before);
  if (checked && has(theirs, wanted)) return theirs;
  const next = (before?.version ?? 0) + 1;
  if (sent && theirs.version === next && has(theirs, { ...(before ? valuesOf(before) : {}), ...sent })) {
    // Our own last sending arrived, and more was found out since: that is sent on top of it.
    return sendOne({ ...entry, kind: "change", before: theirs });
  }
  await store.put({ ...entry, kind: "change", state: "conflict", theirs });
  return null;
}

async function lookedUp(ref: string): Promise<Facility | null> {
  try {
    return await hub.facility(ref);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
