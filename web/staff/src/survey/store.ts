/** The survey's database in this browser: facilities of each user's area, and what waits to be sent. */
import { plain, within } from "@/offline/database";
import type { Band, Entered, Facility, FacilityType, WholeSurvey } from "@/shared/types";

import type { Entry } from "./queue";

/** The surveys of residents that a user took along, with the communities where they may ask. */
export interface Polls {
  user: string;
  at: string;
  surveys: WholeSurvey[];
  bands: Band[];
  places: { code: string; name_zh: string; name_en: string }[];
}

/** An answer taken at the door that waits to be sent; its id is its key: sent twice, it is one. */
export interface Taking {
  id: string;
  user: string;
  survey: number;
  title: string;
  body: Entered;
  madeAt: string;
  refusal: string | null;
}

/** What a user took along: their facilities and the types, and when. */
export interface Taken {
  user: string;
  name: string;
  at: string;
  facilities: Facility[];
  types: FacilityType[];
  /** There were more than a phone takes. */
  cut: boolean;
}

export const store = {
  taken: (user: string) => within<Taken | undefined>("taken", "readonly", (one) => one.get(user)),
  take: (what: Taken) => within("taken", "readwrite", (one) => one.put(plain(what))),
  everything: () => within<Entry[]>("queue", "readonly", (one) => one.getAll()),
  queue: (user: string) => within<Entry[]>("queue", "readonly", (one) => one.index("user").getAll(user)),
  put: (entry: Entry) => within("queue", "readwrite", (one) => one.put(plain(entry))),
  drop: (id: string) => within("queue", "readwrite", (one) => one.delete(id)),
  polls: (user: string) => within<Polls | undefined>("polls", "readonly", (one) => one.get(user)),
  takePolls: (what: Polls) => within("polls", "readwrite", (one) => one.put(plain(what))),
  takings: (user: string) => within<Taking[]>("takings", "readonly", (one) => one.index("user").getAll(user)),
  putTaking: (one_: Taking) => within("takings", "readwrite", (one) => one.put(plain(one_))),
  dropTaking: (id: string) => within("takings", "readwrite", (one) => one.delete(id)),
};
