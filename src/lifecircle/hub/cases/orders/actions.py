"""Writes of repair orders: proposed, changed, approved by who may for so much, done for no more than that, or withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases import over, queries
from lifecircle.hub.cases.history import append
from lifecircle.hub.cases.models import Case, Order, OrderLine
from lifecircle.hub.cases.orders import queries as orders
from lifecircle.hub.cases.orders.sums import Line, limits, total
from lifecircle.hub.cases.orders.wanted import Wanted, check_days, checked, values
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError
from lifecircle.hub.versions import check_version

__all__ = ["MOST_ORDERS", "Wanted", "approve", "change", "finish", "propose", "withdraw"]
MOST_ORDERS = 50
"""Of one case."""
_ZH = {"community": "社区", "street": "街道", "district": "区"}


@transaction.atomic
def propose(actor: Actor, ref: str, wanted: Wanted) -> Order:
    """Propose an order for a case that is being worked on.

    Raises
    ------
    ConflictError
        The case is resolved or over.
    ForbiddenError
        The caller does not act on cases there.
    InvalidError
        There is no line, nobody or two who do it, or a ceiling below what the lines come to.
    """
    one = _worked_on(actor, ref)
    numbers = [each.number for each in one.orders.all()]
    if len(numbers) >= MOST_ORDERS:
        raise ConflictError(
            f"at most {MOST_ORDERS} orders of a case", f"每件事件最多 {MOST_ORDERS} 张派单"
        )
    made = Order(
        case=one, number=max(numbers, default=0) + 1, proposed_at=timezone.now(), proposed_by=actor.name,
        **values(actor, wanted),
    )  # fmt: skip
    made.save()
    _write(made, wanted.lines)
    _say(actor, made, "proposed")
    return made


@transaction.atomic
def change(actor: Actor, ref: str, number: int, wanted: Wanted, *, version: int) -> Order:
    """Change an order that is not done; one that was approved has to be approved again."""
    made = _locked(
        actor, ref, number, version, ("proposed", "approved"), case=_worked_on(actor, ref)
    )
    for name, value in values(actor, wanted).items():
        setattr(made, name, value)
    made.state, made.proposed_by, made.proposed_at = "proposed", actor.name, timezone.now()
    made.approved_at, made.approved_by = None, ""
    over.end_links(made.case, at=made.proposed_at, order=made)
    _save(made)
    made.lines.all().delete()
    _write(made, wanted.lines)
    _say(actor, made, "changed")
    return made


@transaction.atomic
def approve(actor: Actor, ref: str, number: int, *, version: int) -> Order:
    """Approve an order: at the tier that may for so much (`limits.toml`), and nobody a large one of their own.

    Raises
    ------
    ForbiddenError
        The caller's right does not reach so high, or it is their own.
    """
    one = _working(_locked_case(actor, ref))
    made = _locked(actor, ref, number, version, ("proposed",), case=one)
    actor.check("case.dispatch", one.place.lineage)
    if not orders.may_approve(actor, made):
        yuan, known = orders.ceiling(made), limits()
        raise ForbiddenError(
            f"{yuan:,} yuan: somebody else's approval, at the {known.tier(yuan)}",
            f"{yuan:,} 元: 须由他人在{_ZH[known.tier(yuan)]}一级批准",
        )
    made.state, made.approved_at, made.approved_by = "approved", timezone.now(), actor.name
    _save(made)
    _say(actor, made, "approved")
    return made


@transaction.atomic
def finish(
    actor: Actor, ref: str, number: int, *, version: int, done_by: str, done_on: dt.date, warranty_until: dt.date | None = None,
    lines: Sequence[Line] | None = None,
) -> Order:  # fmt: skip
    """The work of an order is done: by whom, when, of which lines (those that were approved, unless said).

    Raises
    ------
    ConflictError
        It cost more than was approved: then it is changed, and approved again.
    InvalidError
        The day is to come, or before the case; or the warranty ends before it.
    """
    one = _locked_case(actor, ref)
    actor.check("case.act", one.place.lineage)
    made = _locked(actor, ref, number, version, ("approved",), case=one)
    check_days(one, done_on, warranty_until)
    if not done_by.strip():
        raise InvalidError("who did it", "由谁完成")
    if lines is not None:
        most = orders.ceiling(made)
        made.total = total(checked(lines))
        if made.total > most:
            raise ConflictError(
                f"{made.total:,} yuan, approved are {most:,}: change the order, and have it approved again",
                f"实际 {made.total:,} 元, 批准 {most:,} 元: 请修改派单后重新报批",
            )
        made.lines.all().delete()
        _write(made, lines)
    made.state, made.done_by, made.done_on, made.warranty_until = (
        "done",
        done_by.strip(),
        done_on,
        warranty_until,
    )
    _save(made)
    over.end_links(one, at=timezone.now(), order=made)
    _say(actor, made, "done", by=made.done_by)
    return made


@transaction.atomic
def withdraw(actor: Actor, ref: str, number: int, *, version: int, note: str) -> Order:
    """Withdraw an order that is not done, with a reason."""
    one = _locked_case(actor, ref)
    made = _locked(actor, ref, number, version, ("proposed", "approved"), case=one)
    if not orders.may_withdraw(actor, made):
        raise ForbiddenError
    if not note.strip():
        raise InvalidError("a reason", "须说明原因")
    made.state = "withdrawn"
    _save(made)
    over.end_links(one, at=timezone.now(), order=made)
    _say(actor, made, "withdrawn", note=note)
    return made


def _locked_case(actor: Actor, ref: str) -> Case:
    seen = queries.case(actor, ref)
    return Case.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)


def _worked_on(actor: Actor, ref: str) -> Case:
    one = _locked_case(actor, ref)
    actor.check("case.act", one.place.lineage)
    return _working(one)


def _working(one: Case) -> Case:
    if one.state not in queries.WORKING:
        raise ConflictError("a case that is not resolved yet", "未办结的事件")
    return one


def _locked(
    actor: Actor, ref: str, number: int, version: int, states: Sequence[str], *, case: Case
) -> Order:  # fmt: skip
    """Lock an order of a case that is locked: each waits for the other in that order."""
    made = orders.order(actor, ref, number)
    made.case = case
    check_version(made, version)
    if made.state not in states:
        raise ConflictError(
            f"an order that is {' or '.join(states)}, not {made.state}", "派单当前状态不能这样操作"
        )
    return made


def _write(made: Order, lines: Sequence[Line]) -> None:
    OrderLine.objects.bulk_create(
        OrderLine(order=made, sort=one.sort, name=one.name.strip(), unit=one.unit.strip(), quantity=one.quantity, price=one.price)
        for one in lines
    )  # fmt: skip


def _save(made: Order) -> None:
    made.version += 1
    made.save()


def _say(actor: Actor, made: Order, what: str, *, note: str = "", by: str = "") -> None:
    """To the history, the screens and the audit; what is audited names no person."""
    who = made.group.name if made.group else made.firm
    detail = {
        "order": made.number,
        "total": str(made.total),
        "doer": who,
        **({"done_by": by} if by else {}),
    }
    append(
        made.case, f"order_{what}", by=actor.name, at=timezone.now(), note=note or made.what, detail=detail
    )  # fmt: skip
    audit.record(
        actor, f"case.order_{what}", f"case:{made.case.ref}", made.case.place.lineage,
        {"order": made.number, "total": str(made.total)},
    )  # fmt: skip
