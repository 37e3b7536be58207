"""The quickest walk between two points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.reach import kernels
from lifecircle.engine.reach.graph import NEVER, TICKS_PER_SECOND, Graph
from lifecircle.engine.reach.points import Points


@dataclass(frozen=True, slots=True)
class Route:
    """A walk along edges, from `start[k]` to `end[k]` (fractions from tail to head) of `edge[k]`.

    `start > end` walks the edge against its direction. `seconds` counts the sides at both ends.
    """

    edge: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    seconds: float


def shortest_route(
    graph: Graph, origin: Points, destination: Points, *, limit_s: float = 6 * 3600.0
) -> Route | None:
    """Walk from one point to another as quickly as the profile can.

    Parameters
    ----------
    graph
        The walking graph of one profile.
    origin, destination
        One point each.
    limit_s
        Give up beyond this many seconds.

    Returns
    -------
    Route or None
        None when there is no way within the limit.
    """
    cutoff = round(limit_s * TICKS_PER_SECOND)
    ends = np.array([origin.tail[0], origin.head[0]], dtype=np.int32)
    leave = np.array([origin.to_tail[0], origin.to_head[0]], dtype=np.int32)
    arcs = graph.along
    dist, previous, entered = kernels.search(arcs.searched, arcs.arc, ends, leave, cutoff)
    last = [int(destination.tail[0]), int(destination.head[0])]
    enter = [int(destination.from_tail[0]), int(destination.from_head[0])]
    total = [int(dist[node]) + ticks for node, ticks in zip(last, enter, strict=True)]
    direct = _direct(origin, destination)
    if min(*total, direct) > cutoff:
        return None
    at_origin, at_destination = _fraction(graph, origin), _fraction(graph, destination)
    if direct <= min(total):
        return Route(
            origin.edge[:1].astype(np.int64),
            np.array([at_origin]),
            np.array([at_destination]),
            direct / TICKS_PER_SECOND,
        )
    side = int(np.argmin(total))
    steps: list[tuple[int, float, float]] = []
    if destination.edge[0] >= 0:
        steps.append((int(destination.edge[0]), float(side), at_destination))
    node = last[side]
    while previous[node] >= 0:
        edge, against = divmod(int(entered[node]), 2)
        steps.append((edge, float(against), float(1 - against)))
        node = int(previous[node])
    if origin.edge[0] >= 0:
        by_tail = node == ends[0] and (node != ends[1] or leave[0] <= leave[1])
        steps.append((int(origin.edge[0]), at_origin, 0.0 if by_tail else 1.0))
    steps.reverse()
    return Route(
        np.array([edge for edge, _, _ in steps], dtype=np.int64),
        np.array([start for _, start, _ in steps], dtype=np.float64),
        np.array([end for _, _, end in steps], dtype=np.float64),
        min(total) / TICKS_PER_SECOND,
    )


def _fraction(graph: Graph, point: Points) -> float:
    """Where on its edge a point lies, 0 at the tail."""
    edge = int(point.edge[0])
    if edge < 0:
        return 0.0
    if point.from_tail[0] < NEVER:
        return float((point.from_tail[0] - point.side[0]) / graph.forward[edge])
    if point.from_head[0] < NEVER:
        return 1.0 - float((point.from_head[0] - point.side[0]) / graph.backward[edge])
    return 0.0


def _direct(origin: Points, destination: Points) -> int:
    """Ticks between two points of one edge without touching its ends; NEVER if they are not."""
    if origin.edge[0] != destination.edge[0] or origin.edge[0] < 0:
        return int(NEVER)
    sides = int(origin.side[0] + destination.side[0])
    best = int(NEVER)
    for leave, enter in (
        (origin.from_tail[0], destination.from_tail[0]),
        (origin.from_head[0], destination.from_head[0]),
    ):
        walk = int(enter - destination.side[0]) - int(leave - origin.side[0])
        if leave < NEVER and enter < NEVER and walk >= 0:
            best = min(best, walk + sides)
    return best
