"""Who is on duty: by the roster, and where it is silent by role."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.duty.models import Shift
from lifecircle.hub.errors import MissingError
from lifecircle.hub.people import queries as people
from lifecircle.hub.places.queries import within

_ROLES = {
    "grid": ("grid_worker",), "community": ("community_worker",), "street": ("street_officer",),
    "district": ("command_operator", "district_planner"), "desk": ("command_operator",),
}  # fmt: skip
"""Who is told at a tier where nobody is on the roster."""


def shifts(actor: Actor, *, place: str = "", day: dt.date | None = None) -> QuerySet[Shift]:
    """The roster of places that a caller may see, of a day."""
    rows = Shift.objects.filter(within(actor, "case.read", "place__lineage"))
    if place:
        rows = rows.filter(place__lineage__contains=f"/{place}/")
    if day is not None:
        start = timezone.make_aware(dt.datetime.combine(day, dt.time()))
        rows = rows.filter(starts_at__lt=start + dt.timedelta(1), ends_at__gt=start)
    return rows.select_related("place", "account", "substitute")


def shift(actor: Actor, number: int) -> Shift:
    """One shift; `MissingError` if there is none for this caller."""
    found = shifts(actor).filter(pk=number).first()
    if found is None:
        raise MissingError
    return found


def on_duty(place: Any, tier: str, at: dt.datetime | None = None) -> list[Any]:
    """Accounts to be told of something at a place, of a tier: those on duty there, else those with the role there.

    `desk` is the duty desk of the district, which hears of every P1 at once.

    A substitute is told instead of whom they stand in for. Accounts that are locked or past their day are nobody.
    """
    now = at or timezone.now()
    above = Q()
    for lineage in _above(place.lineage):
        above |= Q(place__lineage=lineage)
    level = "district" if tier == "desk" else tier
    rows = Shift.objects.filter(above, place__level=level, starts_at__lte=now, ends_at__gt=now)
    found = {}
    for one in rows.select_related("account", "substitute"):
        account = one.substitute or one.account
        if account.is_usable:
            found[account.pk] = account
    if found:
        return list(found.values())
    return [one for one in people.holding(_ROLES[tier], _above(place.lineage)) if one.is_usable]


def anybody(place: Any) -> list[Any]:
    """Everybody with any of these roles at a place or above: the last to be asked."""
    roles = tuple(sorted({role for each in _ROLES.values() for role in each}))
    return [one for one in people.holding(roles, _above(place.lineage)) if one.is_usable]


def _above(lineage: str) -> list[str]:
    """The lineages of a place and of all above it."""
    codes = lineage.strip("/").split("/")
    return [f"/{'/'.join(codes[: k + 1])}/" for k in range(len(codes))]
