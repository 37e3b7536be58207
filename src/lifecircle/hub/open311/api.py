from __future__ import annotations

from typing import Any

from ninja import Router, Status

from lifecircle.hub.open311 import actions, queries
from lifecircle.hub.open311.schemas import ApplicationIn, ApplicationMade, ApplicationOut
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Number

router = Router(tags=["open311"])


@router.get(
    "/applications", response={200: list[ApplicationOut], **ERRORS}, summary="Applications that may report by Open311"
)  # fmt: skip
def applications(request: HubRequest) -> list[Any]:
    return list(queries.applications(request.actor))


@router.post(
    "/applications", response={201: ApplicationMade, **ERRORS}, summary="Give an application a key"
)
def make(request: HubRequest, body: ApplicationIn) -> Status[dict[str, Any]]:
    one, key = actions.make(request.actor, **body.dict())
    return Status(201, {**ApplicationOut.from_orm(one).dict(), "secret": key})


@router.post(
    "/applications/{number}/end", response={200: ApplicationOut, **ERRORS}, summary="Take its key back"
)  # fmt: skip
def end(request: HubRequest, number: Number) -> Any:
    return actions.end(request.actor, number)
