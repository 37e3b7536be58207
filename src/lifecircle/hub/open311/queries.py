"""Reads of Open311: keys, and of cases what everybody may know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.cases import queries as cases
from lifecircle.hub.cases.kinds import Kind, kinds
from lifecircle.hub.errors import InvalidError, MissingError
from lifecircle.hub.open311.models import Application, Submission
from lifecircle.hub.places import queries as places
from lifecircle.hub.tokens import digest_of

MOST = 1000
SPAN = dt.timedelta(days=90)
CLOSED = ("resolved", "verified", "closed", "merged")
_ROUGH = 3
"""Decimals of a degree that are told, some 100 m: a report may be of somebody's own home."""
_NOTES = {
    "received": "已登记, 等待受理 Received, nobody has taken it yet",
    "assigned": "已派单 Assigned",
    "accepted": "已受理 Somebody has taken it",
    "on_site": "人员已到场 Somebody is there",
    "handed": "已转交专业单位 Handed to a body of its field",
    "resolved": "已办结, 等待核实 Resolved, yet to be verified",
    "verified": "已办结并核实 Resolved and verified",
    "closed": "已归档 Closed",
    "merged": "重复报事, 并入已有事件 Duplicate request",
}


def applications(actor: Actor) -> QuerySet[Application]:
    """All applications, for those who give them keys; `count` is how many reports came by each."""
    actor.check("application.write")
    return Application.objects.annotate(count=Count("submissions"))


def application(key: str) -> Application | None:
    """The application whose key this is; None for none, or one that was taken back."""
    return Application.objects.filter(digest=digest_of(key), ended_at__isnull=True).first()


def jurisdiction() -> str:
    """What this server serves: as set, else the district's code."""
    if settings.JURISDICTION:
        return str(settings.JURISDICTION)
    district = places.below("/").filter(level="district").first()
    return district.code if district else ""


def services() -> dict[str, Kind]:
    """The kinds that the public may report, by id."""
    return {name: one for name, one in kinds().items() if one.public is not None}


def service(code: str) -> Kind:
    """One of them; `MissingError` for any other."""
    found = services().get(code)
    if found is None:
        raise MissingError(f"service_code {code[:40]} was not found", "没有这类服务")
    return found


def of_token(token: str) -> Any:
    """The case that a client named by a token; `MissingError` if there is none, or not one alone."""
    found = list(Submission.objects.filter(token=token).select_related("case")[:2])
    if len(found) != 1:
        raise MissingError("token was not found", "没有这个编号")
    return found[0].case


def requests(
    *, codes: Sequence[str] = (), states: Sequence[str] = (), since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> QuerySet[Any]:  # fmt: skip
    """Cases that came within a span of at most 90 days, the latest first; duplicates are not listed.

    Raises
    ------
    InvalidError
        The span is longer, or ends before it begins, or a status is none.
    """
    first, last = _span(since, until)
    rows = cases.known_to_all().exclude(state="merged")
    rows = rows.filter(opened_at__gte=first, opened_at__lte=last)
    if set(states) - {"open", "closed"}:
        raise InvalidError("status: open, closed", "状态: open, closed")
    if codes:
        rows = rows.filter(kind__in=[service(code).id for code in codes])
    if len(set(states)) == 1:
        done = Q(state__in=CLOSED)
        rows = rows.filter(done if "closed" in states else ~done)
    return rows.order_by("-opened_at", "-pk")


def by_ids(refs: Sequence[str]) -> QuerySet[Any]:
    """Cases by their numbers, duplicates too: whoever reported one may ask what became of it."""
    return cases.known_to_all().filter(ref__in=refs).order_by("-opened_at", "-pk")


def told(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Cases as the standard tells them: where about and how they stand, and nothing that a person wrote."""
    found = list(rows)
    where = places.told_to_all({one.place.lineage for one in found})
    return [_told(one, where[one.place.lineage], kinds()[one.kind]) for one in found]


def due_words(one: Any) -> str:
    """What is to be expected, for who reported it."""
    due = timezone.localtime(one.close_due)
    return f"预计 {due:%Y-%m-%d %H:%M} 前办结。Expected to be settled by then."


def _told(one: Any, where: Sequence[Any], about: Kind) -> dict[str, Any]:
    closed = one.state in CLOSED
    ended = one.resolved_at or one.closed_at
    return {
        "service_request_id": one.ref,
        "status": "closed" if closed else "open",
        "status_notes": _NOTES[one.state],
        "service_name": f"{about.zh} {about.en}",
        "service_code": about.id,
        "description": f"{''.join(place.name_zh for place in where[1:])}{about.zh}",
        "agency_responsible": one.department or None,
        "service_notice": None if closed or one.paused_at else due_words(one),
        "requested_datetime": _moment(one.opened_at),
        "updated_datetime": _moment(ended if closed and ended else one.updated_at or one.opened_at),
        "expected_datetime": None if closed or one.paused_at else _moment(one.close_due),
        "address": ", ".join(place.name_zh for place in reversed(where)),
        "address_id": where[-1].code if where else None,
        "zipcode": None,
        "lat": None if one.lat is None else round(one.lat, _ROUGH),
        "long": None if one.lon is None else round(one.lon, _ROUGH),
        "media_url": None,
    }


def _span(since: dt.datetime | None, until: dt.datetime | None) -> tuple[dt.datetime, dt.datetime]:
    last = until or (since + SPAN if since else timezone.now())
    first = since or last - SPAN
    if not dt.timedelta(0) <= last - first <= SPAN:
        raise InvalidError(
            "start_date before end_date, at most 90 days apart", "起止时间, 相距不超过 90 天"
        )
    return first, last


def _moment(at: dt.datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
