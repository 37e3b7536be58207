"""Reads of repair orders: of a case that the caller sees, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from lifecircle.hub.actor import Actor
from lifecircle.hub.cases import queries
from lifecircle.hub.cases.models import Case, Order, OrderLine
from lifecircle.hub.cases.orders.sums import Line, Tier, limits
from lifecircle.hub.errors import MissingError

NAMES = {
    "case": "事件 case", "number": "派单 order", "place": "地方 place", "kind": "类别 kind", "what": "内容 what", "doer": "承做 by whom",
    "state": "状态 state", "total": "金额 (元) yuan", "approved_by": "批准 approved by", "done_by": "完工人 done by",
    "done_on": "完工 done on", "warranty_until": "质保至 warranty until",
}  # fmt: skip
"""Columns of a workbook of orders."""
_CODES: dict[Tier, int] = {"district": 1, "street": 2, "community": 3}


def orders(one: Case) -> QuerySet[Order]:
    """The orders of a case, whoever has found it."""
    return one.orders.select_related("group", "case__place").prefetch_related("lines")


def order(actor: Actor, ref: str, number: int) -> Order:
    """One order of a case; `MissingError` if there is none for this caller."""
    found = orders(queries.case(actor, ref)).filter(number=number).first()
    if found is None:
        raise MissingError(f"no order {number}", f"没有派单 {number}")
    return found


def ceiling(one: Order) -> Decimal:
    """What it may cost at most, in yuan: what is approved."""
    return one.most if one.most is not None else one.total


def may_approve(actor: Actor, one: Order) -> bool:
    """Whether a caller's right reaches high enough for what an order may cost, and it is not their own but small."""
    yuan, known = ceiling(one), limits()
    if one.proposed_by == actor.name and yuan > known.own:
        return False
    codes = one.case.place.lineage.strip("/").split("/")[: _CODES[known.tier(yuan)]]
    return actor.may("case.dispatch", f"/{'/'.join(codes)}/")


def may_withdraw(actor: Actor, one: Order) -> bool:
    """Who dispatches there; and who proposed it, as long as nobody has approved it."""
    own = one.state == "proposed" and one.proposed_by == actor.name
    return own or actor.may("case.dispatch", one.case.place.lineage)


def line(one: OrderLine) -> Line:
    """A line as sums take it."""
    return Line(one.sort, one.name, one.unit, one.quantity, one.price)  # type: ignore[arg-type]


def told(actor: Actor, one: Order) -> dict[str, Any]:
    """An order, and what the caller may do with it now."""
    names = (
        "number", "what", "firm", "state", "total", "most", "proposed_at", "proposed_by", "approved_at", "approved_by",
        "done_on", "done_by", "warranty_until", "version",
    )  # fmt: skip
    working = one.case.state in queries.WORKING
    lines = [(each, line(each)) for each in one.lines.all()]
    acts = actor.may("case.act", one.case.place.lineage)
    return {
        **{name: getattr(one, name) for name in names}, "group": one.group_id, "group_name": one.group.name if one.group else "",
        "tier": limits().tier(ceiling(one)),
        "lines": [
            {"sort": row.sort, "name": row.name, "unit": row.unit, "quantity": sums.quantity, "price": sums.price, "amount": sums.amount}
            for row, sums in lines
        ],
        "may_change": working and acts and one.state in ("proposed", "approved"),
        "may_approve": working and one.state == "proposed" and may_approve(actor, one),
        "may_finish": one.state == "approved" and acts,
        "may_withdraw": one.state in ("proposed", "approved") and may_withdraw(actor, one),
    }  # fmt: skip


def costs(cases: Iterable[Case]) -> dict[int, Decimal]:
    """What the orders that were done of cases came to, in yuan, by the keys of the cases; none is left out."""
    found: dict[int, Decimal] = {}
    keys = [one.pk for one in cases]
    for start in range(0, len(keys), 500):  # a query takes only so many values
        rows = Order.objects.filter(case__in=keys[start : start + 500], state="done")
        for key, yuan in rows.values_list("case_id", "total"):
            found[key] = found.get(key, Decimal("0.00")) + yuan
    return found


def listed(rows: QuerySet[Case]) -> list[Mapping[str, Any]]:
    """The orders of cases as a workbook lists them, by `NAMES`."""
    found = Order.objects.filter(case__in=rows.order_by().values("pk"))
    names = (
        "number",
        "what",
        "state",
        "total",
        "approved_by",
        "done_by",
        "done_on",
        "warranty_until",
    )
    return [
        {"case": one.case.ref, "place": one.case.place.name_zh, "kind": one.case.kind, "doer": one.group.name if one.group else one.firm,
         **{name: getattr(one, name) for name in names}}
        for one in found.select_related("case__place", "group")
    ]  # fmt: skip
