"""Writes of layers: brought along whole or not at all, described anew, deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db import transaction

from lifecircle.errors import Issue
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError
from lifecircle.hub.layers import queries
from lifecircle.hub.layers.models import Layer, LayerFeature
from lifecircle.hub.layers.reading import Content, How, read_layer
from lifecircle.hub.places import queries as places
from lifecircle.hub.places.shapes import shape_columns

MOST_LAYERS = 200
_LEVELS = ("district", "street", "community", "grid")


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a layer: where it belongs, its name, where it comes from, the day it holds as of."""

    place: str
    name: str
    source: str
    on: dt.date
    file: str


def add(actor: Actor, path: Path, about: About, how: How) -> tuple[Layer, list[Issue]]:
    """Read a file and keep it as a layer; what its reader warns of stands beside.

    Raises
    ------
    InvalidError
        Something in the file is wrong: every row at fault is named, and nothing is kept.
    ForbiddenError
        The caller may not write there.
    ConflictError
        They have as many layers as one may.
    """
    actor.check("layer.write")
    home = places.open_place(actor, about.place)
    actor.check("layer.write", home.lineage)
    owner = actor.account_id
    if owner is None:
        raise ForbiddenError
    if Layer.objects.filter(owner_id=owner).count() >= MOST_LAYERS:
        raise ConflictError(
            f"at most {MOST_LAYERS} layers of your own", f"每人最多 {MOST_LAYERS} 个图层"
        )
    joinable = places.places(actor).filter(level__in=_LEVELS, shape__isnull=False)
    try:
        content = read_layer(path, how, joinable, places.outline())
    except InvalidError as error:
        raise InvalidError(error.en, error.zh, _renamed(error.issues, path, about.file)) from error
    return _keep(actor, home, about, content), _renamed(content.notes, path, about.file)


@transaction.atomic
def change(actor: Actor, number: int, given: Mapping[str, Any]) -> Layer:
    """Give a layer another name, source, day, style or place."""
    one = _changeable(actor, number)
    values = dict(given)
    if "place" in values:
        home = places.open_place(actor, values.pop("place"))
        actor.check("layer.write", home.lineage)
        one.place = home
    if values.get("style"):
        _check_style(one, values["style"])
    for name, value in values.items():
        setattr(one, name, value)
    one.save()
    detail = {"fields": sorted(given)}
    audit.record(actor, "layer.changed", f"layer:{one.pk}", one.place.lineage, detail)
    return one


@transaction.atomic
def remove(actor: Actor, number: int) -> None:
    """Delete a layer and its features."""
    one = _changeable(actor, number)
    detail = {"name": one.name, "count": one.count}
    audit.record(actor, "layer.removed", f"layer:{one.pk}", one.place.lineage, detail)
    LayerFeature.objects.filter(layer=one).delete()
    one.delete()


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Give the layers of a place that ended to the heir in which their middle lies."""
    for one in Layer.objects.filter(place=place):
        middle = shapely.Point((one.west + one.east) / 2, (one.south + one.north) / 2)
        home = (heir for heir in heirs if heir.geometry and heir.geometry.intersects(middle))
        Layer.objects.filter(pk=one.pk).update(place=next(home, heirs[0]))


@transaction.atomic
def _keep(actor: Actor, home: Any, about: About, content: Content) -> Layer:
    bounds = shapely.total_bounds(np.array([row.shape for row in content.rows], dtype=object))
    one = Layer.objects.create(
        place=home, owner_id=actor.account_id or 0, name=about.name, source=about.source, on=about.on,
        file=about.file[:200], kind=content.kind, count=len(content.rows),
        fields=[{"name": field.name, "kind": field.kind} for field in content.fields],
        **dict(zip(("west", "south", "east", "north"), bounds.tolist(), strict=True)),
    )  # fmt: skip
    LayerFeature.objects.bulk_create(
        (
            LayerFeature(layer=one, row=row.number, values=row.values, **shape_columns(row.shape))
            for row in content.rows
        ),
        batch_size=1000,
    )
    detail = {"file": one.file, "count": one.count}
    audit.record(actor, "layer.added", f"layer:{one.pk}", home.lineage, detail)
    return one


def _changeable(actor: Actor, number: int) -> Layer:
    one = queries.layer(actor, number)
    if not queries.may_change(actor, one):
        raise ForbiddenError
    return (
        Layer.objects.select_for_update(of=("self",))
        .select_related("place", "owner")
        .get(pk=one.pk)
    )


def _check_style(one: Layer, style: Mapping[str, Any]) -> None:
    """A style speaks of the layer's own fields; classes are made of numbers."""
    if style["by"] != "single":
        queries.field_index(one, style["field"], numeric=style["by"] == "graduated")


def _renamed(issues: Sequence[Issue], path: Path, name: str) -> list[Issue]:
    """Issues of the file as its owner named it."""
    return [replace(one, file=name if one.file == path.name else one.file) for one in issues]
