"""What one screen needs, narrowed to the caller's places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import shapely
from django.db.models import QuerySet
from django.utils import timezone

from lifecircle.hub import geojson
from lifecircle.hub.actor import Actor
from lifecircle.hub.cases import queries as cases
from lifecircle.hub.command.figures import LIVE, figures
from lifecircle.hub.command.spots import Spots
from lifecircle.hub.command.standing import Devices
from lifecircle.hub.duty import queries as duty
from lifecircle.hub.places import queries as places
from lifecircle.hub.planning import goals

_MOST_CASES, _MOST_GOALS, _MOST_WELL, _MOST_BELOW = 300, 8, 1500, 500
_ORDER = {"received": 0, "assigned": 0, "accepted": 1, "on_site": 2, "handed": 3}


def now(actor: Actor, code: str = "") -> dict[str, Any]:
    """How things stand at a place and below; without one where the caller's rights begin.

    Raises
    ------
    MissingError
        There is no such place for this caller.
    ForbiddenError
        The caller sees no cases anywhere.
    """
    actor.check("case.read")
    at = timezone.now()
    place, below = _root(actor, code)
    code = "" if place is None else place.code
    spots = Spots(actor)
    live = open_cases(actor, code)
    people = people_now(actor, code, spots, live)
    devices = Devices(actor, code, _alarmed(live), at) if actor.may("device.read") else None
    counted = [one for one in live if not (one.drill or one.canary)]
    return {
        "now": at, "place": place, "ancestors": [] if place is None else places.ancestors(actor, place),
        "below": _below(below, counted, people, at),
        "figures": figures(actor, code, live=counted, people=len(people), devices=devices, now=at),
        "cases": _cases(_urgent(live)[:_MOST_CASES], spots),
        "people": people, "devices": _collection(devices, spots), "goals": _goals(actor, code),
        "may_dispatch": actor.may("case.dispatch", place.lineage if place else ""),
    }  # fmt: skip


def open_cases(actor: Actor, code: str) -> list[Any]:
    """The cases at a place and below that are not done."""
    rows = cases.cases(actor, place=code).filter(state__in=LIVE)
    return list(rows)


def people_now(
    actor: Actor, code: str, spots: Spots, live: Sequence[Any] = ()
) -> list[dict[str, Any]]:
    """Who is on duty at a place and below, where they set out from, and how many cases they hold."""
    held: dict[int, int] = {}
    for one in live:
        held[one.holder_id] = held.get(one.holder_id, 0) + 1
    found: dict[int, dict[str, Any]] = {}
    for shift in duty.under_way(actor, place=code):
        account = shift.substitute or shift.account
        found.setdefault(
            account.pk,
            {
                "username": account.username, "name": account.name, **named(shift.place),
                "until": shift.ends_at, "holds": held.get(account.pk, 0), **_station(spots, shift.place),
            },
        )  # fmt: skip
    return list(found.values())


def named(place: Any) -> dict[str, Any]:
    """A place as rows name it."""
    return {
        "place": place.code, "place_zh": place.name_zh, "place_en": place.name_en, "level": place.level
    }  # fmt: skip


def _root(actor: Actor, code: str) -> tuple[Any, list[Any]]:
    """The place that is looked at, and what lies directly below it; several tops are no place and what is below."""
    seen = places.places(actor, right="case.read").exclude(level="circle")
    if code:
        place = places.place(actor, code, right="case.read")
        return place, list(seen.filter(parent=place).order_by("code")[:_MOST_BELOW])
    tops = list(_tops(actor, seen))
    if len(tops) == 1:
        return tops[0], list(seen.filter(parent=tops[0]).order_by("code")[:_MOST_BELOW])
    return None, tops


def _tops(actor: Actor, seen: QuerySet[Any]) -> QuerySet[Any]:
    lineages = actor.lineages("case.read")
    return seen.filter(level="district") if "/" in lineages else seen.filter(lineage__in=lineages)


def _below(
    below: Sequence[Any], live: Sequence[Any], people: Sequence[dict[str, Any]], at: dt.datetime
) -> list[dict[str, Any]]:
    """Each place below with what is open there, the busiest first."""
    rows = {
        place.lineage: {
            **named(place), "open": 0, "urgent": 0, "late": 0, "people": 0,
            "bounds": None if place.west is None else [place.west, place.south, place.east, place.north],
        }
        for place in below
    }  # fmt: skip
    for one in live:
        for row in _over(rows, one.place.lineage):
            row["open"] += 1
            row["urgent"] += one.priority == "P1"
            row["late"] += bool(cases.late(one, at))
    posts = places.by_code(one["place"] for one in people)
    for person in people:
        for row in _over(rows, posts[person["place"]].lineage):
            row["people"] += 1
    return sorted(rows.values(), key=lambda row: (-row["urgent"], -row["open"], row["place"]))


def _over(rows: dict[str, dict[str, Any]], lineage: str) -> Iterator[dict[str, Any]]:
    """The rows of places that a lineage lies under."""
    codes = lineage.split("/")
    over = ("/".join(codes[:k]) + "/" for k in range(2, len(codes)))
    return (rows[one] for one in over if one in rows)


def _urgent(live: Sequence[Any]) -> list[Any]:
    """P1 first, of them who waits, then by the clock that ends first."""
    return sorted(live, key=lambda one: (one.priority, _ORDER[one.state], one.opened_at))


def _cases(shown: Sequence[Any], spots: Spots) -> list[dict[str, Any]]:
    names = whereabouts(one.place for one in shown)
    rows = []
    for one in shown:
        spot = spots.of(one)
        where = {"at": None, "how": "none"} if spot is None else {"at": spot.at, "how": spot.how}
        rows.append({**cases.told(one), **names[one.place.code], **where})
    return rows


def whereabouts(of: Iterable[Any]) -> dict[str, dict[str, str]]:
    """What places are called on a screen, by code: a building with its community before it."""
    wanted = {one.code: one for one in of}
    above = {code: one.lineage.strip("/").split("/")[:-1] for code, one in wanted.items()}
    low = {
        code: above[code] for code, one in wanted.items() if one.level in ("building", "dwelling")
    }
    known = places.by_code({code for codes in low.values() for code in codes})
    found = {}
    for code, one in wanted.items():
        over = next((known[c] for c in low.get(code, ()) if known[c].level == "community"), None)
        zh = f"{over.name_zh} {one.name_zh}" if over else one.name_zh
        en = f"{over.name_en or over.name_zh} {one.name_en or one.name_zh}" if over else one.name_en
        found[code] = {"place_zh": zh, "place_en": en}
    return found


def _station(spots: Spots, place: Any) -> dict[str, Any]:
    spot = spots.station(place)
    if spot is None:
        return {"at": None, "how": "none", "station": ""}
    return {"at": spot.at, "how": spot.how, "station": spot.name}


def _alarmed(live: Sequence[Any]) -> set[str]:
    """Devices that an open case came of, other than for their silence."""
    parts = (one.origin.split(":") for one in live if one.origin and one.kind != "device_silent")
    return {part[1] for part in parts if part[0] == "device" and len(part) == 3}


def _collection(devices: Devices | None, spots: Spots) -> dict[str, Any]:
    """Devices as GeoJSON: those that are not well; the others too where they are few."""
    features = []
    if devices is not None:
        shown = list(devices.unwell())
        if devices.counts["ok"] <= _MOST_WELL:
            shown += [(one, "ok") for one in devices.well()]
        for one, standing in shown:
            if (spot := spots.of(one)) is not None:
                about = {
                    "ref": one.ref, "name": one.name, "kind": one.kind, "standing": standing,
                    "heard_at": one.heard_at.isoformat() if one.heard_at else None, "place_zh": one.place.name_zh,
                }  # fmt: skip
                features.append(geojson.feature(shapely.Point(spot.at), about, one.ref))
    return {"type": "FeatureCollection", "features": features}


def _goals(actor: Actor, code: str) -> list[dict[str, Any]]:
    """The goals of the place itself and below, as they are ordered for the screen."""
    rows = goals.goals(actor, place=code).order_by("place_on_screen", "due_on", "pk")
    return [goals.told(one) for one in rows[:_MOST_GOALS]]
