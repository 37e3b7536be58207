"""Group chats: which one is told of which cases, and telling them. No door, no name, no phone: many read along.

Off unless `LIFECIRCLE_CHATS` names what kinds there may be. A chat that fails is left alone for a while, and holds up no other.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases.kinds import kinds
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.notify import bots, queries, services
from lifecircle.hub.notify.gateways import GatewayError
from lifecircle.hub.notify.models import Chat, Notice
from lifecircle.hub.places import queries as places

_TIERS = {"grid": "网格", "community": "社区", "street": "街道", "district": "区"}
"""Whose chats there are: the tiers that a case climbs."""
_ONCE = dt.timedelta(hours=1)
"""A chat is told of a case once in so long, however often its ladder comes by."""
_LEAST_OF_KEY = 6


@transaction.atomic
def add(
    actor: Actor, *, place: str, name: str, kind: str, address: str, department: str = "", up_to: str = "P5"
) -> Chat:  # fmt: skip
    """Have a chat told of the cases of a place; nobody is shown the address again.

    Raises
    ------
    ConflictError
        Chats of this kind are off.
    ForbiddenError
        The caller does not say there who is told.
    InvalidError
        The place is a building or a dwelling, the address none of this kind, or there is no such department.
    """
    where = places.open_place(actor, place)
    actor.check("duty.write", where.lineage)
    _check_on(kind)
    if where.level not in _TIERS:
        raise InvalidError("a grid or above", "网格及以上的地方")
    known = {each.department for each in kinds().values()}
    if department and department not in known:
        raise InvalidError(f"one of {', '.join(sorted(known))}", "事件类别所属的部门")
    _check_address(kind, address)
    one = Chat.objects.create(
        place=where, name=name, kind=kind, address=address, department=department, up_to=up_to,
        added_by=actor.name, added_at=timezone.now(),
    )  # fmt: skip
    audit.record(actor, "chat.added", f"chat:{one.pk}", where.lineage, {"kind": kind})
    return one


@transaction.atomic
def end(actor: Actor, number: int) -> Chat:
    """Tell a chat no more; its address is forgotten."""
    seen = queries.chat(actor, number)
    one = Chat.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)
    if one.ended_at is not None:
        raise ConflictError("a chat that goes on", "已停用的工作群")
    one.ended_at, one.address = timezone.now(), None
    one.save(update_fields=["ended_at", "address"])
    one.notices.filter(state="queued").update(state="off")
    audit.record(actor, "chat.ended", f"chat:{number}", one.place.lineage)
    return one


def test(actor: Actor, number: int) -> Chat:
    """Say something in a chat now; the chat, and in it what the other side answered."""
    one = queries.chat(actor, number)
    if one.ended_at is not None:
        raise ConflictError("a chat that goes on", "已停用的工作群")
    _check_on(one.kind)
    audit.record(actor, "chat.tested", f"chat:{number}", one.place.lineage)
    with contextlib.suppress(GatewayError):  # it is in the chat's answer
        post(one, f"生活圈 测试消息 test message\n{one.place.name_zh}: {one.name}")
    one.refresh_from_db()
    return one


def post(one: Chat, text: str) -> str:
    """Say something in a chat, and keep what was answered; `GatewayError` if it was not taken."""
    address, send = one.address or "", bots.post if one.kind in bots.BOTS else services.post
    try:
        _check_on(one.kind)
        answer = _without_key(send(one.kind, address, text), one)[:120]
    except (ConflictError, GatewayError) as error:
        wait_s, final = (
            (error.wait_s, error.final) if isinstance(error, GatewayError) else (0, True)
        )
        failed = GatewayError(_without_key(str(error), one), wait_s=wait_s, final=final)
        _answered(one, str(failed), took_it=False)
        raise failed from None  # whose text may hold the key
    _answered(one, answer, took_it=True)
    return answer


def tell(told: Iterable[tuple[Any, str, str]]) -> int:
    """Queue notices of cases to the chats of the tier that each has come to, and of its department; how many.

    Parameters
    ----------
    told
        Cases, each with its tier, and what kind of matter it is in words.
    """
    climbed = list(told)
    chats = list(queries.going_on()) if settings.CHATS and climbed else []
    if not chats:
        return 0
    now = timezone.now()
    lately = Notice.objects.filter(chat__isnull=False, created_at__gt=now - _ONCE)
    known = set(
        lately.filter(case__in=[case.pk for case, _, _ in climbed]).values_list("case", "chat")
    )
    made = [
        Notice(case=case, chat=chat, channel="chat", text=words, created_at=now, next_at=now)
        for case, tier, kind in climbed
        if (found := [one for one in chats if _concerns(one, case, tier) and (case.pk, one.pk) not in known])
        for words in [_words(case, tier, kind)] for chat in found
    ]  # fmt: skip
    Notice.objects.bulk_create(made)
    return len(made)


def whereabouts(case: Any) -> str:
    """Where a case is, to its community: what many may read."""
    codes = case.place.lineage.strip("/").split("/")[:3]
    names = places.by_code(codes)
    return " ".join(names[code].name_zh for code in codes[1:] or codes)


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Chats of a place that ended go to the first that goes on."""
    Chat.objects.filter(place=place).update(place=heirs[0])


def _concerns(one: Chat, case: Any, tier: str) -> bool:
    if not case.place.lineage.startswith(one.place.lineage) or case.priority > one.up_to:
        return False
    return one.department == case.department if one.department else one.place.level == tier


def _words(case: Any, tier: str, kind: str) -> str:
    """What many may read: number, kind, priority, the place to its community, where to open it."""
    drill = "演练 DRILL " if case.drill else ""
    lines = (
        f"生活圈 {drill}[{case.priority}] {kind}", whereabouts(case), f"{case.ref} 待接 unanswered: {_TIERS[tier]} {tier}",
        f"{settings.URL}/cases/{case.ref}",
    )  # fmt: skip
    return "\n".join(lines)


def _check_on(kind: str) -> None:
    if kind not in settings.CHATS:
        raise ConflictError(
            f"chats of this kind are off: LIFECIRCLE_CHATS names {', '.join(sorted(settings.CHATS)) or 'none'}",
            f"未开启此类工作群: LIFECIRCLE_CHATS 现为 {'、'.join(sorted(settings.CHATS)) or '空'}",
        )


def _check_address(kind: str, address: str) -> None:
    """Raise `InvalidError` unless an address is of its kind; without a word of the address."""
    if kind in bots.BOTS:
        start = bots.start_of(kind)
        if not re.fullmatch(re.escape(start) + r"[\w-]{6,100}", address):
            raise InvalidError(f"an address that begins with {start}", f"以 {start} 开头的地址")
        return
    if not services.is_installed():
        raise ConflictError("pip install 'lifecircle[chats]' first", "请先安装 lifecircle[chats]")
    if not address.startswith(f"{kind}://") or not services.is_address(address):
        raise InvalidError(f"an address of apprise, {kind}://...", f"apprise 地址, {kind}://...")


def _answered(one: Chat, text: str, *, took_it: bool) -> None:
    Chat.objects.filter(pk=one.pk).update(
        answer=text[:200], answered_at=timezone.now(), took_it=took_it
    )


def _without_key(text: str, one: Chat) -> str:
    """What was answered, without any part of the address that may be a key."""
    secret = one.address or ""
    if one.kind in bots.BOTS:
        secret = secret.removeprefix(bots.start_of(one.kind))
    for part in sorted(re.split(r"[/:@?&=]+", secret), key=len, reverse=True):
        if len(part) >= _LEAST_OF_KEY:
            text = text.replace(part, "***")
    return text
