"""How much one device may say, so that a flood of one harms no other: a token bucket a device, a process."""

from __future__ import annotations

import time

BURST, A_SECOND = 300, 5.0
"""So many at once (a device that was cut off tells what it kept), then so many a second (proposal)."""
_buckets: dict[int, tuple[float, float]] = {}


def may_speak(device: int, *, alarm: bool = False) -> bool:
    """Take a token of a device; whether there was one. Alarms have a bucket of their own: no backlog stands before them."""
    now, key = time.monotonic(), -device if alarm else device
    tokens, at = _buckets.get(key, (float(BURST), now))
    tokens = min(tokens + (now - at) * A_SECOND, BURST)
    _buckets[key] = (max(tokens - 1, 0.0), now)
    return tokens >= 1


def forget() -> None:
    """Begin anew, for tests."""
    _buckets.clear()
