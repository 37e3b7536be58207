"""Islands: reported, kept, and joined only on request, by the shortest links there are."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.bundle import check_district, read_district
from lifecircle.engine.network import build_network
from lifecircle.engine.network.islands import components, links_between

CRS = "EPSG:32648"


def three_parts(small_map):
    """Two paths 12 m apart, a third 30 m further, and a bridge right above the gap."""
    small_map.node(1, 0, 0).node(2, 100, 0).node(3, 112, 0).node(4, 200, 0)
    small_map.node(5, 230, 0).node(6, 300, 0).node(7, 106, -40).node(8, 106, 1).node(9, 106, 40)
    small_map.way([1, 2], highway="footway").way([3, 4], highway="footway")
    small_map.way([5, 6], highway="footway")
    small_map.way([7, 8, 9], highway="footway", bridge="yes", layer="1")
    return small_map.write()


def test_islands_are_counted_and_kept_and_not_joined_unasked(small_map):
    network = build_network(three_parts(small_map), None, CRS)
    assert network.notes["islands"] == 3
    assert "islands_joined" not in network.notes


@pytest.mark.parametrize(("within_m", "joined", "left"), [(5, 0, 3), (20, 1, 2), (40, 2, 1)])
def test_parts_near_each_other_are_joined_on_request_but_never_to_a_bridge(
    small_map, within_m, joined, left
):
    network = build_network(three_parts(small_map), None, CRS, join_islands_m=within_m)
    assert network.notes["islands_joined"] == joined
    assert network.notes["islands"] == left
    links = network.edges.way == 0
    assert links.sum() == joined
    assert (network.edges.length_m[links] <= within_m).all()
    assert network.edges.forward[links].all()


@given(seed=st.integers(0, 10**6), within_m=st.floats(5, 200))
@settings(max_examples=40, deadline=None)
def test_links_are_a_minimum_spanning_forest_of_the_parts(seed, within_m):
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 500, (2, 40))
    tail, head = rng.integers(0, 40, (2, 15)).astype(np.int32)
    part, sizes = components(40, tail, head)
    assert sizes.sum() == 40
    links = links_between(x, y, part, np.ones(40, dtype=bool), within_m)
    gap = np.hypot(x[links[:, 0]] - x[links[:, 1]], y[links[:, 0]] - y[links[:, 1]])
    parts = nx.Graph()
    parts.add_nodes_from(range(len(sizes)))
    for a in range(40):
        for b in range(a):
            length = float(np.hypot(x[a] - x[b], y[a] - y[b]))
            old = parts.get_edge_data(int(part[a]), int(part[b]), {"weight": np.inf})["weight"]
            if part[a] != part[b] and length <= min(within_m, old):
                parts.add_edge(int(part[a]), int(part[b]), weight=length)
    forest = nx.minimum_spanning_tree(parts)
    assert len(links) == forest.number_of_edges()
    assert gap.sum() == pytest.approx(forest.size(weight="weight"))


def test_a_bundle_asks_for_links_in_its_settings(small_district):
    small_district.toml += "[network]\njoin_islands_m = 25\n"
    assert read_district(small_district.write()).join_islands_m == 25
    small_district.toml = small_district.toml.replace("25", '"far"').replace(
        "join_islands_m", "join_islands_m = 1\njoin_island_m"
    )
    columns = {i.column for i in check_district(small_district.write())}
    assert columns == {"network.join_island_m"}
    small_district.toml = small_district.toml.replace("join_islands_m = 1\n", "")
    small_district.toml = small_district.toml.replace("join_island_m", "join_islands_m")
    assert {i.column for i in check_district(small_district.write())} == {"network.join_islands_m"}
