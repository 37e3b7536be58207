from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Field, Schema

from lifecircle.hub.schemas import Instant, Text


class ShiftIn(Schema):
    """Somebody on duty at a place."""

    place: Text
    username: Text
    starts_at: Instant
    ends_at: Instant
    note: str = Field("", max_length=500)


class SubstituteIn(Schema):
    """Who stands in; empty for nobody."""

    username: Text = ""


class HandOver(Schema):
    note: str = Field(min_length=1, max_length=500)


class ShiftOut(Schema):
    id: int
    place: str
    place_zh: str
    username: str
    name: str
    substitute: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    note: str
    handed_over_at: dt.datetime | None

    @staticmethod
    def resolve_place(one: Any) -> str:
        return str(one.place.code)

    @staticmethod
    def resolve_place_zh(one: Any) -> str:
        return str(one.place.name_zh)

    @staticmethod
    def resolve_username(one: Any) -> str:
        return str(one.account.username)

    @staticmethod
    def resolve_name(one: Any) -> str:
        return str(one.account.name)

    @staticmethod
    def resolve_substitute(one: Any) -> str:
        return "" if one.substitute is None else str(one.substitute.username)
