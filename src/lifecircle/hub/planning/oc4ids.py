"""Projects as OC4IDS 0.9, the open contracting data standard for infrastructure.

https://standard.open-contracting.org/infrastructure/ - a project package of what is known here: title, status, period,
sector, location, budget by year and source, parties, documents by name, completion. Contracting processes are not kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from lifecircle.hub.errors import InvalidError
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.planning import queries
from lifecircle.hub.planning.attachments import attachments
from lifecircle.hub.planning.models import Project

VERSION = "0.9"
_STATUS = {
    "idea": "identification", "reserve": "identification", "listed": "preparation", "approved": "preparation",
    "building": "implementation", "accepted": "completed", "dropped": "cancelled",
}  # fmt: skip
_SECTOR = {
    "C01": "education", "C02": "health", "C03": "cultureSportsAndRecreation", "C04": "cultureSportsAndRecreation",
    "C05": "economy", "C06": "governance", "C07": "economy", "C08": "socialHousing", "C09": "transport",
    "C10": "cultureSportsAndRecreation", "C11": "governance",
}  # fmt: skip
TYPE_SCHEME = "lifecircle-facility-type"
_GAZETTEER = "CN-GB/T 2260"


def package(found: Sequence[Project], *, uri: str) -> dict[str, Any]:
    """A project package; `InvalidError` without a project, for a package has one at least."""
    if not found:
        raise InvalidError("one or more projects", "至少一个项目")
    return {
        "uri": uri, "version": VERSION, "publishedDate": timezone.now().isoformat(timespec="seconds"),
        "publisher": {"name": settings.PUBLISHER}, "projects": [_project(one) for one in found],
    }  # fmt: skip


def _project(one: Project) -> dict[str, Any]:
    kind = facilities.standards().types.get(one.facility_type)
    lines = list(one.budget.all())
    last = queries.events(one).first()
    said: dict[str, Any] = {
        "id": f"{settings.OC4IDS_PREFIX}{one.ref}", "title": one.name, "description": one.about,
        "updated": _moment(last.at if last else one.created_at),
        "status": _STATUS[one.state], "period": _period(one.starts_on, one.due_on),
        "type": "rehabilitation" if one.kind == "enlarge" else "construction",
        "locations": [_location(one)],
    }  # fmt: skip
    if kind is not None:
        said["sector"] = [_SECTOR.get(kind.category, "governance")]
        said["additionalClassifications"] = [
            {"scheme": TYPE_SCHEME, "id": kind.id, "description": f"{kind.name_zh} {kind.name_en}"}
        ]
    parties = _parties(one, [line.source for line in lines])
    if lines:
        said["budget"] = {
            "amount": _money(sum(line.planned_cny for line in lines)),
            "budgetBreakdown": [
                {
                    "id": str(number), "description": f"{line.year} {line.source}", "amount": _money(line.planned_cny),
                    "period": _period(dt.date(line.year, 1, 1), dt.date(line.year, 12, 31)),
                    "sourceParty": {"id": _party_id(parties, line.source), "name": line.source},
                }
                for number, line in enumerate(lines, start=1)
            ],
        }  # fmt: skip
        if one.annual is not None and one.annual.approved_at is not None:
            said["budget"]["approvalDate"] = _moment(one.annual.approved_at)
    if parties:
        said["parties"] = parties
    files = [
        {"id": str(file.pk), "title": file.title or file.name, "datePublished": _moment(file.added_at),
         "documentType": "projectPhoto" if file.kind == "photo" else "projectScope", "accessDetails": "on request / 依申请"}
        for file in attachments(one)
    ]  # fmt: skip
    if files:
        said["documents"] = files
    if one.accepted_on is not None:
        said["completion"] = {
            "endDate": _day(one.accepted_on), "finalValue": _money(sum(line.spent_cny for line in lines)),
            "finalScope": one.name,
        }  # fmt: skip
    return {name: value for name, value in said.items() if value not in ("", {}, [], None)}


def _location(one: Project) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": "1", "description": one.place.name_zh,
        "gazetteer": {"scheme": _GAZETTEER, "identifiers": [one.place.code]},
    }  # fmt: skip
    if one.lon is not None:
        found["geometry"] = {"type": "Point", "coordinates": [one.lon, one.lat]}
    return found


def _parties(one: Project, sources: Sequence[str]) -> list[dict[str, Any]]:
    roles: dict[str, list[str]] = {}
    named = [(one.department, "publicAuthority"), *((name, "administrativeEntity") for name in one.supporting),
             *((name, "funder") for name in sources)]  # fmt: skip
    for name, role in named:
        if name and role not in roles.setdefault(name, []):
            roles[name].append(role)
    return [
        {"id": str(number), "name": name, "roles": each}
        for number, (name, each) in enumerate(roles.items(), start=1)
    ]


def _party_id(parties: Sequence[Mapping[str, Any]], name: str) -> str:
    return next((str(one["id"]) for one in parties if one["name"] == name), "")


def _money(amount: float) -> dict[str, Any]:
    return {"amount": amount, "currency": "CNY"}


def _period(start: dt.date | None, end: dt.date | None) -> dict[str, Any]:
    said = {"startDate": start and _day(start), "endDate": end and _day(end)}
    found: dict[str, Any] = {name: value for name, value in said.items() if value}
    if start and end:
        found["durationInDays"] = (end - start).days
    return found


def _day(day: dt.date) -> str:
    return _moment(timezone.make_aware(dt.datetime.combine(day, dt.time())))


def _moment(moment: dt.datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
