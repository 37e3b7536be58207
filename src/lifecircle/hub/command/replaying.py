"""How cases stood at a moment, told again from what happened to them: the history alone says it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.cases import queries as cases
from lifecircle.hub.cases.kinds import kinds
from lifecircle.hub.cases.ladder import TIERS
from lifecircle.hub.command.figures import LIVE, WAITING
from lifecircle.hub.command.queries import whereabouts
from lifecircle.hub.command.spots import Spots
from lifecircle.hub.errors import InvalidError

KEPT = dt.timedelta(days=1)
"""How far back a screen is replayed."""
_STEP = dt.timedelta(minutes=30)


@dataclass(slots=True)
class Stood:
    """How a case stood: its state, at which tier, who held it."""

    state: str = "received"
    tier: str = "grid"
    holder: str = ""


def stood(events: Iterable[Any]) -> Stood:
    """How a case stands after what happened to it, in that order."""
    one = Stood()
    for event in events:
        _happen(one, event.what, event.by, event.detail)
    return one


def day(actor: Actor, code: str, at: dt.datetime | None = None) -> dict[str, Any]:
    """The cases that were open at a moment of the past day, now without one, and what came when.

    Raises
    ------
    InvalidError
        The moment is yet to come, or over a day ago.
    """
    actor.check("case.read")
    now = timezone.now()
    at = at or now
    if not now - KEPT - dt.timedelta(minutes=1) <= at <= now:
        raise InvalidError("a moment of the past 24 hours", "过去 24 小时内的时刻")
    spots = Spots(actor)
    found = open_at(actor, code, at)
    names = whereabouts(one.place for one, _ in found)
    shown = [{**_row(one, how, spots), **names[one.place.code]} for one, how in found]
    since = now - KEPT
    return {
        "at": at, "since": since, "until": now, "cases": shown,
        "open": len(shown), "waiting": sum(row["state"] in WAITING for row in shown),
        "marks": _marks(actor, code, since),
    }  # fmt: skip


def open_at(actor: Actor, code: str, at: dt.datetime) -> list[tuple[Any, Stood]]:
    """The cases that were not done at a moment, and how they stood; drills and canaries are not among them."""
    rows = cases.cases(actor, place=code).filter(opened_at__lte=at).exclude(cases.NOT_COUNTED)
    rows = rows.exclude(closed_at__lte=at).order_by("opened_at", "pk")
    past = cases.past(rows, until=at)
    found = ((one, stood(past.get(one.pk, ()))) for one in rows)
    return [(one, how) for one, how in found if how.state in LIVE]


def _happen(one: Stood, what: str, by: str, detail: dict[str, Any]) -> None:
    one.state = detail.get("state", one.state)
    if what in {"escalated", "nobody"}:
        one.tier = max(one.tier, str(detail["tier"]), key=TIERS.index)
    elif what in {"assign", "accept"}:
        one.holder = str(detail["assignee"]) if what == "assign" else by
    elif what in {"decline", "take_back"}:
        one.holder = ""


def _row(one: Any, how: Stood, spots: Spots) -> dict[str, Any]:
    spot = spots.of(one)
    known = kinds().get(one.kind)
    return {
        "ref": one.ref, "priority": one.priority, "title": one.title, "opened_at": one.opened_at,
        "kind_zh": known.zh if known else one.kind, "kind_en": known.en if known else one.kind,
        "place": one.place.code,
        "state": how.state, "tier": how.tier, "holder": how.holder,
        "at": None if spot is None else spot.at, "how": "none" if spot is None else spot.how,
    }  # fmt: skip


def _marks(actor: Actor, code: str, since: dt.datetime) -> list[dict[str, Any]]:
    """How many cases came in each half hour of the past day, and how many of them were P1."""
    rows = cases.cases(actor, place=code).filter(opened_at__gte=since).exclude(cases.NOT_COUNTED)
    steps = round(KEPT / _STEP)
    all_, urgent = [0] * steps, [0] * steps
    for opened_at, priority in rows.order_by().values_list("opened_at", "priority"):
        k = min(int((opened_at - since) / _STEP), steps - 1)
        all_[k] += 1
        urgent[k] += priority == "P1"
    return [{"at": since + k * _STEP, "count": all_[k], "urgent": urgent[k]} for k in range(steps)]
