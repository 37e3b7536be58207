from __future__ import annotations

from typing import Any

from ninja import Router, Status

from lifecircle.hub.duty import actions, queries
from lifecircle.hub.duty.models import Shift
from lifecircle.hub.duty.schemas import HandOver, ShiftIn, ShiftOut, SubstituteIn
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Day, Number, Text

router = Router(tags=["duty"])


@router.get("/shifts", response={200: list[ShiftOut], **ERRORS}, summary="The roster")
def list_shifts(request: HubRequest, place: Text = "", day: Day | None = None) -> list[Any]:
    return list(queries.shifts(request.actor, place=place, day=day)[:1000])


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
