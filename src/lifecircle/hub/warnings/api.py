from __future__ import annotations

from typing import Any, Literal

from ninja import Router, Status

from lifecircle.hub.errors import InvalidError
from lifecircle.hub.paging import page_of
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Limit, Offset, Text
from lifecircle.hub.warnings import actions, queries
from lifecircle.hub.warnings.hazards import Status as CapStatus
from lifecircle.hub.warnings.hazards import hazards
from lifecircle.hub.warnings.schemas import (
    HazardOut,
    WarningChange,
    WarningFollow,
    WarningIn,
    WarningOut,
    WarningPage,
    WarningPublic,
    WarningVersion,
)

router = Router(tags=["warnings"])
public_router = Router(tags=["public"])


@router.get(
    "/warnings", response={200: WarningPage, **ERRORS}, summary="Warnings, the latest first"
)
def list_warnings(
    request: HubRequest, state: Literal["draft", "sent"] | None = None, place: Text = "", limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    rows = queries.warnings(request.actor, state=state or "", place=place)
    return page_of(rows, limit, offset, lambda one: queries.whole(request.actor, one))


@router.get(
    "/warnings/hazards", response={200: list[HazardOut], **ERRORS}, summary="What warnings are of"
)
def list_hazards(request: HubRequest) -> list[Any]:
    request.actor.check("place.read")
    return list(hazards().values())


@router.post("/warnings", response={201: WarningOut, **ERRORS}, summary="Draft a warning")
def write(request: HubRequest, body: WarningIn) -> Status[dict[str, Any]]:
    values = body.dict()
    one = actions.write(request.actor, place=values.pop("place"), values=values)
    return Status(201, _whole(request, one.ref))


@router.get("/warnings/{ref}", response={200: WarningOut, **ERRORS}, summary="One warning")
def warning(request: HubRequest, ref: str) -> dict[str, Any]:
    return _whole(request, ref)


@router.patch("/warnings/{ref}", response={200: WarningOut, **ERRORS}, summary="Change a draft")
def change(request: HubRequest, ref: str, body: WarningChange) -> dict[str, Any]:
    values = body.values.dict(exclude_unset=True)
    if values.get("expires", 0) is None:
        raise InvalidError("expires: a moment", "结束时间")
    actions.change(request.actor, ref, version=body.version, values=values)
    return _whole(request, ref)


@router.delete("/warnings/{ref}", response={204: None, **ERRORS}, summary="Throw a draft away")
def drop(request: HubRequest, ref: str, version: int = 1) -> Status[None]:
    actions.drop(request.actor, ref, version=version)
    return Status(204, None)


@router.post(
    "/warnings/{ref}/send", response={200: WarningOut, **ERRORS}, summary="Send it to everybody"
)
def send(request: HubRequest, ref: str, body: WarningVersion) -> dict[str, Any]:
    actions.send(request.actor, ref, version=body.version)
    return _whole(request, ref)


@router.post(
    "/warnings/{ref}/follow", response={201: WarningOut, **ERRORS}, summary="Draft its update or cancellation"
)  # fmt: skip
def follow(request: HubRequest, ref: str, body: WarningFollow) -> Status[dict[str, Any]]:
    one = actions.follow(request.actor, ref, body.msg_type)
    return Status(201, _whole(request, one.ref))


@public_router.get(
    "/warnings", response={200: list[WarningPublic], **ERRORS}, summary="Warnings that hold now"
)
def public(request: HubRequest, status: CapStatus = "Actual") -> list[dict[str, Any]]:  # noqa: ARG001
    return [queries.told(one) for one in queries.public(status=status)[:200]]


def _whole(request: HubRequest, ref: str) -> dict[str, Any]:
    return queries.whole(request.actor, queries.warning(request.actor, ref))
