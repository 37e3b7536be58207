from __future__ import annotations

from typing import Any

from ninja import Router, Status

from lifecircle.hub.devices import actions, ingesting, queries
from lifecircle.hub.devices.schemas import (
    DeviceChange,
    DeviceIn,
    DeviceKind,
    DeviceMade,
    DeviceOut,
    DevicePage,
    DeviceReplace,
    DeviceState,
    HourOut,
    LatestPage,
    ReadingOut,
    RefusalOut,
    TakenOut,
)
from lifecircle.hub.errors import InvalidError, ServerError, UnknownCallerError
from lifecircle.hub.paging import page_of
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Instant, Limit, Offset, Text

router = Router(tags=["devices"])
public_router = Router(tags=["public"])


@router.get("/devices", response={200: DevicePage, **ERRORS}, summary="Devices")
def list_devices(
    request: HubRequest, place: Text = "", kind: DeviceKind | None = None, state: DeviceState | None = None,
    text: Text = "", silent: bool = False, limit: Limit = 100, offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    rows = queries.devices(
        request.actor, place=place, kind=kind or "", state=state or "", text=text, silent=silent
    )
    return page_of(rows, limit, offset, queries.told)


@router.get(
    "/devices/latest",
    response={200: LatestPage, **ERRORS},
    summary="The latest readings of all devices",
)
def latest(
    request: HubRequest, place: Text = "", kind: DeviceKind | None = None, limit: Limit = 1000, offset: Offset = 0
) -> dict[str, Any]:  # fmt: skip
    return page_of(queries.latest(request.actor, place=place, kind=kind or ""), limit, offset)


@router.get(
    "/devices/refused",
    response={200: list[RefusalOut], **ERRORS},
    summary="Messages refused, the last seven days",
)
def refused(request: HubRequest) -> list[Any]:
    request.actor.check("device.read")
    return list(queries.refused(request.actor)[:1000])


@router.post("/devices", response={201: DeviceMade, **ERRORS}, summary="Register a device")
def register(request: HubRequest, body: DeviceIn) -> Status[dict[str, Any]]:
    given = body.dict()
    place, ref = given.pop("place"), given.pop("ref")
    one, secret = actions.register(request.actor, place=place, ref=ref, values=given)
    return Status(201, {"device": queries.told(one), "secret": secret})


@router.get("/devices/{ref}", response={200: DeviceOut, **ERRORS}, summary="One device")
def device(request: HubRequest, ref: str) -> dict[str, Any]:
    return queries.told(queries.device(request.actor, ref))


@router.patch("/devices/{ref}", response={200: DeviceOut, **ERRORS}, summary="Change a device")
def change(request: HubRequest, ref: str, body: DeviceChange) -> dict[str, Any]:
    values = body.values.dict(exclude_unset=True)
    return queries.told(actions.change(request.actor, ref, version=body.version, values=values))


@router.post(
    "/devices/{ref}/secret", response={200: DeviceMade, **ERRORS}, summary="Give it a new secret"
)
def renew(request: HubRequest, ref: str) -> dict[str, Any]:
    one, secret = actions.renew(request.actor, ref)
    return {"device": queries.told(one), "secret": secret}


@router.post(
    "/devices/{ref}/replace",
    response={201: DeviceMade, **ERRORS},
    summary="Put a new device where it is",
)
def replace(request: HubRequest, ref: str, body: DeviceReplace) -> Status[dict[str, Any]]:
    one, secret = actions.replace(request.actor, ref, version=body.version, by=body.by)
    return Status(201, {"device": queries.told(one), "secret": secret})


@router.get(
    "/devices/{ref}/readings",
    response={200: list[ReadingOut], **ERRORS},
    summary="What it measured, the latest first",
)
def readings(
    request: HubRequest, ref: str, name: Text = "", since: Instant | None = None, limit: Limit = 100
) -> list[Any]:
    one = queries.device(request.actor, ref)
    return list(queries.readings(one, name=name, since=since)[:limit])


@router.get(
    "/devices/{ref}/hours",
    response={200: list[HourOut], **ERRORS},
    summary="What it measured by the hour, the latest first",
)
def hours(
    request: HubRequest, ref: str, name: Text = "", since: Instant | None = None, limit: Limit = 100
) -> list[Any]:
    one = queries.device(request.actor, ref)
    return list(queries.hours(one, name=name, since=since)[:limit])


@public_router.post(
    "/devices/{ref}/messages",
    response={200: TakenOut, **ERRORS},
    summary="A message of a device, in its own format",
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": {}}}}
    },
)
def message(request: HubRequest, ref: str) -> dict[str, Any]:
    try:
        queries.known(ref, request.headers.get("X-Device-Key", ""))
    except UnknownCallerError:
        ingesting.unknown()
        raise
    taken = ingesting.ingest([ingesting.Sent(ref, request.body)])[0]
    if taken.outcome == "failed":
        raise ServerError
    if taken.outcome == "refused":
        raise InvalidError(taken.why, "报文不符合格式")
    return {"outcome": taken.outcome, "boot": taken.boot, "seq": taken.seq}
