"""Reads of events: after a position, for places where the caller holds the event's right."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

from lifecircle.hub.actor import Actor
from lifecircle.hub.places.queries import within
from lifecircle.hub.rights import RIGHTS
from lifecircle.hub.stream.models import Event, Sequencer, Webhook


def after(actor: Actor, position: int, *, most: int) -> list[Event]:
    """The next events after a position that a caller may see, at most so many."""
    seen = Q(pk__in=[])
    for right in RIGHTS:
        if actor.lineages(right):
            seen |= Q(right=right) & within(actor, right)
    return list(Event.objects.filter(seen, position__gt=position).order_by("position")[:most])


def newest() -> int:
    """The last position that was given; 0 for none."""
    return Event.objects.aggregate(last=Max("position"))["last"] or 0


def is_told(kind: str, ref: str, *, since: dt.datetime) -> bool:
    """Whether an event about something, after a moment, has its position: every screen that listens is told of it."""
    rows = Event.objects.filter(
        at__gte=since - dt.timedelta(seconds=1), kind=kind, position__isnull=False
    )
    return rows.filter(data__ref=ref).exists()


def is_too_old(position: int) -> bool:
    """Whether events after a position are no longer kept: who stands there has missed some."""
    first = Event.objects.aggregate(first=Min("position"))["first"]
    if first is None:
        last = Sequencer.objects.filter(pk=1).values_list("last", flat=True).first()
        return position < (last or 0)
    return position < first - 1


def plain(event: Event) -> dict[str, Any]:
    """An event as it is told."""
    return {
        "position": event.position, "kind": event.kind, "at": event.at.isoformat(),
        "place": event.lineage.strip("/").split("/")[-1], "data": event.data,
    }  # fmt: skip


def webhooks(actor: Actor) -> QuerySet[Webhook]:
    """The caller's own webhooks."""
    return Webhook.objects.filter(account_id=actor.account_id or 0)
