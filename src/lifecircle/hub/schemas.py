"""What several routers say."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AwareDatetime

Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Day = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2200, 1, 1))]
Instant = Annotated[
    AwareDatetime,
    Field(ge=dt.datetime(1900, 1, 1, tzinfo=dt.UTC), le=dt.datetime(2200, 1, 1, tzinfo=dt.UTC)),
]
Limit = Annotated[int, Field(ge=1, le=1000)]
Number = Annotated[int, Field(ge=1, le=2**62)]
Offset = Annotated[int, Field(ge=0, le=10_000_000)]
Named = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=200)]


class IssueOut(Schema):
    """One thing wrong with the input: where, what stands there, what was expected."""

    code: str
    file: str
    row: int
    column: str
    value: str
    expected: str
    expected_zh: str
    severity: str


class ErrorOut(Schema):
    """A refusal: a code for programs, and words in both languages."""

    code: str
    message_en: str
    message_zh: str
    issues: list[IssueOut] = Field(default_factory=list)


class FeatureCollection(Schema):
    """GeoJSON (RFC 7946)."""

    type: str = "FeatureCollection"
    features: list[dict[str, Any]]


ERRORS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut, 429: ErrorOut}


def as_file(*types: str, empty: bool = False) -> dict[str, Any]:
    """What the description says of an answer that is a file; `empty` where there may be nothing (204)."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    found: dict[int, Any] = {200: {"description": "OK", "content": dict.fromkeys(types, binary)}}
    if empty:
        found[204] = {"description": "nothing there"}
    return {"responses": found}


class AtPlace(Schema):
    """What is at a place: `place` is the place's code, `place_zh` its name."""

    @staticmethod
    def resolve_place(one: Any) -> str:
        return str(one.place.code)

    @staticmethod
    def resolve_place_zh(one: Any) -> str:
        return str(one.place.name_zh)
