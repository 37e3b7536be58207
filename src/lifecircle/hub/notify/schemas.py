from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Field, Schema

from lifecircle.hub.schemas import AtPlace


class NoticeOut(Schema):
    """What the caller was told in the app: of a case, or what `text` says, or both."""

    id: int
    case: str
    title: str
    text: str
    priority: str
    place_zh: str
    state: str
    created_at: dt.datetime
    delivered_at: dt.datetime | None

    @staticmethod
    def resolve_case(one: Any) -> str:
        return str(one.case.ref) if one.case else ""

    @staticmethod
    def resolve_title(one: Any) -> str:
        return str(one.case.title) if one.case else ""

    @staticmethod
    def resolve_priority(one: Any) -> str:
        return str(one.case.priority) if one.case else ""

    @staticmethod
    def resolve_place_zh(one: Any) -> str:
        return str(one.case.place.name_zh) if one.case else ""


class ReceiptIn(Schema):
    """A gateway says whether what it took has arrived."""

    receipt: str = Field(min_length=1, max_length=120)
    ok: bool


class PushIn(Schema):
    """A push subscription as the browser gave it (`PushSubscription.toJSON()`), and what the owner calls it."""

    endpoint: str = Field(min_length=1, max_length=1000)
    p256dh: str = Field(min_length=1, max_length=100)
    auth: str = Field(min_length=1, max_length=40)
    name: str = Field("", max_length=40)


class PushBrowserOut(Schema):
    """A browser that is told when its page is closed; `mark` is the SHA-256 of its endpoint, which is not shown again."""

    id: int
    name: str
    service: str
    mark: str
    added_at: dt.datetime
    answer: str
    answered_at: dt.datetime | None
    took_it: bool | None


class PushOut(Schema):
    """Whether the operator has switched push on, the key that browsers subscribe with, and one's own browsers."""

    on: bool
    key: str
    items: list[PushBrowserOut]


class ChatOut(AtPlace):
    """A group chat and what it answered last; its address is not shown."""

    id: int
    place: str
    place_zh: str
    department: str
    up_to: str
    name: str
    kind: str
    added_by: str
    added_at: dt.datetime
    ended_at: dt.datetime | None
    answer: str
    answered_at: dt.datetime | None
    took_it: bool | None


class ChatList(Schema):
    """The chats of the caller's places, and which kinds are on; none, and chats are off."""

    kinds: list[str]
    items: list[ChatOut]


class ChatIn(Schema):
    """A chat that is to be told of a place's cases: those that reach its tier, or at once those of a department."""

    place: str
    name: str = Field(min_length=1, max_length=100)
    kind: str = Field(
        min_length=1, max_length=20, description="wecom, dingtalk, feishu, or a schema of apprise"
    )
    address: str = Field(min_length=1, max_length=1000)
    department: str = Field("", max_length=100)
    up_to: Literal["P1", "P2", "P3", "P4", "P5"] = Field(
        "P5", description="Of which priorities: P1 up to this one"
    )
