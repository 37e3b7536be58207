"""When a case is to be answered, arrived at and closed: by priority; P3 to P5 in working time."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from django.conf import settings
from django.utils import timezone

from lifecircle.hub.cases.kinds import Priority

What = Literal["answer", "arrive", "close"]

DAY_S = 8 * 3600
"""A working day."""
_H = 3600
NORMS: dict[Priority, dict[What, int]] = {
    "P1": {"answer": 90, "arrive": 15 * 60, "close": 2 * _H},
    "P2": {"answer": 15 * 60, "arrive": 30 * 60, "close": 24 * _H},
    "P3": {"answer": 2 * _H, "arrive": DAY_S, "close": 3 * DAY_S},
    "P4": {"answer": DAY_S, "arrive": DAY_S, "close": 5 * DAY_S},
    "P5": {"answer": DAY_S, "arrive": 3 * DAY_S, "close": 15 * DAY_S},
}
"""Seconds; of P3 to P5 working seconds (proposal, facts 5.6)."""
AROUND_THE_CLOCK: frozenset[Priority] = frozenset({"P1", "P2"})
_HOURS = ((dt.time(9), dt.time(12)), (dt.time(13), dt.time(18)))
"""Working hours of a day, eight together, Monday to Friday, without `settings.HOLIDAYS`."""
_MOST_DAYS = 400


def due(priority: Priority, what: What, start: dt.datetime) -> dt.datetime:
    """When something is due that begins at a moment."""
    return after(priority, start, NORMS[priority][what])


def after(priority: Priority, start: dt.datetime, seconds: float) -> dt.datetime:
    """So many seconds later, on the calendar of a priority."""
    if priority in AROUND_THE_CLOCK:
        return start + dt.timedelta(seconds=seconds)
    return add_working(start, seconds)


def left(priority: Priority, now: dt.datetime, end: dt.datetime) -> float:
    """Seconds from now to an end, on the calendar of a priority; negative when it is past."""
    if priority in AROUND_THE_CLOCK:
        return (end - now).total_seconds()
    return working_between(now, end) if end >= now else -working_between(end, now)


def add_working(start: dt.datetime, seconds: float) -> dt.datetime:
    """The moment at which so many working seconds have passed since a start."""
    rest = dt.timedelta(seconds=seconds)
    day = timezone.localtime(start).date()
    for _ in range(_MOST_DAYS):
        for begins, ends in _spans(day):
            first = max(begins, start)
            if first < ends:
                if rest <= ends - first:
                    return first + rest
                rest -= ends - first
        day += dt.timedelta(1)
    return start + dt.timedelta(days=_MOST_DAYS)  # a calendar without working days


def working_between(start: dt.datetime, end: dt.datetime) -> float:
    """Working seconds from a start to a later end."""
    day, last = timezone.localtime(start).date(), timezone.localtime(end).date()
    total = dt.timedelta()
    while day <= last:
        for begins, ends in _spans(day):
            total += max(min(ends, end) - max(begins, start), dt.timedelta())
        day += dt.timedelta(1)
    return total.total_seconds()


def _spans(day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
    if day.weekday() >= 5 or day.isoformat() in settings.HOLIDAYS:
        return []
    return [
        (timezone.make_aware(dt.datetime.combine(day, a)), timezone.make_aware(dt.datetime.combine(day, b)))
        for a, b in _HOURS
    ]  # fmt: skip
