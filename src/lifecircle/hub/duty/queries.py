"""Who is on duty: by the roster, and where it is silent by role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.duty.models import Shift
from lifecircle.hub.errors import MissingError
from lifecircle.hub.people import queries as people
from lifecircle.hub.places import queries as places
from lifecircle.hub.places.queries import within
from lifecircle.hub.rights import RIGHTS_OF

_ROLES = {
    "grid": ("grid_worker",), "community": ("community_worker",), "street": ("street_officer",),
    "district": ("command_operator", "district_planner"), "desk": ("command_operator",),
}  # fmt: skip
"""Who is told at a tier where nobody is on the roster."""
_TOLD = tuple(sorted({role for each in _ROLES.values() for role in each}))
_SENT = tuple(role for role, rights in RIGHTS_OF.items() if "case.act" in rights)
"""Roles that act on cases."""


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody who can be sent, and the place that they are posted at; without `rostered` by their role there."""

    account: Any
    place: Any
    rostered: bool


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


def under_way(actor: Actor, *, place: str = "", at: dt.datetime | None = None) -> QuerySet[Shift]:
    """The shifts of places that a caller may see that are under way at a moment."""
    now = at or timezone.now()
    return shifts(actor, place=place).filter(starts_at__lte=now, ends_at__gt=now)


def posts(place: Any, at: dt.datetime | None = None) -> list[Post]:
    """Who can be sent to a place, each once; for work that asks what its caller may see of them.

    Whoever acts on cases there and is on duty anywhere; at a tier where the roster is silent, those with its role.
    """
    now = at or timezone.now()
    above = _above(place.lineage)
    able = {one.pk for one in people.holding(_SENT, above)}
    rows = Shift.objects.filter(starts_at__lte=now, ends_at__gt=now)
    found: dict[int, Post] = {}
    for one in rows.select_related("place", "account", "substitute"):
        account = one.substitute or one.account
        if account.pk in able and account.is_usable:
            found.setdefault(account.pk, Post(account, one.place, rostered=True))
    known = {
        one.lineage: one for one in places.by_code(place.lineage.strip("/").split("/")).values()
    }
    for tier in ("grid", "community", "street"):
        if any(post.rostered and post.place.level == tier for post in found.values()):
            continue
        for lineage in above:
            for account in people.holding(_ROLES[tier], [lineage]):
                if account.is_usable:
                    found.setdefault(account.pk, Post(account, known[lineage], rostered=False))
    return list(found.values())


class OnDuty:
    """Who is on duty at some places at a moment: asked once, however many there are."""

    def __init__(self, where: Iterable[Any], at: dt.datetime | None = None) -> None:
        now = at or timezone.now()
        lineages = {each for place in where for each in _above(place.lineage)}
        rows = Shift.objects.filter(
            place__lineage__in=lineages, starts_at__lte=now, ends_at__gt=now
        )
        self._shifts: dict[tuple[str, str], list[tuple[int, Any]]] = {}
        for rank, one in enumerate(rows.select_related("place", "account", "substitute")):
            account = one.substitute or one.account
            if account.is_usable:
                key = one.place.lineage, one.place.level
                self._shifts.setdefault(key, []).append((rank, account))
        self._roles: dict[tuple[str, str], list[tuple[int, Any]]] = {}
        for rank, grant in enumerate(people.held(_TOLD, lineages).select_related("place")):
            if grant.account.is_usable:
                key = grant.lineage, grant.role
                self._roles.setdefault(key, []).append((rank, grant.account))

    def at(self, place: Any, tier: str) -> list[Any]:
        """Accounts to be told of something at a place, of a tier: those on duty there, else those with the role there.

        `desk` is the duty desk of the district, which hears of every P1 at once.

        A substitute is told instead of whom they stand in for. Accounts that are locked or past their day are nobody.
        """
        level = "district" if tier == "desk" else tier
        return _found(self._shifts, place, (level,)) or _found(self._roles, place, _ROLES[tier])

    def anybody(self, place: Any) -> list[Any]:
        """Everybody with any of these roles at a place or above: the last to be asked."""
        return _found(self._roles, place, _TOLD)


def on_duty(place: Any, tier: str, at: dt.datetime | None = None) -> list[Any]:
    """Accounts to be told of something at one place, as `OnDuty.at`."""
    return OnDuty([place], at).at(place, tier)


def by_role(place: Any) -> list[Any]:
    """Accounts that are told at a place when nobody is on its roster: those with the role of its tier there or above."""
    roles = _ROLES.get(place.level, ())
    found = people.holding(roles, _above(place.lineage)) if roles else []
    return [one for one in found if one.is_usable]


def candidates(place: Any) -> list[Any]:
    """Roles of those who can be put on duty at a place, one of each account: they act on cases there, above or below."""
    rows = people.acting(_SENT, _above(place.lineage), place.lineage)
    found: dict[int, Any] = {}
    for one in rows:
        if one.account.kind == "staff" and one.account.is_usable:
            found.setdefault(one.account_id, one)
    return list(found.values())


def _found(
    known: Mapping[tuple[str, str], list[tuple[int, Any]]], place: Any, names: Sequence[str]
) -> list[Any]:
    """Accounts of some names at a place or above, each once, in the order in which they were read."""
    above = _above(place.lineage)
    rows = [one for lineage in above for name in names for one in known.get((lineage, name), ())]
    return list({account.pk: account for _, account in sorted(rows, key=itemgetter(0))}.values())


def _above(lineage: str) -> list[str]:
    """The lineages of a place and of all above it."""
    codes = lineage.strip("/").split("/")
    return [f"/{'/'.join(codes[: k + 1])}/" for k in range(len(codes))]
