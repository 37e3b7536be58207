"""Balanced, contiguous division of an area by the weight of the points in it.

A power diagram (Aurenhammer 1987, doi:10.1137/0216006) whose centres and weights are moved until
the cells hold about the shares asked for; the cells are then drawn as unions of the points'
Voronoi cells, so that borders run between buildings and not through them.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import Bools, Floats, Strings

Labels = NDArray[np.intp]
_ROUNDS = 80
_SPARE_ROUNDS = 6
_WITHIN = 0.7


def spread_centres(points: Floats, weight: Floats, count: int) -> Floats:
    """Return `count` points far from each other and from none by chance: farthest-point order.

    The first is the point nearest the weighted mean; light points (the lightest tenth of the
    weight) are not chosen.
    """
    chosen = points[weight >= np.quantile(weight, 0.1)]
    mean = np.average(points, axis=0, weights=weight)
    first = int(np.argmin(((chosen - mean) ** 2).sum(axis=1)))
    centres = [chosen[first]]
    nearest = ((chosen - centres[0]) ** 2).sum(axis=1)
    for _ in range(count - 1):
        centres.append(chosen[int(np.argmax(nearest))])
        nearest = np.minimum(nearest, ((chosen - centres[-1]) ** 2).sum(axis=1))
    return np.array(centres)


def balance(
    points: Floats, weight: Floats, centres: Floats, share: Floats, fixed: Bools | None = None
) -> Labels:
    """Assign each point to a centre so that centre k holds about `share[k]` of the weight.

    Parameters
    ----------
    points
        (n, 2), metres.
    weight
        (n,), > 0; n is at least k.
    centres
        (k, 2), where the cells start.
    share
        (k,), what each is to hold; any scale.
    fixed
        (k,), which centres stay where they are, each within its own cell; by default all move to
        their cell's middle.

    Returns
    -------
    labels
        (n,), the centre of each point; cells are those of a power diagram, so convex.
    """
    target = share / share.sum() * weight.sum()
    moves = np.ones(len(centres), dtype=bool) if fixed is None else ~fixed
    offset = np.zeros(len(centres))
    scale = float(np.ptp(points, axis=0).prod()) / max(1, len(centres))
    best, labels = np.inf, np.zeros(len(points), dtype=np.intp)
    for step in range(_ROUNDS):
        squared = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
        now = _filled(np.argmin(squared - offset, axis=1), squared)
        held = np.bincount(now, weights=weight, minlength=len(centres))
        worst = float(np.abs(held / target - 1.0).max())
        if worst < best:
            best, labels = worst, now
        offset += 0.35 * scale * (1.0 - step / _ROUNDS) * np.clip(1.0 - held / target, -1.0, 1.0)
        if fixed is not None:
            offset = _anchored(offset, centres, fixed)
        if step < _ROUNDS // 2:
            for axis in (0, 1):
                moved = np.bincount(now, weights=weight * points[:, axis], minlength=len(centres))
                onto = moves[:, None] & (np.arange(2) == axis)
                centres = np.where(onto, (moved / held)[:, None], centres)
    return labels


def _anchored(offset: Floats, centres: Floats, fixed: Bools) -> Floats:
    """Raise the offsets of fixed centres until each lies within its own cell."""
    squared = ((centres[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    for _ in range(len(centres)):
        least = (offset[None, :] - _WITHIN * squared).max(axis=1)
        offset = np.where(fixed, np.maximum(offset, least), offset)
    return offset


def _filled(labels: Labels, squared: Floats) -> Labels:
    """Give an empty centre the nearest point of those that share theirs with others."""
    for empty in np.flatnonzero(np.bincount(labels, minlength=squared.shape[1]) == 0):
        shared = np.bincount(labels, minlength=squared.shape[1])[labels] > 1
        labels[np.argmin(np.where(shared, squared[:, empty], np.inf))] = empty
    return labels


def cells(area: shapely.Geometry, points: Floats) -> Strings:
    """Voronoi cells of the points within `area`, in the points' order (an array of geometries)."""
    cloud = shapely.multipoints(points)
    diagram = shapely.voronoi_polygons(cloud, extend_to=area)
    parts = shapely.get_parts(diagram)
    tree = shapely.STRtree(parts)
    point, cell = tree.query(shapely.points(points), predicate="intersects")
    own = np.empty(len(points), dtype=np.intp)
    own[point] = cell
    polygons: Strings = parts[own]
    shapely.prepare(area)
    crossing = ~shapely.contains(area, polygons)
    polygons[crossing] = shapely.intersection(polygons[crossing], area)
    return polygons


def dissolve(area: shapely.Geometry, voronoi: Strings, labels: Labels, count: int) -> Strings:
    """Union the cells by label into `count` polygons that tile `area`.

    A part that lies apart from its label's largest is given to the neighbour with the longest
    common border.
    """
    polygons = np.array(
        [shapely.union_all(voronoi[labels == label]) for label in range(count)], dtype=object
    )
    missed = shapely.difference(area, shapely.union_all(polygons))
    spare = _polygonal(missed)
    for _ in range(_SPARE_ROUNDS):
        for label, polygon in enumerate(polygons):
            parts = sorted(_polygonal(polygon), key=shapely.area)
            polygons[label] = parts[-1]
            spare.extend(parts[:-1])
        spare = [part for part in spare if part.area > 0.01]
        if not spare:
            break
        for part in spare:
            border = shapely.length(shapely.intersection(polygons, part.buffer(0.01)))
            if border.max() == 0:  # an island
                border = -shapely.distance(polygons, part)
            label = int(np.argmax(border))
            polygons[label] = shapely.union(polygons[label], part)
        spare = []
    return polygons


def _polygonal(geometry: shapely.Geometry) -> list[shapely.Geometry]:
    """The polygons of a geometry, whatever it is."""
    return [
        part
        for part in shapely.get_parts(shapely.make_valid(geometry))
        if part.geom_type == "Polygon"
    ]


def union(polygons: Strings) -> shapely.Geometry:
    """One geometry of adjoining polygons, without the slivers that rounding leaves."""
    parts = [part for part in _polygonal(shapely.union_all(polygons)) if part.area > 1.0]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
