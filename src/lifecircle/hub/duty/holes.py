"""Holes of a roster: hours in which nobody is on duty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.utils import timezone

from lifecircle.hub.duty.models import Shift

Span = tuple[dt.datetime, dt.datetime]
"""From a moment to another, the second not in it."""


def covered(one: Shift) -> Span | None:
    """When somebody is there by a shift; None where their account may not be used: the ladder does not tell them."""
    account = one.substitute or one.account
    if not account.is_usable:
        return None
    end = one.ends_at if account.expires_at is None else min(one.ends_at, account.expires_at)
    return (one.starts_at, end) if one.starts_at < end else None


def holes(shifts: Iterable[Shift], since: dt.datetime, until: dt.datetime) -> list[Span]:
    """What of a time no shift covers, the earliest first."""
    found: list[Span] = []
    reached = since
    for starts_at, ends_at in sorted(span for one in shifts if (span := covered(one))):
        if starts_at > reached:
            found.append((reached, min(starts_at, until)))
        reached = max(reached, ends_at)
        if reached >= until:
            return found
    return [*found, (reached, until)]


def seconds(spans: Iterable[Span]) -> float:
    """How long spans last together."""
    return sum((until - since).total_seconds() for since, until in spans)


def by_day(span: Span) -> Iterator[Span]:
    """A span cut at midnight of the hub's own time."""
    since, until = (timezone.localtime(each) for each in span)
    while since < until:
        night = midnight(since.date() + dt.timedelta(1))
        yield since, min(night, until)
        since = night


def midnight(day: dt.date) -> dt.datetime:
    """The first moment of a day, in the hub's own time."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
