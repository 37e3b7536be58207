"""Reads of patrols, narrowed to the caller's places: plans and what is due, what was found, and figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import MissingError
from lifecircle.hub.patrols.checklists import checklists
from lifecircle.hub.patrols.models import Answer, Patrol, Plan
from lifecircle.hub.patrols.periods import period, periods
from lifecircle.hub.places.queries import within

_DAY = dt.timedelta(1)
_OVER = ("resolved", "verified", "closed", "merged")


def plans(actor: Actor, *, place: str = "") -> QuerySet[Plan]:
    """The plans of places that a caller may see, which have not ended."""
    rows = Plan.objects.filter(within(actor, "case.read", "place__lineage"), ended_on__isnull=True)
    return _at(rows, place).select_related("place")


def plan(actor: Actor, number: int) -> Plan:
    """One plan, ended or not; `MissingError` if there is none for this caller."""
    rows = Plan.objects.filter(within(actor, "case.read", "place__lineage"), pk=number)
    found = rows.select_related("place").first()
    if found is None:
        raise MissingError
    return found


def due(actor: Actor, *, place: str = "") -> list[dict[str, Any]]:
    """What is to be looked at in this day, week or month: those that are missing first, those missed before ahead of all."""
    today = timezone.localdate()
    rows = list(plans(actor, place=place).filter(starts_on__lte=today))
    last = _last_days(rows)
    found = [_due(one, today, last.get((one.place_id, one.checklist), [])) for one in rows]
    return sorted(found, key=lambda one: (one["done_on"] is not None, not one["missed"], one["due_on"], one["place"]))  # fmt: skip


def patrols(
    actor: Actor, *, place: str = "", checklist: str = "", since: dt.date | None = None
) -> QuerySet[Patrol]:
    """The patrols of places that a caller may see, the latest first."""
    rows = _at(Patrol.objects.filter(within(actor, "case.read", "place__lineage")), place)
    if checklist:
        rows = rows.filter(checklist=checklist)
    if since is not None:
        rows = rows.filter(on__gte=since)
    return rows.select_related("place", "by").prefetch_related("answers__case")


def patrol(actor: Actor, number: int) -> Patrol:
    """One patrol; `MissingError` if there is none for this caller."""
    found = patrols(actor).filter(pk=number).first()
    if found is None:
        raise MissingError
    return found


def figures(actor: Actor, *, since: dt.date, until: dt.date, place: str = "") -> dict[str, Any]:
    """What was due and done in the periods that ended from one day to another, and what was found.

    Each plan counts once in each of its periods that lies wholly within its life; more patrols in a period are no more.
    """
    rows = Plan.objects.filter(within(actor, "case.read", "place__lineage"))
    rows = _at(rows, place).filter(starts_on__lte=until)
    days = _days(rows, since - dt.timedelta(31), until)
    wanted = done = 0
    for one in rows:
        ends = min(until, (one.ended_on or until + _DAY) - _DAY)
        for each in periods(one.every, since, ends):  # type: ignore[arg-type]
            if each.first >= one.starts_on:
                wanted += 1
                there = days.get((one.place_id, one.checklist), ())
                done += any(each.holds(day) for day in there)
    made = patrols(actor, place=place, since=since).filter(on__lte=until)
    findings = Answer.objects.filter(patrol__in=made.order_by(), answer="not_ok")
    still = Answer.objects.filter(
        patrol__in=patrols(actor, place=place).order_by(), answer="not_ok"
    )
    return {
        "due": wanted, "done_in_time": done, "share": done / wanted if wanted else None, "patrols": made.count(),
        "findings": findings.count(),
        "open_findings": still.exclude(case__state__in=_OVER).values("case").distinct().count(),
    }  # fmt: skip


def told(one: Patrol) -> dict[str, Any]:
    """A patrol with its answers."""
    return {
        "id": one.pk, "key": one.key, "place": one.place.code, "place_zh": one.place.name_zh,
        "checklist": one.checklist, "on": one.on, "note": one.note, "by": one.by.username, "by_name": one.by.name,
        "received_at": one.received_at,
        "answers": [
            {"item": each.item, "answer": each.answer, "note": each.note, "case": each.case.ref if each.case else "",
             "case_state": each.case.state if each.case else ""}
            for each in one.answers.all()
        ],
    }  # fmt: skip


def _due(one: Plan, today: dt.date, days: list[dt.date]) -> dict[str, Any]:
    now = period(one.every, today)  # type: ignore[arg-type]
    before = period(one.every, now.first - _DAY)  # type: ignore[arg-type]
    known = checklists().get(one.checklist)
    return {
        "plan": one.pk, "place": one.place.code, "place_zh": one.place.name_zh, "checklist": one.checklist,
        "checklist_zh": known.zh if known else one.checklist, "checklist_en": known.en if known else one.checklist,
        "every": one.every, "due_on": now.last, "last_on": max(days, default=None),
        "done_on": max((day for day in days if now.holds(day)), default=None),
        "missed": before.first >= one.starts_on and not any(before.holds(day) for day in days),
    }  # fmt: skip


def _last_days(rows: list[Plan]) -> dict[tuple[int, str], list[dt.date]]:
    """The days of patrols of each plan, as far back as two months."""
    since = timezone.localdate() - dt.timedelta(62)
    return _days(rows, since, timezone.localdate())


def _days(
    rows: QuerySet[Plan] | list[Plan], since: dt.date, until: dt.date
) -> dict[tuple[int, str], list[dt.date]]:
    found: dict[tuple[int, str], list[dt.date]] = {}
    made = Patrol.objects.filter(
        place__in={one.place_id for one in rows}, on__gte=since, on__lte=until
    )
    for place, name, day in made.order_by("on").values_list("place_id", "checklist", "on"):
        found.setdefault((place, name), []).append(day)
    return found


def _at(rows: QuerySet[Any], place: str) -> QuerySet[Any]:
    return rows.filter(place__lineage__contains=f"/{place}/") if place else rows
