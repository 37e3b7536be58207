"""The walk to the nearest of many, one way, in one search."""

from __future__ import annotations

from typing import Literal

import numba
import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.reach import kernels
from lifecircle.engine.reach.graph import NEVER, TICKS_PER_SECOND, Graph
from lifecircle.engine.reach.points import Points


def nearest_seconds(
    graph: Graph,
    sources: Points,
    targets: Points,
    *,
    cutoff_s: float,
    way: Literal["out", "back"] = "out",
) -> NDArray[np.float64]:
    """Seconds between each target and its nearest source, (targets,); infinite beyond the cut-off.

    Parameters
    ----------
    graph
        The walking graph of one profile.
    sources, targets
        Facilities and people, say.
    cutoff_s
        The bound in seconds, rounded to a tick.
    way
        `out` walks from target to source, `back` from source to target. There and back is not one
        search: the nearest is then the smallest slower way over the sources (`nearest`).

    Notes
    -----
    One search from all sources at once, whatever their number. Memory: 28 bytes a node and 12 an
    arc.
    """
    cutoff = round(cutoff_s * TICKS_PER_SECOND)
    if len(sources) == 0 or len(targets) == 0 or graph.nodes == 0:
        return np.full(len(targets), np.inf)
    arcs = graph.along if way == "back" else graph.against
    start = ("to_tail", "to_head") if way == "back" else ("from_tail", "from_head")
    end = ("from_tail", "from_head") if way == "back" else ("to_tail", "to_head")
    dist, _, _ = kernels.search(
        arcs.searched, arcs.arc,
        np.concatenate([sources.tail, sources.head]),
        np.concatenate([getattr(sources, name) for name in start]).astype(np.int32), cutoff,
    )  # fmt: skip
    result = np.full(len(targets), NEVER, dtype=np.int64)
    for name, node in zip(end, (targets.tail, targets.head), strict=True):
        result = np.minimum(result, dist[node].astype(np.int64) + getattr(targets, name))
    _along_own_edge(result, sources, targets, end)
    return np.where(result <= cutoff, result / TICKS_PER_SECOND, np.inf)


def _along_own_edge(
    result: NDArray[np.int64], sources: Points, targets: Points, names: tuple[str, str]
) -> None:
    """Lower the ticks of targets that share an edge with a source: their difference along it."""
    order = np.argsort(sources.edge, kind="stable")
    edges = sources.edge[order]
    first = np.searchsorted(edges, targets.edge, side="left")
    last = np.searchsorted(edges, targets.edge, side="right")
    count = np.where(targets.edge >= 0, last - first, 0)
    target = np.repeat(np.arange(len(targets)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    source = order[np.repeat(first, count) + within]
    side_s, side_t = sources.side[source].astype(np.int64), targets.side[target].astype(np.int64)
    for name in names:
        s, t = getattr(sources, name)[source], getattr(targets, name)[target]
        between = (t - side_t) - (s - side_s)
        usable = (s < NEVER) & (t < NEVER) & (between >= 0)
        np.minimum.at(result, target[usable], (between + side_s + side_t)[usable])


def walk_lengths(
    graph: Graph,
    sources: Points,
    metres: NDArray[np.float64],
    cell: NDArray[np.int32],
    *,
    cutoff_s: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres of street, and cells of ground, that each source reaches there and back.

    Parameters
    ----------
    graph
        The walking graph of one profile.
    sources
        Homes, say.
    metres
        (edges,) lengths.
    cell
        (nodes,) the cell of ground that each node lies in, numbered from 0.
    cutoff_s
        The bound in seconds for each way, rounded to a tick.

    Returns
    -------
    length, cells
        (sources,) each. Of an edge the parts count that are walked out and back from an end of it;
        what is walked one way only does not.
    """
    cutoff = round(cutoff_s * TICKS_PER_SECOND)
    length, ground = np.zeros(len(sources)), np.zeros(len(sources))
    if len(sources) == 0 or graph.nodes == 0:
        return length, ground
    kernels.lengths(
        graph.along.searched, graph.along.arc, graph.against.searched,
        (sources.tail, sources.head, sources.from_tail, sources.from_head, sources.to_tail,
         sources.to_head),
        graph.tail, graph.forward, graph.backward,
        np.ascontiguousarray(metres, dtype=np.float64), np.ascontiguousarray(cell, dtype=np.int32),
        int(cell.max()) + 1, cutoff, numba.get_num_threads(), length, ground,
    )  # fmt: skip
    return length, ground
