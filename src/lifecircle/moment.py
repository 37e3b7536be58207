"""A moment of the week, and whether something is open at it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
# A week without public holidays: a moment is a weekday and a time, not a date.
_MONDAY = dt.datetime(2025, 6, 9)  # noqa: DTZ001


NAMED = {"day": "Mo 10:00", "evening": "Mo 19:30", "night": "Mo 23:00"}
"""Moments by name (proposal): when offices are open, after work, late."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A weekday and a time, such as `Mo 10:00`.

    Examples
    --------
    >>> Moment.parse("Mo 10:00").is_open("Mo-Fr 08:00-12:00")
    True
    """

    day: int
    minute: int

    @classmethod
    def parse(cls, text: str) -> Moment:
        """Read `Mo 10:00`, or a name: `day`, `evening`, `night`.

        Raises
        ------
        ValueError
            The text is neither a name nor a weekday (Mo to Su) and a time (00:00 to 23:59).
        """
        text = NAMED.get(text.strip(), text.strip())
        match = re.fullmatch(r"(Mo|Tu|We|Th|Fr|Sa|Su) ([01]\d|2[0-3]):([0-5]\d)", text)
        if match is None:
            raise ValueError(
                f"{text!r}: expected a weekday and a time, such as 'Mo 10:00', or {', '.join(NAMED)}"
            )
        return cls(_DAYS.index(match[1]), int(match[2]) * 60 + int(match[3]))

    def is_open(self, hours: str) -> bool | None:
        """Whether `hours` (OpenStreetMap opening_hours) are open now; None if unreadable."""
        return _is_open(hours, _MONDAY + dt.timedelta(days=self.day, minutes=self.minute))

    def __str__(self) -> str:
        return f"{_DAYS[self.day]} {self.minute // 60:02d}:{self.minute % 60:02d}"


@lru_cache(maxsize=65536)
def _is_open(hours: str, when: dt.datetime) -> bool | None:
    import opening_hours  # noqa: PLC0415  (kept out of start-up)

    unreadable: type[Exception] = opening_hours.ParserError  # type: ignore[attr-defined]

    try:
        return bool(opening_hours.OpeningHours(hours).is_open(when))
    except unreadable:
        return None
