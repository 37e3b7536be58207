"""The days, weeks and months in which a patrol is due once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from lifecircle.hub.patrols.checklists import Every

_DAY = dt.timedelta(1)


@dataclass(frozen=True, slots=True)
class Period:
    """From a first day to a last, both within."""

    first: dt.date
    last: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last


def period(every: Every, day: dt.date) -> Period:
    """Return the period that a day lies in: the day, its week from Monday to Sunday, its month."""
    if every == "day":
        return Period(day, day)
    if every == "week":
        first = day - dt.timedelta(day.weekday())
        return Period(first, first + dt.timedelta(6))
    first = day.replace(day=1)
    return Period(first, (first + dt.timedelta(31)).replace(day=1) - _DAY)


def periods(every: Every, first: dt.date, last: dt.date) -> Iterator[Period]:
    """Yield the periods that end from one day to another."""
    one = period(every, first)
    while one.last <= last:
        yield one
        one = period(every, one.last + _DAY)
