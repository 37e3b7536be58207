"""Reads of notices: the caller's own, and those of a case that they may see; of group chats, and of one's own browsers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import MissingError
from lifecircle.hub.notify import gateways
from lifecircle.hub.notify.models import Chat, Notice, PushSubscription
from lifecircle.hub.places.queries import within


def own(actor: Actor) -> QuerySet[Notice]:
    """What the caller was told in the app, the latest first."""
    rows = Notice.objects.filter(account_id=actor.account_id or 0, channel="app")
    return rows.select_related("case__place").order_by("-pk")


def of_case(case: Any) -> QuerySet[Notice]:
    """Who was told of a case; for who has found it."""
    return Notice.objects.filter(case=case).select_related("account", "chat")


def cases_told(account_id: int | None) -> QuerySet[Notice, int]:
    """The keys of the cases that somebody was told of."""
    rows = Notice.objects.filter(account_id=account_id or 0)
    return rows.values_list("case_id", flat=True)


def told(case: Any, account_id: int | None) -> bool:
    """Whether somebody was told of a case: they may answer it."""
    return Notice.objects.filter(case=case, account_id=account_id or 0).exists()


def leads_out(channel: str) -> bool:
    """Whether a channel has a gateway, and so leads to who has no account."""
    return channel != "app" and gateways.is_on(channel)


def browsers(actor: Actor) -> QuerySet[PushSubscription]:
    """The caller's own browsers that are told by push."""
    return PushSubscription.objects.filter(account_id=actor.account_id or 0)


def chats(actor: Actor) -> QuerySet[Chat]:
    """The chats of places where the caller says who is told, those that ended too."""
    rows = Chat.objects.filter(within(actor, "duty.write", "place__lineage"))
    return rows.select_related("place").order_by("place__lineage", "pk")


def chat(actor: Actor, number: int) -> Chat:
    """One chat; `MissingError` if there is none for this caller."""
    found = chats(actor).filter(pk=number).first()
    if found is None:
        raise MissingError
    return found


def going_on() -> QuerySet[Chat]:
    """The chats that are told; for who tells them."""
    return Chat.objects.filter(ended_at__isnull=True).select_related("place")
