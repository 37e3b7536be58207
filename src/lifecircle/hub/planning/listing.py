"""Writes of annual lists: which projects of the reserve are built in a year, frozen with the approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, InvalidError, MissingError
from lifecircle.hub.places import queries as places
from lifecircle.hub.planning import queries
from lifecircle.hub.planning.actions import moved
from lifecircle.hub.planning.models import AnnualList, Project
from lifecircle.hub.stream import actions as stream
from lifecircle.hub.versions import check_version


@transaction.atomic
def create(actor: Actor, *, place: str, year: int, title: str) -> AnnualList:
    """Begin the list of a year at a place.

    Raises
    ------
    ConflictError
        There is one.
    """
    where = places.open_place(actor, place)
    actor.check("project.write", where.lineage)
    try:
        with transaction.atomic():
            one = AnnualList.objects.create(place=where, year=year, title=title)
    except IntegrityError as error:
        raise ConflictError(f"there is a list of {year} here", f"此地已有 {year} 年清单") from error
    _say(actor, one, "created")
    return one


@transaction.atomic
def set_projects(actor: Actor, number: int, refs: Sequence[str], *, version: int) -> AnnualList:
    """Set which projects are on a list: new ones come from the reserve, others go back to it.

    Raises
    ------
    ConflictError
        The list has changed since the caller saw `version` of it, is approved, or a project is on another.
    InvalidError
        A project is not ready for the list, or lies elsewhere: the message names it and what is missing.
    """
    one = _locked(actor, number, version, "project.write")
    if one.state != "draft":
        raise ConflictError("the list is approved: it is frozen", "清单已批准, 不能再改")
    wanted = dict.fromkeys(refs)
    rows = Project.objects.select_for_update(of=("self",)).select_related("place", "annual")
    for project in rows.filter(annual=one).order_by("pk"):
        if project.ref not in wanted:
            project.annual = None
            moved(actor, project, "reserve")
    for project in rows.filter(ref__in=wanted).order_by("pk"):
        _add(actor, one, project)
    seen = set(queries.projects(actor).filter(ref__in=wanted).values_list("ref", flat=True))
    if unknown := [ref for ref in wanted if ref not in seen]:
        raise MissingError(f"no project {unknown[0]}", f"没有项目 {unknown[0]}")
    return _changed(actor, one, "changed", {"projects": list(wanted)})


@transaction.atomic
def approve(actor: Actor, number: int, *, version: int) -> AnnualList:
    """Approve a list: its projects are approved with it, and it stands as it is.

    Raises
    ------
    ConflictError
        Somebody changed or approved it meanwhile.
    InvalidError
        It is empty.
    """
    one = _locked(actor, number, version, "project.approve")
    if one.state != "draft":
        raise ConflictError(
            f"approved by {one.approved_by} already", f"已由 {one.approved_by} 批准"
        )
    rows = Project.objects.select_for_update(of=("self",)).select_related("place", "annual")
    projects = list(rows.filter(annual=one).order_by("ref"))
    if not projects:
        raise InvalidError("a list with a project or more", "清单中至少要有一个项目")
    one.frozen = [dict(queries.snapshot(project)) for project in projects]
    for project in projects:
        moved(actor, project, "approved", note=one.title)
    one.state, one.approved_by, one.approved_at = "approved", actor.name, timezone.now()
    return _changed(actor, one, "approved", {"projects": [project.ref for project in projects]})


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Lists of a place that ended go to the first that goes on, where it has none of that year."""
    for one in AnnualList.objects.filter(place=place):
        if not AnnualList.objects.filter(place=heirs[0], year=one.year).exists():
            AnnualList.objects.filter(pk=one.pk).update(place=heirs[0])


def _add(actor: Actor, one: AnnualList, project: Project) -> None:
    if project.annual_id == one.pk:
        return
    queries.project(actor, project.ref)
    if project.annual_id is not None:
        raise ConflictError(f"{project.ref} is on another list", f"{project.ref} 已在另一份清单中")
    if not project.place.lineage.startswith(one.place.lineage):
        raise InvalidError(
            f"projects at or below {one.place.code}, not {project.ref}",
            f"本地的项目, 不含 {project.ref}",
        )
    project.annual = one
    moved(actor, project, "listed", note=one.title, year=one.year)


def _locked(actor: Actor, number: int, version: int, right: Any) -> AnnualList:
    seen = queries.annual(actor, number)
    actor.check(right, seen.place.lineage)
    one = AnnualList.objects.select_for_update(of=("self",)).select_related("place").get(pk=number)
    check_version(one, version)
    return one


def _changed(actor: Actor, one: AnnualList, what: str, detail: dict[str, Any]) -> AnnualList:
    one.version += 1
    one.save()
    _say(actor, one, what, detail)
    return one


def _say(actor: Actor, one: AnnualList, what: str, detail: dict[str, Any] | None = None) -> None:
    audit.record(actor, f"annual.{what}", f"annual:{one.pk}", one.place.lineage, detail or {})
    stream.emit(
        f"annual.{what}", one.place.lineage, "project.read", {"id": one.pk, "year": one.year}
    )
