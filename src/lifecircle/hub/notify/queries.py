"""Reads of notices: the caller's own, and those of a case that they may see."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from lifecircle.hub.actor import Actor
from lifecircle.hub.notify import gateways
from lifecircle.hub.notify.models import Notice


def own(actor: Actor) -> QuerySet[Notice]:
    """What the caller was told in the app, the latest first."""
    rows = Notice.objects.filter(account_id=actor.account_id or 0, channel="app")
    return rows.select_related("case__place").order_by("-pk")


def of_case(case: Any) -> QuerySet[Notice]:
    """Who was told of a case; for who has found it."""
    return Notice.objects.filter(case=case).select_related("account")


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
