"""Many shifts at once: a span of days in turns, or the rows of a workbook; all of them or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.duty.models import Shift
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.people import queries as people
from lifecircle.hub.places import queries as places
from lifecircle.hub.stream import actions as stream

LONGEST = dt.timedelta(days=62)
"""How far from its first day a plan may reach: two months."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shift to be put on the roster."""

    place: Any
    account: Any
    starts_at: dt.datetime
    ends_at: dt.datetime
    substitute: Any = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """How many shifts are new, and how many were there already."""

    made: int
    same: int


@dataclass(frozen=True, slots=True)
class Turns:
    """People who are on duty on days of a span, one a shift, in turns.

    `starts` and `ends` are by the hub's clock: an end that is not after the start is on the next day, so 08:00 to 08:00
    is a whole day. `weekdays` says on which days, Monday is 0.
    """

    usernames: Sequence[str]
    starts: dt.time
    ends: dt.time
    since: dt.date
    until: dt.date
    weekdays: Sequence[int]
    note: str = ""


@transaction.atomic
def plan(actor: Actor, place: str, turns: Turns) -> Planned:
    """Put people on duty at a place; what is on the roster already is passed over.

    Raises
    ------
    InvalidError
        The span is over, too long or has none of these days, or there is no such account.
    ConflictError
        Somebody would be on duty there twice at a time.
    """
    where = places.open_place(actor, place, right="case.read")
    actor.check("duty.write", where.lineage)
    since, until = turns.since, turns.until
    if not timezone.localdate() <= since <= until <= since + LONGEST:
        raise InvalidError("days from today on, two months at most", "自今天起、两个月以内的日期")
    days = [since + dt.timedelta(k) for k in range((until - since).days + 1)]
    spans = [
        span_of(day, turns.starts, turns.ends) for day in days if day.weekday() in turns.weekdays
    ]
    if not spans:
        raise InvalidError("a day of these weekdays in the span", "起止日期内须有所选的星期")
    who = [_staff(name) for name in turns.usernames]
    wanted = [
        Wanted(where, who[k % len(who)], *span, note=turns.note) for k, span in enumerate(spans)
    ]
    new: list[Wanted] = []
    roster = Roster(wanted)
    for one in wanted:
        if roster.same(one) is not None:
            continue
        if one.ends_at <= timezone.now():
            raise InvalidError("shifts that are not over", "尚未结束的班次")
        if roster.clashes(one):
            raise _twice(one)
        roster.add(one)
        new.append(one)
    put_all(actor, new)
    return Planned(len(new), len(wanted) - len(new))


def span_of(day: dt.date, starts: dt.time, ends: dt.time) -> tuple[dt.datetime, dt.datetime]:
    """The moments of a shift that begins on a day; one that ends no later than it starts ends on the day after."""
    last = day if ends > starts else day + dt.timedelta(1)
    begin, end = (
        timezone.make_aware(dt.datetime.combine(on, time))
        for on, time in ((day, starts), (last, ends))
    )
    return begin, end


class Roster:
    """Who is on duty where in the time of some wanted shifts, read once."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._known: dict[tuple[int, int], list[Wanted | Shift]] = {}
        if not wanted:
            return
        since, until = min(one.starts_at for one in wanted), max(one.ends_at for one in wanted)
        there = Shift.objects.filter(place__in={one.place.pk for one in wanted})
        there = there.filter(starts_at__lt=until, ends_at__gt=since)
        for one in there.select_related("place", "account", "substitute"):
            self.add(one)

    def same(self, one: Wanted) -> Wanted | Shift | None:
        """The shift that is there already: one that was handed over ended before its time."""
        for known in self._of(one):
            handed = isinstance(known, Shift) and known.handed_over_at is not None
            if known.starts_at == one.starts_at and (handed or known.ends_at == one.ends_at):
                return known
        return None

    def clashes(self, one: Wanted) -> bool:
        """Whether somebody would be on duty at a place twice at a time."""
        return any(
            known.starts_at < one.ends_at and known.ends_at > one.starts_at
            for known in self._of(one)
        )

    def add(self, one: Wanted | Shift) -> None:
        """Count a shift as there."""
        self._of(one).append(one)

    def _of(self, one: Wanted | Shift) -> list[Wanted | Shift]:
        return self._known.setdefault((one.place.pk, one.account.pk), [])


def put_all(actor: Actor, wanted: Sequence[Wanted]) -> None:
    """Write shifts whose rights and clashes were looked at; one audit entry and one event a place."""
    Shift.objects.bulk_create(
        Shift(
            place=one.place, account=one.account, starts_at=one.starts_at, ends_at=one.ends_at,
            substitute=one.substitute, note=one.note,
        )
        for one in wanted
    )  # fmt: skip
    for where in {one.place.pk: one.place for one in wanted}.values():
        here = [one for one in wanted if one.place.pk == where.pk]
        who = sorted({one.account.username for one in here})
        detail = {"shifts": len(here), "who": who, "since": min(one.starts_at for one in here).isoformat()}  # fmt: skip
        audit.record(actor, "duty.planned", f"place:{where.code}", where.lineage, detail)
        stream.emit("duty", where.lineage, "case.read", {"place": where.code, "what": "planned"})


def _staff(username: str) -> Any:
    found = people.staff(username)
    if found is None:
        raise InvalidError(f"somebody of staff, not {username}", f"工作人员用户名, 不是 {username}")
    return found


def _twice(one: Wanted) -> ConflictError:
    day, name = f"{timezone.localtime(one.starts_at):%Y-%m-%d}", one.account.name
    return ConflictError(f"{name} is on duty there already on {day}", f"{name} {day} 已在此值班")
