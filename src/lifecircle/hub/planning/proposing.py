"""Writes of proposals: asked for, stopped, and made into projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries as assessments
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places import queries as places
from lifecircle.hub.planning import actions, queries
from lifecircle.hub.planning.models import Project, Proposal
from lifecircle.hub.stream import actions as stream

_MOST_WAITING = 20


@transaction.atomic
def ask(actor: Actor, *, place: str, title: str, asked: Mapping[str, Any]) -> Proposal:
    """Ask for a proposal of what to build in the idle spaces at a place and below, on the latest assessment.

    Raises
    ------
    ConflictError
        Too many wait already.
    MissingError
        There is no assessment that is done.
    """
    where = places.open_place(actor, place)
    actor.check("project.write", where.lineage)
    run = assessments.run(actor)
    known = facilities.standards().types
    for kind in [
        *(asked.get("kinds") or ()),
        *asked.get("hours", {}),
        *(k for p in asked.get("apart", ()) for k in p),
    ]:
        if kind not in known:
            raise InvalidError(f"a facility type, not {kind}", f"设施类型, 不是 {kind}")
    if Proposal.objects.filter(state__in=("queued", "running")).count() >= _MOST_WAITING:
        raise ConflictError("too many proposals are waiting", "排队的方案过多")
    one = Proposal.objects.create(
        place=where, title=title, run=run, asked=dict(asked), requested_by=actor.name
    )
    audit.record(actor, "proposal.asked", f"proposal:{one.pk}", where.lineage)
    tell(one)
    return one


@transaction.atomic
def cancel(actor: Actor, number: int) -> Proposal:
    """Stop a search; what it found so far stays.

    Raises
    ------
    ConflictError
        It is over.
    """
    seen = queries.proposal(actor, number)
    actor.check("project.write", seen.place.lineage)
    one = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("place", "run")
        .get(pk=number)
    )
    if one.state not in {"queued", "running"}:
        raise ConflictError(f"the search is {one.state}", "求解已结束")
    one.cancel = True
    if one.state == "queued":
        one.state, one.finished_at = "cancelled", timezone.now()
    one.save(update_fields=["cancel", "state", "finished_at"])
    audit.record(actor, "proposal.cancelled", f"proposal:{number}", one.place.lineage)
    return one


@transaction.atomic
def to_projects(actor: Actor, number: int, picks: Sequence[int]) -> list[Project]:
    """Make projects of what a proposal builds: ideas with their space, money and promise.

    Raises
    ------
    ConflictError
        It is not done.
    InvalidError
        It builds no such thing.
    """
    one = queries.proposal(actor, number)
    if one.state not in {"done", "cancelled"} or "builds" not in one.result:
        raise ConflictError(f"the search is {one.state}", "求解尚未完成")
    builds = one.result["builds"]
    if any(k >= len(builds) for k in picks):
        raise InvalidError(f"0 to {len(builds) - 1}", f"0 至 {len(builds) - 1}")
    made = []
    kinds = facilities.standards().types
    for build in (builds[k] for k in dict.fromkeys(picks)):
        space = facilities.space(actor, build["space"]) if build["space"] else None
        values: dict[str, Any] = {
            "name": f"{kinds[build['kind']].name_zh} ({build['name']})"[:200], "kind": "new" if space else "enlarge",
            "facility_type": build["kind"], "space": build["space"], "facility": build["facility"], "lon": build["lon"],
            "lat": build["lat"], "horizon": "near", "promised": {"people": round(build["serves"])},
            "place": (space or facilities.facility(actor, build["facility"])).place.code,
            "planned": {name: value for name, value in (
                ("floor_area_m2", build["area_m2"]), ("capacity", build["capacity"])) if value is not None},
        }  # fmt: skip
        project = actions.create(actor, values, evidence={"proposal": number, "title": one.title})
        if build["cost_cny"]:
            year = (one.asked.get("from_year") or timezone.localdate().year) + build["year"] - 1
            line = {
                "year": year,
                "source": "待定 open",
                "planned_cny": build["cost_cny"],
                "spent_cny": 0.0,
            }
            project = actions.set_budget(actor, project.ref, [line], version=project.version)
        made.append(project)
    return made


def tell(one: Proposal) -> None:
    """Say on the stream how a proposal stands."""
    data = {"id": one.pk, "state": one.state}
    stream.emit("proposal", one.place.lineage, "project.read", data)
