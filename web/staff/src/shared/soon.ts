/** Do something once, shortly after it was asked for, however often; what is asked for meanwhile is done once more after. */
export function soon(work: () => Promise<unknown>, waitMs = 300): () => void {
  let waiting = 0;
  let busy = false;
  let again = false;

  async function now(): Promise<void> {
    waiting = 0;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      await work();
    } finally {
      busy = false;
      if (again) {
        again = false;
        ask();
      }
    }
  }

  function ask(): void {
    if (!waiting) waiting = window.setTimeout(() => void now(), waitMs);
  }
  return ask;
}
