"""Writes of projects: born from a gap, scored, funded, moved on, copied, accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import shapely
from django.db import IntegrityError, transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries as assessments
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.people import queries as people
from lifecircle.hub.places import queries as places
from lifecircle.hub.planning import queries
from lifecircle.hub.planning.models import BudgetLine, Milestone, Project, ProjectEvent, Risk
from lifecircle.hub.planning.states import CRITERIA, MOVES, State, missing
from lifecircle.hub.rights import Right
from lifecircle.hub.stream import actions as stream
from lifecircle.hub.versions import check_version

Values = Mapping[str, Any]

FIELDS = (
    "name", "about", "kind", "facility_type", "space", "facility", "lon", "lat", "planned", "promised", "scores",
    "horizon", "department", "supporting", "responsible", "starts_on", "due_on", "pilot", "place",
)  # fmt: skip
_LATE_FIELDS = frozenset(FIELDS) - {"kind", "facility_type", "place", "scores"}
"""What may still change of a project once it is approved."""
_CARD = (
    "area", "area_zh", "area_en", "scope", "key", "key_zh", "key_en", "colour", "score", "covered_share", "uncovered",
    "gap", "gap_unit", "gap_unit_zh", "people", "reason_zh", "reason_en", "lift_zh", "lift_en", "synthetic",
)  # fmt: skip


@transaction.atomic
def create(
    actor: Actor,
    values: Values,
    *,
    evidence: Values | None = None,
    card: tuple[UUID, str, str, str] | None = None,
) -> Project:
    """Enter a project.

    Parameters
    ----------
    values
        Of `FIELDS`, `name` and `place` among them.
    evidence
        What it was born from, in the caller's words.
    card
        Run, area, scope and key of the card whose gap it closes; kept as it is now.

    Raises
    ------
    InvalidError
        A value is not one for its field.
    ForbiddenError
        The caller may not write projects there.
    """
    one = Project(created_by=actor.name, evidence=dict(evidence or {}), version=0)
    _fill(actor, one, values)
    if card is not None:
        run, area, scope, key = card
        found = assessments.card(actor, assessments.run(actor, run), area, scope, key)
        one.evidence |= {"run": str(run), "card": {name: found.detail.get(name) for name in _CARD}}
        if scope == "type" and not one.facility_type:
            one.facility_type = key
    _insert(one)
    _say(actor, one, "created")
    return one


@transaction.atomic
def change(actor: Actor, ref: str, values: Values, *, version: int) -> Project:
    """Change fields of a project; None takes a value away.

    Raises
    ------
    ConflictError
        It has changed since the caller saw `version` of it, or is past the state in which that may change.
    """
    one = locked(actor, ref, version)
    fixed = sorted(set(values) - _LATE_FIELDS)
    if one.state in {"listed", "approved", "building", "accepted"} and fixed:
        raise ConflictError(
            f"{', '.join(fixed)} cannot change once the project is {one.state}",
            f"项目处于“{one.state}”, 不能再改 {'、'.join(fixed)}",
        )
    _fill(actor, one, values)
    one.save()
    _say(actor, one, "changed", detail={"fields": sorted(values)})
    return one


@transaction.atomic
def set_budget(actor: Actor, ref: str, lines: Sequence[Values], *, version: int) -> Project:
    """Set what money comes from where in which year; once approved only what is spent may change.

    Raises
    ------
    InvalidError
        A year and source occur twice.
    ConflictError
        It has changed since, or what is planned is fixed by the approval.
    """
    one = locked(actor, ref, version)
    keys = [(line["year"], line["source"]) for line in lines]
    if len(set(keys)) < len(keys):
        raise InvalidError("each year and source once", "同一年度和来源只列一次")
    planned = {(line["year"], line["source"]): line["planned_cny"] for line in lines}
    now = {(line.year, line.source): line.planned_cny for line in one.budget.all()}
    if one.state in {"approved", "building", "accepted"} and planned != now:
        raise ConflictError(
            "the money planned is fixed by the approval; only what is spent changes",
            "预算已随批准固定, 只能更新支出",
        )
    one.budget.all().delete()
    BudgetLine.objects.bulk_create(BudgetLine(project=one, **line) for line in lines)
    return _rewritten(actor, one, "budget")


@transaction.atomic
def set_milestones(actor: Actor, ref: str, rows: Sequence[Values], *, version: int) -> Project:
    """Set what is to be done by when, and what is done."""
    one = locked(actor, ref, version)
    one.milestones.all().delete()
    Milestone.objects.bulk_create(Milestone(project=one, **row) for row in rows)
    return _rewritten(actor, one, "milestones")


@transaction.atomic
def set_risks(actor: Actor, ref: str, rows: Sequence[Values], *, version: int) -> Project:
    """Set what may go wrong and what is done about it."""
    one = locked(actor, ref, version)
    one.risks.all().delete()
    Risk.objects.bulk_create(Risk(project=one, **row) for row in rows)
    return _rewritten(actor, one, "risks")


@transaction.atomic
def move(actor: Actor, ref: str, to: State, *, version: int, note: str = "") -> Project:
    """Move a project on, back, or off the lists.

    Raises
    ------
    ConflictError
        It has changed since, does not go there from where it is, or goes by another way (an annual list, acceptance).
    InvalidError
        Something that has to be there first is missing; all of it is named.
    """
    if to in {"listed", "approved", "accepted"}:
        way, way_zh = {
            "listed": ("by an annual list", "年度清单"), "approved": ("by an annual list", "年度清单"),
            "accepted": ("by acceptance", "验收"),
        }[to]  # fmt: skip
        raise ConflictError(f"a project gets there {way}", f"须通过{way_zh}进入")
    one = locked(actor, ref, version)
    if one.state == "listed":
        raise ConflictError("take it off the annual list", "请从年度清单中移出")
    return moved(actor, one, to, note=note)


@transaction.atomic
def copy(actor: Actor, ref: str, codes: Sequence[str]) -> list[Project]:
    """Copy a pilot to other places: ideas there, with what it is, without its money, dates and evidence.

    Raises
    ------
    ConflictError
        It is no pilot.
    """
    one = queries.project(actor, ref)
    if not one.pilot:
        raise ConflictError("only a pilot is copied", "只有试点项目可以复制推广")
    made = []
    for code in dict.fromkeys(codes):
        values = {"name": one.name, "about": one.about, "kind": one.kind, "facility_type": one.facility_type,
                  "planned": one.planned, "department": one.department, "supporting": one.supporting,
                  "place": code}  # fmt: skip
        other = create(actor, values, evidence={"pilot": ref})
        other.copied_from = one
        other.save(update_fields=["copied_from"])
        made.append(other)
    return made


def moved(
    actor: Actor, one: Project, to: State, *, note: str = "", year: int | None = None
) -> Project:
    """Put a project that is held into another state, if the rules and its gates allow it; errors as `move`."""
    if (one.state, to) not in MOVES:
        raise ConflictError(
            f"from {one.state} a project does not go to {to}", "当前状态不能这样流转"
        )
    right, _ = MOVES[one.state, to]  # type: ignore[index]
    check(actor, right, one)
    issues = missing(one, to, note=note, year=year)
    if issues:
        raise InvalidError(f"the project cannot be {to} yet", "条件尚未具备", issues)
    before, one.state = one.state, to
    one.version += 1
    one.save(update_fields=["state", "version", "annual", "accepted_on"])
    _say(actor, one, f"to.{to}", note=note, detail={"from": before})
    return one


def locked(actor: Actor, ref: str, version: int) -> Project:
    """A project that the caller may change, held until the transaction ends.

    Raises
    ------
    ConflictError
        It has changed since the caller saw `version` of it.
    """
    seen = queries.project(actor, ref)
    check(actor, "project.write", seen)
    rows = Project.objects.select_for_update(of=("self",)).select_related(
        "place", "responsible", "annual"
    )
    one = rows.get(pk=seen.pk)
    check_version(one, version)
    return one


def check(actor: Actor, right: Right, one: Project) -> None:
    """Raise `ForbiddenError` unless the right holds at the project's place, for the category of its type."""
    kind = facilities.standards().types.get(one.facility_type)
    actor.check(right, one.place.lineage, "" if kind is None else kind.category)


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Give the projects of a place that ended to the place that goes on there, by position."""
    for one in Project.objects.filter(place=place):
        spot = None if one.lon is None else shapely.Point(one.lon, one.lat)
        home = (h for h in heirs if spot and h.geometry and h.geometry.intersects(spot))
        Project.objects.filter(pk=one.pk).update(place=next(home, heirs[0]))


def _fill(actor: Actor, one: Project, values: Values) -> None:
    """Set fields of a project, if the caller may write where it was and is then."""
    if one.pk:
        check(actor, "project.write", one)
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise InvalidError(f"fields of a project, not {', '.join(sorted(unknown))}", "已有的字段")
    given = dict(values)
    if "place" in given:
        one.place = places.open_place(actor, given.pop("place"))
    if "facility_type" in given:
        one.facility_type = given["facility_type"] or ""
    check(actor, "project.write", one)
    if "responsible" in given:
        one.responsible = _staff(given.pop("responsible"))
    for name, value in given.items():
        empty: Any = {"scores": {}, "planned": {}, "promised": {}, "supporting": []}.get(name)
        text = name in {"about", "facility_type", "space", "facility", "department"}
        setattr(one, name, ("" if text else empty) if value is None else value)
    _check(actor, one)
    one.version += 1


def _check(actor: Actor, one: Project) -> None:
    if not one.name or one.kind not in Project.KINDS or one.horizon not in Project.HORIZONS:
        raise InvalidError(
            f"a name, one of {', '.join(Project.KINDS)}, near or later", "名称、类别与时限"
        )
    if one.facility_type and one.facility_type not in facilities.standards().types:
        raise InvalidError(
            f"a facility type, not {one.facility_type}", f"设施类型, 不是 {one.facility_type}"
        )
    if one.space:
        facilities.space(actor, one.space)
    if one.facility:
        facilities.facility(actor, one.facility)
    if (one.lon is None) != (one.lat is None):
        raise InvalidError("both longitude and latitude", "经度和纬度须同时填写")
    if one.starts_on and one.due_on and one.starts_on > one.due_on:
        raise InvalidError("a start before the end", "开始日期早于完成日期")
    wrong = [
        name for name, value in one.scores.items()
        if name not in CRITERIA or not 0 <= value.get("score", -1) <= 5 or not str(value.get("reason", "")).strip()
    ]  # fmt: skip
    if wrong:
        raise InvalidError(
            f"scores of 0 to 5 with a reason: {', '.join(wrong)}",
            f"0–5 分并说明理由: {'、'.join(wrong)}",
        )


def _staff(username: str | None) -> Any:
    if username is None:
        return None
    found = people.staff(username)
    if found is None:
        raise InvalidError(
            f"the user name of somebody of staff: {username}", f"工作人员的用户名: {username}"
        )
    return found


def _insert(one: Project) -> None:
    """Keep a new project under the next number; two at the same moment get two numbers."""
    for _ in range(20):
        one.ref = queries.free_ref(timezone.localdate())
        try:
            with transaction.atomic():
                one.save(force_insert=True)
        except IntegrityError:
            continue
        return
    raise ConflictError("too many are entered at once", "同时录入过多, 请重试")


def _rewritten(actor: Actor, one: Project, what: str) -> Project:
    one.version += 1
    one.save(update_fields=["version"])
    _say(actor, one, what)
    return queries.project(actor, one.ref)


def _say(
    actor: Actor, one: Project, what: str, *, note: str = "", detail: Values | None = None
) -> None:
    ProjectEvent.objects.create(
        project=one, by=actor.name, what=what, note=note[:500], detail=dict(detail or {})
    )
    audit.record(
        actor, f"project.{what}", f"project:{one.ref}", one.place.lineage, dict(detail or {})
    )
    stream.emit(
        f"project.{what}", one.place.lineage, "project.read", {"ref": one.ref, "state": one.state}
    )
