"""Reads of the register, narrowed to the caller's places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from lifecircle.engine.standards import Standards, default
from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import MissingError
from lifecircle.hub.facilities.fields import FIELDS, STALE_DAYS
from lifecircle.hub.facilities.models import (
    Facility,
    FacilityPhoto,
    FacilityValue,
    ImportBatch,
    Space,
)
from lifecircle.hub.places.queries import under, within


@cache
def standards() -> Standards:
    """The standard whose facility types the register knows."""
    return default()


def facilities(
    actor: Actor, *, type_: str | None = None, place: str | None = None, text: str = "",
    stale: bool = False, bounds: tuple[float, float, float, float] | None = None,
) -> QuerySet[Facility]:  # fmt: skip
    """The facilities that a caller may see, by type, below a place, by name, stale, in a rectangle."""
    rows = Facility.objects.filter(
        within(actor, "facility.read", "place__lineage"), removed_at__isnull=True
    ).select_related("place")
    if type_:
        rows = rows.filter(type=type_)
    if place:
        rows = rows.filter(place__lineage__contains=f"/{place}/")
    if text:
        typed = text.strip().lower().replace(" ", "")
        rows = rows.filter(
            Q(name__icontains=text) | Q(ref__icontains=text) | Q(pinyin__contains=typed)
        )
    if stale:
        limit = stale_before()
        rows = rows.filter(Q(checked_on__lt=limit) | Q(checked_on__isnull=True))
    if bounds:
        west, south, east, north = bounds
        rows = rows.filter(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
    return rows


def facility(actor: Actor, ref: str) -> Facility:
    """One facility; `MissingError` if there is none for this caller."""
    found = facilities(actor).filter(ref=ref).first()
    if found is None:
        raise MissingError(f"no facility {ref}", f"没有设施 {ref}")
    return found


def values(one: Facility) -> QuerySet[FacilityValue]:
    """Everything that was ever said of a facility, the latest first."""
    return one.values.order_by("-pk")


def photos(one: Facility) -> QuerySet[FacilityPhoto]:
    """The photos of a facility, the first added first."""
    return one.photos.filter(removed_at__isnull=True)


def photo(actor: Actor, ref: str, number: int) -> FacilityPhoto:
    """One photo of a facility; `MissingError` if there is none for this caller."""
    found = photos(facility(actor, ref)).filter(pk=number).first()
    if found is None:
        raise MissingError(f"no photo {number} of {ref}", f"{ref} 没有照片 {number}")
    return found


def spaces(actor: Actor, *, place: str = "", text: str = "") -> QuerySet[Space]:
    """The idle spaces that a caller may see, below a place, by name or ref."""
    rows = Space.objects.filter(
        within(actor, "facility.read", "place__lineage"), removed_at__isnull=True
    ).select_related("place")
    if place:
        rows = rows.filter(place__lineage__contains=f"/{place}/")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(ref__icontains=text))
    return rows


def space(actor: Actor, ref: str) -> Space:
    """One idle space; `MissingError` if there is none for this caller."""
    found = spaces(actor).filter(ref=ref).first()
    if found is None:
        raise MissingError(f"no space {ref}", f"没有闲置空间 {ref}")
    return found


def imports(actor: Actor) -> QuerySet[ImportBatch]:
    """The caller's own imports."""
    return ImportBatch.objects.filter(account_id=actor.account_id or 0)


def stale_before() -> dt.date:
    """Facilities checked before this day, or never, are stale."""
    return timezone.localdate() - dt.timedelta(days=STALE_DAYS)


def row_of(one: Facility) -> dict[str, Any]:
    """The fields that people fill in, as they are now."""
    return {name: getattr(one, name) for name in FIELDS}


def register_rows() -> Iterable[dict[str, Any]]:
    """Every facility as a row of a bundle's table; for assessments, which see all of a district."""
    names = ["ref", "checked_on", *FIELDS]
    return Facility.objects.filter(removed_at__isnull=True).order_by("ref").values(*names)


def space_refs(lineage: str) -> list[str]:
    """The idle spaces at a place and below, by ref; for proposals, which know their caller's place."""
    rows = Space.objects.filter(place__lineage__startswith=lineage, removed_at__isnull=True)
    return list(rows.order_by("ref").values_list("ref", flat=True))


def space_rows() -> Iterable[dict[str, Any]]:
    """Every idle space as a row of a bundle's table."""
    names = [
        "ref", "name", "lon", "lat", "area_m2", "floor", "cost_cny", "allowed_types", "shared_hours",
        "free_from",
    ]  # fmt: skip
    return Space.objects.filter(removed_at__isnull=True).order_by("ref").values(*names)


def open_at(lineages: Iterable[str]) -> QuerySet[Facility]:
    """Facilities at places and below that are not known to be closed; for work that knows its caller's place."""
    rows = Facility.objects.filter(removed_at__isnull=True, in_surround=False).exclude(
        operating=False
    )
    return rows.filter(under(lineages, "place__lineage")).order_by("ref")


def changed_since(moment: dt.datetime) -> bool:
    """Whether anything was said of any facility since a moment."""
    return FacilityValue.objects.filter(recorded_at__gt=moment).exists()
