"""Work goals (工作目标): what a place is to reach by when, who answers for it, and how far it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, InvalidError, MissingError
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.people import queries as people
from lifecircle.hub.places import queries as places
from lifecircle.hub.places.queries import within
from lifecircle.hub.planning.models import GoalProgress, Project, WorkGoal
from lifecircle.hub.stream import actions as stream
from lifecircle.hub.versions import check_version

Standing = Literal["done", "on_track", "behind", "overdue"]
Values = Mapping[str, Any]

FIELDS = ("name", "about", "unit", "start", "target", "starts_on", "due_on", "department", "counts", "place_on_screen")  # fmt: skip
_SLACK = 0.1
"""By so much of the way a goal may lie behind its time and still be on track (proposal)."""


def goals(actor: Actor, *, place: str = "", ended: bool = False) -> QuerySet[WorkGoal]:
    """The goals of places that a caller may see, as they stand on the screen."""
    rows = WorkGoal.objects.filter(within(actor, "project.read", "place__lineage"))
    if place:
        rows = rows.filter(place__lineage__contains=f"/{place}/")
    rows = rows if ended else rows.filter(ended_on__isnull=True)
    return rows.select_related("place", "owner").prefetch_related("progress")


def goal(actor: Actor, number: int) -> WorkGoal:
    """One goal; `MissingError` if there is none for this caller."""
    found = goals(actor, ended=True).filter(pk=number).first()
    if found is None:
        raise MissingError("no such goal", "没有这项目标")
    return found


def told(one: WorkGoal) -> dict[str, Any]:
    """A goal as it stands today: its value, how much of the way, and whether that is in time."""
    steps = list(one.progress.all())
    now = float(_counted(one)) if one.counts else (steps[-1].value if steps else one.start)
    way = one.target - one.start
    done = 1.0 if way == 0 else (now - one.start) / way
    owner = one.owner
    return {
        **{name: getattr(one, name) for name in FIELDS}, "id": one.pk, "version": one.version, "ended_on": one.ended_on,
        "place": one.place.code, "place_zh": one.place.name_zh, "owner": owner.username if owner else "",
        "owner_name": owner.name if owner else "", "value": now, "done": max(done, 0.0),
        "standing": _standing(one, done), "on": steps[-1].on if steps else None,
        "progress": [{"on": s.on, "value": s.value, "note": s.note, "by": s.by} for s in steps],
    }  # fmt: skip


@transaction.atomic
def create(actor: Actor, *, place: str, owner: str, values: Values) -> WorkGoal:
    """Set a goal for a place.

    Raises
    ------
    InvalidError
        It ends before it begins, leads nowhere, or names a type or somebody who is none.
    """
    where = places.open_place(actor, place)
    actor.check("project.write", where.lineage)
    one = WorkGoal(place=where, version=0)
    return _kept(actor, one, owner, values, "created")


@transaction.atomic
def change(
    actor: Actor, number: int, values: Values, *, version: int, owner: str | None = None
) -> WorkGoal:
    """Change a goal; errors as `create`, and `ConflictError` if it changed since `version`."""
    one = _locked(actor, number)
    check_version(one, version)
    return _kept(actor, one, owner, values, "changed")


@transaction.atomic
def report(actor: Actor, number: int, *, on: dt.date, value: float, note: str) -> WorkGoal:
    """Say how far a goal was on a day.

    Raises
    ------
    ConflictError
        It has ended, or measures itself.
    InvalidError
        The day is yet to come.
    """
    one = _locked(actor, number)
    if one.ended_on is not None or one.counts:
        raise ConflictError(
            "a goal that goes on and is not counted by itself", "进行中且非自动统计的目标"
        )
    if on > timezone.localdate():
        raise InvalidError("a day that has come", "不晚于今天的日期")
    GoalProgress.objects.create(goal=one, on=on, value=value, note=note, by=actor.name)
    one.version += 1
    one.save(update_fields=["version"])
    _say(actor, one, "reported", {"value": value})
    return goal(actor, number)


@transaction.atomic
def end(actor: Actor, number: int) -> WorkGoal:
    """End a goal today; what it was stays."""
    one = _locked(actor, number)
    one.ended_on = one.ended_on or timezone.localdate()
    one.version += 1
    one.save(update_fields=["ended_on", "version"])
    _say(actor, one, "ended", {})
    return goal(actor, number)


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Goals of a place that ended go to the first that goes on."""
    WorkGoal.objects.filter(place=place).update(place=heirs[0])


def _kept(actor: Actor, one: WorkGoal, owner: str | None, values: Values, what: str) -> WorkGoal:
    for name in FIELDS:
        if name in values:
            setattr(one, name, values[name])
    if owner is not None:
        one.owner = people.staff(owner) if owner else None
        if owner and one.owner is None:
            raise InvalidError(f"somebody of staff, not {owner}", f"工作人员用户名, 不是 {owner}")
    if one.starts_on >= one.due_on or one.target == one.start:
        raise InvalidError(
            "an end after the start, and a target beside it", "截止晚于开始, 目标值不同于起始值"
        )
    if one.counts and one.counts not in facilities.standards().types:
        raise InvalidError(f"a facility type, not {one.counts}", f"设施类型, 不是 {one.counts}")
    one.version += 1
    one.save()
    _say(actor, one, what, {"name": one.name})
    return goal(actor, one.pk)


def _locked(actor: Actor, number: int) -> WorkGoal:
    seen = goal(actor, number)
    actor.check("project.write", seen.place.lineage)
    return (
        WorkGoal.objects.select_for_update(of=("self",))
        .select_related("place", "owner")
        .get(pk=number)
    )


def _counted(one: WorkGoal) -> int:
    """Projects of the type that were accepted at the place and below since the goal began."""
    rows = Project.objects.filter(place__lineage__startswith=one.place.lineage, state="accepted")
    return rows.filter(facility_type=one.counts, accepted_on__gte=one.starts_on).count()


def _standing(one: WorkGoal, done: float) -> Standing:
    today = timezone.localdate()
    if done >= 1.0:
        return "done"
    if today > one.due_on:
        return "overdue"
    gone = (today - one.starts_on) / (one.due_on - one.starts_on)
    return "on_track" if done + _SLACK >= gone else "behind"


def _say(actor: Actor, one: WorkGoal, what: str, detail: dict[str, Any]) -> None:
    audit.record(actor, f"goal.{what}", f"goal:{one.pk}", one.place.lineage, detail)
    stream.emit("goal", one.place.lineage, "project.read", {"id": one.pk})
