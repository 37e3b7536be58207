"""How often somebody who is not logged in may ask: counted in each process, so that a read writes nothing."""

from __future__ import annotations

import threading
import time

from lifecircle.hub.errors import TooManyError

_MOST_CALLERS = 10_000


class Limiter:
    """So many requests in a window of seconds for each caller; what it keeps is bounded.

    A caller that is not known begins a window. Where more callers come than it keeps, windows that are over go, and then all
    of them: it forgets rather than refuses.
    """

    def __init__(self, most: int, window_s: int) -> None:
        self._most, self._window_s = most, window_s
        self._seen: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def take(self, caller: str) -> None:
        """Count a request; `TooManyError` if the caller has had its share of the window."""
        now = time.monotonic()
        with self._lock:
            start, count = self._seen.get(caller, (now, 0))
            if now - start >= self._window_s:
                start, count = now, 0
            if count >= self._most:
                raise TooManyError(int(start + self._window_s - now) + 1)
            if caller not in self._seen and len(self._seen) >= _MOST_CALLERS:
                self._make_room(now)
            self._seen[caller] = (start, count + 1)

    def _make_room(self, now: float) -> None:
        self._seen = {
            who: (start, count)
            for who, (start, count) in self._seen.items()
            if now - start < self._window_s
        }
        if len(self._seen) >= _MOST_CALLERS:
            self._seen = {}
