"""Opportunities that follow changes: only what a change can touch is searched for again."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lifecircle.engine.reach import dynamic_kernels, kernels
from lifecircle.engine.reach.graph import IMPASSABLE, NEVER, Arcs, Graph
from lifecircle.engine.reach.opportunities import (
    Opportunities,
    Scales,
    Sources,
    Tally,
    check_amounts,
)
from lifecircle.engine.reach.opportunity_kernels import HIGHEST


@dataclass(frozen=True, slots=True)
class Change:
    """How much a change took: sources searched from, nodes whose sums changed, and whether all."""

    searched: int
    nodes: int
    everything: bool = False


class DynamicOpportunities:
    """The opportunities of every node, kept up as sources come and go and edges change.

    After any changes the sums are those that a new search of everything would find in the same
    scales, to the bit.

    Parameters
    ----------
    tally
        The graph, the sources and what is summed; copied, and searched here. Its graph is made with
        `keep_closed` if edges that cannot be walked may open.
    """

    def __init__(self, tally: Tally) -> None:
        self.tally = tally = copy.deepcopy(tally)
        if not isinstance(tally.graph, Graph):
            raise TypeError("a tally of a Graph is needed, whose edges are known")
        self.graph = tally.graph
        tally.search()
        self._sides = (self.graph.along, self.graph.against)
        self._there = self._sides[0] if tally.way == "back" else self._sides[1]
        self._alive = np.ones(len(tally.sources), dtype=bool)
        nodes, arcs = self.graph.nodes, len(self.graph.along.packed)
        self._into = kernels.scratch(nodes, arcs, tally.cutoff, 0)
        self._into_back = kernels.scratch(nodes, arcs, tally.cutoff, 0)
        self._ticks = np.empty(nodes + 1, dtype=np.int32)
        self._mark = np.full(nodes, NEVER, dtype=np.int32)
        self._people = tally.whole_people
        self._position = {
            id(side): _positions(side.arc, len(self.graph.tail)) for side in self._sides
        }
        self._pack()

    @property
    def alive(self) -> NDArray[np.bool_]:
        """Which of the sources that there ever were are open, (sources,)."""
        return self._alive[: len(self.tally.sources)]

    def opportunities(self) -> Opportunities:
        """The opportunities as they are now."""
        return self.tally.opportunities()

    def add(self, node: int, category: int, supply: float = 0.0) -> Change:
        """Open a source; its number is the count of all that there ever were.

        Raises
        ------
        ValueError
            A node or category out of range, or a negative supply.
        """
        one = Sources(
            np.array([node], np.int32), np.array([category], np.int32), np.array([float(supply)])
        )  # fmt: skip
        one.check(self.graph.nodes, self.tally.categories)
        number = len(self.tally.sources)
        if number == len(self._alive):
            self._make_room(2 * number + 64)
        self._show(number + 1)
        self._sources[0][number], self._sources[1][number] = node, category
        self._alive[number], self.tally.drawn[number] = True, 0
        return self._offer(number, supply)

    def remove(self, source: int) -> Change:
        """Close a source, by its number.

        Raises
        ------
        ValueError
            There is no such source, or it is closed already.
        """
        self._known(source)
        self._alive[source] = False
        self._total[self._sources[1][source]] -= int(self._sources[3][source])
        change = self._amend(-1, source)
        self.tally.drawn[source] = 0
        return change

    def set_supply(self, source: int, supply: float) -> Change:
        """Change what a source offers.

        Raises
        ------
        ValueError
            There is no such source, or the supply is negative.
        """
        self._known(source)
        check_amounts("supply", np.array([supply]))
        self._amend(-1, source, mend=False)
        self._total[self._sources[1][source]] -= int(self._sources[3][source])
        return self._offer(source, supply)

    def set_edges(self, edges: ArrayLike, forward: ArrayLike, backward: ArrayLike) -> Change:
        """Change the ticks of edges either way; `IMPASSABLE` closes one.

        Parameters
        ----------
        edges, forward, backward
            (edges,) numbers, and their ticks from now on.

        Raises
        ------
        ValueError
            No such edge, or one twice; a time of 0 or under -1; the opening of what the graph has no
            arc for (`Graph.from_edges(keep_closed=True)`).
        """
        graph, tally, there = self.graph, self.tally, self._there
        edge = np.asarray(edges, dtype=np.int64)
        known = (edge >= 0) & (edge < len(graph.tail))
        if not known.all() or len(np.unique(edge)) < len(edge):
            raise ValueError(f"edges must be 0 to {len(graph.tail) - 1}, each once")
        ticks = np.concatenate([np.asarray(forward), np.asarray(backward)])
        if np.any((ticks < 1) & (ticks != IMPASSABLE)):
            raise ValueError("times must be at least 1 tick, or IMPASSABLE (-1)")
        new = np.where(ticks == IMPASSABLE, NEVER, ticks).astype(np.int64)
        arc = np.concatenate([2 * edge, 2 * edge + 1])
        where = {id(side): self._position[id(side)][arc] for side in self._sides}
        missing = where[id(there)] < 0
        if np.any(missing & (new < NEVER)):
            raise ValueError("an edge has no arc to open: make the graph with keep_closed")
        old = (there.packed[where[id(there)]] & np.uint64(2**32 - 1)).astype(np.int64)
        change = ~missing & (old != new)
        if not change.any():
            return Change(0, 0)
        old, new, arc = old[change], new[change], arc[change]
        positions = {key: at[change] for key, at in where.items()}
        tail, head = graph.tail[arc // 2], graph.head[arc // 2]
        start, end = np.where(arc % 2, head, tail), np.where(arc % 2, tail, head)
        used = np.zeros(len(self._alive), dtype=bool)
        # A search against the arcs goes through this one from its end to its start.
        for side, first, second in ((graph.against, end, start), (graph.along, start, end)):
            if side is there or tally.both:
                dynamic_kernels.users(
                    self._turned(side).searched, first, second, old, new, self._sources,
                    tally.cutoff, self._into, used,
                )  # fmt: skip
        rows, nodes = (np.empty(tally.categories * graph.nodes, dtype=np.int32) for _ in "rn")
        searched, touched, lost, highest = dynamic_kernels.reweigh(
            used, tally.both, there.searched, graph.along.searched, positions[id(there)],
            positions[id(graph.along)], old, new, self._sources, tally.cutoff, self._amounts,
            tally.near, self._sums, self._into, self._into_back, self._ticks, self._mark,
            self._drawn, rows, nodes,
        )  # fmt: skip
        for side in self._sides:
            dynamic_kernels.weigh(side.packed, positions[id(side)], new)
        graph.forward[edge], graph.backward[edge] = forward, backward
        if not 0 <= highest < HIGHEST:
            return self._search()
        for row in np.unique(rows[:lost]):
            searched += self._mend(int(row), nodes[:lost][rows[:lost] == row])
        return Change(searched, touched)

    def _turned(self, side: Arcs) -> Arcs:
        return self.graph.along if side is self.graph.against else self.graph.against

    def _search(self) -> Change:
        """Everything anew, in a scale that holds it."""
        self.tally.search(np.flatnonzero(self.alive))
        self._pack()
        return Change(int(self.alive.sum()), self.graph.nodes, everything=True)

    def _offer(self, source: int, supply: float) -> Change:
        """Sum what a source offers from now on, in a coarser scale if there is no room for it."""
        tally = self.tally
        _, categories, supplies, whole, _ = self._sources
        category = int(categories[source])
        supplies[source] = supply if tally.sums else 0.0
        scaled = np.ldexp(supplies[source], int(tally.scales.supply[category]))
        if self._total[category] + scaled >= 2.0**62:
            open_now = tally.sources.take(np.flatnonzero(self.alive))
            tally.scales = Scales.of(open_now, tally.people, tally.categories)
            return self._search()
        whole[source] = np.rint(scaled)
        self._total[category] += int(whole[source])
        return self._amend(1, source)

    def _known(self, source: int) -> None:
        if not 0 <= source < len(self.alive) or not self.alive[source]:
            raise ValueError(f"there is no open source {source}")

    def _pack(self) -> None:
        """What the kernels take of the sources, the amounts and the sums."""
        tally = self.tally
        whole = tally.scales.whole(tally.supply, tally.sources.category)
        self._sources = (
            tally.sources.node,
            tally.sources.category,
            tally.supply,
            whole,
            self.alive,
        )
        self._alive, self._drawn = self.alive, tally.drawn
        self._total = [
            int(whole[self.alive & (tally.sources.category == c)].sum())
            for c in range(tally.categories)
        ]
        self._amounts = (self._people, tally.weight, tally.scales.shared)
        self._sums = (tally.count, tally.offered, tally.shared)

    def _make_room(self, most: int) -> None:
        """Lengthen what is kept of each source; the new ones are not open."""

        def longer(values: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate([values, np.zeros(most - len(values), values.dtype)])

        node, category, supply, whole, alive = (longer(values) for values in self._sources)
        self._sources = (node, category, supply, whole, alive)
        self._alive, self._drawn = alive, longer(self._drawn)

    def _show(self, count: int) -> None:
        """Let the tally see so many sources."""
        tally = self.tally
        node, category, supply, _, _ = self._sources
        tally.supply, tally.drawn = supply[:count], self._drawn[:count]
        offered = tally.supply if tally.sums else None
        tally.sources = Sources(node[:count], category[:count], offered)

    def _amend(self, sign: int, source: int, *, mend: bool = True) -> Change:
        tally = self.tally
        size, lost, drawn, highest = dynamic_kernels.amend(
            sign, source, tally.both, self._there.searched, self.graph.along.searched,
            self._sources, tally.cutoff, self._amounts, tally.near, self._sums, self._into,
            self._into_back, self._ticks,
        )  # fmt: skip
        tally.drawn[source] = drawn
        searched = 1
        if lost and mend:
            row = int(tally.sources.category[source])
            searched += self._mend(row, self._into[1][:lost].copy())
        if not 0 <= highest < HIGHEST:
            return self._search()
        return Change(searched, size)

    def _mend(self, row: int, lost: NDArray[np.int32]) -> int:
        tally = self.tally
        return int(
            dynamic_kernels.mend(
                row, lost, tally.both, self._there.searched, self.graph.along.searched,
                self._turned(self._there).searched, self._sources, tally.cutoff, tally.near,
                self._into, self._into_back, self._ticks,
            )
        )  # fmt: skip


def _positions(arc: NDArray[np.int32], edges: int) -> NDArray[np.int64]:
    """Where each edge's arc along it (2e) and against it (2e + 1) stands; -1 where it has none."""
    result = np.full(2 * edges, -1, dtype=np.int64)
    result[arc] = np.arange(len(arc))
    return result
