"""Life circles: communities or grids that live together, drawn, drawn anew, and dissolved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import shapely
from django.db import transaction

from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.places import queries
from lifecircle.hub.places.actions import checked, ended_on, free_code, opened, record
from lifecircle.hub.places.models import CIRCLE, Place

_MEMBERS = ("community", "grid")
_APART_DEG = 1e-5
"""Shapes that are a metre apart still touch: boundaries are drawn by hand."""


@transaction.atomic
def draw(
    actor: Actor, *, code: str, name_zh: str, members: Sequence[str], on: dt.date, name_en: str = ""
) -> Place:
    """Draw a circle of communities or grids; it hangs below the place that holds them all.

    Raises
    ------
    InvalidError
        A member is none, lies in another circle, or they are not in one piece.
    """
    places, above = _members(actor, members, besides="")
    free_code(code)
    one = Place(
        code=code, level=CIRCLE, name_zh=name_zh, name_en=name_en, parent=above, since=on,
        lineage=f"{above.lineage}{code}/", members=[place.code for place in places],
    )  # fmt: skip
    one.geometry = _shape(places)
    checked(one)
    one.save()
    record(actor, one, "created", on, {}, {"members": one.members, "name_zh": name_zh})
    return one


@transaction.atomic
def redraw(actor: Actor, code: str, *, members: Sequence[str], on: dt.date) -> Place:
    """Give a circle other members; errors as `draw`."""
    one = _circle(actor, code)
    places, above = _members(actor, members, besides=code)
    before = one.members
    one.members, one.parent = [place.code for place in places], above
    one.lineage = f"{above.lineage}{code}/"
    one.geometry = _shape(places)
    one.save()
    record(actor, one, "reshaped", on, {"members": before}, {"members": one.members})
    return one


@transaction.atomic
def dissolve(actor: Actor, code: str, *, on: dt.date) -> None:
    """End a circle; its members go on without it."""
    one = _circle(actor, code)
    ended_on(one, on)
    record(actor, one, "ended", on, {"members": one.members}, {})


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Circles of a place that ended take in those that go on in its stead."""
    for one in queries.circle_rows():
        if place.code in one.members:
            kept = [code for code in one.members if code != place.code]
            taken = {code for other in queries.circle_rows() for code in other.members}
            one.members = kept + [heir.code for heir in heirs if heir.code not in taken]
            now = list(Place.objects.filter(code__in=one.members))
            if now:
                one.geometry = shapely.union_all(
                    [p.geometry for p in now if p.geometry is not None]
                )
            one.save()


def _circle(actor: Actor, code: str) -> Place:
    one = opened(actor, code)
    if one.level != CIRCLE:
        raise InvalidError(f"a circle; {code} is a {one.level}", "生活圈的代码")
    return one


def _members(actor: Actor, codes: Sequence[str], *, besides: str) -> tuple[list[Place], Place]:
    """The members, and the place that holds them all, which the caller may change."""
    places = [queries.open_place(actor, code, right="place.write") for code in dict.fromkeys(codes)]
    if not places or any(place.level not in _MEMBERS for place in places):
        raise InvalidError("communities or grids", "社区或网格")
    held = {
        code: one.code
        for one in queries.circle_rows()
        if one.code != besides
        for code in one.members
    }
    for place in places:
        upwards = place.lineage.strip("/").split("/")
        inside = next((held[code] for code in upwards if code in held), None)
        if inside is not None:
            raise ConflictError(
                f"{place.code} is in {inside} already", f"{place.name_zh} 已在生活圈 {inside} 中"
            )
    if any(a.code != b.code and b.lineage.startswith(a.lineage) for a in places for b in places):
        raise InvalidError("members that lie beside each other", "互不包含的成员")
    lines = [place.lineage.strip("/").split("/")[:-1] for place in places]
    shared = [level[0] for level in zip(*lines, strict=False) if len(set(level)) == 1]
    return places, opened(actor, shared[-1])


def _shape(places: Sequence[Place]) -> shapely.Geometry:
    shapes = [place.geometry for place in places if place.geometry is not None]
    if len(shapes) < len(places):
        missing = next(place.code for place in places if place.geometry is None)
        raise InvalidError(f"members with a shape, not {missing}", f"有边界的成员, {missing} 没有")
    grown = shapely.union_all([shapely.buffer(shape, _APART_DEG) for shape in shapes])
    parts = shapely.get_num_geometries(grown)
    if parts > 1:
        raise InvalidError(
            f"members in one piece; these are {parts} pieces", f"连成一片的成员, 现有 {parts} 片"
        )
    return shapely.union_all(shapes)
