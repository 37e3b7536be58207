"""Pedestrian squares: crossed straight from way to way, not only walked round."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST_CORNERS = 120


def crossings(
    polygon: shapely.Polygon, corners: Floats, entries: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Join the corners of a square that see each other across it.

    Parameters
    ----------
    polygon
        The square with its holes, metres.
    corners
        (corners, 2) positions of its ring nodes, holes included.
    entries
        (corners,) whether another way meets the square there.

    Returns
    -------
    (pairs, 2) rows of `corners`: entries joined with each other and, where an arm or a hole is in
    the way, with the corners that a shortest walk can bend at.
    """
    use = np.flatnonzero(entries | _bends(polygon, corners))
    if len(use) > _MOST_CORNERS:
        use = np.flatnonzero(entries)[:_MOST_CORNERS]
    a, b = np.triu_indices(len(use), k=1)
    if len(a) == 0:
        return np.zeros((0, 2), dtype=np.int64)
    pairs = np.column_stack([use[a], use[b]])
    pairs = pairs[np.any(corners[pairs[:, 0]] != corners[pairs[:, 1]], axis=1)]
    lines = shapely.linestrings(corners[pairs])
    room = shapely.buffer(polygon, 0.01)
    shapely.prepare(room)
    return pairs[shapely.covers(room, lines)]


def _bends(polygon: shapely.Polygon, corners: Floats) -> NDArray[np.bool_]:
    """Corners where the square's inside angle is over 180 degrees."""
    reflex: set[tuple[float, float]] = set()
    for ring in (polygon.exterior, *polygon.interiors):
        points = np.asarray(ring.coords)[:-1]
        before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
        turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
        inside_left = ring.is_ccw == (ring is polygon.exterior)
        reflex.update(map(tuple, points[(turn < 0) if inside_left else (turn > 0)]))
    return np.array([tuple(corner) in reflex for corner in corners], dtype=bool)
