"""Raising cases, many at once: what is told again is the case that it was; each new one begins its ladder at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from lifecircle.hub.cases import ladder
from lifecircle.hub.cases.clocks import due
from lifecircle.hub.cases.history import Happened, append_all
from lifecircle.hub.cases.kinds import kind
from lifecircle.hub.cases.models import Case
from lifecircle.hub.errors import ConflictError
from lifecircle.hub.notify import actions as notify

_ENDED = ("closed", "merged")
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Report:
    """What is told: the kind of matter and where; `origin` is unique where the same thing may be told twice.

    `contacts` is JSON: whom to call at once of a P1, and by which phone.
    `key` was made where it was written: sent twice, it is one report.
    """

    kind: str
    source: str
    title: str = ""
    about: str = ""
    origin: str | None = None
    door: str | None = None
    reporter: str | None = None
    contacts: str | None = None
    lon: float | None = None
    lat: float | None = None
    drill: bool = False
    canary: bool = False
    key: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A report of somebody about a place."""

    place: Any
    report: Report
    by: str


def raise_case(
    place: Any, told: Report, *, by: str, at: dt.datetime | None = None
) -> tuple[Case, bool]:
    """Raise a case at a place, in the caller's transaction; the case, and whether it is new."""
    return raise_all([Told(place, told, by)], at=at)[0]


def raise_all(told: Sequence[Told], *, at: dt.datetime | None = None) -> list[tuple[Case, bool]]:
    """Raise cases, in the caller's transaction; of each the case, and whether it is new.

    What has the same origin as an open case is that case, and opens it again where it was resolved. The ladder of a new
    one begins at once: who is due to be told now, as of a P1, is told right after the transaction.
    """
    now = at or timezone.now()
    for _ in range(_TRIES):
        known = _open_by_origin(told)
        fresh = {}
        for one in told:
            key = one.report.origin or id(one)
            if key not in known and key not in fresh:
                fresh[key] = one
        try:
            with transaction.atomic():
                made = dict(zip(fresh, _inserted(list(fresh.values()), now), strict=True))
        except IntegrityError:  # somebody told the same at the same moment: look again
            continue
        return _noted(told, known, made, now)
    raise ConflictError("the same thing is told by too many at once", "同一事项同时登记过多")


def open_again(one: Case, now: dt.datetime, *, tier: str = "") -> None:
    """Back to the one responsible, who is told, and up from a tier (the case's own) if they do not answer."""
    one.resolved_at = one.closed_at = one.answered_at = None
    if one.forgotten_on is not None:
        append_all([Happened(one, "forgotten", "retention", now, _gone(one.forgotten_on))])
        one.forgotten_on = None
    ladder.set_up(one, at=now, tier=tier or one.tier)
    if one.holder is not None:
        notify.tell(one, [one.holder], channels=("app",))


def _gone(on: dt.date) -> str:
    return f"{on}: 联系人、门牌、报告人已到期清除 door, reporter and contacts were let go of, their time was over"


def _open_by_origin(told: Sequence[Told]) -> dict[Any, Case]:
    """Open cases of these origins; one that is over gives its origin up: what comes now is another matter."""
    origins = {one.report.origin for one in told if one.report.origin is not None}
    if not origins:
        return {}
    rows = Case.objects.select_for_update(of=("self",)).select_related("place", "holder")
    found = list(rows.filter(origin__in=origins).order_by("pk"))
    over = [one.pk for one in found if one.state in _ENDED]
    if over:
        Case.objects.filter(pk__in=over).update(origin=None)
    return {one.origin: one for one in found if one.state not in _ENDED}


def _inserted(told: Sequence[Told], now: dt.datetime) -> list[Case]:
    if not told:
        return []
    real = [one for one in told if not one.report.canary]
    refs = iter(_refs(timezone.localtime(now).date(), len(real)))
    rows = [
        _new(one, f"K-{uuid4().hex[:24]}" if one.report.canary else next(refs), now) for one in told
    ]
    return Case.objects.bulk_create(rows)


def _new(one: Told, ref: str, now: dt.datetime) -> Case:
    about, told = kind(one.report.kind), one.report
    return Case(
        ref=ref, kind=about.id, priority=about.priority, source=told.source, origin=told.origin,
        title=(told.title or f"{one.place.name_zh}{about.zh}")[:200], about=told.about, place=one.place, door=told.door,
        reporter=told.reporter, contacts=told.contacts, lon=told.lon, lat=told.lat, department=about.department, opened_at=now,
        drill=told.drill, canary=told.canary,
        answer_due=due(about.priority, "answer", now), arrive_due=due(about.priority, "arrive", now),
        close_due=due(about.priority, "close", now),
    )  # fmt: skip


def _refs(day: dt.date, count: int) -> list[str]:
    """Take the next numbers of a day: C-20261128-0001. Who comes at the same moment waits."""
    if not count:
        return []
    into = "INSERT INTO cases_count (day, last) VALUES (%s, %s) ON CONFLICT (day) DO UPDATE SET last = cases_count.last + excluded.last"
    with connection.cursor() as cursor:
        cursor.execute(f"{into} RETURNING last", [day.isoformat(), count])
        first = int(cursor.fetchone()[0]) - count + 1
    return [f"C-{day:%Y%m%d}-{first + k:04}" for k in range(count)]


def _noted(
    told: Sequence[Told], known: dict[Any, Case], made: dict[Any, Case], now: dt.datetime
) -> list[tuple[Case, bool]]:
    """Write what happened, in the order in which it was told, and begin the ladders."""
    happened: list[Happened] = []
    results: list[tuple[Case, bool]] = []
    seen: set[int] = set()
    for one in told:
        key = one.report.origin or id(one)
        is_new = key in made and made[key].pk not in seen
        case = made[key] if key in made else known[key]
        if is_new:
            detail = {"source": one.report.source}
            happened.append(
                Happened(
                    case, "received", one.by, now, one.report.about[:1000], detail, one.report.key
                )
            )
        else:
            happened.append(Happened(case, "again", one.by, now, one.report.title))
            if case.state in ("resolved", "verified"):
                happened.append(_come_back(case, one.by, now))
        seen.add(case.pk)
        results.append((case, is_new))
    ladder.begin_all(made.values(), at=now)
    notify.call(one for one in made.values() if _calls(one))
    append_all(happened)
    return results


def _calls(one: Case) -> bool:
    """Whether whom a case names is called at once: of a P1 that is no drill."""
    return one.priority == "P1" and not one.drill and not one.canary


def _come_back(one: Case, by: str, at: dt.datetime) -> Happened:
    """What was resolved happens again: back to who held it, or to nobody, and up the ladder from there."""
    before, one.state = one.state, "assigned" if one.holder else "received"
    open_again(one, at)
    if _calls(one):
        notify.call([one])
    one.version += 1
    one.save(update_fields=["state", "resolved_at", "closed_at", "answered_at", "version"])
    return Happened(one, "reopen", by, at, detail={"from": before})
