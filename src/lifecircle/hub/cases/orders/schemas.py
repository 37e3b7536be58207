from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import PlainSerializer

from lifecircle.hub.schemas import Day, Number

Yuan = Annotated[str, Field(pattern=r"^[0-9]{1,8}(\.[0-9]{1,2})?$", max_length=11)]
"""Money as text: a JSON number may be rounded on its way."""
Quantity = Annotated[str, Field(pattern=r"^[0-9]{1,6}(\.[0-9]{1,3})?$", max_length=10)]
Written = Annotated[Decimal, PlainSerializer(str, return_type=str)]
OrderState = Literal["proposed", "approved", "done", "withdrawn"]
OrderVersion = Annotated[int, Field(ge=1, le=2**31 - 1)]


class OrderLineIn(Schema):
    """A part or labour: `quantity` units at `price` yuan each, both as decimal text."""

    sort: Literal["part", "labour"]
    name: str = Field(min_length=1, max_length=100)
    unit: str = Field(min_length=1, max_length=20)
    quantity: Quantity
    price: Yuan


class OrderIn(Schema):
    """What is to be done, and by whom: a working group, or an outside firm; `most` is what it may cost at most, in yuan."""

    what: str = Field(min_length=1, max_length=500)
    group: Number | None = None
    firm: str = Field("", max_length=100)
    most: Yuan | None = None
    lines: list[OrderLineIn] = Field(min_length=1, max_length=100)


class OrderChange(OrderIn):
    version: OrderVersion


class OrderApproval(Schema):
    version: OrderVersion


class OrderWithdrawal(Schema):
    version: OrderVersion
    note: str = Field(min_length=1, max_length=1000)


class OrderDone(Schema):
    """Who did it and when; `lines` where it came to other than was approved."""

    version: OrderVersion
    done_by: str = Field(min_length=1, max_length=100)
    done_on: Day
    warranty_until: Day | None = None
    lines: list[OrderLineIn] | None = Field(None, min_length=1, max_length=100)


class OrderLineOut(Schema):
    sort: Literal["part", "labour"]
    name: str
    unit: str
    quantity: Written
    price: Written
    amount: Written


class OrderOut(Schema):
    """A repair order: money in yuan, as text; `tier` is the lowest at which so much is approved."""

    number: int
    what: str
    group: int | None
    group_name: str
    firm: str
    state: OrderState
    lines: list[OrderLineOut]
    total: Written
    most: Written | None
    tier: Literal["community", "street", "district"]
    proposed_at: dt.datetime
    proposed_by: str
    approved_at: dt.datetime | None
    approved_by: str
    done_on: dt.date | None
    done_by: str
    warranty_until: dt.date | None
    version: int
    may_change: bool
    may_approve: bool
    may_finish: bool
    may_withdraw: bool
