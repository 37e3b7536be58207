"""Points on the edges of a graph: where people and facilities meet the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lifecircle.engine.reach.graph import IMPASSABLE, NEVER, Graph, Ticks


@dataclass(frozen=True, slots=True)
class Points:
    """Points that stand beside edges, in the ticks of one profile. All arrays are (points,).

    A point lies on edge `edge` between nodes `tail` and `head`, `side` ticks away from it.
    `from_tail` and `from_head` lead from a node to the point, `to_tail` and `to_head` the other
    way, side included; `NEVER` where the edge cannot be walked so. `edge` is -1 for a point that
    is a node itself, and for one that meets no edge at all.
    """

    edge: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    side: Ticks
    from_tail: Ticks
    from_head: Ticks
    to_tail: Ticks
    to_head: Ticks

    def __len__(self) -> int:
        return len(self.edge)

    @classmethod
    def on_edges(
        cls, graph: Graph, edge: ArrayLike, fraction: ArrayLike, side: ArrayLike
    ) -> Points:
        """Place points on edges.

        Parameters
        ----------
        graph
            The graph whose ticks count.
        edge
            (points,) edge numbers; -1 for a point that meets no edge and so reaches nothing.
        fraction
            (points,) position along the edge, 0 at its tail and 1 at its head.
        side
            (points,) ticks between the point and its edge.
        """
        edges = np.ascontiguousarray(edge, dtype=np.int32)
        share = np.clip(np.asarray(fraction, dtype=np.float64), 0.0, 1.0)
        aside = np.ascontiguousarray(side, dtype=np.int32)
        met = edges >= 0
        safe = np.where(met, edges, 0)
        if len(graph.tail) == 0:
            blank = np.full(len(edges), NEVER, dtype=np.int32)
            nowhere = np.zeros(len(edges), dtype=np.int32)
            return cls(edges, nowhere, nowhere, aside, blank, blank, blank, blank)
        forward, backward = graph.forward[safe], graph.backward[safe]
        ahead = np.rint(forward * share).astype(np.int32)
        astern = np.rint(backward * (1.0 - share)).astype(np.int32)
        along = met & (forward != IMPASSABLE)
        against = met & (backward != IMPASSABLE)

        def ticks(passable: NDArray[np.bool_], walk: Ticks) -> Ticks:
            return np.where(passable, walk + aside, NEVER).astype(np.int32)

        return cls(
            edges,
            graph.tail[safe],
            graph.head[safe],
            aside,
            ticks(along, ahead),
            ticks(against, astern),
            ticks(against, backward - astern),
            ticks(along, forward - ahead),
        )

    @classmethod
    def at_nodes(cls, nodes: ArrayLike) -> Points:
        """Take graph nodes as points."""
        node = np.ascontiguousarray(nodes, dtype=np.int32)
        zero = np.zeros(len(node), dtype=np.int32)
        blank = np.full(len(node), NEVER, dtype=np.int32)
        edge = np.full(len(node), -1, dtype=np.int32)
        return cls(edge, node, node, zero, zero, blank, zero, blank)

    def take(self, rows: ArrayLike) -> Points:
        """Return the points at `rows` (numbers, or a mask)."""
        index = np.asarray(rows)
        index = index if index.dtype == np.bool_ else index.astype(np.intp)
        return Points(*(getattr(self, name)[index] for name in self.__slots__))
