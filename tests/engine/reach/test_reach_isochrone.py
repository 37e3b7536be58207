"""Isochrones against brute force along the edges, polygons against shapely's buffers."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.reach import (
    IMPASSABLE,
    Graph,
    Points,
    isochrone_polygon,
    reached_edges,
    shortest_route,
    walk_table,
)


def random_graph(seed: int, nodes: int = 25, edges: int = 45) -> Graph:
    rng = np.random.default_rng(seed)
    forward, backward = rng.integers(20, 400, (2, edges)) * 100
    forward[rng.random(edges) < 0.1] = IMPASSABLE
    backward[rng.random(edges) < 0.1] = IMPASSABLE
    return Graph.from_edges(
        nodes, rng.integers(0, nodes, edges), rng.integers(0, nodes, edges), forward, backward
    )


@pytest.mark.parametrize("way", ["out", "back", "both"])
@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_reached_parts_hold_exactly_the_positions_within_the_time(way: str, seed: int):
    graph = random_graph(seed)
    rng = np.random.default_rng(seed + 1)
    origin = Points.on_edges(graph, [rng.integers(len(graph.tail))], [0.4], [100])
    limit_s = 4000.0
    reached = reached_edges(graph, origin, within_s=limit_s, way=way)
    assert (reached.start <= reached.end).all()
    edge = np.repeat(np.arange(len(graph.tail)), 11)
    fraction = np.tile(np.linspace(0, 1, 11), len(graph.tail))
    probes = Points.on_edges(graph, edge, fraction, np.zeros(len(edge)))
    table = walk_table(graph, origin, probes, cutoff_s=2 * limit_s, way=way)
    seconds = np.full(len(edge), np.inf)
    seconds[table.target] = table.seconds
    inside = np.zeros(len(edge), dtype=bool)
    for e, a, b in zip(reached.edge, reached.start, reached.end, strict=True):
        inside |= (edge == e) & (fraction >= a - 1e-9) & (fraction <= b + 1e-9)
    clear = np.abs(seconds - limit_s) > 0.5
    np.testing.assert_array_equal(inside[clear], (seconds <= limit_s)[clear])


def test_the_polygon_is_the_buffer_of_its_lines():
    rng = np.random.default_rng(3)
    start = rng.uniform(0, 400, (30, 2))
    lines = np.hstack([start, start + rng.uniform(-80, 80, (30, 2))])
    drawn = isochrone_polygon(lines, buffer_m=30, cell_m=4, min_hole_m2=0)
    exact = shapely.union_all(shapely.linestrings(lines.reshape(-1, 2, 2))).buffer(30)
    both = shapely.make_valid(drawn).intersection(exact).area
    assert both / shapely.make_valid(drawn).union(exact).area > 0.97
    assert shapely.covers(drawn.buffer(1), shapely.linestrings(lines.reshape(-1, 2, 2))).all()


def test_no_lines_draw_no_area():
    assert isochrone_polygon(np.zeros((0, 4))).is_empty


@given(seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_a_route_takes_the_shortest_time_and_its_parts_join(seed: int):
    graph = random_graph(seed)
    rng = np.random.default_rng(seed + 1)
    ends = Points.on_edges(
        graph, rng.integers(0, len(graph.tail), 2), rng.choice([0.0, 0.3, 0.5, 1.0], 2), [50, 70]
    )
    origin, destination = ends.take([0]), ends.take([1])
    table = walk_table(graph, origin, destination, cutoff_s=6 * 3600, way="back")
    found = shortest_route(graph, origin, destination)
    if len(table.ticks) == 0:
        assert found is None
        return
    assert found is not None
    assert found.seconds == pytest.approx(table.seconds[0])
    cost = np.where(found.end >= found.start, graph.forward[found.edge], graph.backward[found.edge])
    assert (cost[found.end != found.start] > 0).all()
    walked = (cost * np.abs(found.end - found.start)).sum() + 120
    assert walked == pytest.approx(found.seconds * 10, abs=3)
    at = np.where(found.end == 1.0, graph.head[found.edge], graph.tail[found.edge])
    leaves = np.where(found.start == 0.0, graph.tail[found.edge], graph.head[found.edge])
    assert (at[:-1] == leaves[1:]).all()


def test_there_is_no_route_beyond_the_limit():
    graph = Graph.from_edges(2, [0], [1], [5000], [5000])
    nodes = Points.at_nodes([0, 1])
    assert shortest_route(graph, nodes.take([0]), nodes.take([1]), limit_s=499.0) is None
    assert shortest_route(graph, nodes.take([0]), nodes.take([1])).seconds == 500.0
