/** The survey's database in this browser: facilities of each user's area, and what waits to be sent. */
import type { Facility, FacilityType } from "@/shared/types";

import type { Entry } from "./queue";

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
    const asked = indexedDB.open("lifecircle-survey", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("taken", { keyPath: "user" });
      asked.result.createObjectStore("queue", { keyPath: "id" }).createIndex("user", "user");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** Do something in a store; resolved once it is on disk. */
async function within<Answer>(
  store: "taken" | "queue", mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<Answer>,
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
};
