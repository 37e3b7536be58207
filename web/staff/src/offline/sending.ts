/** Send what waits, in its order, as whoever noted it. A reply may be lost: what is sent twice is recognised, and done once. */
import { ApiError } from "@/shared/api";
import { hub } from "@/shared/hub";

/** How sending ended: all was answered, the network went, or another user, or nobody, is logged in. */
export type Ending = "sent" | "offline" | "stranger";

/** Send one after the other; what the hub refuses is told to `refused`, and the next is sent. */
export async function sendEach<One>(
  user: string, waiting: readonly One[], send: (one: One) => Promise<void>, refused: (one: One, why: ApiError) => Promise<void>,
): Promise<Ending> {
  for (const one of waiting) {
    try {
      // Asked before each: somebody else may have logged in meanwhile, in another tab.
      if ((await hub.me()).username !== user) return "stranger";
      await send(one);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) return "stranger";
      if (error.status === 0 || error.status === 429 || error.status >= 500) return "offline";
      await refused(one, error);
    }
  }
  return "sent";
}

/** One tab sends at a time, where a browser can tell. */
export async function alone(work: () => Promise<void>): Promise<void> {
  if (navigator.locks) await navigator.locks.request("lifecircle-survey", work);
  else await work();
}
