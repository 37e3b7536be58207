"""Walking times between sources and targets, as far as a cut-off, in compressed rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from lifecircle.engine.reach import kernels
from lifecircle.engine.reach.graph import NEVER, TICKS_PER_SECOND, Graph, Ticks
from lifecircle.engine.reach.points import Points

Way = Literal["out", "back", "both"]
"""`out`: target to source (to the facility), `back`: source to target, `both`: the slower one."""

_WAYS: dict[Way, int] = {"out": 1, "back": 2, "both": 3}
_BLOCK_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class WalkTable:
    """All pairs within the cut-off, sparse: source j's stand at `indptr[j]:indptr[j + 1]`.

    `target` is the row of the target and `ticks` the walk, in the order of the search (the same
    on every machine). `peak_bytes` is the memory that making it took, this table included.
    """

    targets: int
    indptr: NDArray[np.int64]
    target: NDArray[np.int32]
    ticks: Ticks
    peak_bytes: int

    @property
    def sources(self) -> int:
        """The number of sources."""
        return len(self.indptr) - 1

    @property
    def source(self) -> NDArray[np.int32]:
        """The source of each pair, (pairs,)."""
        return np.repeat(np.arange(self.sources, dtype=np.int32), np.diff(self.indptr))

    @property
    def seconds(self) -> NDArray[np.float64]:
        """The walk of each pair in seconds, (pairs,)."""
        return self.ticks / TICKS_PER_SECOND

    def within(self, seconds: float) -> WalkTable:
        """Keep the pairs of at most `seconds`."""
        keep = self.ticks <= round(seconds * TICKS_PER_SECOND)
        count = np.concatenate([[0], np.cumsum(keep)])
        return WalkTable(
            self.targets, count[self.indptr], self.target[keep], self.ticks[keep], self.peak_bytes
        )

    def rows(self, sources: ArrayLike) -> WalkTable:
        """Keep the given sources, in the given order."""
        index = np.asarray(sources, dtype=np.int64)
        length = np.diff(self.indptr)[index]
        indptr = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
        pick = np.arange(indptr[-1]) + np.repeat(self.indptr[index] - indptr[:-1], length)
        return WalkTable(self.targets, indptr, self.target[pick], self.ticks[pick], self.peak_bytes)


def walk_table(
    graph: Graph, sources: Points, targets: Points, *, cutoff_s: float, way: Way = "both"
) -> WalkTable:
    """Walk between every source and the targets within `cutoff_s` seconds, exactly.

    Parameters
    ----------
    graph
        The walking graph of one profile.
    sources
        Where the searches start: the facilities.
    targets
        Where people are. `way` says in which direction they walk; with `both` a pair is within
        the cut-off when the slower direction is.
    cutoff_s
        The bound in seconds, rounded to a tick.

    Returns
    -------
    WalkTable
        The same bits whatever the number of threads.

    Notes
    -----
    One bounded search a source and direction. Memory: per thread 20 bytes a node, 16 a target and
    12 an arc at most, 64 MiB of output buffer at most, and 8 bytes a pair found.
    """
    cutoff = max(round(cutoff_s * TICKS_PER_SECOND), 0)
    if cutoff >= NEVER // 2:
        raise ValueError("cutoff_s is too large")
    empty = np.zeros(0, dtype=np.int32)
    if len(sources) == 0 or len(targets) == 0 or graph.nodes == 0:
        return WalkTable(len(targets), np.zeros(len(sources) + 1, dtype=np.int64), empty, empty, 0)
    by_node = _by_node(graph.nodes, targets)
    by_edge = _by_edge(sources, targets)
    threads = numba.get_num_threads()
    block = int(max(threads, min(1024, len(sources), _BLOCK_BYTES // (8 * len(targets)))))
    out_target = np.empty((block, len(targets)), dtype=np.int32)
    out_ticks = np.empty((block, len(targets)), dtype=np.int32)
    out_count = np.zeros(block, dtype=np.int64)
    rows: list[tuple[NDArray[np.int32], Ticks]] = []
    for start in range(0, len(sources), block):
        number = np.arange(start, min(start + block, len(sources)))
        kernels.tables(
            graph.against.searched, graph.along.searched,
            (sources.tail, sources.head, sources.side, sources.from_tail, sources.from_head,
             sources.to_tail, sources.to_head),
            (targets.side, targets.from_tail, targets.from_head, targets.to_tail, targets.to_head),
            by_node, by_edge, number, cutoff, _WAYS[way], threads, out_target, out_ticks, out_count,
        )  # fmt: skip
        for k in range(len(number)):
            size = out_count[k]
            rows.append((out_target[k, :size].copy(), out_ticks[k, :size].copy()))
    indptr = np.concatenate([[0], np.cumsum([len(found) for found, _ in rows])]).astype(np.int64)
    target = np.concatenate([found for found, _ in rows])
    ticks = np.concatenate([walk for _, walk in rows])
    scratch = threads * (20 * graph.nodes + 16 * len(targets) + 12 * len(graph.along.packed))
    peak = scratch + out_target.nbytes * 2 + 2 * (target.nbytes + ticks.nbytes)
    return WalkTable(len(targets), indptr, target, ticks, int(peak))


def _by_node(nodes: int, targets: Points) -> tuple[NDArray[np.int32], ...]:
    """Sort the targets' two ends by node: rows, target, ticks to the node, ticks from it."""
    node = np.concatenate([targets.tail, targets.head])
    number = np.tile(np.arange(len(targets), dtype=np.int32), 2)
    to_node = np.concatenate([targets.to_tail, targets.to_head])
    from_node = np.concatenate([targets.from_tail, targets.from_head])
    use = (to_node < NEVER) | (from_node < NEVER)
    node, number, to_node, from_node = node[use], number[use], to_node[use], from_node[use]
    order = np.argsort(node, kind="stable")
    row = np.zeros(nodes + 1, dtype=np.int32)
    np.cumsum(np.bincount(node, minlength=nodes), out=row[1:])
    return row, number[order], to_node[order], from_node[order]


def _by_edge(sources: Points, targets: Points) -> tuple[NDArray[np.int64], ...]:
    """For each source, the range of the targets on its own edge in an order by edge."""
    order = np.argsort(targets.edge, kind="stable")
    edges = targets.edge[order]
    first = np.searchsorted(edges, sources.edge, side="left")
    last = np.searchsorted(edges, sources.edge, side="right")
    last = np.where(sources.edge < 0, first, last)
    return first, last, order
