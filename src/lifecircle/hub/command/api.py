from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from lifecircle.hub.command import actions, queries, replaying, reporting
from lifecircle.hub.command.around import around, get_ready
from lifecircle.hub.command.schemas import (
    AroundOut,
    BroadcastIn,
    BroadcastOut,
    DayOut,
    NowOut,
    ShiftReport,
)
from lifecircle.hub.downloads import TYPES
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Instant, Text, as_file

router = Router(tags=["command"])


@router.get(
    "/command/now", response={200: NowOut, **ERRORS}, summary="How things stand, for one screen"
)
def now(request: HubRequest, place: Text = "") -> dict[str, Any]:
    found = queries.now(request.actor, place)
    get_ready(request.actor)
    return found


@router.get(
    "/command/day",
    response={200: DayOut, **ERRORS},
    summary="How cases stood at a moment of the past day",
)
def day(request: HubRequest, at: Instant | None = None, place: Text = "") -> dict[str, Any]:
    return replaying.day(request.actor, place, at)


@router.get(
    "/command/shift-report", response={200: ShiftReport, **ERRORS}, summary="The report of a shift"
)
def shift_report(
    request: HubRequest,
    place: Text = "",
    since: Instant | None = None,
    until: Instant | None = None,
) -> dict[str, Any]:
    return reporting.report(request.actor, place, since, until)


@router.get(
    "/command/shift-report/file", response={200: None, **ERRORS}, summary="The report of a shift, as a workbook",
    openapi_extra=as_file(TYPES["xlsx"]),
)  # fmt: skip
def shift_workbook(
    request: HubRequest,
    place: Text = "",
    since: Instant | None = None,
    until: Instant | None = None,
) -> HttpResponse:
    return reporting.workbook(reporting.report(request.actor, place, since, until))


@router.get(
    "/cases/{ref}/around",
    response={200: AroundOut, **ERRORS},
    summary="What is around a case: who is nearest on foot",
)
def case_around(request: HubRequest, ref: str) -> dict[str, Any]:
    return around(request.actor, ref)


@router.post(
    "/command/broadcast",
    response={200: BroadcastOut, **ERRORS},
    summary="Tell everybody who is on duty",
)
def broadcast(request: HubRequest, body: BroadcastIn) -> dict[str, Any]:
    told = actions.broadcast(request.actor, **body.dict())
    return {"told": len(told), "names": [one.name for one in told]}
