from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Form, Router, Status, UploadedFile

from lifecircle.hub.downloads import TYPES, download
from lifecircle.hub.duty import actions, imports, planning, queries, sheets, weeks
from lifecircle.hub.duty.models import Shift
from lifecircle.hub.duty.schemas import (
    DutyHoles,
    DutyWeek,
    HandOver,
    RosterPerson,
    ShiftIn,
    ShiftOut,
    ShiftPlan,
    ShiftsMade,
    SubstituteIn,
)
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Day, Number, Text, as_file
from lifecircle.hub.uploads import stored

ENDINGS = (".xlsx", ".csv")
router = Router(tags=["duty"])


@router.get("/shifts", response={200: list[ShiftOut], **ERRORS}, summary="The roster")
def list_shifts(request: HubRequest, place: Text = "", day: Day | None = None) -> list[Any]:
    return list(queries.shifts(request.actor, place=place, day=day)[:1000])


@router.get(
    "/shifts/week", response={200: DutyWeek, **ERRORS}, summary="The roster of a place in a week"
)
def duty_week(request: HubRequest, place: Text, day: Day | None = None) -> dict[str, Any]:
    return weeks.week(request.actor, place, day or timezone.localdate())


@router.get(
    "/shifts/holes",
    response={200: list[DutyHoles], **ERRORS},
    summary="Hours of the next seven days when nobody is on duty",
)
def duty_holes(request: HubRequest, place: Text = "") -> list[dict[str, Any]]:
    return weeks.ahead(request.actor, place=place)


@router.get(
    "/shifts/people",
    response={200: list[RosterPerson], **ERRORS},
    summary="Who can be put on duty at a place",
)
def duty_people(request: HubRequest, place: Text) -> list[dict[str, Any]]:
    return weeks.people(request.actor, place)


@router.get(
    "/shifts/form.xlsx",
    summary="A month's roster as a workbook to fill in",
    openapi_extra=as_file(TYPES["xlsx"]),
)
def duty_form(
    request: HubRequest, place: Text, month: Day | None = None, language: sheets.Language = "zh"
) -> HttpResponse:
    people = weeks.people(request.actor, place)
    first = (month or timezone.localdate()).replace(day=1)
    return download("值班表", "xlsx", lambda path: sheets.write_form(path, people, first, language))


@router.post(
    "/shifts/import",
    response={200: ShiftsMade, **ERRORS},
    summary="Put a table on the roster, all rows or none",
)
def import_shifts(
    request: HubRequest, file: File[UploadedFile], place: Form[Text]
) -> imports.Imported:
    with stored(file, "shifts", ENDINGS) as path:
        return imports.plan_all(request.actor, path, place=place, name=file.name or path.name)


@router.post(
    "/shifts/plan",
    response={200: ShiftsMade, **ERRORS},
    summary="Put people on duty on many days, in turns",
)
def plan_shifts(request: HubRequest, body: ShiftPlan) -> planning.Planned:
    given = body.dict()
    place = given.pop("place")
    starts, ends = (dt.time.fromisoformat(given.pop(name)) for name in ("starts", "ends"))
    return planning.plan(request.actor, place, planning.Turns(starts=starts, ends=ends, **given))


@router.post("/shifts", response={201: ShiftOut, **ERRORS}, summary="Put somebody on duty")
def put(request: HubRequest, body: ShiftIn) -> Status[Shift]:
    made = actions.put(request.actor, **body.dict())
    return Status(201, queries.shift(request.actor, made.pk))


@router.post(
    "/shifts/{number}/substitute",
    response={200: ShiftOut, **ERRORS},
    summary="Let somebody stand in",
)
def substitute(request: HubRequest, number: Number, body: SubstituteIn) -> Shift:
    actions.substitute(request.actor, number, body.username)
    return queries.shift(request.actor, number)


@router.post(
    "/shifts/{number}/hand-over", response={200: ShiftOut, **ERRORS}, summary="Hand over now"
)
def hand_over(request: HubRequest, number: Number, body: HandOver) -> Shift:
    actions.hand_over(request.actor, number, body.note)
    return queries.shift(request.actor, number)


@router.delete("/shifts/{number}", response={204: None, **ERRORS}, summary="Take it off the roster")
def take_off(request: HubRequest, number: Number) -> Status[None]:
    actions.take_off(request.actor, number)
    return Status(204, None)
