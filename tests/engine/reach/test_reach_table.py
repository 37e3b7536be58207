"""Walking times against networkx and brute force, in both directions."""

from __future__ import annotations

import networkx as nx
import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.reach import IMPASSABLE, Graph, Points, to_ticks, walk_table


def random_graph(seed: int, nodes: int = 40, edges: int = 80) -> Graph:
    rng = np.random.default_rng(seed)
    forward = rng.integers(1, 200, edges)
    backward = rng.integers(1, 200, edges)
    forward[rng.random(edges) < 0.1] = IMPASSABLE
    backward[rng.random(edges) < 0.1] = IMPASSABLE
    return Graph.from_edges(
        nodes, rng.integers(0, nodes, edges), rng.integers(0, nodes, edges), forward, backward
    )


def random_points(seed: int, graph: Graph, count: int) -> tuple[Points, np.ndarray]:
    rng = np.random.default_rng(seed)
    edge = rng.integers(0, len(graph.tail), count)
    edge[rng.random(count) < 0.05] = -1
    fraction = rng.choice([0.0, 0.25, 0.5, 1.0, 0.7], count)
    return Points.on_edges(graph, edge, fraction, rng.integers(0, 30, count)), edge


def node_walks(graph: Graph) -> dict[int, dict[int, int]]:
    """All walks between nodes, by networkx."""
    net = nx.MultiDiGraph()
    net.add_nodes_from(range(graph.nodes))
    for start, end, times in (
        (graph.tail, graph.head, graph.forward),
        (graph.head, graph.tail, graph.backward),
    ):
        for u, v, ticks in zip(start.tolist(), end.tolist(), times.tolist(), strict=True):
            if ticks != IMPASSABLE:
                net.add_edge(u, v, weight=ticks)
    return dict(nx.all_pairs_dijkstra_path_length(net))


def walk(walks, start: Points, j: int, end: Points, k: int) -> int:
    """From one point to another by the ends of their edges, or straight along a shared edge."""
    leave = ((start.tail[j], start.to_tail[j]), (start.head[j], start.to_head[j]))
    enter = ((end.tail[k], end.from_tail[k]), (end.head[k], end.from_head[k]))
    best = min(
        int(a) + walks[int(u)].get(int(v), 10**9) + int(b) for u, a in leave for v, b in enter
    )
    if start.edge[j] < 0 or end.edge[k] < 0:
        return 10**9
    if start.edge[j] == end.edge[k]:
        for a, b in (
            (start.from_tail[j], end.from_tail[k]),
            (start.from_head[j], end.from_head[k]),
        ):
            between = int(b - end.side[k]) - int(a - start.side[j])
            if max(a, b) < 2**30 and between >= 0:
                best = min(best, between + int(start.side[j] + end.side[k]))
    return best


def as_dict(table) -> dict[tuple[int, int], int]:
    return {
        (int(s), int(t)): int(w)
        for s, t, w in zip(table.source, table.target, table.ticks, strict=True)
    }


@pytest.mark.parametrize("way", ["out", "back", "both"])
@given(seed=st.integers(0, 10**6), cutoff=st.integers(0, 600))
@settings(max_examples=25, deadline=None)
def test_every_walk_equals_networkx_on_the_same_integers(way: str, seed: int, cutoff: int):
    graph = random_graph(seed)
    sources, _ = random_points(seed + 1, graph, 6)
    targets, _ = random_points(seed + 2, graph, 12)
    walks = node_walks(graph)
    expected = {}
    for s in range(len(sources)):
        for t in range(len(targets)):
            out = walk(walks, targets, t, sources, s)
            back = walk(walks, sources, s, targets, t)
            ticks = {"out": out, "back": back, "both": max(out, back)}[way]
            if ticks <= cutoff:
                expected[s, t] = ticks
    assert as_dict(walk_table(graph, sources, targets, cutoff_s=cutoff / 10, way=way)) == expected


def test_the_number_of_threads_changes_no_bit():
    graph = random_graph(7, 400, 900)
    sources, _ = random_points(8, graph, 60)
    targets, _ = random_points(9, graph, 90)
    tables = []
    before = numba.get_num_threads()
    try:
        for threads in (1, before):
            numba.set_num_threads(threads)
            tables.append(walk_table(graph, sources, targets, cutoff_s=60.0))
    finally:
        numba.set_num_threads(before)
    assert all(
        np.array_equal(getattr(tables[0], name), getattr(tables[1], name))
        for name in ("indptr", "target", "ticks")
    )


def test_points_on_one_edge_walk_directly_and_only_in_the_allowed_direction():
    graph = Graph.from_edges(2, [0], [1], forward=[100], backward=[IMPASSABLE])
    points = Points.on_edges(graph, [0, 0], [0.2, 0.8], [5, 7])
    table = walk_table(graph, points, points, cutoff_s=1000, way="back")
    assert as_dict(table) == {(0, 0): 10, (0, 1): 72, (1, 1): 14}


def test_a_point_that_meets_no_edge_reaches_nothing():
    graph = random_graph(1)
    lost = Points.on_edges(graph, [-1], [0.5], [0])
    table = walk_table(graph, lost, Points.at_nodes(np.arange(graph.nodes)), cutoff_s=1e4)
    assert len(table.target) == 0


def test_nothing_to_walk_from_or_to_gives_an_empty_table():
    graph = random_graph(1)
    none = Points.at_nodes(np.zeros(0, dtype=np.int32))
    some = Points.at_nodes([0, 1])
    assert walk_table(graph, none, some, cutoff_s=10).sources == 0
    assert walk_table(graph, some, none, cutoff_s=10).indptr.tolist() == [0, 0, 0]


def test_rows_and_within_keep_what_they_say():
    graph = random_graph(3)
    nodes = Points.at_nodes(np.arange(graph.nodes))
    table = walk_table(graph, nodes, nodes, cutoff_s=30, way="back")
    picked = table.rows([5, 2]).within(10.0)
    everything = as_dict(table)
    assert as_dict(picked) == {
        (row, t): w
        for row, s in enumerate((5, 2))
        for (src, t), w in everything.items()
        if src == s and w <= 100
    }


@pytest.mark.parametrize(
    ("tail", "head", "forward"),
    [([0], [5], [1]), ([0, 1], [1], [1]), ([0], [1], [0]), ([0], [1], [-2]), ([-1], [1], [3])],
)
def test_a_graph_refuses_edges_that_cannot_be(tail, head, forward):
    with pytest.raises(ValueError, match="must"):
        Graph.from_edges(2, tail, head, forward, [1] * len(forward))


def test_seconds_become_ticks_of_at_least_one_and_infinity_is_impassable():
    assert to_ticks([0.0, 0.04, 12.34, np.inf, np.nan]).tolist() == [1, 1, 123, -1, -1]


def test_too_large_a_cutoff_is_refused():
    graph = random_graph(1)
    nodes = Points.at_nodes([0])
    with pytest.raises(ValueError, match="too large"):
        walk_table(graph, nodes, nodes, cutoff_s=1e9)
