from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Status

from lifecircle.hub.cases import actions, evaluating, meetings, queries, retention
from lifecircle.hub.cases.figures import figures
from lifecircle.hub.cases.kinds import kinds, moves
from lifecircle.hub.cases.schemas import (
    CaseEvaluation,
    CaseEventOut,
    CaseFigures,
    CaseHold,
    CaseIn,
    CaseMerge,
    CaseMove,
    CaseOut,
    CasePage,
    CasePause,
    CaseSplit,
    CaseState,
    CaseStepOut,
    CaseVersion,
    CaseWhole,
    DoorOut,
    KindOut,
    MeetingIn,
    Priority,
    RatingIn,
    ToldOut,
)
from lifecircle.hub.downloads import TYPES, download
from lifecircle.hub.notify import queries as notices
from lifecircle.hub.paging import page_of
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Day, Limit, Offset, Text, as_file

router = Router(tags=["cases"])


@router.get("/cases", response={200: CasePage, **ERRORS}, summary="Cases, the latest first")
def list_cases(
    request: HubRequest, state: CaseState | None = None, place: Text = "", kind: Text = "", priority: Priority | None = None,
    text: Text = "", device: Text = "", mine: bool = False, open: bool = False, limit: Limit = 100, offset: Offset = 0,  # noqa: A002
) -> dict[str, Any]:  # fmt: skip
    rows = queries.cases(
        request.actor, state=state or "", place=place, kind=kind, priority=priority or "", text=text, mine=mine, open_=open
    )  # fmt: skip
    rows = queries.about_device(rows, device) if device else rows
    return page_of(rows, limit, offset, queries.told)


@router.get(
    "/cases/desk",
    response={200: list[CaseWhole], **ERRORS},
    summary="The cases that the caller holds, and those that wait for an answer",
)
def desk(request: HubRequest) -> list[dict[str, Any]]:
    request.actor.check("case.act")
    return queries.desk(request.actor)


@router.get("/cases/moves", response={200: list[CaseStepOut], **ERRORS}, summary="The workflow")
def list_moves(request: HubRequest) -> list[Any]:
    request.actor.check("case.read")
    return list(moves().values())


@router.get("/cases/kinds", response={200: list[KindOut], **ERRORS}, summary="Kinds of cases")
def list_kinds(request: HubRequest) -> list[Any]:
    request.actor.check("case.read")
    return list(kinds().values())


@router.get(
    "/cases/figures",
    response={200: CaseFigures, **ERRORS},
    summary="Settled by tier, answer and arrival times",
)
def case_figures(
    request: HubRequest, since: Day | None = None, until: Day | None = None, place: Text = ""
) -> dict[str, Any]:
    request.actor.check("case.read")
    first, last = _span(since, until)
    return figures(request.actor, since=first, until=last, place=place)


@router.get(
    "/cases/evaluation",
    response={200: CaseEvaluation, **ERRORS},
    summary="How places do with their cases",
)
def case_evaluation(
    request: HubRequest, since: Day | None = None, until: Day | None = None, place: Text = ""
) -> dict[str, Any]:
    request.actor.check("case.read")
    first, last = _span(since, until)
    return evaluating.evaluation(request.actor, since=first, until=last, place=place)


@router.get(
    "/cases/evaluation.xlsx",
    summary="The evaluation as a workbook",
    openapi_extra=as_file(TYPES["xlsx"]),
)
def case_evaluation_export(
    request: HubRequest, since: Day | None = None, until: Day | None = None, place: Text = ""
) -> HttpResponse:
    request.actor.check("case.read")
    first, last = _span(since, until)
    found = evaluating.evaluation(request.actor, since=first, until=last, place=place)
    ordered = evaluating.ordered(request.actor, since=first, until=last, place=place)
    return download("cases", "xlsx", lambda path: evaluating.write(path, found, ordered))


def _span(since: dt.date | None, until: dt.date | None) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of a day, the last thirty days where none is named, and that after the last."""
    today = timezone.localdate()
    days = (since or today - dt.timedelta(30), (until or today) + dt.timedelta(1))
    first, last = (timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in days)
    return first, last


@router.post("/cases", response={201: CaseOut, **ERRORS}, summary="Report a matter")
def report(request: HubRequest, body: CaseIn) -> Status[dict[str, Any]]:
    given = body.dict()
    place = given.pop("place")
    made = actions.report(request.actor, place=place, told=actions.Report(**given))
    return Status(201, queries.told(queries.case(request.actor, made.ref)))


@router.get("/cases/{ref}", response={200: CaseWhole, **ERRORS}, summary="One case")
def case(request: HubRequest, ref: str) -> dict[str, Any]:
    return queries.whole(request.actor, queries.case(request.actor, ref))


@router.get(
    "/cases/{ref}/history",
    response={200: list[CaseEventOut], **ERRORS},
    summary="What happened to it",
)
def history(request: HubRequest, ref: str) -> list[Any]:
    return list(queries.events(queries.case(request.actor, ref)))


@router.get(
    "/cases/{ref}/told",
    response={200: list[ToldOut], **ERRORS},
    summary="Who was told, and whether it arrived",
)
def told(request: HubRequest, ref: str) -> list[dict[str, Any]]:
    one = queries.case(request.actor, ref)
    names = ("channel", "state", "created_at", "sent_at", "delivered_at", "receipt", "error")
    return [
        {
            "username": row.account.username if row.account else "",
            "name": row.account.name if row.account else row.chat.name if row.chat else row.who,
            **{name: getattr(row, name) for name in names},
        }
        for row in notices.of_case(one)
    ]  # fmt: skip


@router.post(
    "/cases/{ref}/door",
    response={200: DoorOut, **ERRORS},
    summary="The door, for who holds it; audited",
)
def door(request: HubRequest, ref: str) -> dict[str, Any]:
    return queries.door(request.actor, ref)


@router.post(
    "/cases/{ref}/moves/{name}",
    response={200: CaseOut, **ERRORS},
    summary="Make a move of the workflow",
)
def move(request: HubRequest, ref: str, name: str, body: CaseMove) -> dict[str, Any]:
    values = body.dict(include={"note", "assignee", "body"})
    how = body.dict(include={"version", "checked", "key", "made_at"})
    actions.move(request.actor, ref, name, values=values, **how)
    return queries.told(queries.case(request.actor, ref))


@router.post(
    "/cases/{ref}/pause",
    response={200: CaseOut, **ERRORS},
    summary="Stop its clocks, with a reason",
)
def pause(request: HubRequest, ref: str, body: CasePause) -> dict[str, Any]:
    actions.pause(request.actor, ref, version=body.version, note=body.note)
    return queries.told(queries.case(request.actor, ref))


@router.post(
    "/cases/{ref}/resume", response={200: CaseOut, **ERRORS}, summary="Start its clocks again"
)
def resume(request: HubRequest, ref: str, body: CaseVersion) -> dict[str, Any]:
    actions.resume(request.actor, ref, version=body.version)
    return queries.told(queries.case(request.actor, ref))


@router.put(
    "/cases/{ref}/hold",
    response={200: CaseOut, **ERRORS},
    summary="Keep what it says of people beyond its time, or no longer, with a reason",
)
def hold(request: HubRequest, ref: str, body: CaseHold) -> dict[str, Any]:
    retention.hold(request.actor, ref, **body.dict())
    return queries.told(queries.case(request.actor, ref))


@router.post(
    "/cases/{ref}/merge", response={200: CaseOut, **ERRORS}, summary="Merge it into another"
)
def merge(request: HubRequest, ref: str, body: CaseMerge) -> dict[str, Any]:
    actions.merge(request.actor, ref, body.into, version=body.version)
    return queries.told(queries.case(request.actor, ref))


@router.post(
    "/cases/{ref}/split", response={201: list[CaseOut], **ERRORS}, summary="Split matters off it"
)
def split(request: HubRequest, ref: str, body: CaseSplit) -> Status[list[dict[str, Any]]]:
    parts = [actions.Report(source="worker", **part.dict()) for part in body.parts]
    made = actions.split(request.actor, ref, parts, version=body.version)
    return Status(201, [queries.told(queries.case(request.actor, one.ref)) for one in made])


@router.post(
    "/cases/{ref}/rating",
    response={200: CaseOut, **ERRORS},
    summary="What the reporter said when called back",
)
def rate(request: HubRequest, ref: str, body: RatingIn) -> dict[str, Any]:
    actions.rate(request.actor, ref, body.rating, note=body.note)
    return queries.told(queries.case(request.actor, ref))


@router.post(
    "/cases/{ref}/meeting",
    response={200: CaseOut, **ERRORS},
    summary="Call departments together over it",
)
def call_meeting(request: HubRequest, ref: str, body: MeetingIn) -> dict[str, Any]:
    meetings.call_meeting(request.actor, ref, people_=body.people, note=body.note)
    return queries.told(queries.case(request.actor, ref))
