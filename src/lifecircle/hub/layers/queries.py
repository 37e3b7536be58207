"""Reads of layers, narrowed to the caller's places."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.db.models import QuerySet
from numpy.typing import NDArray

from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import InvalidError, MissingError
from lifecircle.hub.layers.columns import Field
from lifecircle.hub.layers.filters import predicate
from lifecircle.hub.layers.models import Layer, LayerFeature
from lifecircle.hub.places import queries as places
from lifecircle.hub.places.queries import within


@dataclass(frozen=True, slots=True)
class Features:
    """Rows of a layer: their numbers in the file, shapes (WGS84) and values in the order of its fields."""

    rows: list[int]
    shapes: NDArray[np.object_]
    values: list[list[Any]]

    def __len__(self) -> int:
        return len(self.rows)


def layers(actor: Actor) -> QuerySet[Layer]:
    """The layers that a caller may see, the latest first."""
    rows = Layer.objects.filter(within(actor, "card.read", "place__lineage"))
    return rows.select_related("place", "owner")


def layer(actor: Actor, number: int) -> Layer:
    """One layer; `MissingError` if there is none for this caller."""
    found = layers(actor).filter(pk=number).first()
    if found is None:
        raise MissingError("no such layer", "没有这个图层")
    return found


def may_change(actor: Actor, one: Layer) -> bool:
    """Whether a layer is the caller's, or lies where they keep the tree."""
    lineage = one.place.lineage
    own = actor.account_id == one.owner_id and actor.may("layer.write", lineage)
    return own or actor.may("place.write", lineage)


def fields_of(one: Layer) -> list[Field]:
    """The fields of a layer."""
    return [Field(**field) for field in one.fields]


def field_index(one: Layer, name: str, *, numeric: bool = False) -> int:
    """Where a field's values stand in a row.

    Raises
    ------
    InvalidError
        There is none, or it holds no numbers where some are wanted.
    """
    fields = [f for f in fields_of(one) if not numeric or f.kind == "number"]
    if name not in {f.name for f in fields}:
        known = ", ".join(f.name for f in fields) or "–"
        en, zh = (
            ("a field of numbers", "数字字段") if numeric else ("a field of the layer", "图层字段")
        )
        raise InvalidError(f"{en}: {known}", f"{zh}: {known}")
    return next(k for k, f in enumerate(fields_of(one)) if f.name == name)


def features(
    one: Layer, filter_: str = "", *, start: int = 0, most: int | None = None
) -> tuple[Features, int]:
    """The features of a layer that meet a filter, in the order of the file, from one on; and how many do in all."""
    meets = predicate(filter_, fields_of(one))
    every = _all(one.pk, one.created_at)
    found = [k for k, values in enumerate(every.values) if meets(values)]
    part = found[start : None if most is None else start + most]
    rows, values = [every.rows[k] for k in part], [every.values[k] for k in part]
    return Features(rows, every.shapes[np.array(part, dtype=np.int64)], values), len(found)


def feature(one: Layer, row: int) -> Features:
    """The feature of a row; none where there is none."""
    rows = LayerFeature.objects.filter(layer=one, row=min(row, 2**31 - 1))
    return _of(rows.values_list("row", "shape", "values"))


def places_of(actor: Actor, level: str) -> list[Any]:
    """The places of a level with a shape whose cards a caller sees, by code."""
    rows = places.places(actor, right="card.read").filter(level=level, shape__isnull=False)
    return list(rows.order_by("code"))


@lru_cache(maxsize=3)
def _all(layer: int, created_at: dt.datetime) -> Features:  # noqa: ARG001  (numbers may be given anew)
    """All features of a layer: they are never changed, and asked for again with every filter."""
    rows = LayerFeature.objects.filter(layer_id=layer).order_by("row")
    return _of(rows.values_list("row", "shape", "values"))


def _of(rows: Any) -> Features:
    listed = list(rows)
    shapes = shapely.from_wkb(np.array([bytes(shape) for _, shape, _ in listed], dtype=object))
    return Features([row for row, _, _ in listed], shapes, [values for _, _, values in listed])
