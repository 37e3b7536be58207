"""Lifecircle's side. Preparation: the nodes put into a spatial order, the graph built."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

import numpy as np
from numba import njit

from lifecircle.engine.reach import (
    NEVER,
    DynamicOpportunities,
    Graph,
    Points,
    Sources,
    Tally,
    gaussian,
    isochrone_polygon,
    kernels,
    nearest_by_category,
    opportunities,
    reached_within,
    spatial_order,
)
from lifecircle.engine.tiling import Store
from networks import CATEGORIES, CUTOFF_S, MINUTES, Case, origins

DECAY = gaussian(CUTOFF_S)


class Ready:
    """The case in spatial order."""

    def __init__(self, case: Case, *, keep_closed: bool = False) -> None:
        self.order = spatial_order(case.x, case.y)
        self.rank = np.empty(len(case.x), np.int32)
        self.rank[self.order] = np.arange(len(case.x), dtype=np.int32)
        self.graph = Graph.from_edges(
            len(case.x), self.rank[case.tail], self.rank[case.head], case.forward, case.backward,
            keep_closed=keep_closed,
        )  # fmt: skip
        self.sources = Sources(self.rank[case.node], case.category, case.supply)
        self.people = case.people[self.order]

    def tally(self, way: str) -> Tally:
        """The case's task, not yet searched."""
        return Tally(
            self.graph, self.sources, CATEGORIES, cutoff_s=CUTOFF_S, way=way, people=self.people,
            decay=DECAY,
        )  # fmt: skip

    def back(self, values: np.ndarray) -> np.ndarray:
        """(categories, nodes) in the case's order."""
        return values[:, self.rank]


def _nearest(ready: Ready, ticks: np.ndarray) -> np.ndarray:
    return ready.back(np.where(ticks < NEVER, ticks, -1))


def nearest(case):
    ready = Ready(case)

    def act():
        found = nearest_by_category(
            ready.graph, ready.sources, categories=CATEGORIES, cutoff_s=CUTOFF_S
        )
        return lambda: {"nearest": _nearest(ready, found)}

    return act


def _sums(case, way, *, counts_only=False):
    ready = Ready(case)
    sources = ready.sources
    if counts_only:
        sources = Sources(sources.node, sources.category)

    def act():
        found = opportunities(
            ready.graph, sources, categories=CATEGORIES, cutoff_s=CUTOFF_S, way=way,
            people=None if counts_only else ready.people, decay=DECAY,
        )  # fmt: skip

        def answer():
            result = {"count": ready.back(found.count), "nearest": _nearest(ready, found.nearest)}
            if not counts_only:
                result |= {"supply": ready.back(found.supply), "access": ready.back(found.access)}
            return result

        return answer

    return act


def sums(case):
    return _sums(case, "out")


def both(case):
    return _sums(case, "both")


def catchment(case):
    return _sums(case, "out")


def totals(case):
    ready = Ready(case)

    def act():
        found = opportunities(
            ready.graph, ready.sources, categories=CATEGORIES, cutoff_s=CUTOFF_S, way="out"
        )
        return lambda: {"count": ready.back(found.count), "supply": ready.back(found.supply)}

    return act


def nearest_counts(case):
    return _sums(case.undirected(), "out", counts_only=True)


def _dynamic(case, change):
    """Changed and changed back by turns: after an even number of runs it is as it was."""
    ready = Ready(case, keep_closed=True)
    kept = DynamicOpportunities(ready.tally("both"))
    turn = iter(range(10**9))

    def act():
        change(ready, kept, *divmod(next(turn), 2))

        def answer():
            found = kept.opportunities()
            return {
                "count": ready.back(found.count), "nearest": _nearest(ready, found.nearest),
                "supply": ready.back(found.supply), "access": ready.back(found.access),
            }  # fmt: skip

        return answer

    return act


def facility(case):
    def change(ready, kept, pair, back):
        if back:
            kept.remove(len(case.node) + pair)
        else:
            kept.add(int(ready.rank[pair * 7919 % len(case.x)]), pair % CATEGORIES, 50.0)

    return _dynamic(case, change)


def edge(case):
    def change(ready, kept, pair, back):
        one = case.changing[pair % len(case.changing)]
        ticks = (case.forward[one], case.backward[one]) if back else (-1, -1)
        kept.set_edges([one], [ticks[0]], [ticks[1]])

    return _dynamic(case, change)


@njit(nogil=True)
def _settle_all(arcs, sources, cutoff):
    into = kernels.scratch(len(arcs[0]) - 1, len(arcs[1]), cutoff, arcs[2])
    dist, settled = into[0], into[1]
    seed, zero, nodes = np.empty(1, np.int32), np.zeros(1, np.int32), 0
    for source in sources:
        seed[0] = source
        count = kernels.settle(arcs, seed, zero, cutoff, into)
        for k in range(count):
            dist[np.uint64(settled[k])] = NEVER
        nodes += count
    return nodes


@njit(nogil=True)
def _sweep(arcs, dist):
    total = np.int64(0)
    for node in range(len(arcs[0]) - 1):
        a, end = np.uint64(arcs[0][node]), np.uint64(arcs[0][node + 1])
        while a < end:
            arc = arcs[1][a]
            a += np.uint64(1)
            total += dist[arc >> np.uint64(32)] + np.int64(arc & np.uint64(2**32 - 1))
    return total


def settling(case):
    """Nodes settled on one thread, from neighbouring sources as a thread has them."""
    ready = Ready(case)
    arcs = ready.graph.against.searched
    sources = np.sort(ready.sources.node)[:20_000]

    def act():
        nodes = _settle_all(arcs, sources, int(CUTOFF_S * 10))
        return lambda: {"units": nodes}

    return act


def sweep(case):
    """Every arc of every node read once, on one thread, and one value at its head."""
    ready = Ready(case)
    arcs, dist = ready.graph.against.searched, np.zeros(len(case.x), np.int32)

    def act():
        for _ in range(4):
            _sweep(arcs, dist)
        return lambda: {"units": 4 * len(case.x)}

    return act


def _stored(case, most_nodes, client=None):
    """A store of tiles, done anew at each run."""
    ready = Ready(case)
    folder = Path(tempfile.mkdtemp(prefix="tiles-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    order = ready.order
    store = Store.create(
        folder / "store", ready.tally("out"), case.x[order], case.y[order], most_nodes=most_nodes
    )
    if client:
        client.run(_warm)

    def act():
        for path in (folder / "store" / "tiles").iterdir():
            shutil.rmtree(path)
        store.run(client)

        def answer():
            found = store.opportunities()
            return {"count": ready.back(found.count), "access": ready.back(found.access)}

        return answer

    return act


def _warm():
    """Load the compiled code."""
    graph = Graph.from_edges(2, [0], [1], [9], [9])
    opportunities(graph, Sources(*np.zeros((2, 1), np.int32), np.ones(1)), categories=1, cutoff_s=9)


def whole(case):
    """The same folder, one tile, one process with all threads."""
    return _stored(case, len(case.x))


def dask(case):
    """As many tiles as keep two workers busy, on two local workers of one thread."""
    from distributed import Client, LocalCluster

    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    return _stored(case, len(case.x) // 4, Client(cluster))


def isochrones(case, **detail):
    ready = Ready(case)
    x, y = case.x[ready.order], case.y[ready.order]
    graph = ready.graph
    starts = origins(case)
    lines = np.column_stack([x[graph.tail], y[graph.tail], x[graph.head], y[graph.head]])

    def act():
        drawn = []
        for node in starts:
            here = Points.at_nodes([ready.rank[node]])
            parts = reached_within(graph, here, [60.0 * m for m in MINUTES])
            polygons = []
            for part in parts:
                line = lines[part.edge]
                step = line[:, 2:] - line[:, :2]
                cut = [line[:, :2] + at[:, None] * step for at in (part.start, part.end)]
                polygons.append(isochrone_polygon(np.hstack(cut), **detail))
            drawn.append(polygons)
        return lambda: {"polygons": np.array([len(polygons) for polygons in drawn])}

    return act


def isochrones_coarse(case):
    """On half of the cells of 0.001 degrees (111 m) that Valhalla contours."""
    return isochrones(case, buffer_m=60.0, cell_m=50.0)
