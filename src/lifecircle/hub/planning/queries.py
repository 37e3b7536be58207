"""Reads of projects, narrowed to the caller's places."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import MissingError
from lifecircle.hub.places.queries import within
from lifecircle.hub.planning.models import AnnualList, Project, ProjectEvent, Proof, Proposal
from lifecircle.hub.planning.states import days_late

_OPEN = ("idea", "reserve", "listed", "approved", "building")


def projects(
    actor: Actor, *, state: str = "", place: str = "", type_: str = "", horizon: str = "", year: int | None = None,
    text: str = "", late: bool = False,
) -> QuerySet[Project]:  # fmt: skip
    """The projects that a caller may see, by state, below a place, by type, horizon, year, name, late ones."""
    rows = Project.objects.filter(within(actor, "project.read", "place__lineage"))
    wanted = {
        "state": state, "place__lineage__contains": f"/{place}/" if place else "", "facility_type": type_,
        "horizon": horizon, "annual__year": year,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(ref__icontains=text))
    if late:
        today = timezone.localdate()
        behind = Q(due_on__lt=today) | Q(
            milestones__due_on__lt=today, milestones__done_on__isnull=True
        )
        rows = rows.filter(behind, state__in=_OPEN).distinct()
    related = ("place", "responsible", "annual", "copied_from")
    return rows.select_related(*related).prefetch_related("budget", "milestones", "risks")


def project(actor: Actor, ref: str) -> Project:
    """One project; `MissingError` if there is none for this caller."""
    found = projects(actor).filter(ref=ref).first()
    if found is None:
        raise MissingError(f"no project {ref}", f"没有项目 {ref}")
    return found


def events(one: Project) -> QuerySet[ProjectEvent]:
    """What was done to a project, the latest first."""
    return one.events.order_by("-pk")


def proof(actor: Actor, ref: str) -> Proof:
    """What an accepted project changed; `MissingError` before it is accepted."""
    found = (
        Proof.objects.filter(project=project(actor, ref)).select_related("before", "after").first()
    )
    if found is None:
        raise MissingError("the project is not accepted yet", "项目尚未验收")
    return found


def proofs(actor: Actor) -> QuerySet[Proof]:
    """The proofs of all accepted projects that a caller may see, the latest first."""
    rows = Proof.objects.filter(within(actor, "project.read", "project__place__lineage"))
    return rows.select_related("project", "before", "after").order_by(
        "-project__accepted_on", "-pk"
    )


def proposals(actor: Actor) -> QuerySet[Proposal]:
    """The proposals for places that a caller may see, the latest first."""
    rows = Proposal.objects.filter(within(actor, "project.read", "place__lineage"))
    return rows.select_related("place", "run")


def proposal(actor: Actor, number: int) -> Proposal:
    """One proposal; `MissingError` if there is none for this caller."""
    found = proposals(actor).filter(pk=number).first()
    if found is None:
        raise MissingError("no such proposal", "没有这个方案")
    return found


def lists(actor: Actor) -> QuerySet[AnnualList]:
    """The annual lists of places that a caller may see, the latest year first."""
    rows = AnnualList.objects.filter(within(actor, "project.read", "place__lineage"))
    return rows.select_related("place")


def annual(actor: Actor, number: int) -> AnnualList:
    """One annual list; `MissingError` if there is none for this caller."""
    found = lists(actor).filter(pk=number).first()
    if found is None:
        raise MissingError("no such annual list", "没有这份年度清单")
    return found


def summary(actor: Actor, place: str = "") -> dict[str, Any]:
    """How many projects are in each state, what money is planned and spent by year and source, who is late."""
    today = timezone.localdate()
    states: dict[str, int] = defaultdict(int)
    money: dict[tuple[int, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    late = []
    for one in projects(actor, place=place):
        states[one.state] += 1
        if one.state == "dropped":
            continue
        for line in one.budget.all():
            sums = money[line.year, line.source]
            sums[0] += line.planned_cny
            sums[1] += line.spent_cny
        days = days_late(one, today)
        if days:
            late.append({"ref": one.ref, "name": one.name, "days": days})
    return {
        "states": dict(states),
        "money": [
            {"year": year, "source": source, "planned_cny": planned, "spent_cny": spent}
            for (year, source), (planned, spent) in sorted(money.items())
        ],
        "late": sorted(late, key=lambda one: -one["days"]),
    }  # fmt: skip


def free_ref(day: dt.date) -> str:
    """The next number of a year: P-2026-0001."""
    start = f"P-{day.year}-"
    last = (
        Project.objects.filter(ref__startswith=start)
        .order_by("-ref")
        .values_list("ref", flat=True)
        .first()
    )
    return f"{start}{int(last.rsplit('-', 1)[1]) + 1 if last else 1:04}"


def snapshot(one: Project) -> Mapping[str, Any]:
    """A project as an annual list keeps it."""
    return {
        "ref": one.ref, "name": one.name, "place": one.place.code, "place_zh": one.place.name_zh, "kind": one.kind,
        "facility_type": one.facility_type, "department": one.department, "supporting": one.supporting,
        "due_on": None if one.due_on is None else one.due_on.isoformat(), "version": one.version,
        "budget": [
            {"year": line.year, "source": line.source, "planned_cny": line.planned_cny}
            for line in one.budget.all()
        ],
    }  # fmt: skip
