from __future__ import annotations

from decimal import Decimal
from typing import Any

from ninja import Router, Status

from lifecircle.hub.cases import queries as cases
from lifecircle.hub.cases.orders import actions, queries
from lifecircle.hub.cases.orders.schemas import (
    OrderApproval,
    OrderChange,
    OrderDone,
    OrderIn,
    OrderLineIn,
    OrderOut,
    OrderWithdrawal,
)
from lifecircle.hub.cases.orders.sums import Line
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Number

router = Router(tags=["cases"])


@router.get(
    "/cases/{ref}/orders", response={200: list[OrderOut], **ERRORS}, summary="Its repair orders"
)
def list_orders(request: HubRequest, ref: str) -> list[dict[str, Any]]:
    rows = queries.orders(cases.case(request.actor, ref))
    return [queries.told(request.actor, one) for one in rows]


@router.post(
    "/cases/{ref}/orders", response={201: OrderOut, **ERRORS}, summary="Propose a repair order"
)
def propose(request: HubRequest, ref: str, body: OrderIn) -> Status[dict[str, Any]]:
    made = actions.propose(request.actor, ref, _wanted(body))
    return Status(201, _told(request, ref, made.number))


@router.put(
    "/cases/{ref}/orders/{number}", response={200: OrderOut, **ERRORS}, summary="Change it; it is to be approved again"
)  # fmt: skip
def change(request: HubRequest, ref: str, number: Number, body: OrderChange) -> dict[str, Any]:
    actions.change(request.actor, ref, number, _wanted(body), version=body.version)
    return _told(request, ref, number)


@router.post(
    "/cases/{ref}/orders/{number}/approve", response={200: OrderOut, **ERRORS}, summary="Approve it"
)
def approve(request: HubRequest, ref: str, number: Number, body: OrderApproval) -> dict[str, Any]:
    actions.approve(request.actor, ref, number, version=body.version)
    return _told(request, ref, number)


@router.post(
    "/cases/{ref}/orders/{number}/done", response={200: OrderOut, **ERRORS}, summary="Its work is done"
)  # fmt: skip
def finish(request: HubRequest, ref: str, number: Number, body: OrderDone) -> dict[str, Any]:
    given = body.dict(exclude={"lines"})
    lines = None if body.lines is None else _lines(body.lines)
    actions.finish(request.actor, ref, number, lines=lines, **given)
    return _told(request, ref, number)


@router.post(
    "/cases/{ref}/orders/{number}/withdraw", response={200: OrderOut, **ERRORS}, summary="Withdraw it, with a reason"
)  # fmt: skip
def withdraw(
    request: HubRequest, ref: str, number: Number, body: OrderWithdrawal
) -> dict[str, Any]:
    actions.withdraw(request.actor, ref, number, version=body.version, note=body.note)
    return _told(request, ref, number)


def _told(request: HubRequest, ref: str, number: int) -> dict[str, Any]:
    return queries.told(request.actor, queries.order(request.actor, ref, number))


def _wanted(body: OrderIn) -> actions.Wanted:
    most = None if body.most is None else Decimal(body.most)
    return actions.Wanted(body.what, _lines(body.lines), body.group, body.firm, most)


def _lines(rows: list[OrderLineIn]) -> list[Line]:
    return [
        Line(one.sort, one.name, one.unit, Decimal(one.quantity), Decimal(one.price))
        for one in rows
    ]
