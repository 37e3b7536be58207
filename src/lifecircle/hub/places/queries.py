"""Reads of places, narrowed to the caller's subtrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import shapely
from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from lifecircle.engine.bundle.references import RESIDENTS
from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import InvalidError, MissingError
from lifecircle.hub.places.locating import Locator
from lifecircle.hub.places.models import CIRCLE, LEVELS, GridMember, Place, PlaceEvent, Population
from lifecircle.hub.rights import Right

__all__ = ["Locator"]
_PUBLIC = LEVELS[:4]
"""Levels that tell nothing of a household."""


def under(lineages: Iterable[str], field: str = "lineage") -> Q:
    """Rows whose lineage lies under any of some; none match nothing."""
    condition = Q(pk__in=[])
    for lineage in lineages:
        condition |= Q() if lineage == "/" else Q(**{f"{field}__startswith": lineage})
        if lineage == "/":
            return Q()
    return condition


def within(actor: Actor, right: Right, field: str = "lineage") -> Q:
    """Rows that a caller holds a right over, by the field that holds their place's lineage."""
    return under(actor.lineages(right), field)


def places(actor: Actor, *, right: Right = "place.read", ended: bool = False) -> QuerySet[Place]:
    """The places that a caller may see; those that have ended only if asked for."""
    rows = Place.objects.filter(within(actor, right))
    return rows if ended else rows.filter(until__isnull=True)


def place(actor: Actor, code: str, *, right: Right = "place.read") -> Place:
    """One place by its code, ended or not.

    Raises
    ------
    MissingError
        There is none, or the caller may not see it.
    """
    found = places(actor, right=right, ended=True).filter(code=code).first()
    if found is None:
        raise MissingError(f"no place {code}", f"没有地方 {code}")
    return found


def place_at(actor: Actor, lon: float, lat: float, level: str) -> Place | None:
    """The place of a level that a point lies in; None where none does."""
    rows = places(actor).filter(
        level=level, west__lte=lon, east__gte=lon, south__lte=lat, north__gte=lat
    )
    spot = shapely.Point(lon, lat)
    return next((row for row in rows if row.geometry and row.geometry.intersects(spot)), None)


def smallest_at(lon: float, lat: float) -> Place | None:
    """The smallest place down to a grid that a point lies in, whoever asks; None outside the district."""
    rows = Place.objects.filter(
        until__isnull=True, level__in=_PUBLIC, west__lte=lon, east__gte=lon, south__lte=lat, north__gte=lat
    )  # fmt: skip
    spot = shapely.Point(lon, lat)
    inside = [row for row in rows if row.geometry and row.geometry.intersects(spot)]
    return max(inside, key=lambda row: _PUBLIC.index(row.level), default=None)


def named_in(text: str) -> Place | None:
    """The smallest place down to a grid that an address names beyond doubt; the district where it names none."""
    known = list(Place.objects.filter(until__isnull=True, level__in=_PUBLIC).defer("shape"))
    found = next((one for one in known if one.level == _PUBLIC[0]), None)
    for level in _PUBLIC[1:]:
        below = [one for one in known if found and one.level == level and one.lineage.startswith(found.lineage)]  # fmt: skip
        named = [one for one in below if one.name_zh in text]
        found = named[0] if len(named) == 1 else found
    return found


def told_to_all(lineages: Iterable[str]) -> dict[str, list[Place]]:
    """The places from the district down to a grid that each lineage names: what may be said of where something is."""
    wanted = {lineage: lineage.strip("/").split("/") for lineage in lineages}
    rows = Place.objects.filter(code__in={code for codes in wanted.values() for code in codes}, level__in=_PUBLIC)  # fmt: skip
    known = {row.code: row for row in rows.defer("shape")}
    return {
        lineage: [known[code] for code in codes if code in known]
        for lineage, codes in wanted.items()
    }


def open_place(actor: Actor, code: str, *, right: Right = "place.read") -> Place:
    """As `place`, of those that have not ended.

    Raises
    ------
    MissingError
        There is none, or the caller may not see it.
    InvalidError
        It has ended.
    """
    found = place(actor, code, right=right)
    if found.until is not None:
        raise InvalidError(
            f"a place that goes on: {code} ended on {found.until}",
            f"{code} 已于 {found.until} 撤销",
        )
    return found


def point_in(one: Place) -> tuple[float, float] | None:
    """A point inside a place, or inside the smallest place above it that has a shape; for who has found it."""
    shape = one.geometry
    if shape is None:
        above = Place.objects.filter(
            code__in=one.lineage.strip("/").split("/"), shape__isnull=False
        )
        nearest = max(above, key=lambda row: row.lineage, default=None)
        return None if nearest is None else point_in(nearest)
    inside = shape.representative_point()
    return (inside.x, inside.y)


def at_or_missing(actor: Actor, lon: float, lat: float, level: str) -> Place:
    """As `place_at`; `MissingError` if there is none for this caller."""
    found = place_at(actor, lon, lat, level)
    if found is None:
        raise MissingError("no place there", "该处没有地方")
    return found


def named(rows: QuerySet[Place], text: str) -> QuerySet[Place]:
    """Those whose name, its pinyin or its initials, or code has some text in it."""
    wanted = text.strip()
    condition = (
        Q(name_zh__icontains=wanted) | Q(name_en__icontains=wanted) | Q(code__startswith=wanted)
    )
    return rows.filter(condition | Q(pinyin__contains=wanted.lower().replace(" ", "")))


def ancestors(actor: Actor, one: Place) -> list[Place]:
    """From the district down to the place's parent, as far as the caller may see them."""
    codes = one.lineage.strip("/").split("/")[:-1]
    found = {row.code: row for row in places(actor, ended=True).filter(code__in=codes)}
    return [found[code] for code in codes if code in found]


def history(one: Place) -> QuerySet[PlaceEvent]:
    """What happened to a place, the earliest first."""
    return PlaceEvent.objects.filter(place=one)


def team(grid: Place) -> QuerySet[GridMember]:
    """The team of a grid."""
    return GridMember.objects.filter(grid=grid).select_related("account").order_by("pk")


def population(actor: Actor, one: Place) -> QuerySet[Population]:
    """How many people of each group live in a place."""
    actor.check("place.read", one.lineage)
    return Population.objects.filter(place=one).order_by("pk")


def tree_rows() -> QuerySet[Place]:
    """The places that a bundle's table holds, parents first; for assessments, which see all.

    A grid that was added without a shape is not among them until it has one. Circles come last.
    """
    levels = ("district", "street", "community", "grid")
    rows = Place.objects.filter(until__isnull=True, level__in=levels)
    return rows.exclude(level="grid", shape__isnull=True).order_by("lineage")


def circle_rows() -> QuerySet[Place]:
    """The circles that go on; for assessments, which see all."""
    return Place.objects.filter(until__isnull=True, level=CIRCLE).order_by("lineage")


def codes_like(start: str) -> set[str]:
    """Codes that begin so, of places that go on or ended; to find one that is free."""
    return set(Place.objects.filter(code__startswith=start).values_list("code", flat=True))


def residents(codes: Iterable[str]) -> dict[str, float]:
    """Residents of places as they were counted, without those nobody counted; for work that knows its caller's place."""
    rows = Population.objects.filter(place__code__in=list(codes), group=RESIDENTS)
    return {row.place.code: row.persons for row in rows.select_related("place")}


def population_rows() -> QuerySet[Population]:
    """All counts of the places of `tree_rows`, as a bundle's table holds them."""
    return (
        Population.objects.filter(place__in=tree_rows().order_by())
        .select_related("place")
        .order_by("pk")
    )


def top() -> Place | None:
    """The district; None where there is none yet."""
    return Place.objects.filter(level="district", until__isnull=True).order_by("pk").first()


def below(lineage: str) -> QuerySet[Place]:
    """The places at a lineage and below that have not ended; for work that knows its caller's place."""
    return Place.objects.filter(lineage__startswith=lineage, until__isnull=True)


def by_code(codes: Iterable[str]) -> dict[str, Place]:
    """Places by their codes, whoever asks: to link what the server itself computed to them."""
    return {one.code: one for one in Place.objects.filter(code__in=list(codes))}


def outline() -> shapely.Geometry | None:
    """The district's shape, whoever asks: tables are held against it."""
    district = Place.objects.filter(until__isnull=True, level="district").first()
    return None if district is None else district.geometry


def extent(actor: Actor) -> list[float]:
    """West, south, east, north of what a caller sees; the world for nothing."""
    rows = places(actor).filter(shape__isnull=False)
    found = rows.aggregate(w=Min("west"), s=Min("south"), e=Max("east"), n=Max("north"))
    if found["w"] is None:
        return [-180.0, -90.0, 180.0, 90.0]
    return [found["w"], found["s"], found["e"], found["n"]]


def changed_since(moment: dt.datetime) -> bool:
    """Whether anything happened to any place since a moment."""
    return PlaceEvent.objects.filter(recorded_at__gt=moment).exists()


def moment() -> str:
    """Now, as interfaces write it."""
    return timezone.now().isoformat()
