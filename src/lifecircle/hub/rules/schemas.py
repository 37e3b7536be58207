from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from ninja import Field, Schema

from lifecircle.hub.schemas import Named, Text

Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]


class RuleIn(Schema):
    """A rule: what devices of a kind ("" for any) at a place and below have to measure, and the kind of case it then is."""

    code: Code
    name: Named
    place: Text
    device_kind: str = Field("", max_length=20)
    definition: dict[str, Any]


class RuleRewrite(Schema):
    version: int = Field(ge=1, le=2**31 - 1)
    definition: dict[str, Any]


class RuleHold(Schema):
    """The version that holds from now on; null for none."""

    version: int = Field(ge=1, le=2**31 - 1)
    number: int | None = Field(ge=1, le=2**31 - 1)


class RuleTry(Schema):
    days: int = Field(30, ge=1, le=92)


class RuleOut(Schema):
    code: str
    name: str
    place: str
    place_zh: str
    device_kind: str
    definition: dict[str, Any]
    holds: int | None
    last: int | None
    version: int


class RulePage(Schema):
    items: list[RuleOut]
    count: int


class RuleSpan(Schema):
    """A case that a rule would have raised."""

    device: str
    began: dt.datetime
    ended: dt.datetime | None


class RuleTried(Schema):
    days: int
    cases: int
    devices: int
    heard: int
    readings: int
    first: list[RuleSpan]


class RuleVersionOut(Schema):
    number: int
    definition: dict[str, Any]
    made_by: str
    made_at: dt.datetime
    tried: RuleTried | None
    tried_at: dt.datetime | None
