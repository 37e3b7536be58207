"""What is around a case: who is nearest on foot, stairs counted; devices, facilities, hazards, people to call."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from lifecircle.engine.network import Walker
from lifecircle.errors import NotFoundError
from lifecircle.hub import geojson
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries as assessments
from lifecircle.hub.assessments.workbench import loaded
from lifecircle.hub.cases import meetings
from lifecircle.hub.cases import queries as cases
from lifecircle.hub.command.queries import named, open_cases
from lifecircle.hub.command.spots import LonLat, Spot, Spots, metres
from lifecircle.hub.devices import queries as devices
from lifecircle.hub.duty import queries as duty
from lifecircle.hub.errors import MissingError
from lifecircle.hub.facilities import queries as facilities

HELP = (
    "micro_fire",
    "aed",
    "clinic",
    "health_station",
    "health_center",
    "police_justice",
    "shelter",
)
"""Types of facilities that matter to who is on the way."""
_HAZARDS = {"gas", "co", "smoke", "lift", "pump", "water_leak"}
_NEAR_M, _HELP_M = 250.0, 1500.0
_MOST_RESPONDERS, _MOST_WALKED, _MOST_NEAR, _OF_A_TYPE, _MOST_LOOKED_AT = 12, 5, 12, 2, 2000
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def around(actor: Actor, ref: str) -> dict[str, Any]:
    """What is around a case that a caller may see.

    Raises
    ------
    MissingError
        There is no such case for this caller.
    """
    one = cases.case(actor, ref)
    spots = Spots(actor)
    spot = spots.of(one)
    on_foot = _OnFoot(actor, spot)
    responders = _responders(actor, one, spot, spots, on_foot)
    called = meetings.callable_to(one) if actor.may("case.dispatch", one.place.lineage) else {}
    return {
        "ref": ref, "at": spot.at if spot else None, "how": spot.how if spot else "none", "walk": on_foot.why,
        "responders": responders,
        "facilities": _facilities(actor, spot, on_foot), "devices": _devices(actor, one, spot, spots),
        "hazards": _hazards(actor, one, spot, spots),
        "meeting": [
            {"username": each.username, "name": each.name}
            for each in called.values() if each.pk != actor.account_id
        ],
    }  # fmt: skip


def get_ready(actor: Actor) -> None:
    """Somebody watches: have the walking network loaded before an alarm comes."""
    _walker(actor)


class _OnFoot:
    """Walks to a case by the network of the latest assessment, as things are open at this hour; `why` there are none."""

    def __init__(self, actor: Actor, spot: Spot | None) -> None:
        self._goal = spot.at if spot else None
        self._walker, self.why = _walker(actor)
        if spot is None:
            self.why = "no_spot"

    def seconds(self, origins: Sequence[LonLat]) -> list[float | None]:
        """How long from each; None where there is no way within an hour."""
        if self.why != "ok" or self._walker is None or self._goal is None or not origins:
            return [None] * len(origins)
        try:
            found = self._walker.seconds_to(self._goal, origins)
        except NotFoundError:
            self.why = "off_network"
            return [None] * len(origins)
        return [float(s) if math.isfinite(s) else None for s in found]

    def way(self, origin: LonLat) -> dict[str, Any]:
        """The walk from one: its length, climb, stairs and line."""
        found = self._walker.journey(origin, self._goal)  # type: ignore[union-attr,arg-type]
        return {
            "length_m": found.length_m, "climb_m": found.climb_m, "stairs": found.stairs,
            "line": geojson.geometry(found.line, for_map=True),
        }  # fmt: skip


def _walker(actor: Actor) -> tuple[Walker | None, str]:
    """Somebody who walks, or why nobody does. Nobody waits for the network to be loaded: who asks has an alarm before them."""
    try:
        bench = loaded(assessments.run(actor))
    except MissingError:
        return None, "no_assessment"
    if bench is None:
        return None, "loading"
    return bench.walker("adult", _hour(timezone.localtime())), "ok"


def _hour(now: dt.datetime) -> str:
    """The hour of the week that a moment lies in: lifts and gates have hours, and few walkers are made of them."""
    return f"{_DAYS[now.weekday()]} {now.hour:02}:00"


def _responders(
    actor: Actor, one: Any, goal: Spot | None, spots: Spots, on_foot: _OnFoot
) -> list[dict[str, Any]]:
    """Who can be sent, the nearest first; of those whose posts the caller may see."""
    posts = [p for p in duty.posts(one.place) if actor.may("case.read", p.place.lineage)]
    held: dict[int, int] = {}
    for each in open_cases(actor, ""):
        held[each.holder_id] = held.get(each.holder_id, 0) + 1
    stations = [spots.station(post.place) for post in posts]
    walked = on_foot.seconds([spot.at for spot in stations if spot])
    taken = iter(walked)
    rows = []
    for post, spot in zip(posts, stations, strict=True):
        rows.append({
            "username": post.account.username, "name": post.account.name, **named(post.place), "rostered": post.rostered,
            "holds": held.get(post.account.pk, 0), "seconds": next(taken) if spot else None,
            "metres": metres(spot.at, goal.at) if spot and goal else None,
            "how": spot.how if spot else "none", "station": spot.name if spot else "", "at": spot.at if spot else None,
            "length_m": None, "climb_m": None, "stairs": None, "line": None,
        })  # fmt: skip
    rows.sort(key=_nearest)
    for row in rows[:_MOST_WALKED]:
        if row["seconds"] is not None:
            row.update(on_foot.way(row["at"]))
    return rows[:_MOST_RESPONDERS]


def _nearest(row: dict[str, Any]) -> tuple[bool, float, bool, str]:
    """By the walk; without one as the crow flies; of equals who is on the roster."""
    straight = math.inf if row["metres"] is None else row["metres"]
    walked = row["seconds"] is not None
    return not walked, row["seconds"] if walked else straight, not row["rostered"], row["username"]


def _facilities(actor: Actor, spot: Spot | None, on_foot: _OnFoot) -> list[dict[str, Any]]:
    """The nearest of each type that helps, open or not known to be closed."""
    if spot is None or not actor.may("facility.read"):
        return []
    known = facilities.standards().types
    rows = (
        facilities.facilities(actor, bounds=_box(spot.at, _HELP_M))
        .filter(type__in=HELP)
        .exclude(operating=False)
    )
    found = sorted(rows, key=lambda row: metres((row.lon, row.lat), spot.at))
    shown = [row for kind in HELP for row in [r for r in found if r.type == kind][:_OF_A_TYPE]]
    walked = on_foot.seconds([(row.lon, row.lat) for row in shown])
    told = [
        {
            "ref": row.ref, "name": row.name, "type": row.type, "type_zh": known[row.type].name_zh,
            "type_en": known[row.type].name_en, "at": (row.lon, row.lat), "seconds": seconds,
            "metres": metres((row.lon, row.lat), spot.at),
        }
        for row, seconds in zip(shown, walked, strict=True)
    ]  # fmt: skip
    return sorted(told, key=lambda row: (row["seconds"] is None, row["seconds"] or row["metres"]))


def _devices(actor: Actor, one: Any, spot: Spot | None, spots: Spots) -> list[dict[str, Any]]:
    """Devices at the same place and near, the nearest first."""
    if not actor.may("device.read"):
        return []
    here = Q(place__lineage__startswith=one.place.lineage)
    if spot is not None:
        west, south, east, north = _box(spot.at, _NEAR_M)
        here |= Q(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
    found = []
    for row in devices.devices(actor).filter(here).exclude(state="retired")[:_MOST_LOOKED_AT]:
        where = spots.of(row)
        away = metres(where.at, spot.at) if where and spot else math.inf
        if row.place_id == one.place_id or away <= _NEAR_M:
            found.append((away, row))
    found.sort(key=lambda pair: (pair[0], pair[1].ref))
    now = timezone.now()
    return [
        {
            "ref": row.ref, "name": row.name, "kind": row.kind, "state": row.state, "silent": devices.is_silent(row, now),
            "heard_at": row.heard_at, "metres": away if math.isfinite(away) else None, "place_zh": row.place.name_zh,
            "hazard": row.kind in _HAZARDS,
        }
        for away, row in found[:_MOST_NEAR]
    ]  # fmt: skip


def _box(at: LonLat, reach_m: float) -> tuple[float, float, float, float]:
    """West, south, east, north of so many metres around a point."""
    high = reach_m / 111_320
    wide = high / max(math.cos(math.radians(at[1])), 0.1)
    return at[0] - wide, at[1] - high, at[0] + wide, at[1] + high


def _hazards(actor: Actor, one: Any, spot: Spot | None, spots: Spots) -> list[dict[str, Any]]:
    """Other cases that are open near: a lift that stands still, gas, water, a fire next door."""
    found = []
    for each in open_cases(actor, ""):
        if each.pk == one.pk or spot is None or each.drill or each.canary:
            continue
        where = spots.of(each)
        if where is None:
            continue
        away = metres(where.at, spot.at)
        if away <= _NEAR_M:
            told = cases.told(each)
            names = ("ref", "title", "kind", "kind_zh", "kind_en", "priority", "state", "place_zh")
            found.append({**{name: told[name] for name in names}, "metres": away})
    return sorted(found, key=lambda row: (row["priority"], row["metres"]))[:_MOST_NEAR]
