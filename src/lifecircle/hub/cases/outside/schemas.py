from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

from lifecircle.hub.cases.orders.schemas import Written
from lifecircle.hub.cases.outside.actions import DAYS, MOST_DAYS
from lifecircle.hub.schemas import Number

OutsideState = Literal["sent", "accepted", "done", "declined", "ended", "expired"]
OutsideChannel = Literal["sms", "email"]
Words = Annotated[str, Field(min_length=1, max_length=1000)]


class OutsideIn(Schema):
    """What is handed to whom: the case, or an order of it. `ask` is all of the matter that the body reads.

    `door` lets it see the door, `photos` are those that it sees; `channel` and `to` send the link by a gateway, once.
    """

    version: int = Field(ge=1, le=2**31 - 1)
    body: str = Field(min_length=1, max_length=100)
    ask: Words
    order: Number | None = None
    door: bool = False
    photos: list[Number] = Field(default_factory=list, max_length=20)
    days: int = Field(DAYS, ge=1, le=MOST_DAYS)
    channel: OutsideChannel | None = None
    to: str = Field("", max_length=200)


class OutsideOut(Schema):
    """A link to an outside body, and where it stands; never where it leads."""

    id: int
    body: str
    ask: str
    order: int | None
    door: bool
    photos: int
    state: OutsideState
    made_at: dt.datetime
    made_by: str
    expires_at: dt.datetime
    looked_at: dt.datetime | None
    accepted_at: dt.datetime | None
    accepted_by: str
    done_at: dt.datetime | None
    declined_at: dt.datetime | None
    may_end: bool


class OutsideMade(OutsideOut):
    """A link that was made: where it leads is told this once; `told` is whether a gateway took it, null where none was asked."""

    link: str
    told: bool | None


class OutsideList(Schema):
    """The links of a case, and the channels on which one can be sent."""

    items: list[OutsideOut]
    channels: list[OutsideChannel]


class OutsidePicture(Schema):
    id: int
    own: bool


class OutsideLine(Schema):
    name: str
    unit: str
    quantity: Written


class OutsideWork(Schema):
    """What an order asks for; without its prices."""

    number: int
    what: str
    lines: list[OutsideLine]


class OutsideSaid(Schema):
    at: dt.datetime
    note: str


class OutsideShown(Schema):
    """What a body reads of a case; once it has answered, no more than that."""

    ref: str
    body: str
    state: OutsideState
    kind_zh: str
    kind_en: str
    place_zh: list[str]
    place_en: list[str]
    ask: str
    door: str
    due: dt.datetime | None
    paused: bool
    photos: list[OutsidePicture]
    work: OutsideWork | None
    notes: list[OutsideSaid]
    accepted_by: str
    contact: str
    expires_at: dt.datetime


class OutsideAccept(Schema):
    name: str = Field(min_length=1, max_length=50)


class OutsideNote(Schema):
    """What the body says; `key` says it once, however often it is sent."""

    text: Words
    key: UUID | None = None


class OutsideDone(Schema):
    text: Words


class OutsideDecline(Schema):
    reason: Words
