from __future__ import annotations

from typing import Any

from django.utils import timezone
from ninja import Router, Status

from lifecircle.engine.standards.checklists import checklists
from lifecircle.hub.planning import checking, circles, goals
from lifecircle.hub.planning.circles_schemas import (
    CheckedOut,
    CheckIn,
    ChecklistOut,
    CircleMembers,
    CircleMove,
    CircleOut,
    CirclesIn,
    CircleStepOut,
    DivisionIn,
    DivisionOut,
    GoalChange,
    GoalIn,
    GoalOut,
    GoalReport,
    TargetOut,
    TargetsIn,
)
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Number, Text

router = Router(tags=["planning"])


@router.get(
    "/checklists",
    response={200: list[ChecklistOut], **ERRORS},
    summary="Check lists of pilots and circles",
)
def list_checklists(request: HubRequest) -> list[Any]:
    request.actor.check("project.read")
    return list(checklists().values())


@router.get(
    "/checks/{place}/{checklist}",
    response={200: CheckedOut, **ERRORS},
    summary="A place on a check list",
)
def checked(request: HubRequest, place: str, checklist: str) -> dict[str, Any]:
    return checking.checked(request.actor, place, checklist)


@router.put(
    "/checks/{place}/{checklist}/{item}", response={200: CheckedOut, **ERRORS}, summary="Say what was found of an item"
)  # fmt: skip
def say(
    request: HubRequest, place: str, checklist: str, item: str, body: CheckIn
) -> dict[str, Any]:
    return checking.say(request.actor, place, checklist, item, found=body.met, note=body.note)


@router.get("/circles", response={200: list[CircleOut], **ERRORS}, summary="Life circles")
def list_circles(request: HubRequest) -> list[dict[str, Any]]:
    return circles.circles(request.actor)


@router.post(
    "/circles", response={201: list[CircleOut], **ERRORS}, summary="Draw circles, all or none"
)
def draw(request: HubRequest, body: CirclesIn) -> Status[list[dict[str, Any]]]:
    return Status(201, circles.adopt(request.actor, [one.dict() for one in body.circles]))


@router.post(
    "/circles/divisions",
    response={200: list[DivisionOut], **ERRORS},
    summary="Find divisions into circles",
)
def divide(request: HubRequest, body: DivisionIn) -> list[dict[str, Any]]:
    return circles.divisions(request.actor, **body.dict())


@router.get(
    "/circles/targets",
    response={200: list[TargetOut], **ERRORS},
    summary="How many are to be accepted by when",
)
def targets(request: HubRequest) -> list[dict[str, Any]]:
    return _targets(request)


@router.put(
    "/circles/targets",
    response={200: list[TargetOut], **ERRORS},
    summary="Set the targets of a district",
)
def set_targets(request: HubRequest, body: TargetsIn) -> list[dict[str, Any]]:
    circles.set_targets(request.actor, body.place, [one.dict() for one in body.targets])
    return _targets(request)


@router.get("/circles/{code}", response={200: CircleOut, **ERRORS}, summary="One circle")
def circle(request: HubRequest, code: str) -> dict[str, Any]:
    return circles.circle(request.actor, code)


@router.put("/circles/{code}/members", response={200: CircleOut, **ERRORS}, summary="Draw it anew")
def redraw(request: HubRequest, code: str, body: CircleMembers) -> dict[str, Any]:
    return circles.redraw(request.actor, code, body.members)


@router.post(
    "/circles/{code}/move", response={200: CircleOut, **ERRORS}, summary="Move it on, or back"
)
def move(request: HubRequest, code: str, body: CircleMove) -> dict[str, Any]:
    given = body.dict()
    return circles.move(request.actor, code, given.pop("to"), **given)


@router.get(
    "/circles/{code}/steps", response={200: list[CircleStepOut], **ERRORS}, summary="Its life"
)
def steps(request: HubRequest, code: str) -> list[Any]:
    return circles.steps(request.actor, code)


@router.delete("/circles/{code}", response={204: None, **ERRORS}, summary="Dissolve it")
def dissolve(request: HubRequest, code: str) -> Status[None]:
    circles.dissolve(request.actor, code)
    return Status(204, None)


@router.get(
    "/goals",
    response={200: list[GoalOut], **ERRORS},
    summary="Work goals, as they stand on the screen",
)
def list_goals(request: HubRequest, place: Text = "", ended: bool = False) -> list[Any]:  # noqa: FBT001, FBT002
    return [goals.told(one) for one in goals.goals(request.actor, place=place, ended=ended)[:1000]]


@router.post("/goals", response={201: GoalOut, **ERRORS}, summary="Set a goal")
def create_goal(request: HubRequest, body: GoalIn) -> Status[dict[str, Any]]:
    given = {name: value for name, value in body.dict().items() if value is not None}
    place, owner = given.pop("place"), given.pop("owner", "")
    made = goals.create(request.actor, place=place, owner=owner, values=given)
    return Status(201, goals.told(made))


@router.patch("/goals/{number}", response={200: GoalOut, **ERRORS}, summary="Change it")
def change_goal(request: HubRequest, number: Number, body: GoalChange) -> dict[str, Any]:
    given = {name: value for name, value in body.values.dict().items() if value is not None}
    owner = given.pop("owner", None)
    return goals.told(goals.change(request.actor, number, given, version=body.version, owner=owner))


@router.post(
    "/goals/{number}/progress", response={200: GoalOut, **ERRORS}, summary="Say how far it is"
)
def report_goal(request: HubRequest, number: Number, body: GoalReport) -> dict[str, Any]:
    return goals.told(goals.report(request.actor, number, **body.dict()))


@router.post("/goals/{number}/end", response={200: GoalOut, **ERRORS}, summary="End it")
def end_goal(request: HubRequest, number: Number) -> dict[str, Any]:
    return goals.told(goals.end(request.actor, number))


def _targets(request: HubRequest) -> list[dict[str, Any]]:
    today = timezone.localdate()
    return [
        {"place": one.place.code, "on": one.on, "circles": one.circles,
         "accepted": circles.accepted_by(request.actor, min(one.on, today))}
        for one in circles.targets(request.actor)
    ]  # fmt: skip
