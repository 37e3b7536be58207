"""A week of a roster as people read it: days and times of the hub's own clock, holes, who is there now; and holes ahead."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.duty import queries
from lifecircle.hub.duty.holes import Span, by_day, holes, midnight, seconds
from lifecircle.hub.duty.models import Shift
from lifecircle.hub.places import queries as places

AHEAD = dt.timedelta(days=7)
_LATELY = dt.timedelta(days=31)
"""A place keeps a roster if it had a shift so lately, or has one to come; without one its roles are told, as it wants."""


def week(actor: Actor, place: str, day: dt.date) -> dict[str, Any]:
    """The roster of one place in the week that a day is in, from Monday on.

    Raises
    ------
    MissingError
        There is no such place for this caller.
    """
    where = places.place(actor, place, right="case.read")
    monday = day - dt.timedelta(day.weekday())
    since, until = midnight(monday), midnight(monday + dt.timedelta(7))
    now = timezone.now()
    here = queries.shifts(actor).filter(place=where)
    rows = list(here.filter(starts_at__lt=until, ends_at__gt=since))
    kept = bool(rows) or _has_roster(here, now)
    missing = holes(rows, since, until) if kept else []
    return {
        "place": where.code, "place_zh": where.name_zh, "level": where.level, "monday": monday,
        "today": timezone.localdate(now), "time": _clock(now), "has_roster": kept,
        "may_plan": actor.may("duty.write", where.lineage),
        "shifts": [_shown(actor, one, now) for one in rows],
        "holes": [_span(part) for span in missing for part in by_day(span)],
        "on_now": _names(here.filter(starts_at__lte=now, ends_at__gt=now)),
        "instead": [one.name for one in queries.by_role(where)],
    }  # fmt: skip


def ahead(actor: Actor, *, place: str = "") -> list[dict[str, Any]]:
    """Holes of the next seven days at places that keep a roster, the place whose first hole comes first first."""
    now = timezone.now()
    by_place: dict[int, list[Shift]] = {}
    rows = queries.shifts(actor, place=place).filter(ends_at__gt=now - _LATELY)
    for one in rows.filter(place__until__isnull=True):
        by_place.setdefault(one.place_id, []).append(one)
    found = []
    for shifts in by_place.values():
        missing = holes(shifts, now, now + AHEAD)
        if missing:
            where = shifts[0].place
            found.append({
                "place": where.code, "place_zh": where.name_zh, "level": where.level, "hours": round(seconds(missing) / 3600, 1),
                "holes": [_span(span) for span in missing],
            })  # fmt: skip
    return sorted(found, key=lambda one: (one["holes"][0]["starts_at"], one["place"]))


def people(actor: Actor, place: str) -> list[dict[str, Any]]:
    """Who can be put on duty at a place: those who act on cases at it, above it or below it.

    Raises
    ------
    ForbiddenError
        The caller does not plan there.
    """
    where = places.open_place(actor, place, right="case.read")
    actor.check("duty.write", where.lineage)
    return [
        {"username": one.account.username, "name": one.account.name, "role": one.role, "place_zh": one.place.name_zh}
        for one in queries.candidates(where)
    ]  # fmt: skip


def _has_roster(here: Any, now: dt.datetime) -> bool:
    return bool(here.filter(ends_at__gt=now - _LATELY).exists())


def _shown(actor: Actor, one: Shift, now: dt.datetime) -> dict[str, Any]:
    state = "over" if one.ends_at <= now else "now" if one.starts_at <= now else "later"
    may = one.account_id == actor.account_id or actor.may("duty.write", one.place.lineage)
    acts = {"over": [], "now": ["substitute", "hand_over"], "later": ["substitute", "take_off"]}
    return {
        "id": one.pk, "username": one.account.username, "name": one.account.name,
        "substitute": one.substitute.username if one.substitute else "",
        "substitute_name": one.substitute.name if one.substitute else "",
        "note": one.note, "handed_over": one.handed_over_at is not None, "state": state,
        "away": not (one.substitute or one.account).is_usable, "acts": acts[state] if may else [],
        **_span((one.starts_at, one.ends_at)),
    }  # fmt: skip


def _names(rows: Any) -> list[str]:
    told = [one.substitute or one.account for one in rows]
    return list(dict.fromkeys(one.name for one in told if one.is_usable))


def _span(span: Span) -> dict[str, Any]:
    """A span with the day and the times of the hub's own clock: 24:00 is the end of the day that it began on."""
    since, until = (timezone.localtime(one) for one in span)
    ends = "24:00" if until == midnight(since.date() + dt.timedelta(1)) else _clock(until)
    return {
        "starts_at": since, "ends_at": until, "day": since.date(), "starts": _clock(since), "ends": ends,
        "ends_day": until.date(),
    }  # fmt: skip


def _clock(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
