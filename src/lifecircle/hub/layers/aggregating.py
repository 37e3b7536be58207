"""A layer summed up by place.

A point counts where it lies, a line or a polygon where a point inside it lies (`shapely.point_on_surface`), so each
feature counts once and sums are kept; on a boundary it counts for the place with the smaller code. `length_m` and
`area_m2` are measured of the parts inside each place instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.engine.bundle.crs import to_metres, utm_of
from lifecircle.hub.layers.queries import Features

Measure = Literal["count", "sum", "mean", "min", "max", "length_m", "area_m2"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Summed:
    """What a layer comes to in a place: `count` features, and the measure; None where nothing says."""

    place: Any
    count: int
    value: float | None


def by_place(
    features: Features, places: Sequence[Any], measure: Measure, column: int | None
) -> tuple[list[Summed], int]:
    """Sum features up by place.

    Parameters
    ----------
    features
        The rows.
    places
        Areas of one level with shapes, by code.
    measure, column
        What, and of which value; blank values count for `count` only.

    Returns
    -------
    summed, outside
        One for each place, and how many features lie in none.
    """
    if not places:
        return [], len(features)
    outlines = np.array([one.geometry for one in places], dtype=object)
    home = _homes(features.shapes, outlines)
    counts = np.bincount(home[home >= 0], minlength=len(places))
    if measure in {"length_m", "area_m2"}:
        values = _inside(features.shapes, outlines, measure)
    elif column is None:
        values = counts.astype(np.float64)
    else:
        values = _measured(features, home, column, measure, len(places))
    summed = [
        Summed(one, int(n), float(value) if np.isfinite(value) else None)
        for one, n, value in zip(places, counts, values, strict=True)
    ]
    return summed, int((home < 0).sum())


def _homes(shapes: NDArray[np.object_], outlines: NDArray[np.object_]) -> NDArray[np.int64]:
    """Which outline each shape counts for, -1 for none."""
    home = np.full(len(shapes), len(outlines), dtype=np.int64)
    spots = shapely.point_on_surface(shapes)
    which, where = shapely.STRtree(outlines).query(spots, predicate="intersects")
    np.minimum.at(home, which, where)
    home[home == len(outlines)] = -1
    return home


def _measured(
    features: Features, home: NDArray[np.int64], column: int, measure: Measure, size: int
) -> Floats:
    said = np.array(
        [np.nan if row[column] is None else row[column] for row in features.values],
        dtype=np.float64,
    )
    known = np.isfinite(said) & (home >= 0)
    at, numbers = home[known], said[known]
    if measure in {"min", "max"}:
        ends = np.full(size, np.inf if measure == "min" else -np.inf)
        (np.minimum if measure == "min" else np.maximum).at(ends, at, numbers)
        return ends
    total = np.bincount(at, weights=numbers, minlength=size).astype(np.float64)
    if measure == "sum":
        return total
    known_count = np.bincount(at, minlength=size)
    return np.divide(total, known_count, out=np.full(size, np.nan), where=known_count > 0)


def _inside(shapes: NDArray[np.object_], outlines: NDArray[np.object_], measure: Measure) -> Floats:
    which, where = shapely.STRtree(outlines).query(shapes, predicate="intersects")
    parts = shapely.intersection(shapes[which], outlines[where])
    metric = to_metres(parts, utm_of(outlines[0]))
    sizes = shapely.length(metric) if measure == "length_m" else shapely.area(metric)
    return np.bincount(where, weights=sizes, minlength=len(outlines)).astype(np.float64)
