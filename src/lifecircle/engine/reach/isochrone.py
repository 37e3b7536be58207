"""Isochrones: the parts of edges within reach, cut exactly, and the area around them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import contourpy
import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from lifecircle.engine.reach import kernels
from lifecircle.engine.reach.graph import NEVER, TICKS_PER_SECOND, Arcs, Graph
from lifecircle.engine.reach.points import Points
from lifecircle.engine.reach.table import Way

Floats = NDArray[np.float64]
_kept = threading.local()
Intervals = tuple[NDArray[np.int64], Floats, Floats]


@dataclass(frozen=True, slots=True)
class ReachedEdges:
    """Parts of edges within reach: from `start` to `end`, fractions from tail (0) to head (1).

    An edge whose two ends are reached but whose middle is not has two rows.
    """

    edge: NDArray[np.int64]
    start: Floats
    end: Floats

    def __len__(self) -> int:
        return len(self.edge)


def reached_edges(
    graph: Graph, origin: Points, *, within_s: float, way: Way = "back"
) -> ReachedEdges:
    """Find every position on the network within `within_s` seconds of one point.

    Parameters
    ----------
    graph
        The walking graph of one profile.
    origin
        One point (or several: the nearest counts).
    within_s
        Seconds, rounded to a tick.
    way
        `back` walks from the origin, `out` to it, `both` needs each within `within_s`.
    """
    return reached_within(graph, origin, [within_s], way=way)[0]


def reached_within(
    graph: Graph, origin: Points, limits_s: Sequence[float], *, way: Way = "back"
) -> list[ReachedEdges]:
    """`reached_edges` for several limits, in one search each way as far as the farthest."""
    if len(limits_s) == 0:
        return []
    if way == "both":
        there, back = (reached_within(graph, origin, limits_s, way=w) for w in ("out", "back"))
        return [_intersect(one, other) for one, other in zip(there, back, strict=True)]
    cutoffs = [round(limit * TICKS_PER_SECOND) for limit in limits_s]
    arcs = graph.along if way == "back" else graph.against
    from_tail, from_head = (
        (origin.to_tail, origin.to_head) if way == "back" else (origin.from_tail, origin.from_head)
    )
    arc, start, along = kernels.reached(
        arcs.searched, arcs.arc, np.concatenate([origin.tail, origin.head]),
        np.concatenate([from_tail, from_head]).astype(np.int32), max(cutoffs),
        _scratch(arcs, max(cutoffs)),
    )  # fmt: skip
    # An arc is entered where it starts when walking from the origin, and where it ends towards it.
    edge, from_its_tail = arc // 2, (arc % 2 == 0) == (way == "back")
    ahead, astern = (
        (graph.forward, graph.backward) if way == "back" else (graph.backward, graph.forward)
    )
    results = []
    for cutoff in cutoffs:
        near = start <= cutoff
        share = np.minimum((cutoff - start[near]) / along[near], 1.0)
        tail = from_its_tail[near]
        own = _own_edges(origin, cutoff, ahead, astern, way)
        results.append(
            _union(
                (np.concatenate([edge[near], own[0]]),
                 np.concatenate([np.where(tail, 0.0, 1.0 - share), own[1]]),
                 np.concatenate([np.where(tail, share, 1.0), own[2]]))
            )
        )  # fmt: skip
    return results


def _scratch(arcs: Arcs, cutoff: int) -> tuple[NDArray[Any], ...]:
    """What a search writes into, kept by thread: new pages would take longer than the search."""
    size = (len(arcs.indptr) - 1, len(arcs.packed), cutoff, int(arcs.shift))
    if getattr(_kept, "size", None) != size:
        _kept.into, _kept.size = kernels.scratch(*size), size
    into: tuple[NDArray[Any], ...] = _kept.into
    return into


def _own_edges(
    origin: Points,
    cutoff: int,
    ahead: NDArray[np.int32],
    astern: NDArray[np.int32],
    way: Way,
) -> Intervals:
    """The parts of the origins' own edges that are reached without touching their ends."""
    edges, starts, ends = [], [], []
    for k in np.flatnonzero(origin.edge >= 0):
        edge, left = int(origin.edge[k]), cutoff - int(origin.side[k])
        if left < 0:
            continue
        to_tail, to_head = (
            (origin.to_tail[k], origin.to_head[k])
            if way == "back"
            else (origin.from_tail[k], origin.from_head[k])
        )
        if to_head < NEVER:
            at = 1.0 - (to_head - origin.side[k]) / ahead[edge]
            edges.append(edge)
            starts.append(at)
            ends.append(min(at + left / ahead[edge], 1.0))
        if to_tail < NEVER:
            at = (to_tail - origin.side[k]) / astern[edge]
            edges.append(edge)
            starts.append(max(at - left / astern[edge], 0.0))
            ends.append(at)
    return np.array(edges, dtype=np.int64), np.array(starts, float), np.array(ends, float)


def _union(parts: Intervals) -> ReachedEdges:
    """Merge overlapping intervals of each edge."""
    order = np.argsort(parts[0] + 0.25 * parts[1])
    edge, start, end = parts[0][order], parts[1][order], parts[2][order]
    if len(edge) == 0:
        return ReachedEdges(edge, start, end)
    # A running maximum of the ends within each edge: edges are told apart by whole numbers.
    furthest = np.maximum.accumulate(end + 2.0 * edge) - 2.0 * edge
    fresh = np.ones(len(edge), dtype=bool)
    fresh[1:] = (edge[1:] != edge[:-1]) | (start[1:] > furthest[:-1] + 1e-12)
    first = np.flatnonzero(fresh)
    return ReachedEdges(
        edge[first], np.minimum.reduceat(start, first), np.maximum.reduceat(end, first)
    )


def _intersect(one: ReachedEdges, other: ReachedEdges) -> ReachedEdges:
    """The positions that are in both: at most two parts an edge each, so compare all pairs."""
    first = np.searchsorted(other.edge, one.edge, side="left")
    last = np.searchsorted(other.edge, one.edge, side="right")
    left = np.repeat(np.arange(len(one)), last - first)
    right = np.concatenate([np.arange(a, b) for a, b in zip(first, last, strict=True)] or [first])
    right = right.astype(np.int64)
    start = np.maximum(one.start[left], other.start[right])
    end = np.minimum(one.end[left], other.end[right])
    keep = start <= end
    return ReachedEdges(one.edge[left][keep], start[keep], end[keep])


def isochrone_polygon(
    lines: Floats, *, buffer_m: float = 30.0, cell_m: float = 10.0, min_hole_m2: float = 2000.0
) -> shapely.MultiPolygon:
    """Draw the area within `buffer_m` of straight lines.

    Parameters
    ----------
    lines
        (lines, 4) x0, y0, x1, y1 in metres: the reached parts of edges.
    buffer_m
        How far beside the network people count as reached.
    cell_m
        Cell of the raster of distances that is contoured.
    min_hole_m2
        Smaller holes are filled: the yard of a block is within reach of its streets.
    """
    if len(lines) == 0:
        return shapely.MultiPolygon()
    margin = buffer_m + 2 * cell_m
    x0 = min(lines[:, 0].min(), lines[:, 2].min()) - margin
    y0 = min(lines[:, 1].min(), lines[:, 3].min()) - margin
    columns = int((max(lines[:, 0].max(), lines[:, 2].max()) + margin - x0) / cell_m) + 2
    rows = int((max(lines[:, 1].max(), lines[:, 3].max()) + margin - y0) / cell_m) + 2
    square = np.full((rows, columns), margin**2, dtype=np.float64)
    _distances(square, lines, x0, y0, cell_m, buffer_m + cell_m)
    x, y = np.meshgrid(x0 + cell_m * np.arange(columns), y0 + cell_m * np.arange(rows))
    # Not by `contour_generator`, which looks for masks for longer than the contours take.
    contours = contourpy.SerialContourGenerator(
        x, y, -np.sqrt(square), None, corner_mask=True,  # type: ignore[arg-type]
        line_type=contourpy.LineType.Separate,
        fill_type=contourpy.FillType.OuterOffset, quad_as_tri=False,
        z_interp=contourpy.ZInterp.Linear, x_chunk_size=0, y_chunk_size=0,
    )  # fmt: skip
    filled: Any = contours.filled(-buffer_m, 1.0)
    points, offsets = filled
    polygons = []
    for ring_points, ring_offsets in zip(points, offsets, strict=True):
        if len(ring_offsets) == 2:
            polygons.append(shapely.Polygon(ring_points))
            continue
        large = _areas(ring_points, ring_offsets) >= min_hole_m2
        large[0] = False  # the shell
        bounds = list(pairwise(ring_offsets))
        rings = [ring_points[slice(*bounds[k])] for k in (0, *np.flatnonzero(large))]
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.MultiPolygon(polygons)


def _areas(points: Floats, offsets: NDArray[np.integer[Any]]) -> Floats:
    """The areas of closed rings, m2, whichever way round, (rings,)."""
    x, y = (points - points[0]).T
    twice = np.concatenate([[0.0], np.cumsum(x[:-1] * y[1:] - x[1:] * y[:-1])])
    result: Floats = 0.5 * np.abs(twice[offsets[1:] - 1] - twice[offsets[:-1]])
    return result


@njit(cache=True, nogil=True)
def _distances(square, lines, x0, y0, cell, margin):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Lower each cell to its squared distance from the nearest line, as far as `margin`."""
    most_row, most_column = square.shape[0] - 1, square.shape[1] - 1
    for k in range(len(lines)):
        ax, ay, bx, by = lines[k]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        per = 1.0 / length if length > 0.0 else 0.0
        first = max(int((min(ax, bx) - margin - x0) / cell), 0)
        last = min(int((max(ax, bx) + margin - x0) / cell) + 1, most_column)
        for r in range(
            max(int((min(ay, by) - margin - y0) / cell), 0),
            min(int((max(ay, by) + margin - y0) / cell) + 1, most_row) + 1,
        ):
            py = y0 + r * cell - ay
            for c in range(first, last + 1):
                px = x0 + c * cell - ax
                share = min(max((px * dx + py * dy) * per, 0.0), 1.0)
                gx, gy = px - share * dx, py - share * dy
                gap = gx * gx + gy * gy
                square[r, c] = min(square[r, c], gap)
