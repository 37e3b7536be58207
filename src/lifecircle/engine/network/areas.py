"""Pedestrian squares: crossed straight from way to way, not only walked round."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from lifecircle.engine.network.lifts import Stop, Stops
from lifecircle.engine.network.osm import OsmArea, OsmNode
from lifecircle.engine.network.pieces import Pieces
from lifecircle.engine.network.tags import Kind

Floats = NDArray[np.float64]

_MOST_CORNERS = 120


def add_area(
    pieces: Pieces,
    area: OsmArea,
    met: set[int],
    shared: tuple[dict[int, OsmNode], dict[int, int], Stops],
    project: Transformer,
) -> None:
    """Put in a square: its rim, and the straight ways across it.

    Parameters
    ----------
    pieces
        Grows.
    area
        The square, holes included.
    met
        Ids of the nodes where ways meet squares.
    shared
        Special nodes by id, numbers of the known nodes by id, and the stops at lifts and barriers;
        the last two grow. At a lift or closed barrier the square ends like any way.
    project
        From WGS84 to metres.
    """
    special, known, stops = shared
    rings: list[Floats] = []
    spots: list[tuple[float, float]] = []
    refs: list[int] = []
    numbers: list[int] = []
    own: dict[int, int] = {}
    for ids, lon, lat in area.rings:
        x, y = project.transform(lon, lat)
        rings.append(np.column_stack([x, y]))
        first = len(refs)
        for ref, east, north in zip(ids[:-1].tolist(), x[:-1], y[:-1], strict=True):
            parts = ref in special and special[ref].parts
            table = own if parts else known
            if ref not in table:
                table[ref] = pieces.node(east, north, ref)
                if parts:
                    stops.setdefault(ref, []).append(
                        Stop(table[ref], table[ref], area.id, area.walk)
                    )
            refs.append(ref)
            spots.append((east, north))
            numbers.append(table[ref])
        rim = [*range(first, len(refs)), first]
        _join(pieces, area, pairwise(rim), numbers, np.array(spots))
    corners = np.array(spots)
    entries = np.array([ref in met for ref in refs])
    for shell in rings[: area.outer]:
        polygon = shapely.Polygon(shell, rings[area.outer :])
        if not polygon.is_valid:
            pieces.count("invalid_squares")
            continue
        across = crossings(polygon, corners, entries)
        _join(pieces, area, map(tuple, across.tolist()), numbers, corners)
    pieces.count("squares")


def _join(
    pieces: Pieces,
    area: OsmArea,
    pairs: Iterable[tuple[int, ...]],
    numbers: list[int],
    spots: Floats,
) -> None:
    for a, b in pairs:
        if numbers[a] != numbers[b]:
            gap = float(np.hypot(*(spots[a] - spots[b])))
            pieces.edge(numbers[a], numbers[b], gap, area.walk, kind=Kind.AREA, way=area.id)


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
