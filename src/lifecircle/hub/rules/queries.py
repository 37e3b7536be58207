"""Reads of rules, narrowed to the caller's places; and what a rule would have done to the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from lifecircle.hub.actor import Actor
from lifecircle.hub.devices import queries as devices
from lifecircle.hub.errors import InvalidError, MissingError
from lifecircle.hub.places.queries import within
from lifecircle.hub.rules.judging import Change, State, judge
from lifecircle.hub.rules.judging import Rule as Definition
from lifecircle.hub.rules.models import Rule, Version

MOST_READINGS = 1_000_000
_SHOWN = 50


def rules(actor: Actor, *, place: str = "") -> QuerySet[Rule]:
    """The rules of places that a caller may see."""
    rows = Rule.objects.filter(within(actor, "device.read", "place__lineage"))
    if place:
        rows = rows.filter(place__lineage__contains=f"/{place}/")
    return rows.select_related("place", "holds")


def rule(actor: Actor, code: str) -> Rule:
    """One rule; `MissingError` if there is none for this caller."""
    found = rules(actor).filter(code=code).first()
    if found is None:
        raise MissingError(f"no rule {code}", f"没有规则 {code}")
    return found


def versions(one: Rule) -> QuerySet[Version]:
    """What a rule said over time, the latest first."""
    return one.versions.all()


def told(one: Rule) -> dict[str, Any]:
    """A rule as lists show it: the version that holds, and the last that was written."""
    last = one.versions.first()
    return {
        "code": one.code, "name": one.name, "place": one.place.code, "place_zh": one.place.name_zh,
        "device_kind": one.device_kind, "version": one.version, "holds": one.holds.number if one.holds else None,
        "last": last.number if last else None, "definition": (one.holds or last).definition if last else {},
    }  # fmt: skip


def tried(
    definition: Definition, lineage: str, kind: str, since: dt.datetime, until: dt.datetime
) -> dict[str, Any]:
    """What a rule would have done to what devices told between two moments.

    Returns
    -------
    dict
        `cases` it would have raised, of how many `devices`, from how many `readings` of how many devices (`heard`); the first
        of them (`first`): the device, when it began and when it ended (None: it had not).

    Raises
    ------
    InvalidError
        There are more readings than `MOST_READINGS`.
    """
    rows = devices.told_between(lineage, kind, since, until)
    count = rows.count()
    if count > MOST_READINGS:
        raise InvalidError(
            f"{count:,} readings, at most {MOST_READINGS:,}: fewer days, a smaller place",
            "读数过多, 请缩短天数或缩小范围",
        )
    found: list[dict[str, Any]] = []
    heard, with_cases = 0, 0
    values = rows.values_list("device__ref", "at", "name", "value").iterator(chunk_size=5000)
    for ref, told_by in groupby(values, key=lambda row: row[0]):
        heard += 1
        spans = _spans(_judged(definition, told_by, until))
        with_cases += bool(spans)
        found += [{"device": ref, "began": began, "ended": ended} for began, ended in spans]
    found.sort(key=lambda one: (one["began"], one["device"]))
    return {
        "cases": len(found),
        "devices": with_cases,
        "heard": heard,
        "readings": count,
        "first": found[:_SHOWN],
    }


def _judged(
    definition: Definition, rows: Iterator[tuple[Any, ...]], until: dt.datetime
) -> list[Change]:
    state, changes = State(), []
    for at, together in groupby(rows, key=lambda row: row[1]):
        changes += judge(definition, state, at, {name: value for _, _, name, value in together})
    return changes + judge(definition, state, until)


def _spans(changes: list[Change]) -> list[tuple[dt.datetime, dt.datetime | None]]:
    began = [one.at for one in changes if one.on]
    ended = [one.at for one in changes if not one.on]
    return [(at, ended[k] if k < len(ended) else None) for k, at in enumerate(began)]
