"""What stands beside a case when it moves on: its repair orders, and its links to outside bodies."""

from __future__ import annotations

import datetime as dt

from lifecircle.hub.cases.history import Happened, append_all
from lifecircle.hub.cases.models import Case, Order
from lifecircle.hub.errors import ConflictError


def has_open_orders(one: Case) -> bool:
    """Whether an order of a case is approved and not done."""
    return one.orders.filter(state="approved").exists()


def check_orders(one: Case) -> None:
    """Raise `ConflictError` while an order of a case is approved and not done."""
    numbers = one.orders.filter(state="approved").values_list("number", flat=True)
    named = ", ".join(str(number) for number in numbers)
    if named:
        raise ConflictError(
            f"repair orders that are done or withdrawn: {named} is approved",
            f"维修派单 {named} 已批准未完工: 先完工或撤回",
        )


def end(one: Case, *, by: str, at: dt.datetime) -> None:
    """A case is over: orders that nobody approved are withdrawn, and its links lead nowhere."""
    proposed = list(one.orders.filter(state="proposed"))
    Order.objects.filter(pk__in=[each.pk for each in proposed]).update(state="withdrawn")
    append_all(
        [Happened(one, "order_withdrawn", by, at, detail={"order": each.number}) for each in proposed]
    )  # fmt: skip
    end_links(one, at=at)


def end_links(one: Case, *, at: dt.datetime, order: Order | None = None) -> None:
    """The links of a case lead nowhere any more; with `order` those of that order alone."""
    rows = one.outside_links.filter(ended_at__isnull=True)
    (rows if order is None else rows.filter(order=order)).update(ended_at=at)


def end_handed(one: Case, *, at: dt.datetime) -> None:
    """A case is not in an outside body's hands any more: its link leads nowhere, those of its orders do."""
    one.outside_links.filter(order__isnull=True, ended_at__isnull=True).update(ended_at=at)
