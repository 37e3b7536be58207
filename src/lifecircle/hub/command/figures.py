"""The figures of the day, each against its norm and with the moment that it is true of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries as assessments
from lifecircle.hub.cases import queries as cases
from lifecircle.hub.command.standing import Devices
from lifecircle.hub.devices import queries as known
from lifecircle.hub.errors import MissingError

Figure = dict[str, Any]

LIVE = ("received", "assigned", "accepted", "on_site", "handed")
"""States in which something is still to be done."""
WAITING = ("received", "assigned")
"""Nobody has answered yet."""
IN_TIME, HEARD = 0.9, 0.98
"""Shares that are to be reached: of cases in time, of devices heard (proposal)."""
_FRESH_S, CANARY_S = 60, 120
"""A figure that is older than this is stale."""
_DONE = ("resolved", "verified", "closed")


def figures(
    actor: Actor, place: str, *, live: Sequence[Any], people: int, devices: Devices | None, now: dt.datetime
) -> list[Figure]:  # fmt: skip
    """All figures of a place: `live` are its cases that are not done."""
    begun = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = cases.cases(actor, place=place).exclude(cases.NOT_COUNTED).exclude(state="merged")
    today = list(rows.filter(opened_at__gte=begun))
    settled = list(rows.filter(resolved_at__gte=begun, state__in=_DONE))
    return [
        *_open(live, now), _received(today, now), _settled(settled, now),
        _in_time("answered_in_time", today, "answer", "answered_at", now),
        _in_time("arrived_in_time", today, "arrive", "arrived_at", now),
        *([] if devices is None else [_devices(devices)]),
        _figure("on_duty", people, as_of=now), _canary(now), *_cards(actor, place),
    ]  # fmt: skip


def _figure(
    key: str, value: float | None, *, as_of: dt.datetime | None, norm: float | None = None, good: bool | None = None,
    stale_after_s: int = _FRESH_S, detail: dict[str, float] | None = None,
) -> Figure:  # fmt: skip
    return {
        "key": key, "value": value, "norm": norm, "good": good, "as_of": as_of, "stale_after_s": stale_after_s,
        "detail": detail or {},
    }  # fmt: skip


def _open(live: Sequence[Any], now: dt.datetime) -> list[Figure]:
    counts = {p: sum(one.priority == p for one in live) for p in ("P1", "P2", "P3", "P4", "P5")}
    waiting = [one for one in live if one.state in WAITING]
    oldest = max(((now - one.opened_at).total_seconds() for one in waiting), default=0.0)
    urgent = sum(one.priority == "P1" for one in waiting)
    late = sum(bool(cases.late(one, now)) for one in live)
    return [
        _figure("open", len(live), as_of=now, detail={**counts}),
        _figure("unanswered", len(waiting), as_of=now, good=urgent == 0, detail={"P1": urgent, "oldest_s": oldest}),
        _figure("late", late, as_of=now, norm=0, good=late == 0),
    ]  # fmt: skip


def _received(today: Sequence[Any], now: dt.datetime) -> Figure:
    by_device = sum(one.source == "device" for one in today)
    return _figure("received", len(today), as_of=now, detail={"devices": by_device})


def _settled(settled: Sequence[Any], now: dt.datetime) -> Figure:
    in_grid = sum(one.tier == "grid" for one in settled)
    share = in_grid / len(settled) if settled else 0.0
    return _figure("settled", len(settled), as_of=now, detail={"grid_share": share})


def _in_time(key: str, today: Iterable[Any], what: str, met: str, now: dt.datetime) -> Figure:
    """The share in time of those whose clock has ended: met, or run out and still not met; none of those still running."""
    good = ended = 0
    for one in today:
        due, done = getattr(one, f"{what}_due"), getattr(one, met)
        if done is not None or (due < now and one.paused_at is None and one.state in LIVE):
            ended += 1
            good += done is not None and done <= due
    share = good / ended if ended else None
    right = None if share is None else share >= IN_TIME
    return _figure(
        key, share, as_of=now, norm=IN_TIME, good=right, detail={"in_time": good, "ended": ended}
    )


def _devices(devices: Devices) -> Figure:
    counts = devices.counts
    heard_at = devices.heard_at()
    known = counts["total"] - counts["maintenance"]
    share = (known - counts["silent"] - counts["never"]) / known if known else None
    right = None if share is None else share >= HEARD
    return _figure(
        "devices_heard", share, as_of=heard_at, norm=HEARD, good=right, stale_after_s=devices.speaks_within_s(),
        detail={**counts},
    )  # fmt: skip


def _canary(now: dt.datetime) -> Figure:
    """When the canary came through last: that it did says that the way from alarm to screen is open."""
    last = known.path()
    age = None if last is None else abs(now - last.at).total_seconds()
    return _figure(
        "canary", age, as_of=None if last is None else last.at, norm=CANARY_S,
        good=age is not None and age <= CANARY_S, stale_after_s=CANARY_S,
        detail={} if last is None else {"screen_ms": last.screen_ms},
    )  # fmt: skip


def _cards(actor: Actor, place: str) -> list[Figure]:
    """How many communities have which colour as a whole, in the latest assessment."""
    if not actor.may("card.read"):
        return []
    try:
        run = assessments.run(actor)
    except MissingError:
        return []
    rows = assessments.cards(actor, run, scope="overall", level="community")
    if place:
        rows = rows.filter(place__lineage__contains=f"/{place}/")
    colours = list(rows.values_list("colour", flat=True))
    counts = {
        one: float(colours.count(one))
        for one in ("green", "blue", "yellow", "orange", "red", "grey")
    }
    rated = len(colours) - counts["grey"]
    share = (counts["green"] + counts["blue"]) / rated if rated else None
    return [_figure("cards", share, as_of=run.finished_at, stale_after_s=7 * 86_400, detail=counts)]
