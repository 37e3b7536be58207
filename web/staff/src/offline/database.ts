/** The database that the faces which work without network share in this browser. */
type Store = "taken" | "queue" | "polls" | "takings" | "desk" | "acts";
const VERSION = 3;

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("lifecircle-survey", VERSION);
    asked.onupgradeneeded = ({ oldVersion }) => {
      const made = asked.result;
      if (oldVersion < 1) addPair(made, "taken", "queue");
      if (oldVersion < 2) addPair(made, "polls", "takings");
      if (oldVersion < VERSION) addPair(made, "desk", "acts");
    };
    asked.onsuccess = () => {
      // A newer page in another tab wants to upgrade it.
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** What a user took along, one a user; and what waits to be sent. */
function addPair(made: IDBDatabase, taken: Store, waiting: Store): void {
  made.createObjectStore(taken, { keyPath: "user" });
  made.createObjectStore(waiting, { keyPath: "id" }).createIndex("user", "user");
}

/** Do something in a store; resolved once it is on disk. */
export async function within<Answer>(
  store: Store, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<Answer>,
): Promise<Answer> {
  const held = await database();
  return new Promise((resolve, reject) => {
    const transaction = held.transaction(store, mode);
    const asked = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** Nothing of anybody's cases stays once somebody logs out; what was not sent does. */
export async function forgetCases(): Promise<void> {
  await within("desk", "readwrite", (store) => store.clear()).catch(() => undefined);
}

/** Without the proxies of what is shown, which no database takes. */
export function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
