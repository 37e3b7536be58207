from __future__ import annotations

from typing import Any, Literal

from ninja import Router, Status

from lifecircle.hub.errors import ForbiddenError, MissingError
from lifecircle.hub.notify import actions, gateways, queries
from lifecircle.hub.notify.models import Notice
from lifecircle.hub.notify.schemas import NoticeOut, ReceiptIn
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


@public_router.post(
    "/receipts/{channel}", response={204: None, **ERRORS}, summary="A gateway's receipt, signed"
)
def receipt(
    request: HubRequest, channel: Literal["sms", "voice", "work"], body: ReceiptIn
) -> Status[None]:
    if not gateways.is_signed(request.body, request.headers.get("X-Signature", "")):
        raise ForbiddenError("a signed receipt", "须有签名的回执")
    if not actions.receipt(channel, body.receipt, ok=body.ok):
        raise MissingError
    return Status(204, None)
