from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from ninja import Field, Router, Schema, Status

from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Number, Text
from lifecircle.hub.stream import actions, queries

router = Router(tags=["stream"])
Position = Annotated[int, Field(ge=0, le=2**62)]


class EventOut(Schema):
    """Something that happened: `position` rises, `place` is a code."""

    position: int
    kind: str
    at: dt.datetime
    place: str
    data: dict[str, Any]


class WebhookIn(Schema):
    """Where to tell, and which kinds of events; none means all."""

    url: str = Field(max_length=500)
    kinds: list[Text] = Field(default_factory=list, max_length=50)


class WebhookOut(Schema):
    id: int
    url: str
    kinds: list[str]
    position: int
    failures: int
    retry_at: dt.datetime | None
    last_answer: str
    stopped_at: dt.datetime | None


class WebhookMade(WebhookOut):
    """The secret that bodies are signed with: it is shown this once."""

    secret: str


@router.get("/events", response={200: list[EventOut], **ERRORS}, summary="Events after a position")
def events(request: HubRequest, after: Position = 0) -> list[dict[str, Any]]:
    return [queries.plain(one) for one in queries.after(request.actor, after, most=500)]


@router.get("/webhooks", response={200: list[WebhookOut], **ERRORS}, summary="One's own webhooks")
def webhooks(request: HubRequest) -> list[Any]:
    return list(queries.webhooks(request.actor))


@router.post("/webhooks", response={201: WebhookMade, **ERRORS}, summary="Be told of events")
def add_webhook(request: HubRequest, body: WebhookIn) -> Status[dict[str, Any]]:
    hook, secret = actions.add_webhook(request.actor, **body.dict())
    return Status(201, {**WebhookOut.from_orm(hook).dict(), "secret": secret})


@router.delete("/webhooks/{number}", response={204: None, **ERRORS}, summary="Be told no more")
def remove_webhook(request: HubRequest, number: Number) -> Status[None]:
    actions.remove_webhook(request.actor, number)
    return Status(204, None)
