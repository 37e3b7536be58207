"""What an order is to be, and whether it can be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.cases.models import Case
from lifecircle.hub.cases.orders.sums import MOST, Line, total
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.people import queries as people

_LONGEST_WARRANTY = dt.timedelta(days=50 * 366)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done and by whom: a working group by its number, or an outside firm by its name.

    `most` is what it may cost at most, in yuan; without it what the lines come to.
    """

    what: str
    lines: Sequence[Line]
    group: int | None = None
    firm: str = ""
    most: Decimal | None = None


def values(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    """What of an order is kept, the group found and the lines summed; `InvalidError` for what cannot be."""
    firm, what = wanted.firm.strip(), wanted.what.strip()
    if not what or (wanted.group is None) == (not firm):
        raise InvalidError(
            "what is to be done, and a working group or a firm that does it",
            "做什么, 由工作专班或外部单位之一承做",
        )
    group = None
    if wanted.group is not None:
        group = people.groups(actor, ended=False).filter(pk=wanted.group).first()
        if group is None:
            raise InvalidError("a working group that is not over", "进行中的工作专班")
    yuan = total(checked(wanted.lines))
    if wanted.most is not None and not yuan <= wanted.most <= MOST:
        raise InvalidError(
            f"a ceiling of at least what the lines come to: {yuan:,}",
            f"费用上限不低于合计 {yuan:,}",
        )
    return {"what": what, "group": group, "firm": firm, "total": yuan, "most": wanted.most}


def checked(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines as they came; `InvalidError` unless each says what and how many."""
    if not lines or any(
        not one.name.strip() or not one.unit.strip() or one.quantity <= 0 for one in lines
    ):
        raise InvalidError(
            "lines, each with a name, a unit and a quantity", "至少一行, 每行有名称、单位和数量"
        )
    return lines


def check_days(one: Case, done_on: dt.date, warranty_until: dt.date | None) -> None:
    """Raise `InvalidError` for work on a day to come or before the case, or a warranty that ends before it."""
    if not timezone.localdate(one.opened_at) <= done_on <= timezone.localdate():
        raise InvalidError(
            "done on: a day since the case came, not one to come", "完工日期: 登记以来, 不晚于今天"
        )
    if warranty_until is not None and not done_on <= warranty_until <= done_on + _LONGEST_WARRANTY:
        raise InvalidError("a warranty that ends after the work", "质保期不早于完工日期")
