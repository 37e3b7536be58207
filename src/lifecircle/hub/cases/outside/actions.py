"""Writes of links to outside bodies: made once and told once, ended by who dispatches."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases import photos, queries
from lifecircle.hub.cases.history import append
from lifecircle.hub.cases.models import Case, CasePhoto, Order, OutsideLink
from lifecircle.hub.cases.outside import queries as outside
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.notify import actions as notify
from lifecircle.hub.tokens import digest_of

DAYS = 14
MOST_DAYS = 90
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Asked:
    """What is handed to whom: the case, or one of its orders; `ask` is all of the matter that the body reads.

    `door` lets it see the door, `photos` are those that it sees.
    """

    body: str
    ask: str
    order: int | None = None
    door: bool = False
    photos: Sequence[int] = ()
    days: int = DAYS


@transaction.atomic
def hand(actor: Actor, ref: str, asked: Asked, *, version: int) -> tuple[OutsideLink, str]:
    """Hand a case, or an approved order of it, to an outside body; the link and its token, which is told this once.

    A case that is not in outside hands yet is handed off by it; with an order its holder goes on holding it.

    Raises
    ------
    ConflictError
        The case does not go there from its state, changed since `version`, or another body has it; the order is not
        approved, or another body has it.
    ForbiddenError
        The caller does not dispatch there.
    InvalidError
        There is no name, nothing that is asked, or a photo that is none of the case.
    """
    one = queries.case(actor, ref)
    actor.check("case.dispatch", one.place.lineage)
    body, ask = asked.body.strip(), asked.ask.strip()
    if not body or not ask:
        raise InvalidError("the body's name, and what is asked of it", "单位名称和协办内容")
    handed_now = asked.order is None and one.state != "handed"
    if handed_now:
        one = cases.move(
            actor, ref, "hand_off", version=version, values={"body": body, "note": ask}
        )
        order = None
    else:
        one = Case.objects.select_for_update(of=("self",)).select_related("place").get(pk=one.pk)
        order = _order(one, asked.order, version)
    now = timezone.now()
    _check_alone(one, order)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    made = OutsideLink.objects.create(
        case=one, order=order, body=body, digest=digest_of(token), ask=ask, door=asked.door, made_at=now,
        made_by_id=actor.account_id or 0, expires_at=now + dt.timedelta(days=asked.days),
    )  # fmt: skip
    made.shown.set(_photos(one, asked.photos))
    if order is None and one.body != body:
        one.body = body
        one.save(update_fields=["body"])
    detail = {"body": body, "days": asked.days, **({"order": order.number} if order else {})}
    words = "" if handed_now else ask  # the move has said it
    append(one, "outside_sent", by=actor.name, at=now, note=words, detail=detail)
    said = {"link": made.pk, "door": asked.door, "photos": len(asked.photos), "days": asked.days}
    audit.record(actor, "outside.sent", f"case:{ref}", one.place.lineage, said)
    return made, token


@transaction.atomic
def end(actor: Actor, ref: str, number: int) -> OutsideLink:
    """End a link; a case that was handed off by it is taken back by a move of its own.

    Raises
    ------
    ConflictError
        It is over already, or the body has answered.
    """
    found = outside.link(actor, ref, number)
    one = Case.objects.select_for_update(of=("self",)).select_related("place").get(pk=found.case_id)
    actor.check("case.dispatch", one.place.lineage)
    if not OutsideLink.objects.filter(
        pk=found.pk, ended_at__isnull=True, done_at__isnull=True, declined_at__isnull=True
    ).update(ended_at=timezone.now()):
        raise ConflictError("a link that is open", "有效的链接")
    append(one, "outside_ended", by=actor.name, at=timezone.now(), detail={"body": found.body})
    audit.record(actor, "outside.ended", f"case:{ref}", one.place.lineage, {"link": found.pk})
    return outside.link(actor, ref, number)


def tell(actor: Actor, made: OutsideLink, *, channel: str, to: str, address: str) -> bool:
    """Send a link to a body by a gateway, once and now; whether the gateway took it.

    Neither the link nor whom it went to is kept: a queue would hold both.
    """
    one = made.case
    words = f"{one.place.name_zh}: {made.body}, 请协办 {one.ref}。{address}"
    took = notify.send_once(channel, to, words, name=f"outside-{made.pk}", case=one)
    with transaction.atomic():
        detail = {"body": made.body, "channel": channel, "ok": took}
        append(one, "outside_told", by=actor.name, at=timezone.now(), detail=detail)
        said = {"link": made.pk, "channel": channel, "ok": took}
        audit.record(actor, "outside.told", f"case:{one.ref}", one.place.lineage, said)
    return took


def _order(one: Case, number: int | None, version: int) -> Order | None:
    if number is None:
        if one.version != version:
            raise ConflictError("the case changed meanwhile", "事件已被他人修改")
        return None
    found = one.orders.filter(number=number).first()
    if found is None or found.state != "approved":
        raise ConflictError("an order that is approved and not done", "已批准未完工的派单")
    return found


def _check_alone(one: Case, order: Order | None) -> None:
    """One body at a time has a case, or an order."""
    now = timezone.now()
    rows = one.outside_links.filter(
        order=order, ended_at__isnull=True, done_at__isnull=True, declined_at__isnull=True, expires_at__gt=now
    )  # fmt: skip
    other = rows.first()
    if other is not None:
        raise ConflictError(
            f"{other.body} has a link to it: end that first",
            f"已交 {other.body} 协办: 先停用原链接",
        )


def _photos(one: Case, numbers: Sequence[int]) -> list[CasePhoto]:
    found = list(photos.there(one).filter(pk__in=list(numbers)))
    if len(found) != len(set(numbers)):
        raise InvalidError("photos of this case", "本事件的照片")
    return found
