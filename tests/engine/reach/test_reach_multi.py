"""The nearest of many in one search, against one search each; closing a way never helps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.reach import (
    IMPASSABLE,
    Graph,
    Points,
    nearest,
    nearest_seconds,
    walk_table,
)


def random_graph(seed: int, nodes: int = 40, edges: int = 80) -> Graph:
    rng = np.random.default_rng(seed)
    forward, backward = rng.integers(1, 200, (2, edges))
    forward[rng.random(edges) < 0.1] = IMPASSABLE
    backward[rng.random(edges) < 0.1] = IMPASSABLE
    return Graph.from_edges(
        nodes, rng.integers(0, nodes, edges), rng.integers(0, nodes, edges), forward, backward
    )


def random_points(seed: int, graph: Graph, count: int) -> Points:
    rng = np.random.default_rng(seed)
    edge = rng.integers(0, 12, count)  # few edges, so that many points share one
    edge[rng.random(count) < 0.1] = -1
    return Points.on_edges(graph, edge, rng.random(count), rng.integers(0, 30, count))


@pytest.mark.parametrize("way", ["out", "back"])
@given(seed=st.integers(0, 10**6), cutoff=st.integers(0, 600))
@settings(max_examples=40, deadline=None)
def test_one_search_from_all_sources_finds_what_one_search_each_finds(way, seed, cutoff):
    graph = random_graph(seed)
    sources, targets = random_points(seed + 1, graph, 9), random_points(seed + 2, graph, 25)
    table = walk_table(graph, sources, targets, cutoff_s=cutoff / 10, way=way)
    found = nearest_seconds(graph, sources, targets, cutoff_s=cutoff / 10, way=way)
    np.testing.assert_array_equal(found, nearest(table).seconds)


def test_without_sources_nothing_is_near():
    graph = random_graph(1)
    some = random_points(1, graph, 3)
    assert np.isinf(nearest_seconds(graph, some.take([]), some, cutoff_s=60)).all()
    assert len(nearest_seconds(graph, some, some.take([]), cutoff_s=60)) == 0


@pytest.mark.parametrize("way", ["out", "back", "both"])
@given(seed=st.integers(0, 10**6), closed=st.integers(0, 79))
@settings(max_examples=40, deadline=None)
def test_a_closed_lift_never_shortens_a_walk(way, seed, closed):
    """Any edge may be the lift: once it is closed no walk is quicker, and none appears."""
    graph = random_graph(seed)
    forward, backward = graph.forward.copy(), graph.backward.copy()
    forward[closed] = backward[closed] = IMPASSABLE
    shut = Graph.from_edges(graph.nodes, graph.tail, graph.head, forward, backward)
    nodes = Points.at_nodes(np.arange(graph.nodes))
    walks = []
    for one in (graph, shut):
        table = walk_table(one, nodes, nodes, cutoff_s=60, way=way)
        dense = np.full((graph.nodes, graph.nodes), np.inf)
        dense[table.source, table.target] = table.ticks
        walks.append(dense)
    assert (walks[1] >= walks[0]).all()
