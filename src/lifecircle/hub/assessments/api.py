from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Router, Status

from lifecircle.hub.assessments import (
    actions,
    classes,
    comparing,
    demanding,
    queries,
    theming,
    workbench,
)
from lifecircle.hub.assessments.models import Ground, Run
from lifecircle.hub.assessments.schemas import (
    CardPage,
    ClassOut,
    Colour,
    CompareOut,
    DemandRow,
    DraftIn,
    DraftOut,
    MatrixOut,
    PublicationOut,
    PublicOut,
    PublishIn,
    RunIn,
    RunOut,
    RunPage,
    Scope,
    Upkeep,
)
from lifecircle.hub.downloads import TYPES
from lifecircle.hub.paging import page_of
from lifecircle.hub.places.schemas import Level
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Limit, Offset, Text, as_file

router = Router(tags=["assessments"])
public_router = Router(tags=["public"])


@router.get("/runs", response={200: RunPage, **ERRORS}, summary="Assessments, the latest first")
def list_runs(request: HubRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    rows = queries.runs(request.actor)
    return {**page_of(rows, limit, offset), "stale": queries.is_stale(request.actor)}


@router.post("/runs", response={201: RunOut, **ERRORS}, summary="Assess the district as it is now")
def request_run(request: HubRequest, body: RunIn) -> Status[Run]:
    return Status(201, actions.request(request.actor, **body.dict()))


@router.get("/runs/latest", response={200: RunOut, **ERRORS}, summary="The latest that is done")
def latest(request: HubRequest) -> Run:
    found = queries.run(request.actor)
    workbench.warm(found)
    return found


@router.get("/runs/upkeep", response={200: Upkeep, **ERRORS}, summary="When one follows by itself")
def upkeep(request: HubRequest) -> Ground:
    return queries.ground(request.actor)


@router.put(
    "/runs/upkeep", response={200: Upkeep, **ERRORS}, summary="Let one follow changes by itself"
)
def set_upkeep(request: HubRequest, body: Upkeep) -> Ground:
    return actions.set_upkeep(request.actor, body.upkeep_min)


@router.get("/runs/{number}", response={200: RunOut, **ERRORS}, summary="One assessment")
def run(request: HubRequest, number: UUID) -> Run:
    return queries.run(request.actor, number)


@router.post("/runs/{number}/cancel", response={200: RunOut, **ERRORS}, summary="Stop it")
def cancel(request: HubRequest, number: UUID) -> Run:
    return actions.cancel(request.actor, number)


@router.get("/runs/{number}/cards", response={200: CardPage, **ERRORS}, summary="Its cards")
def cards(
    request: HubRequest, number: UUID, scope: Scope | None = None, key: Text = "",
    level: Level | None = None, place: Text = "", colour: Colour | None = None,
    limit: Limit = 1000, offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    one = queries.run(request.actor, number)
    rows = queries.cards(
        request.actor, one, scope=scope, key=key, level=level, place=place, colour=colour
    )
    return page_of(rows, limit, offset, queries.short)


@router.get("/runs/{number}/matrix", response={200: MatrixOut, **ERRORS}, summary="Areas by keys")
def matrix(
    request: HubRequest, number: UUID, scope: Scope = "type", level: Level = "community"
) -> dict[str, Any]:
    return queries.matrix(request.actor, queries.run(request.actor, number), scope, level)


@router.get(
    "/runs/{number}/classes", response={200: list[ClassOut], **ERRORS},
    summary="Places by class: what to do where, and why",
)  # fmt: skip
def by_class(request: HubRequest, number: UUID, level: Level = "community") -> list[dict[str, Any]]:
    return classes.classes(request.actor, queries.run(request.actor, number), level)


@router.get(
    "/runs/{number}/demand", response={200: list[DemandRow], **ERRORS}, summary="Need against supply, today and in some years"
)  # fmt: skip
def demand(
    request: HubRequest, number: UUID, type: Text = "", place: Text = "", level: Text = "",  # noqa: A002
    years: Annotated[int, Field(ge=0, le=50)] = 5,
) -> list[dict[str, Any]]:  # fmt: skip
    run = queries.finished(request.actor, number)
    return demanding.demand(request.actor, run, type_=type, place=place, level=level, years=years)


@router.get(
    "/runs/{number}/themes/{key}", response={200: None, **ERRORS}, summary="One map, one table, one list of a theme, or of the whole",
    openapi_extra=as_file(TYPES["xlsx"]),
)  # fmt: skip
def theme(request: HubRequest, number: UUID, key: str, level: Level = "community") -> HttpResponse:
    return theming.workbook(request.actor, queries.finished(request.actor, number), key, level)


@router.get(
    "/runs/{number}/cards/{place}/{scope}/{key}", response={200: dict[str, Any], **ERRORS},
    summary="One card: its parts, the rule that decided, the gap, what would lift it",
)  # fmt: skip
def card(request: HubRequest, number: UUID, place: str, scope: Scope, key: str) -> dict[str, Any]:
    found = queries.card(request.actor, queries.run(request.actor, number), place, scope, key)
    return dict(found.detail)


@router.get(
    "/runs/{number}/compare/{other}", response={200: CompareOut, **ERRORS}, summary="Two runs"
)
def compare(request: HubRequest, number: UUID, other: UUID) -> dict[str, Any]:
    before, after = (queries.run(request.actor, n) for n in (number, other))
    return comparing.compare(request.actor, before, after)


@router.post("/runs/{number}/draft", response={200: DraftOut, **ERRORS}, summary="Grade a drawing")
def draft(request: HubRequest, number: UUID, body: DraftIn) -> dict[str, Any]:
    one = queries.run(request.actor, number)
    changes = [change.dict(exclude_none=True) for change in body.changes]
    return comparing.draft(request.actor, one, changes)


@router.post("/runs/{number}/publish", response={201: PublicOut, **ERRORS}, summary="Publish cards")
def publish(request: HubRequest, number: UUID, body: PublishIn) -> Status[dict[str, Any]]:
    made = actions.publish(request.actor, number, **body.dict())
    return Status(201, queries.published(made.place.code))


@router.get(
    "/publications", response={200: list[PublicationOut], **ERRORS}, summary="What is published"
)
def publications(request: HubRequest) -> list[Any]:
    return list(queries.publications(request.actor))


@router.delete("/publications/{place}", response={204: None, **ERRORS}, summary="Take cards back")
def withdraw(request: HubRequest, place: str) -> Status[None]:
    actions.withdraw(request.actor, place)
    return Status(204, None)


@public_router.get(
    "/cards/{place}", response={200: PublicOut, **ERRORS}, summary="Published cards of a place"
)
def public_cards(request: HubRequest, place: str) -> dict[str, Any]:  # noqa: ARG001
    return queries.published(place)
