"""A directed graph in compressed rows, in ticks: integer deciseconds, so that sums are exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

TICKS_PER_SECOND = 10
"""One tick is a tenth of a second: the rounding of one edge is at most 0.05 s."""

IMPASSABLE = -1
"""The ticks of an edge that cannot be walked in a direction."""

NEVER = np.int32(2**30)
"""Larger than any walking time in ticks, and small enough that two of them still add."""

Ticks = NDArray[np.int32]

_SHORTER = 0.25
_MOST_SHIFT = 8


def to_ticks(seconds: ArrayLike) -> Ticks:
    """Round seconds to ticks; NaN and infinity become `IMPASSABLE`, everything else at least 1."""
    values = np.asarray(seconds, dtype=np.float64) * TICKS_PER_SECOND
    passable = np.isfinite(values)
    ticks = np.where(passable, np.maximum(np.rint(np.where(passable, values, 0.0)), 1), IMPASSABLE)
    return ticks.astype(np.int32)


@dataclass(frozen=True, slots=True)
class Arcs:
    """Arcs in compressed rows: those that leave node u stand at `indptr[u]:indptr[u + 1]`.

    `packed` is head x 2**32 + ticks, one load an arc. `arc` is 2 x edge for an arc along its edge
    (tail to head) and 2 x edge + 1 for one against it. A search's buckets are 2**`shift` ticks wide:
    as wide as nearly all arcs are long.
    """

    indptr: NDArray[np.int32]
    packed: NDArray[np.uint64]
    arc: NDArray[np.int32]
    shift: int

    @property
    def searched(self) -> tuple[NDArray[np.int32], NDArray[np.uint64], int]:
        """What the compiled search takes."""
        return self.indptr, self.packed, self.shift

    @property
    def head(self) -> NDArray[np.int32]:
        """Where each arc leads, (arcs,)."""
        return (self.packed >> np.uint64(32)).astype(np.int32)

    @property
    def weight(self) -> Ticks:
        """The ticks of each arc, (arcs,)."""
        return (self.packed & np.uint64(0xFFFFFFFF)).astype(np.int32)

    @property
    def nodes(self) -> int:
        """The number of nodes."""
        return len(self.indptr) - 1


@dataclass(frozen=True, slots=True)
class Graph:
    """The walking graph of one profile: its arcs as walked, and the same arcs turned round.

    Edge e joins `tail[e]` and `head[e]`; it takes `forward[e]` ticks along and `backward[e]`
    against, or `IMPASSABLE`.

    Examples
    --------
    >>> graph = Graph.from_edges(3, [0, 1], [1, 2], forward=[50, 70], backward=[60, -1])
    >>> graph.along.head.tolist(), graph.along.weight.tolist()
    ([1, 0, 2], [50, 60, 70])
    """

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    forward: Ticks
    backward: Ticks
    along: Arcs
    against: Arcs

    @classmethod
    def from_edges(
        cls,
        nodes: int,
        tail: ArrayLike,
        head: ArrayLike,
        forward: ArrayLike,
        backward: ArrayLike,
        *,
        keep_closed: bool = False,
    ) -> Graph:
        """Build both directions of `nodes` nodes.

        Parameters
        ----------
        nodes
            How many nodes there are.
        tail, head
            (edges,) node numbers.
        forward, backward
            (edges,) ticks of walking the edge either way, at least 1, or `IMPASSABLE`.
        keep_closed
            Keep arcs that cannot be walked, as ones of `NEVER` ticks, for changes to open.

        Raises
        ------
        ValueError
            A node number out of range, arrays of different lengths, or a time of 0 or under -1.
        """
        tails, heads, forwards, backwards = (
            np.ascontiguousarray(values, dtype=np.int32)
            for values in (tail, head, forward, backward)
        )
        if not len(tails) == len(heads) == len(forwards) == len(backwards):
            raise ValueError("tail, head, forward and backward must have the same length")
        ends = np.concatenate([tails, heads])
        if len(ends) and (ends.min() < 0 or ends.max() >= nodes):
            raise ValueError(f"edges must join nodes 0 to {nodes - 1}")
        times = np.concatenate([forwards, backwards])
        if np.any((times < 1) & (times != IMPASSABLE)) or np.any(times >= NEVER):
            raise ValueError("times must be at least 1 tick and under 2**30, or IMPASSABLE (-1)")

        number = np.arange(len(tails), dtype=np.int32)
        start = np.concatenate([tails, heads])
        end = np.concatenate([heads, tails])
        arc = np.concatenate([2 * number, 2 * number + 1])
        keep = times != IMPASSABLE
        if keep_closed:
            times = np.where(keep, times, NEVER)
        else:
            start, end, times, arc = start[keep], end[keep], times[keep], arc[keep]
        return cls(
            tails,
            heads,
            forwards,
            backwards,
            _rows(nodes, start, end, times, arc),
            _rows(nodes, end, start, times, arc),
        )

    @property
    def nodes(self) -> int:
        """The number of nodes."""
        return self.along.nodes

    @property
    def passable(self) -> NDArray[np.bool_]:
        """(edges,) whether an edge can be walked in one direction at least."""
        return (self.forward != IMPASSABLE) | (self.backward != IMPASSABLE)


def _rows(
    nodes: int, start: NDArray[np.int32], end: NDArray[np.int32], times: Ticks, arc: Ticks
) -> Arcs:
    order = np.argsort(start, kind="stable")
    indptr = np.zeros(nodes + 1, dtype=np.int32)
    np.cumsum(np.bincount(start, minlength=nodes), out=indptr[1:])
    packed = (end[order].astype(np.uint64) << np.uint64(32)) | times[order].astype(np.uint64)
    return Arcs(indptr, packed, arc[order], _shift(times))


def _shift(times: Ticks) -> int:
    """The binary logarithm of a width that at most one arc in `1 / _SHORTER` is shorter than."""
    if len(times) == 0:
        return 0
    short = np.partition(times, int(len(times) * _SHORTER))[int(len(times) * _SHORTER)]
    return min(int(short).bit_length() - 1, _MOST_SHIFT)


def spatial_order(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
    """Order points (metres) along a Morton curve of 1 m cells: neighbours stay together."""
    return np.argsort(morton_key(x, y), kind="stable")


def morton_key(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """Where points lie on a Morton curve of 1 m cells that begins at their south-west corner."""
    key = np.zeros(len(x), dtype=np.int64)
    for shift, values in enumerate((x, y)):
        cell = (values - values.min(initial=np.inf)).astype(np.int64)
        for bit in range(int(cell.max(initial=0)).bit_length()):
            key |= ((cell >> bit) & 1) << (2 * bit + shift)
    return key
