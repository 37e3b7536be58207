"""scipy.sparse.csgraph's side: Dijkstra from the facilities over the reversed graph."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from networks import CATEGORIES, CUTOFF_S, Case

TICKS = CUTOFF_S * 10
_ROWS_MIB = 128


def matrix(case: Case, *, reverse: bool) -> csr_array:
    tail, head = np.concatenate([case.tail, case.head]), np.concatenate([case.head, case.tail])
    ticks = np.concatenate([case.forward, case.backward]).astype(float)
    use = ticks > 0
    tail, head, ticks = tail[use], head[use], ticks[use]
    order = np.lexsort([ticks, head, tail])
    tail, head, ticks = tail[order], head[order], ticks[order]
    first = np.ones(len(tail), dtype=bool)  # of parallel arcs the quickest
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    start, end = (head, tail) if reverse else (tail, head)
    size = len(case.x)
    return csr_array((ticks[first], (start[first], end[first])), shape=(size, size))


def nearest(case):
    graph = matrix(case, reverse=True)

    def act():
        found = np.full((CATEGORIES, len(case.x)), np.inf)
        for c in range(CATEGORIES):
            seeds = case.node[case.category == c]
            if len(seeds):
                found[c] = dijkstra(graph, indices=seeds, min_only=True, limit=TICKS)
        return lambda: {"nearest": np.where(np.isfinite(found), found, -1).astype(np.int32)}

    return act


def _rows(case, graphs):
    """Blocks of sources, and the ticks between each of them and every node."""
    block = max(1, _ROWS_MIB * 2**20 // (8 * len(case.x)))
    for start in range(0, len(case.node), block):
        some = slice(start, start + block)
        ticks = dijkstra(graphs[0], indices=case.node[some], limit=TICKS)
        for graph in graphs[1:]:
            ticks = np.maximum(ticks, dijkstra(graph, indices=case.node[some], limit=TICKS))
        yield some, ticks


def _counts(case, graphs):
    def act():
        count = np.zeros((CATEGORIES, len(case.x)), np.int32)
        for some, ticks in _rows(case, graphs):
            within = ticks <= TICKS
            for row, c in zip(within, case.category[some], strict=True):
                count[c] += row
        return lambda: {"count": count}

    return act


def sums(case):
    return _counts(case, [matrix(case, reverse=True)])


def both(case):
    return _counts(case, [matrix(case, reverse=True), matrix(case, reverse=False)])


def catchment(case):
    """An OD table by scipy, then PySAL access for each category."""
    import pandas as pd
    from access.fca import two_stage_fca

    graph = matrix(case, reverse=True)
    floor = np.exp(-0.5)

    def weigh(seconds: float) -> float:
        return (np.exp(-0.5 * (seconds / CUTOFF_S) ** 2) - floor) / (1.0 - floor)

    people = pd.DataFrame({"people": case.people})

    def act():
        access = np.zeros((CATEGORIES, len(case.x)))
        pairs = []
        for some, ticks in _rows(case, [graph]):
            source, node = np.nonzero(ticks < TICKS)
            pairs.append((source + some.start, node, ticks[source, node] / 10))
        source, node, cost = (np.concatenate(part) for part in zip(*pairs, strict=True))
        # PySAL makes infinite what a facility offers that nobody walks to: leave those out.
        shared = np.bincount(source, case.people[node], len(case.node))[source] > 0
        source, node, cost = source[shared], node[shared], cost[shared]
        for c in range(CATEGORIES):
            of = case.category[source] == c
            beds = pd.DataFrame(
                {"beds": case.supply[case.category == c]}, index=np.flatnonzero(case.category == c)
            )
            costs = pd.DataFrame({"origin": node[of], "dest": source[of], "cost": cost[of]})
            if len(costs) == 0:
                continue
            share = two_stage_fca(
                people, beds, costs, max_cost=CUTOFF_S, demand_index=True, demand_name="people",
                supply_index=True, supply_name="beds", weight_fn=weigh,
            )  # fmt: skip
            access[c, share.index] = share.to_numpy()
        return lambda: {"access": access}

    return act
