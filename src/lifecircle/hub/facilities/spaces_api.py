from __future__ import annotations

from typing import Any, Literal

from django.http import HttpResponse
from ninja import Router, Status

from lifecircle.hub.downloads import TYPES
from lifecircle.hub.facilities import exports, queries, spaces
from lifecircle.hub.facilities.models import Space
from lifecircle.hub.facilities.schemas import SpaceChange, SpaceIn, SpaceOut, SpacePage
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Limit, Offset, Text, as_file

router = Router(tags=["facilities"])


@router.get("/spaces", response={200: SpacePage, **ERRORS}, summary="Idle spaces")
def list_spaces(
    request: HubRequest, place: Text = "", text: Text = "", type: Text = "",  # noqa: A002
    limit: Limit = 500, offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    rows = list(queries.spaces(request.actor, place=place, text=text))
    if type:  # no lookup in JSON is the same on both databases, and there are few spaces
        rows = [one for one in rows if type in one.allowed_types]
    return {"count": len(rows), "items": rows[offset : offset + limit]}


@router.get(
    "/spaces/export",
    response={200: None, **ERRORS},
    summary="Idle spaces as a file",
    openapi_extra=as_file(TYPES["csv"], TYPES["xlsx"]),
)
def export(
    request: HubRequest, format: Literal["csv", "xlsx"] = "xlsx", place: Text = ""  # noqa: A002
) -> HttpResponse:  # fmt: skip
    request.actor.check("facility.read")
    return exports.spaces(queries.spaces(request.actor, place=place), format)


@router.post("/spaces", response={201: SpaceOut, **ERRORS}, summary="Enter an idle space")
def create(request: HubRequest, body: SpaceIn) -> Status[Space]:
    return Status(201, spaces.create(request.actor, body.dict(exclude_none=True)))


@router.get("/spaces/{ref}", response={200: SpaceOut, **ERRORS}, summary="One idle space")
def space(request: HubRequest, ref: str) -> Space:
    return queries.space(request.actor, ref)


@router.patch("/spaces/{ref}", response={200: SpaceOut, **ERRORS}, summary="Change it")
def change(request: HubRequest, ref: str, body: SpaceChange) -> Space:
    given = body.values.dict(exclude_unset=True)
    return spaces.change(request.actor, ref, given, version=body.version)


@router.delete("/spaces/{ref}", response={204: None, **ERRORS}, summary="Take it off the list")
def remove(request: HubRequest, ref: str) -> Status[None]:
    spaces.remove(request.actor, ref)
    return Status(204, None)
