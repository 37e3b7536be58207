from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Field, Schema


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
