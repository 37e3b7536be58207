from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Field, Schema


class NoticeOut(Schema):
    """What the caller was told in the app."""

    id: int
    case: str
    title: str
    priority: str
    place_zh: str
    state: str
    created_at: dt.datetime
    delivered_at: dt.datetime | None

    @staticmethod
    def resolve_case(one: Any) -> str:
        return str(one.case.ref)

    @staticmethod
    def resolve_title(one: Any) -> str:
        return str(one.case.title)

    @staticmethod
    def resolve_priority(one: Any) -> str:
        return str(one.case.priority)

    @staticmethod
    def resolve_place_zh(one: Any) -> str:
        return str(one.case.place.name_zh)


class ReceiptIn(Schema):
    """A gateway says whether what it took has arrived."""

    receipt: str = Field(min_length=1, max_length=120)
    ok: bool
