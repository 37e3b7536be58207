from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from ninja import File, Router, Status, UploadedFile

from lifecircle.hub.devices import actions, homes, imports, ingesting, pushes, queries, sheets
from lifecircle.hub.devices.decoders import own
from lifecircle.hub.devices.schemas import (
    DeviceChange,
    DeviceConsent,
    DeviceDone,
    DeviceIn,
    DeviceKind,
    DeviceMade,
    DeviceOut,
    DeviceOwner,
    DevicePage,
    DeviceReplace,
    DeviceState,
    HourOut,
    LatestPage,
    Platform,
    PushedOut,
    ReadingOut,
    RefusalOut,
    TakenOut,
)
from lifecircle.hub.downloads import TYPES, download
from lifecircle.hub.errors import InvalidError, MissingError, ServerError, UnknownCallerError
from lifecircle.hub.paging import page_of
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Instant, Limit, Offset, Text, as_file
from lifecircle.hub.uploads import stored

router = Router(tags=["devices"])
public_router = Router(tags=["public"])
ENDINGS = (".xlsx", ".csv")
_ANY_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {}}}}}


@router.get("/devices", response={200: DevicePage, **ERRORS}, summary="Devices")
def list_devices(
    request: HubRequest, place: Text = "", kind: DeviceKind | None = None, state: DeviceState | None = None,
    text: Text = "", silent: bool = False, battery_low: bool = False, alarm: bool = False,
    in_use: bool = False, limit: Limit = 100, offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    asked: dict[queries.Only, bool] = {
        "silent": silent,
        "battery_low": battery_low,
        "alarm": alarm,
        "in_use": in_use,
    }
    only = [name for name, is_asked in asked.items() if is_asked]
    rows = queries.devices(
        request.actor, place=place, kind=kind or "", state=state or "", text=text, only=only,
    )  # fmt: skip
    return queries.page(rows, limit, offset)


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


@router.get(
    "/devices/form.xlsx",
    summary="A workbook to fill in, with what may stand in it",
    openapi_extra=as_file(TYPES["xlsx"]),
)
def form(request: HubRequest, language: sheets.Language = "zh") -> HttpResponse:
    request.actor.check("device.write")
    return download("设备登记表", "xlsx", lambda path: sheets.write_form(path, language))


@router.get(
    "/devices/list.xlsx",
    summary="The devices as a workbook, without secrets, doors and owners",
    openapi_extra=as_file(TYPES["xlsx"]),
)
def as_workbook(
    request: HubRequest, place: Text = "", kind: DeviceKind | None = None, language: sheets.Language = "zh"
) -> HttpResponse:  # fmt: skip
    request.actor.check("device.read")
    rows = queries.devices(request.actor, place=place, kind=kind or "", only=["in_use"])
    return download("设备", "xlsx", lambda path: sheets.write_list(path, rows, language))


@router.post(
    "/devices/import",
    response={**ERRORS},
    summary="Register a table of devices, all or none: their secrets as a workbook, shown once",
    openapi_extra=as_file(TYPES["xlsx"], empty=True),
)
def import_table(request: HubRequest, file: File[UploadedFile]) -> HttpResponse:
    request.actor.check("device.write")
    with stored(file, "devices", ENDINGS) as path:
        found = imports.register_all(request.actor, path, name=file.name or path.name)
    answer = HttpResponse(status=204)
    if found.made:
        answer = download("设备密钥", "xlsx", lambda path: sheets.write_secrets(path, found.made))
    answer["X-Devices-New"], answer["X-Devices-Same"] = len(found.made), found.same
    answer["Cache-Control"] = "no-store"
    return answer


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
    one, secret = actions.replace(request.actor, ref, **body.dict())
    return Status(201, {"device": queries.told(one), "secret": secret})


@router.put(
    "/devices/{ref}/consent",
    response={200: DeviceOut, **ERRORS},
    summary="The owner consents to its readings, or withdraws",
)
def consent(request: HubRequest, ref: str, body: DeviceConsent) -> dict[str, Any]:
    return queries.told(homes.consent(request.actor, ref, **body.dict()))


@router.post(
    "/devices/{ref}/owner",
    response={200: DeviceOwner, **ERRORS},
    summary="Its door and owner; audited",
)
def owner(request: HubRequest, ref: str) -> dict[str, str]:
    one = homes.reveal(request.actor, ref)
    return {"door": one.door or "", "owner": one.owner or ""}


@router.get(
    "/devices/{ref}/history",
    response={200: list[DeviceDone], **ERRORS},
    summary="What was done to it, the latest first",
)
def history(request: HubRequest, ref: str) -> list[Any]:
    return list(queries.history(queries.device(request.actor, ref))[:200])


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


@public_router.get(
    "/devices/schema.json",
    summary="The JSON Schema of a device's message in our own format",
    openapi_extra=as_file("application/schema+json"),
)
def message_schema(request: HubRequest) -> HttpResponse:  # noqa: ARG001
    return JsonResponse(own.schema(), content_type="application/schema+json")


@public_router.get(
    "/pushes/{platform}",
    summary="OneNET asks whether this address is ours",
    openapi_extra=as_file("text/plain"),
)
def handshake(
    request: HubRequest, platform: Platform, msg: Text, nonce: Text, signature: Text  # noqa: ARG001
) -> HttpResponse:  # fmt: skip
    if platform != "onenet":
        raise MissingError
    said = pushes.handshake(msg, nonce, signature)
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


@public_router.post(
    "/pushes/{platform}",
    response={200: PushedOut, **ERRORS},
    summary="What a platform pushes of its devices, with its token or signed",
    openapi_extra=_ANY_BODY,
)
def push(request: HubRequest, platform: Platform, token: Text = "") -> dict[str, Any]:
    taken = pushes.take(platform, request.body, token)
    if taken.outcome == "failed":
        raise ServerError
    return {"outcome": taken.outcome, "why": taken.why}


@public_router.post(
    "/devices/{ref}/messages",
    response={200: TakenOut, **ERRORS},
    summary="A message of a device, in its own format",
    openapi_extra=_ANY_BODY,
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
