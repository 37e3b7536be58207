"""Snapping against brute force; isochrones and routes on the small map and on the real one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from lifecircle.engine.network import build_network, isochrones, journey, snap, walking_graph
from lifecircle.engine.reach import Points, walk_table
from lifecircle.engine.standards import default
from lifecircle.errors import NotFoundError

CRS = "EPSG:32648"


def random_map(small_map, seed=1):
    rng = np.random.default_rng(seed)
    spots = rng.uniform(0, 800, (60, 2))
    for k, (x, y) in enumerate(spots):
        small_map.node(k + 1, float(x), float(y))
    for k in range(60):
        for other in np.argsort(np.hypot(*(spots - spots[k]).T))[1:4]:
            small_map.way([k + 1, int(other) + 1], highway="footway")
    return build_network(small_map.write(), None, CRS)


def test_points_snap_to_the_nearest_edge_as_brute_force_says(small_map):
    network = random_map(small_map)
    rng = np.random.default_rng(2)
    x = rng.uniform(network.nodes.x.min() - 250, network.nodes.x.max() + 250, 200)
    y = rng.uniform(network.nodes.y.min() - 250, network.nodes.y.max() + 250, 200)
    found = snap(network, x, y, limit_m=100, islands=True)
    lines = shapely.linestrings(network.lines().reshape(-1, 2, 2))
    distance = shapely.distance(shapely.points(x, y)[:, None], lines[None, :])
    near = distance.min(axis=1) <= 100
    np.testing.assert_array_equal(found.edge >= 0, near)
    np.testing.assert_allclose(found.side_m[near], distance.min(axis=1)[near], atol=1e-6)
    spot = shapely.line_interpolate_point(
        lines[found.edge[near]], found.fraction[near], normalized=True
    )
    np.testing.assert_allclose(
        shapely.distance(spot, shapely.points(x[near], y[near])), found.side_m[near], atol=1e-6
    )
    assert (found.missed == np.flatnonzero(~near)).all()


def test_nobody_steps_from_a_house_onto_a_bridge_or_a_small_island(small_map):
    small_map.node(1, 0, 0).node(2, 300, 0).node(3, 0, 20).node(4, 300, 20)
    small_map.node(5, 100, 8).node(6, 102, 8)
    small_map.way([1, 2], highway="footway")
    small_map.way([3, 4], highway="footway", bridge="yes", layer="1")
    small_map.way([5, 6], highway="footway")
    for k in range(300):
        small_map.node(1000 + k, 300 + 2 * k, 0)
    small_map.way([2, *range(1000, 1300)], highway="footway")
    network = build_network(small_map.write(), None, CRS)
    west, south = network.nodes.x.min(), network.nodes.y.min()
    found = snap(network, np.array([west + 101]), np.array([south + 10]))
    edge = found.edge[0]
    assert network.edges.structure[edge] == 0
    assert network.nodes.component[network.edges.tail[edge]] == 0


def test_a_wheelchair_starts_from_where_it_can_roll(small_map):
    """The stairs at the door are nearer than the ramped street, and of no use to it."""
    small_map.node(1, 0, 0).node(2, 200, 0).node(3, 0, 20).node(4, 200, 20)
    small_map.way([1, 2], highway="steps").way([3, 4], highway="footway").way(
        [1, 3], highway="path"
    )
    network = build_network(small_map.write(), None, CRS)
    lon = 106.55 + 100 * small_map.METRE_LON
    start, end = (lon, 29.55 + 4 * small_map.METRE_LAT), (lon + 0.0008, 29.55018)
    chair = default().profiles["wheelchair"]
    found = journey(network, chair, start, end)
    assert found.stairs == 0
    assert found.seconds == pytest.approx(found.length_m / 0.8 + 16 / 0.8, abs=3)


def test_isochrones_grow_with_time_and_a_route_sums_its_steps(small_map):
    network = random_map(small_map)
    adult = default().profiles["adult"]
    drawn = isochrones(network, adult, (106.554, 29.5535), [2, 4, 8], way="both")
    assert [one.minutes for one in drawn] == [2, 4, 8]
    assert drawn[0].length_m < drawn[1].length_m < drawn[2].length_m
    assert all(one.area.is_valid and not one.area.is_empty for one in drawn)
    found = journey(network, adult, (106.5505, 29.5505), (106.5575, 29.5565))
    assert found.length_m == pytest.approx(sum(s.length_m for s in found.steps))
    assert found.length_m / 1.2 <= found.seconds + 5
    with pytest.raises(NotFoundError, match="no path"):
        journey(network, adult, (0, 0), (106.5575, 29.5565))


def test_every_distance_on_the_real_network_equals_scipy(shared_data):
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    folder = shared_data / "yuzhong"
    network = build_network(folder / "yuzhong.osm.pbf", folder / "yuzhong_srtm30_utm48n.tif", CRS)
    assert len(network.nodes.x) > 12_819
    graph = walking_graph(network, default().profiles["elder_60"])
    nodes = len(network.nodes.x)
    rng = np.random.default_rng(5)
    start = rng.choice(np.flatnonzero(network.nodes.component == 0), 20, replace=False)
    ends = np.concatenate([graph.tail, graph.head]), np.concatenate([graph.head, graph.tail])
    ticks = np.concatenate([graph.forward, graph.backward])
    keep = ticks > 0
    order = np.argsort(-ticks[keep], kind="stable")  # of parallel edges the quickest is kept last
    rows, columns = ends[0][keep][order], ends[1][keep][order]
    best = {}
    for r, c, w in zip(rows.tolist(), columns.tolist(), ticks[keep][order].tolist(), strict=True):
        best[r, c] = w
    keys = np.array(list(best))
    matrix = coo_array(
        (list(best.values()), (keys[:, 0], keys[:, 1])), shape=(nodes, nodes)
    ).tocsr()
    expected = dijkstra(matrix, indices=start, limit=9000)
    table = walk_table(
        graph, Points.at_nodes(start), Points.at_nodes(np.arange(nodes)), cutoff_s=900, way="back"
    )
    found = np.full((20, nodes), np.inf)
    found[table.source, table.target] = table.ticks
    np.testing.assert_array_equal(found, expected)
