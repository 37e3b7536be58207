/** The survey's database in this browser: facilities of each user's area, and what waits to be sent. */
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

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("lifecircle-survey", 2);
    asked.onupgradeneeded = (event) => {
      if (event.oldVersion < 1) {
        asked.result.createObjectStore("taken", { keyPath: "user" });
        asked.result.createObjectStore("queue", { keyPath: "id" }).createIndex("user", "user");
      }
      asked.result.createObjectStore("polls", { keyPath: "user" });
      asked.result.createObjectStore("takings", { keyPath: "id" }).createIndex("user", "user");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** Do something in a store; resolved once it is on disk. */
async function within<Answer>(
  store: "taken" | "queue" | "polls" | "takings", mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<Answer>,
): Promise<Answer> {
  const held = await database();
  return new Promise((resolve, reject) => {
    const transaction = held.transaction(store, mode);
    const asked = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** Without the proxies of what is shown, which no database takes. */
function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
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
