"""The machine's clock, where it is set back: what was planned by the clock that was ahead would come too late."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from django.utils import timezone

_LEAST_S = 1.0
"""A clock that is disciplined moves by less between two looks."""


class Clock:
    """How far the clock is ahead of one that never jumps; `then` is told by how much it was set back."""

    def __init__(self, then: Callable[[dt.timedelta], object]) -> None:
        self._then = then
        self._ahead = _ahead()

    def look(self) -> bool:
        """Look; whether the clock was set back since the last time. Where telling it fails, the next look tells it again."""
        ahead = _ahead()
        back = self._ahead - ahead
        if back > _LEAST_S:
            self._then(dt.timedelta(seconds=back))
        self._ahead = ahead
        return back > _LEAST_S


def _ahead() -> float:
    return timezone.now().timestamp() - time.monotonic()
