"""What every node reaches of each category: the nearest, how many, how much, and its share.

The cumulative opportunities of the literature and the floating catchment family, for all nodes at
once and without a table of pairs. Sources: Wachs & Kumagai 1973 (cumulative opportunities); Luo &
Wang 2003, Dai 2010 (catchments).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from lifecircle.engine.reach import opportunity_kernels as kernels
from lifecircle.engine.reach.catchment import Decay, Floats
from lifecircle.engine.reach.graph import NEVER, TICKS_PER_SECOND, Arcs, Graph, Ticks
from lifecircle.engine.reach.table import Way

Whole = NDArray[np.int64]

_BATCH_NODES = 20_000
"""How many nodes a batch of neighbouring sources should settle: about what a core's cache holds."""
_SUM_BITS = 61
_SHARE_BITS = 40
"""Bits behind the binary point of the mean share."""
COARSER_BITS = 8
"""How many fewer where somebody's share does not fit."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Places that are walked to: their nodes, categories numbered from 0, and what they offer.

    All (sources,); `supply` may be None.
    """

    node: NDArray[np.int32]
    category: NDArray[np.int32]
    supply: Floats | None = None

    def __len__(self) -> int:
        return len(self.node)

    def take(self, rows: NDArray[np.intp]) -> Sources:
        """The sources at `rows`."""
        supply = None if self.supply is None else self.supply[rows].astype(np.float64)
        node, category = (v[rows].astype(np.int32) for v in (self.node, self.category))
        return Sources(node, category, supply)

    def check(self, nodes: int, categories: int) -> None:
        """Refuse what cannot be searched from.

        Raises
        ------
        ValueError
            Arrays of different lengths, a node or category out of range, a negative supply.
        """
        if len(self.node) != len(self.category):
            raise ValueError("node and category must have the same length")
        for name, values, most in (
            ("node", self.node, nodes), ("category", self.category, categories),
        ):  # fmt: skip
            if len(values) and (values.min() < 0 or values.max() >= most):
                raise ValueError(f"{name} must be 0 to {most - 1}")
        if self.supply is not None:
            if len(self.supply) != len(self.node):
                raise ValueError("supply and node must have the same length")
            check_amounts("supply", self.supply)


def check_amounts(name: str, values: Floats) -> None:
    """Refuse negative and infinite amounts, and none (NaN).

    Raises
    ------
    ValueError
        There is one.
    """
    if not np.all((values >= 0) & np.isfinite(values)):
        raise ValueError(f"{name} must be finite and not negative")


@dataclass(frozen=True, slots=True)
class Opportunities:
    """What nodes reach within the cut-off, (categories, nodes) each; None what was not asked for.

    `nearest` in ticks, `NEVER` for none; `count` of sources; `supply` of them together; `access`
    is each person's share of supply (2SFCA), and `demand`, (sources,), the weighted people of each
    source.
    """

    nearest: Ticks
    count: NDArray[np.int32]
    supply: Floats | None = None
    access: Floats | None = None
    demand: Floats | None = None

    @property
    def nearest_s(self) -> Floats:
        """Seconds to the nearest, infinite for none."""
        return np.where(self.nearest < NEVER, self.nearest / TICKS_PER_SECOND, np.inf)


def nearest_by_category(
    graph: Graph,
    sources: Sources,
    *,
    categories: int,
    cutoff_s: float,
    way: Literal["out", "back"] = "out",
) -> Ticks:
    """Ticks between every node and its nearest source of each category, (categories, nodes).

    Parameters
    ----------
    graph
        The walking graph of one profile. Any order of its nodes is right; quick is one that keeps
        neighbours together (`spatial_order`).
    sources
        What is walked to.
    categories
        How many categories there are.
    cutoff_s
        The bound in seconds, rounded to a tick; `NEVER` beyond it.
    way
        `out` walks to the source, `back` from it. There and back is not one search: `opportunities`.

    Raises
    ------
    ValueError
        As of `Sources.check`.

    Notes
    -----
    One bounded search a batch of neighbouring sources, pruned by those before it. Memory: 4 bytes
    a node and category.
    """
    sources.check(graph.nodes, categories)
    cutoff = round(cutoff_s * TICKS_PER_SECOND)
    size = np.bincount(sources.category, minlength=categories)
    plan = Plan.of(sources, categories, cost=1.0 / size[sources.category])
    out = np.full((plan.rows, graph.nodes), NEVER, dtype=np.int32)
    if len(sources):
        arcs = graph.along if way == "back" else graph.against
        batch = np.clip(_BATCH_NODES * size // graph.nodes, 1, np.maximum(size, 1))
        kernels.nearest(
            arcs.searched, plan.node, plan.category, plan.cut, plan.row, batch, cutoff, out
        )
        plan.lower(out)
    return out[:categories]


def opportunities(
    graph: Graph,
    sources: Sources,
    *,
    categories: int,
    cutoff_s: float,
    way: Way = "both",
    people: ArrayLike | None = None,
    decay: Decay | None = None,
) -> Opportunities:
    """What every node reaches of each category, in one bounded search a source and direction.

    Parameters
    ----------
    graph
        The walking graph of one profile, its nodes best in an order that keeps neighbours together.
    sources
        What is walked to. A `supply` is summed and, with `people`, shared.
    categories
        How many categories there are.
    cutoff_s
        The bound in seconds, rounded to a tick; with `both` the slower direction counts.
    way
        `out` walks to the source, `back` from it, `both` there and back.
    people
        (nodes,) who share the supply in a two-step floating catchment.
    decay
        The weight of a walk in the catchment, from seconds; all weigh 1 without.

    Returns
    -------
    Opportunities
        The same bits whatever the number of threads: sums are kept in whole numbers, of a category's
        supply and of all people in 61 bits, of shares with 40 bits behind the point of the mean
        share (fewer where somebody gets over a million times the mean).

    Raises
    ------
    ValueError
        As of `Sources.check`; `people` of another length, or negative.
    """
    tally = Tally(
        graph, sources, categories, cutoff_s=cutoff_s, way=way, people=people, decay=decay
    )
    tally.search()
    return tally.opportunities(keep=False)


@dataclass(frozen=True, slots=True)
class Scales:
    """Bits behind the binary point of the whole numbers that sums are kept in.

    `supply`, (categories,), and `people` leave room for all there is; `share` is 2**40 of the mean.
    """

    supply: NDArray[np.int64]
    people: int
    share: int

    @classmethod
    def of(cls, sources: Sources, people: Floats, categories: int) -> Scales:
        """Scales for these amounts; tiles of one whole share the whole's."""
        everyone, offered = float(people.sum()), np.zeros(categories)
        if sources.supply is not None:
            np.add.at(offered, sources.category, sources.supply)
        mean = offered.sum() / everyone if everyone > 0 and offered.sum() > 0 else 1.0
        return cls(
            _SUM_BITS - _log2(offered),
            int(_SUM_BITS - 1 - _log2(np.array(everyone))),
            int(_SHARE_BITS - _log2(np.array(mean))),
        )

    @property
    def shared(self) -> float:
        """From supply over whole-number people to a whole-number share."""
        return float(np.ldexp(1.0, self.share + self.people))

    def amounts(
        self,
        near: Ticks,
        count: NDArray[np.int32],
        offered: Whole | None,
        shared: Whole | None,
        drawn: Whole | None = None,
        *,
        keep: bool = True,
    ) -> Opportunities:
        """Turn whole-number sums into amounts; unless they are to be kept, in their own memory."""

        def turned(whole: Whole | None, bits: NDArray[np.int64]) -> Floats | None:
            if whole is None:
                return None
            out = np.empty(whole.shape) if keep else whole.view(np.float64)
            kernels.to_floats(whole, np.ldexp(1.0, -bits), out)
            return out

        demand = None if drawn is None else np.ldexp(drawn.astype(np.float64), -self.people)
        share = np.full(len(self.supply), self.share)
        return Opportunities(
            near, count, turned(offered, self.supply), turned(shared, share), demand
        )

    def whole(self, supply: Floats, category: NDArray[np.int32]) -> Whole:
        """Supplies as whole numbers in the scale of their categories."""
        return np.rint(np.ldexp(supply, self.supply[category])).astype(np.int64)


class Walkable(Protocol):
    """What a tally needs of a graph: its arcs both ways."""

    @property
    def nodes(self) -> int:
        """The number of nodes."""

    @property
    def along(self) -> Arcs:
        """The arcs as they are walked."""

    @property
    def against(self) -> Arcs:
        """The same arcs turned round."""


class Tally:
    """What is searched for and summed at every node, and the whole-number sums once it is.

    `opportunities` makes one for once; `DynamicOpportunities` keeps one up, `tiling.Store` searches
    one in tiles.

    Parameters
    ----------
    graph, sources, categories, cutoff_s, way, people, decay
        As of `opportunities`; `decay` may be the weights themselves, one a tick.
    scales
        What the whole numbers count in; made to fit where left out.

    Raises
    ------
    ValueError
        As of `opportunities`.
    """

    def __init__(
        self,
        graph: Walkable,
        sources: Sources,
        categories: int,
        *,
        cutoff_s: float,
        way: Way = "both",
        people: ArrayLike | None = None,
        decay: Decay | Floats | None = None,
        scales: Scales | None = None,
    ) -> None:
        sources.check(graph.nodes, categories)
        self.graph, self.categories = graph, categories
        self.sources = sources.take(np.arange(len(sources)))
        self.cutoff = round(cutoff_s * TICKS_PER_SECOND)
        self.way, self.both = way, way == "both"
        self.arcs = (graph.along if way == "back" else graph.against).searched
        self.arcs_back = graph.along.searched
        self.sums = sources.supply is not None
        self.shares = self.sums and people is not None
        own = self.sources.supply
        self.supply = np.zeros(len(sources)) if own is None else own
        self.people = np.zeros(0) if people is None else np.asarray(people, dtype=np.float64)
        if people is not None:
            if len(self.people) != graph.nodes:
                raise ValueError(f"people must have a value for each of {graph.nodes} nodes")
            check_amounts("people", self.people)
        self.weight = np.ones(self.cutoff + 1)
        if callable(decay):
            self.weight = decay(np.arange(self.cutoff + 1) / TICKS_PER_SECOND)
        elif decay is not None:
            self.weight = decay
        self.scales = scales or Scales.of(sources, self.people, categories)

    def search(self, only: NDArray[np.intp] | None = None) -> None:
        """Search from every source, or from `only` some, and sum; in a coarser scale if need be."""
        while not self.search_once(only):
            # Somebody gets a million times the mean.
            self.scales = replace(self.scales, share=self.scales.share - COARSER_BITS)

    def search_once(self, only: NDArray[np.intp] | None = None) -> bool:
        """The same in the scales as they are; false where a share is too large for its scale."""
        number = np.arange(len(self.sources)) if only is None else only
        plan = Plan.of(self.sources.take(number), self.categories)
        number = number[plan.order]
        shape, none = (plan.rows, self.graph.nodes), np.zeros((0, 0), dtype=np.int64)
        supply = self.supply[number]
        drawn = np.zeros(len(supply), dtype=np.int64)
        peak = np.zeros(len(plan.cut) - 1, dtype=np.int64)
        self.near = np.full(shape, NEVER, dtype=np.int32)
        self.count = np.zeros(shape, dtype=np.int32)
        self.offered = np.zeros(shape, dtype=np.int64) if self.sums else none
        self.shared = np.zeros(shape, dtype=np.int64) if self.shares else none
        kernels.gather(
            self.both, self.arcs, self.arcs_back, plan.node, plan.category, plan.cut, plan.row,
            self.cutoff, supply, self.scales.whole(supply, plan.category), self.whole_people,
            self.weight, self.scales.shared, self.near, (self.count, self.offered, self.shared),
            drawn, peak,
        )  # fmt: skip
        plan.lower(self.near)
        plan.add(self.count, self.offered, self.shared)
        self.drawn = np.zeros(len(self.sources), dtype=np.int64)
        self.drawn[number] = drawn
        return 0 <= int(np.bitwise_or.reduce(peak)) < kernels.HIGHEST

    @property
    def whole_people(self) -> Floats:
        """People in the scale of their whole-number sums."""
        return np.ldexp(self.people, self.scales.people)

    def opportunities(self, *, keep: bool = True) -> Opportunities:
        """Turn the sums into amounts; unless they are to be kept, in their own memory."""
        first = slice(0, self.categories)
        return self.scales.amounts(
            self.near[first],
            self.count[first],
            self.offered[first] if self.sums else None,
            self.shared[first] if self.shares else None,
            self.drawn if self.shares else None,
            keep=keep,
        )


def _log2(values: Floats) -> NDArray[np.int64]:
    """The least whole e with values <= 2**e; 0 for nought."""
    return np.frexp(np.where(values > 0, values, 1.0))[1].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Plan:
    """Sources by category, cut into equal work for the threads.

    A thread that begins inside a category writes that one to a row of its own, `merged` into the
    category's afterwards: (row, category).
    """

    order: NDArray[np.intp]
    node: NDArray[np.int32]
    category: NDArray[np.int32]
    cut: NDArray[np.int64]
    row: NDArray[np.int64]
    rows: int
    merged: list[tuple[int, int]]

    @classmethod
    def of(cls, sources: Sources, categories: int, cost: Floats | None = None) -> Plan:
        """Plan for numba's number of threads.

        With `cost` a thread's sources stay by category; without, all cost the same and each thread
        has its own by node, so that one finds in the cache what its neighbour has just walked.
        """
        order = np.lexsort([sources.node, sources.category])
        category = np.ascontiguousarray(sources.category[order], dtype=np.int32)
        work = np.cumsum(np.ones(len(order)) if cost is None else cost[order])
        threads = min(numba.get_num_threads(), max(len(order), 1))
        share = np.arange(threads + 1) / threads * (work[-1] if len(work) else 0.0)
        cut = np.searchsorted(work, share)
        cut[-1] = len(order)
        row = np.tile(np.arange(categories), (threads, 1))
        merged: list[tuple[int, int]] = []
        for thread in range(1, threads):
            start = cut[thread]
            if 0 < start < len(order) and category[start] == category[start - 1]:
                merged.append((categories + len(merged), int(category[start])))
                row[thread, category[start]] = merged[-1][0]
        if cost is None:
            by_thread = np.repeat(np.arange(threads), np.diff(cut))
            again = np.lexsort((sources.node[order], by_thread))
            order, category = order[again], category[again]
        node = np.ascontiguousarray(sources.node[order], dtype=np.int32)
        return cls(order, node, category, cut, row, categories + len(merged), merged)

    def lower(self, near: Ticks) -> None:
        """Merge the threads' own rows of nearest walks."""
        for row, category in self.merged:
            np.minimum(near[category], near[row], out=near[category])

    def add(self, *sums: NDArray[np.int32] | Whole) -> None:
        """Merge the threads' own rows of sums."""
        for values in sums:
            if len(values):
                for row, category in self.merged:
                    values[category] += values[row]
