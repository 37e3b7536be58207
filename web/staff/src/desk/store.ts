/** What the desk keeps in this browser: what was taken along, and what waits to be sent. */
import { plain, within } from "@/offline/database";
import type { CaseKind, CaseWhole, Door, DuePatrol, Found, Journey, PatrolList, Step } from "@/shared/types";

import type { Act } from "./acts";

/** A patrol that is under way: a phone that takes a photo may close the page meanwhile. */
export interface Draft {
  /** The patrol's key; its photos wait under it. */
  key: string;
  note: string;
  found: Record<string, { answer: Found | ""; note: string }>;
}

/** What a user took along, and when. Doors are only of cases that they hold. */
export interface Taken {
  user: string;
  name: string;
  at: string;
  cases: CaseWhole[];
  steps: Step[];
  due: DuePatrol[];
  lists: PatrolList[];
  kinds: CaseKind[];
  places: { code: string; name_zh: string; name_en: string }[];
  doors: Record<string, Door>;
  ways: Record<string, Journey>;
  drafts: Record<number, Draft>;
}

/** A file goes in as it is; all else without the proxies of what is shown. */
function storable(act: Act): Act {
  return act.kind === "photo" ? { ...plain({ ...act, file: null }), file: act.file } : plain(act);
}

export const store = {
  taken: (user: string) => within<Taken | undefined>("desk", "readonly", (one) => one.get(user)),
  take: (what: Taken) => within("desk", "readwrite", (one) => one.put(plain(what))),
  /** Nothing of another user's cases is kept; what they have not sent is. */
  forgetOthers: async (user: string) => {
    for (const one of await within<IDBValidKey[]>("desk", "readonly", (each) => each.getAllKeys())) {
      if (one !== user) await within("desk", "readwrite", (each) => each.delete(one));
    }
  },
  all: () => within<Act[]>("acts", "readonly", (one) => one.getAll()),
  acts: async (user: string) => sorted(await within<Act[]>("acts", "readonly", (one) => one.index("user").getAll(user))),
  put: (act: Act) => within("acts", "readwrite", (one) => one.put(storable(act))),
  drop: (id: string) => within("acts", "readwrite", (one) => one.delete(id)),
};

export function sorted(acts: readonly Act[]): Act[] {
  return [...acts].sort((a, b) => a.madeAt - b.madeAt);
}
