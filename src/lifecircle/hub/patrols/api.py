from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from ninja import Router, Status

from lifecircle.hub.paging import page_of
from lifecircle.hub.patrols import actions, queries
from lifecircle.hub.patrols.checklists import checklists
from lifecircle.hub.patrols.models import Plan
from lifecircle.hub.patrols.schemas import (
    DueOut,
    PatrolFigures,
    PatrolIn,
    PatrolListOut,
    PatrolOut,
    PatrolPage,
    PlanIn,
    PlanOut,
)
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Day, Limit, Number, Offset, Text

router = Router(tags=["patrols"])


@router.get(
    "/patrols/checklists", response={200: list[PatrolListOut], **ERRORS}, summary="Check lists"
)
def list_checklists(request: HubRequest) -> list[Any]:
    request.actor.check("case.read")
    return list(checklists().values())


@router.get("/patrols/plans", response={200: list[PlanOut], **ERRORS}, summary="Plans")
def list_plans(request: HubRequest, place: Text = "") -> list[dict[str, Any]]:
    return [_plan(one) for one in queries.plans(request.actor, place=place)[:1000]]


@router.post(
    "/patrols/plans", response={201: PlanOut, **ERRORS}, summary="Have a place looked at regularly"
)
def plan(request: HubRequest, body: PlanIn) -> Status[dict[str, Any]]:
    given = body.dict()
    made = actions.plan(request.actor, checklist_=given.pop("checklist"), **given)
    return Status(201, _plan(made))


@router.post("/patrols/plans/{number}/end", response={200: PlanOut, **ERRORS}, summary="End a plan")
def end(request: HubRequest, number: Number) -> dict[str, Any]:
    return _plan(actions.end(request.actor, number))


@router.get(
    "/patrols/due", response={200: list[DueOut], **ERRORS}, summary="What is to be looked at now"
)
def due(request: HubRequest, place: Text = "") -> list[dict[str, Any]]:
    return queries.due(request.actor, place=place)


@router.get(
    "/patrols/figures", response={200: PatrolFigures, **ERRORS}, summary="Done in time, and found"
)
def figures(
    request: HubRequest, since: Day | None = None, until: Day | None = None, place: Text = ""
) -> dict[str, Any]:
    request.actor.check("case.read")
    today = timezone.localdate()
    first = since or today - dt.timedelta(30)
    return queries.figures(request.actor, since=first, until=until or today, place=place)


@router.get("/patrols", response={200: PatrolPage, **ERRORS}, summary="Patrols, the latest first")
def list_patrols(
    request: HubRequest, place: Text = "", checklist: Text = "", since: Day | None = None, limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    rows = queries.patrols(request.actor, place=place, checklist=checklist, since=since)
    return page_of(rows, limit, offset, queries.told)


@router.post("/patrols", response={201: PatrolOut, **ERRORS}, summary="Enter a patrol")
def enter(request: HubRequest, body: PatrolIn) -> Status[dict[str, Any]]:
    given = body.dict()
    found = [actions.Found(**one) for one in given.pop("answers")]
    made = actions.enter(request.actor, checklist_=given.pop("checklist"), found=found, **given)
    return Status(201, queries.told(queries.patrol(request.actor, made.pk)))


@router.get("/patrols/{number}", response={200: PatrolOut, **ERRORS}, summary="One patrol")
def patrol(request: HubRequest, number: Number) -> dict[str, Any]:
    return queries.told(queries.patrol(request.actor, number))


def _plan(one: Plan) -> dict[str, Any]:
    names = ("checklist", "every", "starts_on", "ended_on", "made_by")
    where = {"id": one.pk, "place": one.place.code, "place_zh": one.place.name_zh}
    return {**where, **{name: getattr(one, name) for name in names}}
