"""Writes of places. Nothing is deleted: a place ends on a day and keeps its past."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from lifecircle.hub import statistics
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.places import queries, signals
from lifecircle.hub.places.models import CIRCLE, LEVELS, Building, Place, PlaceEvent, Population
from lifecircle.hub.words import spelt

Row = dict[str, Any]


@transaction.atomic
def create(
    actor: Actor,
    *,
    parent: str,
    code: str,
    level: str,
    name_zh: str,
    on: dt.date,
    name_en: str = "",
    shape: shapely.Geometry | None = None,
) -> Place:
    """Add a place below another, from a day on.

    Raises
    ------
    InvalidError
        A level that does not belong there, a code that is taken, or a shape outside the parent's.
    """
    above = opened(actor, parent)
    _fits(level, above)
    free_code(code)
    _inside(shape, above)
    one = Place(
        code=code, level=level, name_zh=name_zh, name_en=name_en, parent=above,
        lineage=f"{above.lineage}{code}/", since=on,
    )  # fmt: skip
    one.geometry = shape
    checked(one)
    one.save()
    record(actor, one, "created", on, {}, {"parent": parent, "name_zh": name_zh})
    return one


@transaction.atomic
def rename(actor: Actor, code: str, *, name_zh: str, name_en: str, on: dt.date) -> Place:
    """Give a place another name from a day on."""
    one = opened(actor, code)
    before = {"name_zh": one.name_zh, "name_en": one.name_en}
    one.name_zh, one.name_en = name_zh, name_en
    checked(one)
    one.save(update_fields=["name_zh", "name_en", "pinyin"])
    record(actor, one, "renamed", on, before, {"name_zh": name_zh, "name_en": name_en})
    return one


@transaction.atomic
def move(actor: Actor, code: str, *, parent: str, on: dt.date) -> Place:
    """Put a place, and all below it, under another parent from a day on.

    Raises
    ------
    InvalidError
        The new parent is of a level that it does not belong to, or lies below the place.
    """
    one, above = opened(actor, code), opened(actor, parent)
    if above.lineage.startswith(one.lineage):
        raise InvalidError("a place cannot lie below itself", "地方不能归属于自己的下级")
    _fits(one.level, above)
    before = {"parent": one.parent.code if one.parent else ""}
    _relocate(one, above)
    record(actor, one, "moved", on, before, {"parent": parent})
    return one


@transaction.atomic
def merge(actor: Actor, codes: list[str], *, into: str, on: dt.date) -> Place:
    """End places and give what lies below them, and their area, to one that goes on.

    Raises
    ------
    InvalidError
        Other levels, or the one that goes on is among those that end.
    """
    target = opened(actor, into)
    ended = [opened(actor, code) for code in codes]
    if not ended or any(one.level != target.level or one.pk == target.pk for one in ended):
        raise InvalidError(
            "places of one level, other than the one they merge into",
            "同一层级、且不同于并入目标的地方",
        )
    for one in ended:
        for child in Place.objects.filter(parent=one, until__isnull=True):
            _relocate(child, target)
            record(actor, child, "moved", on, {"parent": one.code}, {"parent": into})
        ended_on(one, on)
        record(actor, one, "merged", on, {}, {"into": into})
        _inherit_people(one, [(target, 1.0)])
        signals.ended.send(Place, place=one, heirs=[target])
    shapes = [shape for one in (target, *ended) if (shape := one.geometry) is not None]
    if shapes:
        target.geometry = shapely.union_all(shapes)
        target.save()
    record(actor, target, "merged", on, {"of": codes}, {"into": into})
    return target


@transaction.atomic
def split(actor: Actor, code: str, parts: list[dict[str, Any]], *, on: dt.date) -> list[Place]:
    """End a place and open others in its stead; what lies below goes to the part that it lies in.

    Parameters
    ----------
    actor, code, on
        Who, which, and from which day.
    parts
        `code`, `name_zh`, `name_en` and `shape` of at least two.

    Raises
    ------
    InvalidError
        Fewer than two parts, a taken code, or parts that overlap or leave some of the area over.
    """
    one = opened(actor, code)
    if one.parent is None or len(parts) < 2:
        raise InvalidError("at least two parts of a place below a district", "至少两个部分")
    _covers(one, [part["shape"] for part in parts])
    made = [create(actor, parent=one.parent.code, level=one.level, on=on, **part) for part in parts]
    for child in Place.objects.filter(parent=one, until__isnull=True):
        shape = child.geometry
        spot = shape.representative_point() if shape is not None else None
        home = next(
            (
                new
                for new in made
                if spot is not None and new.geometry is not None and new.geometry.intersects(spot)
            ),
            made[0],
        )
        _relocate(child, home)
        record(actor, child, "moved", on, {"parent": code}, {"parent": home.code})
    ended_on(one, on)
    record(actor, one, "split", on, {}, {"into": [new.code for new in made]})
    _inherit_people(one, _shares(made))
    signals.ended.send(Place, place=one, heirs=made)
    return made


@transaction.atomic
def load(rows: Sequence[Row], counts: Iterable[tuple[str, str, float]], *, on: dt.date) -> int:
    """Plant the tree of a bundle where there is none; how many places there are.

    Parameters
    ----------
    rows
        Parents before children: the columns of `Place`, `parent` as a code, `shape` in WGS84, and for
        buildings `building` with its own columns.
    counts
        Code of a place, group and persons.
    on
        The day from which on they are known.

    Raises
    ------
    ConflictError
        There is a tree already.
    """
    if Place.objects.exists():
        raise ConflictError("there is a district already", "已有一个区")
    twice = [code for code, n in Counter(row["code"].lower() for row in rows).items() if n > 1]
    if twice:
        raise InvalidError(
            f"codes that differ by more than case: {twice[0]}", "代码不能只有大小写之别"
        )
    planted: dict[str, Place] = {}
    houses = []
    for level in (*LEVELS, CIRCLE):
        made = []
        for row in (row for row in rows if row["level"] == level):
            above = planted.get(row["parent"])
            one = Place(
                code=row["code"], level=level, name_zh=row["name_zh"], name_en=row.get("name_en", ""),
                parent=above, since=on, pinyin=spelt(row["name_zh"]), synthetic=row.get("synthetic", False), members=row.get("members", []),
                lineage=f"{above.lineage if above else '/'}{row['code']}/",
            )  # fmt: skip
            one.geometry = row.get("shape")
            made.append(one)
            if "building" in row:
                houses.append((row["code"], row["building"]))
        Place.objects.bulk_create(made, batch_size=500)
        planted |= {one.code: one for one in made}
    Building.objects.bulk_create(
        (Building(place=planted[code], **values) for code, values in houses), batch_size=500
    )
    Population.objects.bulk_create(
        (Population(place=planted[c], group=g, persons=p, on=on) for c, g, p in counts),
        batch_size=500,
    )
    PlaceEvent.objects.bulk_create(
        (
            PlaceEvent(place=one, kind="created", on=on, recorded_by="load")
            for one in planted.values()
            if one.level != "building"
        ),
        batch_size=500,
    )
    statistics.refresh(Place, Building, Population)
    return len(planted)


def ended_on(one: Place, on: dt.date) -> None:
    """End a place on a day that is not before it began."""
    if one.since is not None and on < one.since:
        raise InvalidError(
            f"a day not before {one.code} began, {one.since}",
            f"不早于 {one.code} 设立之日 {one.since}",
        )
    one.until = on
    one.save(update_fields=["until"])


def _inherit_people(one: Place, heirs: list[tuple[Place, float]]) -> None:
    """Give the people of a place that ended to its heirs, each a share of every group."""
    for count in Population.objects.filter(place=one):
        for heir, share in heirs:
            mine, _ = Population.objects.get_or_create(
                place=heir,
                group=count.group,
                defaults={"persons": 0.0, "source": count.source, "on": count.on},
            )
            mine.persons += share * count.persons
            mine.save(update_fields=["persons"])


def _shares(heirs: list[Place]) -> list[tuple[Place, float]]:
    """How people are shared among the parts of a place: by the floors of their homes, else by area."""
    floors = []
    for heir in heirs:
        homes = Building.objects.filter(
            place__lineage__startswith=heir.lineage, use__in=("residential", "mixed")
        )
        floors.append(sum(
            home.floor_area_m2 or (home.footprint_m2 or 100.0) * (home.storeys or 1.0) for home in homes
        ))  # fmt: skip
    if not sum(floors):
        floors = [heir.geometry.area if heir.geometry is not None else 1.0 for heir in heirs]
    return [(heir, floor / sum(floors)) for heir, floor in zip(heirs, floors, strict=True)]


def opened(actor: Actor, code: str) -> Place:
    """A place that goes on, locked for a change by a caller who may write there."""
    one = queries.place(actor, code)
    actor.check("place.write", one.lineage)
    if one.until is not None:
        raise ConflictError(f"{code} ended on {one.until}", f"{code} 已于 {one.until} 撤销")
    return Place.objects.select_for_update().get(pk=one.pk)


def _fits(level: str, above: Place) -> None:
    below = LEVELS[LEVELS.index(above.level) + 1 :] if above.level in LEVELS else ()
    if level not in below:
        raise InvalidError(
            f"a level below {above.level}: {', '.join(below)}",
            f"低于 {above.level} 的层级",
        )


def free_code(code: str) -> None:
    """Raise `InvalidError` for a code that some place has, or had."""
    if Place.objects.filter(code__iexact=code).exists():  # SQLite's LIKE knows no case
        raise InvalidError(f"a code that is not taken: {code}", f"未被使用的代码: {code}")


def _inside(shape: shapely.Geometry | None, above: Place) -> None:
    outer = above.geometry
    if shape is None or outer is None:
        return
    outside = shapely.difference(shape, outer).area
    if outside > 0.02 * shape.area:
        raise InvalidError(
            f"an area inside {above.code}; {outside / shape.area:.0%} lies outside",
            f"位于 {above.code} 之内的范围; 有 {outside / shape.area:.0%} 在外面",
        )


def _covers(one: Place, shapes: list[shapely.Geometry]) -> None:
    whole = one.geometry
    if whole is None:
        return
    union = shapely.union_all(shapes)
    overlap = sum(shape.area for shape in shapes) - union.area
    missed = shapely.difference(whole, union).area
    if max(overlap, missed) > 0.02 * whole.area:
        raise InvalidError(
            "parts that cover the place and do not overlap "
            f"({missed / whole.area:.0%} is left over, {overlap / whole.area:.0%} is in two)",
            f"拼满且互不重叠的部分 (剩余 {missed / whole.area:.0%}, 重叠 {overlap / whole.area:.0%})",
        )


def checked(one: Place) -> None:
    """Spell a place's name, and hold its values against its fields."""
    one.pinyin = spelt(one.name_zh)
    one.full_clean(exclude=["parent"], validate_unique=False, validate_constraints=False)


def _relocate(one: Place, above: Place) -> None:
    """Hang a place under another parent; the lineage of all below follows in one statement."""
    old, new = one.lineage, f"{above.lineage}{one.code}/"
    one.parent, one.lineage = above, new
    one.save(update_fields=["parent", "lineage"])
    Place.objects.filter(lineage__startswith=old).exclude(pk=one.pk).update(
        lineage=Concat(Value(new), Substr(F("lineage"), len(old) + 1))
    )


def record(
    actor: Actor, one: Place, kind: str, on: dt.date, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Append to a place's history, and to the audit."""
    PlaceEvent.objects.create(
        place=one, kind=kind, on=on, recorded_by=actor.name, before=before, after=after
    )
    audit.record(actor, f"place.{kind}", f"place:{one.code}", one.lineage, before | after)
