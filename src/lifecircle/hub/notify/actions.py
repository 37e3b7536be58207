"""Telling people: queued in the transaction of what happened, sent after it, tried again until it arrived or is over."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import MissingError
from lifecircle.hub.notify import chats, gateways, push
from lifecircle.hub.notify.models import Chat, Notice
from lifecircle.hub.stream import actions as stream

_AGAIN_S = (2, 5, 15, 60, 180)
_MOST = 8
_BATCH = 100
_LEASE, _LEASE_OF_CHAT = dt.timedelta(seconds=30), dt.timedelta(minutes=3)
"""A notice that is being sent is nobody else's for so long; it is tried again if whoever sent it was killed."""


def tell(case: Any, accounts: Sequence[Any], *, channels: Sequence[str], text: str = "") -> int:
    """Queue notices of a case to some accounts, on every channel that leads anywhere; how many."""
    return _queued([_Told(case, case.place.lineage, accounts, channels, text)])


def tell_all(told: Iterable[tuple[Any, Sequence[Any], Sequence[str]]]) -> int:
    """Queue notices of several cases, each to some accounts on some channels; how many."""
    return _queued([_Told(case, case.place.lineage, who, channels) for case, who, channels in told])


def broadcast(place: Any, accounts: Sequence[Any], *, text: str, channels: Sequence[str]) -> int:
    """Queue notices of what concerns no single case to some accounts, as `tell`."""
    return _queued([_Told(None, place.lineage, accounts, channels, text)])


@dataclass(frozen=True, slots=True)
class _Told:
    """What some accounts are told on some channels: of a case, or what the text says, or both."""

    case: Any
    lineage: str
    accounts: Sequence[Any]
    channels: Sequence[str]
    text: str = ""


def _queued(told: Sequence[_Told]) -> int:
    now = timezone.now()
    made: list[Notice] = []
    shown: list[tuple[str, dict[str, Any]]] = []
    for one in told:
        made += [
            Notice(case=one.case, text=one.text, account=each, channel=channel, created_at=now, next_at=now)
            for each in one.accounts for channel in one.channels if gateways.is_on(channel)
        ]  # fmt: skip
        if "app" in one.channels:  # whose page is closed hears it by push
            made += push.notices(one.case, one.accounts, one.text, now)
        if one.accounts:
            ref = "" if one.case is None else one.case.ref
            shown.append(
                (one.lineage, {"ref": ref, "to": sorted({each.username for each in one.accounts})})
            )
    for notice in made:
        if notice.channel == "app":
            notice.state, notice.sent_at = "sent", now
    Notice.objects.bulk_create(made)
    stream.emit_all("notice", "case.read", shown)
    return len(made)


def call(cases: Iterable[Any]) -> int:
    """Call whom cases name, at once: the resident by voice, family and neighbours by voice and text; how many calls."""
    now = timezone.now()
    made = [
        Notice(case=case, who=one["who"], phone=one["phone"], channel=channel, created_at=now, next_at=now)
        for case in cases for one in json.loads(case.contacts or "[]")
        for channel in (("voice",) if one["who"] == "resident" else ("voice", "sms")) if gateways.is_on(channel)
    ]  # fmt: skip
    Notice.objects.bulk_create(made)
    return len(made)


def send(channel: str) -> int:
    """Hand a channel's queued notices to its gateway, the most urgent first; how many were taken."""
    now = timezone.now()
    waiting = Notice.objects.filter(channel=channel, state="queued", next_at__lte=now)
    waiting = waiting.exclude(chat__rests_until__gt=now).exclude(browser__rests_until__gt=now)
    due = waiting.order_by("case__priority", "pk").values_list("pk", flat=True)[:_BATCH]
    # One that has failed meanwhile rests: what waits for it too holds up no other.
    return sum(_sent(number, channel) for number in list(due) if waiting.filter(pk=number).exists())


def set_back(by: dt.timedelta) -> int:
    """The clock was set back: what waits to be sent, by the clock that was ahead, waits no longer than it would have."""
    waiting = Notice.objects.filter(state="queued", next_at__gt=timezone.now())
    return waiting.update(next_at=F("next_at") - by)


def send_once(channel: str, to: str, text: str, *, name: str, case: Any) -> bool:
    """Hand a text to a channel's gateway now, and keep nothing of it; whether the gateway took it.

    For what may not wait in a queue, such as a link that is a secret.
    """
    message = {
        "id": name, "to": to, "who": "outside", "case": case.ref, "priority": case.priority, "text": text,
        "drill": case.drill,
    }  # fmt: skip
    try:
        gateways.send(channel, message)
    except gateways.GatewayError:
        return False
    return True


def call_off(case: Any) -> None:
    """What was not sent yet is not sent any more: nobody is woken for a case that is answered."""
    Notice.objects.filter(case=case, state="queued").update(state="off")


def forget_phones(cases: Sequence[Any]) -> int:
    """Let go of the numbers that were called for these cases; that somebody was called stays. How many."""
    return Notice.objects.filter(case__in=cases, phone__isnull=False).update(phone=None)


def delivered(actor: Actor, number: int) -> Notice:
    """Somebody's app has shown them a notice."""
    found = Notice.objects.filter(pk=number, account_id=actor.account_id or 0).first()
    if found is None:
        raise MissingError
    if found.delivered_at is None:
        found.state, found.delivered_at = "delivered", timezone.now()
        found.save(update_fields=["state", "delivered_at"])
    return found


def shown(text: str) -> bool:
    """A browser says that it has shown what it was pushed; whether there is such a notice."""
    number = push.number_of(text)
    if number is None:
        return False
    rows = Notice.objects.filter(pk=number, channel=push.CHANNEL, delivered_at__isnull=True)
    rows.update(state="delivered", delivered_at=timezone.now())
    return True


def receipt(channel: str, text: str, *, ok: bool) -> bool:
    """A gateway says whether a notice arrived; whether there is one with this receipt."""
    state = "delivered" if ok else "failed"
    rows = Notice.objects.filter(channel=channel, receipt=text, delivered_at__isnull=True)
    return bool(rows.update(state=state, delivered_at=timezone.now() if ok else None))


def _sent(number: int, channel: str) -> bool:
    """Send one. Nothing is locked meanwhile: a gateway may take seconds, and whoever answers the case waits for none."""
    now = timezone.now()
    mine = Notice.objects.filter(pk=number, state="queued", next_at__lte=now)
    if not mine.update(next_at=now + (_LEASE_OF_CHAT if channel == "chat" else _LEASE)):
        return False  # somebody else sends it, or it was called off
    one = Notice.objects.select_related("case__place", "account", "chat", "browser").get(pk=number)
    values: dict[str, Any]
    try:
        values = {"receipt": _handed(one), "state": "sent", "sent_at": now}
    except gateways.GatewayError as error:
        wait_s = max(_AGAIN_S[min(one.attempts + 1, len(_AGAIN_S)) - 1], error.wait_s)
        again = now + dt.timedelta(seconds=wait_s)
        values = {"attempts": one.attempts + 1, "error": str(error)[:200], "next_at": again}
        if error.final or one.attempts + 1 >= _MOST:
            values["state"] = "failed"
        if one.chat is not None:
            Chat.objects.filter(pk=one.chat.pk).update(rests_until=again)
        elif one.browser is not None:
            push.rest(one.browser, error, again)
    Notice.objects.filter(pk=number, state__in=("queued", "off")).update(**values)
    return values.get("state") == "sent"


def _handed(one: Notice) -> str:
    """Hand one to whoever takes it on; what they gave for it."""
    if one.chat is not None:
        return chats.post(one.chat, one.text)
    if one.channel == push.CHANNEL:
        return push.post(one)
    return gateways.send(one.channel, _message(one))


def _message(one: Notice) -> dict[str, Any]:
    """What a gateway is given: no address to the door, no name of a resident."""
    to = one.account.username if one.account else one.phone
    told = {"id": f"notice-{one.pk}", "to": to, "who": one.who}
    case = one.case
    if case is None:
        return {**told, "case": "", "priority": "", "text": one.text, "drill": False}
    words = f"[{case.priority}] {case.title} ({case.place.name_zh}) {one.text}".strip()
    return {**told, "case": case.ref, "priority": case.priority, "text": words, "drill": case.drill}
