"""Writes of patrols: planned, ended, and entered once with the cases that come of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases import actions as cases
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.patrols import queries
from lifecircle.hub.patrols.checklists import Checklist, Every, checklist
from lifecircle.hub.patrols.models import Answer, Patrol, Plan
from lifecircle.hub.places import queries as places
from lifecircle.hub.stream import actions as stream

LATEST = dt.timedelta(7)
"""A phone may have been without network for so long."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a point: ok, not_ok, not_applicable."""

    item: str
    answer: str
    note: str = ""


@transaction.atomic
def plan(
    actor: Actor, *, place: str, checklist_: str, every: Every | None = None, starts_on: dt.date | None = None
) -> Plan:  # fmt: skip
    """Have a place looked at by a check list, once in every day, week or month (as the list proposes, unless said).

    Raises
    ------
    ConflictError
        There is such a plan already.
    ForbiddenError
        The caller does not plan there.
    """
    where = places.open_place(actor, place, right="case.read")
    actor.check("duty.write", where.lineage)
    about = checklist(checklist_)
    if Plan.objects.filter(place=where, checklist=about.id, ended_on__isnull=True).exists():
        raise ConflictError("a place and a list without a plan", "此处已有该清单的巡查计划")
    made = Plan.objects.create(
        place=where, checklist=about.id, every=every or about.every, starts_on=starts_on or timezone.localdate(),
        made_by=actor.name,
    )  # fmt: skip
    _say(actor, "planned", where, about.id)
    return made


@transaction.atomic
def end(actor: Actor, number: int) -> Plan:
    """End a plan; what was done stays."""
    seen = queries.plan(actor, number)
    actor.check("duty.write", seen.place.lineage)
    one = Plan.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)
    if one.ended_on is None:
        one.ended_on = timezone.localdate()
        one.save(update_fields=["ended_on"])
        _say(actor, "ended", one.place, one.checklist)
    return one


def enter(
    actor: Actor, *, key: UUID, place: str, checklist_: str, on: dt.date, found: Sequence[Found], note: str = ""
) -> Patrol:  # fmt: skip
    """Enter a patrol: what is not in order becomes a case, or is told again in the one that is open about it.

    `key` was made where it was done: sent again, it is the patrol that there is.

    Raises
    ------
    ForbiddenError
        The caller does not act there.
    InvalidError
        A point is missing, is said twice or is not on the list, or the day is to come or long past.
    """
    try:
        return _entered(actor, key, place, checklist_, on, found, note)
    except IntegrityError:  # sent twice at the same moment
        again = _known(actor, key)
        if again is None:
            raise
        return again


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Plans and patrols of a place that ended go to the first that goes on; a plan that it has already ends."""
    there = Plan.objects.filter(place=heirs[0], ended_on__isnull=True).values("checklist")
    open_ = Plan.objects.filter(place=place, ended_on__isnull=True)
    open_.filter(checklist__in=list(there.values_list("checklist", flat=True))).update(
        ended_on=timezone.localdate()
    )
    Plan.objects.filter(place=place).update(place=heirs[0])
    Patrol.objects.filter(place=place).update(place=heirs[0])


@transaction.atomic
def _entered(
    actor: Actor, key: UUID, place: str, name: str, on: dt.date, found: Sequence[Found], note: str
) -> Patrol:
    again = _known(actor, key)
    if again is not None:
        return again
    where = places.open_place(actor, place, right="case.read")
    actor.check("case.act", where.lineage)
    about = checklist(name)
    _check(about, on, found)
    made = Patrol.objects.create(
        key=key, place=where, checklist=about.id, on=on, note=note.strip(), by_id=actor.account_id or 0,
        received_at=timezone.now(),
    )  # fmt: skip
    wrong = [one for one in found if one.answer == "not_ok"]
    told = [cases.Told(where, _report(where, about, one), actor.name) for one in wrong]
    raised = {one.item: case for one, (case, _) in zip(wrong, cases.raise_all(told), strict=True)}
    Answer.objects.bulk_create(
        Answer(patrol=made, item=one.item, answer=one.answer, note=one.note.strip(), case=raised.get(one.item))
        for one in found
    )  # fmt: skip
    _say(actor, "done", where, about.id)
    return made


def _check(about: Checklist, on: dt.date, found: Sequence[Found]) -> None:
    today = timezone.localdate()
    if not today - LATEST <= on <= today:
        raise InvalidError(f"a day of the last {LATEST.days}", f"最近 {LATEST.days} 天内的日期")
    said = [one.item for one in found]
    wanted = [one.id for one in about.items]
    if sorted(said) != sorted(wanted):
        raise InvalidError(
            f"an answer to each of {', '.join(wanted)}", f"逐项回答: {', '.join(wanted)}"
        )


def _report(where: Any, about: Checklist, one: Found) -> cases.Report:
    """One open case for a point of a list at a place: found again, it is told again there."""
    item = about.item(one.item)
    return cases.Report(
        kind=item.kind, source="inspection", title=f"{where.name_zh} {about.zh}: {item.zh} (不符合)"[:200],
        about=one.note, origin=f"patrol:{where.code}:{about.id}:{item.id}"[:120],
    )  # fmt: skip


def _known(actor: Actor, key: UUID) -> Patrol | None:
    known = Patrol.objects.filter(key=key).first()
    if known is not None and known.by_id != actor.account_id:
        raise InvalidError("a key of its own for each patrol", "每次巡查单独的编号")
    return known


def _say(actor: Actor, what: str, where: Any, name: str) -> None:
    data = {"place": where.code, "checklist": name, "what": what}
    stream.emit("patrol", where.lineage, "case.read", data)
    audit.record(actor, f"patrol.{what}", f"place:{where.code}", where.lineage, {"checklist": name})
