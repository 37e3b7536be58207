from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from ninja import Router, Status

from lifecircle.hub.errors import ForbiddenError, MissingError
from lifecircle.hub.notify import actions, chats, gateways, push, queries, webpush
from lifecircle.hub.notify.models import Chat, Notice, PushSubscription
from lifecircle.hub.notify.schemas import (
    ChatIn,
    ChatList,
    ChatOut,
    NoticeOut,
    PushBrowserOut,
    PushIn,
    PushOut,
    ReceiptIn,
)
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Number

router = Router(tags=["notify"])
public_router = Router(tags=["public"])


@router.get(
    "/notices",
    response={200: list[NoticeOut], **ERRORS},
    summary="What the caller was told, the latest first",
)
def notices(request: HubRequest) -> list[Any]:
    return list(queries.own(request.actor)[:200])


@router.post(
    "/notices/{number}/delivered",
    response={200: NoticeOut, **ERRORS},
    summary="The app has shown it",
)
def delivered(request: HubRequest, number: Number) -> Notice:
    return actions.delivered(request.actor, number)


@router.get(
    "/me/push",
    response={200: PushOut, **ERRORS},
    summary="One's own browsers that are told when their page is closed, and whether that is on",
)
def own_browsers(request: HubRequest) -> dict[str, Any]:
    on = bool(settings.WEBPUSH)
    key = webpush.public_key() if on else ""
    return {"on": on, "key": key, "items": list(queries.browsers(request.actor))}


@router.post(
    "/me/push",
    response={201: PushBrowserOut, **ERRORS},
    summary="Tell this browser when its page is closed",
)
def add_browser(request: HubRequest, body: PushIn) -> Status[PushSubscription]:
    return Status(201, push.add(request.actor, **body.dict()))


@router.delete(
    "/me/push/{number}", response={204: None, **ERRORS}, summary="Tell a browser no more"
)
def remove_browser(request: HubRequest, number: Number) -> Status[None]:
    push.remove(request.actor, number)
    return Status(204, None)


@router.get(
    "/chats",
    response={200: ChatList, **ERRORS},
    summary="Group chats that are told of cases, and whether they are on",
)
def all_chats(request: HubRequest) -> dict[str, Any]:
    request.actor.check("duty.write")
    return {"kinds": sorted(settings.CHATS), "items": list(queries.chats(request.actor))}


@router.post(
    "/chats", response={201: ChatOut, **ERRORS}, summary="Have a group chat told of a place's cases"
)
def add_chat(request: HubRequest, body: ChatIn) -> Status[Chat]:
    return Status(201, chats.add(request.actor, **body.dict()))


@router.post(
    "/chats/{number}/test",
    response={200: ChatOut, **ERRORS},
    summary="Send a test message now; its answer says what the other side said",
)
def test_chat(request: HubRequest, number: Number) -> Chat:
    return chats.test(request.actor, number)


@router.delete(
    "/chats/{number}", response={200: ChatOut, **ERRORS}, summary="Tell a group chat no more"
)
def end_chat(request: HubRequest, number: Number) -> Chat:
    return chats.end(request.actor, number)


@public_router.post(
    "/receipts/{channel}",
    response={204: None, **ERRORS},
    summary="A gateway's receipt, signed; or a browser's, which it was pushed",
)
def receipt(
    request: HubRequest, channel: Literal["sms", "voice", "work", "push"], body: ReceiptIn
) -> Status[None]:
    if channel == push.CHANNEL:
        if not body.ok or not actions.shown(body.receipt):
            raise MissingError
        return Status(204, None)
    if not gateways.is_signed(request.body, request.headers.get("X-Signature", "")):
        raise ForbiddenError("a signed receipt", "须有签名的回执")
    if not actions.receipt(channel, body.receipt, ok=body.ok):
        raise MissingError
    return Status(204, None)
