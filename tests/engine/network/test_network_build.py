"""From tags and heights to edges: stairs, lifts, squares, bridges, private ways, islands."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from rasterio import Affine

from lifecircle.engine.network import Kind, WalkNetwork, build_network, edge_seconds, walking_graph
from lifecircle.engine.reach import Points, walk_table
from lifecircle.engine.standards import default
from lifecircle.errors import NetworkError
from lifecircle.moment import Moment

CRS = "EPSG:32648"


def seconds(network: WalkNetwork, start: int, end: int, profile="adult", moment=None) -> float:
    """The walk between two OpenStreetMap nodes (any copy of them)."""
    graph = walking_graph(network, default().profiles[profile], moment)
    sources = Points.at_nodes(np.flatnonzero(network.nodes.osm == start))
    targets = Points.at_nodes(np.flatnonzero(network.nodes.osm == end))
    table = walk_table(graph, sources, targets, cutoff_s=36000, way="back")
    return float(table.seconds.min()) if len(table.ticks) else np.inf


def of_kind(network: WalkNetwork, kind: Kind) -> np.ndarray:
    return np.flatnonzero(network.edges.kind == kind)


def test_flat_paths_take_length_over_speed(small_map):
    small_map.node(1, 0, 0).node(2, 120, 0).way([1, 2], highway="footway")
    network = build_network(small_map.write(), None, CRS)
    assert seconds(network, 1, 2) == pytest.approx(120 / 1.2, rel=5e-3)
    assert len(network.edges) > 1
    assert network.edges.length_m.max() <= 60


def test_bridges_never_join_what_they_cross_in_the_air(small_map):
    small_map.node(1, -50, 0).node(2, 50, 0).node(3, 0, -50).node(4, 0, 50)
    small_map.way([1, 2], highway="footway", bridge="yes", layer="1").way([3, 4], highway="path")
    network = build_network(small_map.write(), None, CRS)
    assert np.isinf(seconds(network, 1, 3))
    assert network.notes["islands"] == 1


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "footway", "access": "private"},
        {"highway": "footway", "foot": "no"},
        {"highway": "motorway"},
        {"highway": "trunk"},
        {"highway": "primary", "motorroad": "yes"},
        {"railway": "rail"},
    ],
)
def test_what_the_public_may_not_walk_is_left_out(small_map, tags):
    small_map.node(1, 0, 0).node(2, 50, 0).node(3, 90, 0)
    small_map.way([1, 2], highway="footway").way([2, 3], **tags)
    network = build_network(small_map.write(), None, CRS)
    assert 3 not in network.nodes.osm


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "footway", "access": "private", "foot": "yes"},
        {"highway": "trunk", "sidewalk": "both"},
        {"highway": "corridor", "indoor": "yes"},
        {"highway": "service", "access": "permissive"},
    ],
)
def test_what_the_public_may_walk_is_kept(small_map, tags):
    small_map.node(1, 0, 0).node(2, 50, 0).node(3, 90, 0)
    small_map.way([1, 2], highway="footway").way([2, 3], **tags)
    assert np.isfinite(seconds(build_network(small_map.write(), None, CRS), 1, 3))


def test_stairs_count_their_steps_first_and_are_slower_up_than_down(small_map):
    small_map.node(1, 0, 0).node(2, 30, 0)
    small_map.way([1, 2], highway="steps", step_count="100", incline="up")
    network = build_network(small_map.write(), None, CRS)
    assert network.edges.rise_m.sum() == pytest.approx(15.0)
    assert network.edges.run_m.sum() == pytest.approx(30.0)
    assert seconds(network, 1, 2) == pytest.approx(30 / 0.45, rel=1e-2)
    assert seconds(network, 2, 1) == pytest.approx(30 / 0.60, rel=1e-2)
    assert np.isinf(seconds(network, 1, 2, "wheelchair"))


def test_stairs_without_a_count_take_height_then_length_and_unknown_directions_average(small_map):
    small_map.node(1, 0, 0).node(2, 20, 0).node(3, 40, 0)
    small_map.way([1, 2], highway="steps", height="6", incline="down")
    small_map.way([2, 3], highway="steps")
    network = build_network(small_map.write(), None, CRS)
    by_way = {w: network.edges.way == w for w in (1, 2)}
    assert network.edges.rise_m[by_way[1]].sum() == pytest.approx(-6.0)
    assert np.isnan(network.edges.rise_m[by_way[2]]).all()
    assert network.notes["stairs_of_unknown_direction"] == 1
    assert seconds(network, 2, 3) == seconds(network, 3, 2)
    assert seconds(network, 2, 3) == pytest.approx(20 * (1 / 0.45 + 1 / 0.60) / 2, rel=1e-2)


def test_a_one_way_escalator_is_one_way(small_map):
    small_map.node(1, 0, 0).node(2, 20, 0)
    small_map.way([1, 2], highway="steps", conveying="forward", incline="up")
    network = build_network(small_map.write(), None, CRS)
    belt = 20 * (1 + 0.5**2) ** 0.5  # 0.15 m of rise on every 0.30 m of run
    assert seconds(network, 1, 2) == pytest.approx(30 + belt / 0.5, rel=1e-2)
    assert np.isinf(seconds(network, 2, 1))


def lift_map(small_map, **tags):
    small_map.node(1, -20, 0).node(2, 0, 0, highway="elevator", **tags).node(3, 20, 0)
    small_map.way([1, 2], highway="footway", level="0").way([2, 3], highway="footway", level="4")
    return build_network(small_map.write(), None, CRS)


def test_a_lift_joins_levels_with_a_wait_and_a_ride(small_map):
    network = lift_map(small_map)
    assert seconds(network, 1, 3) == pytest.approx(40 / 1.2 + 45 + 4 * 3.5, rel=1e-2)
    assert np.isfinite(seconds(network, 1, 3, "wheelchair"))


def test_a_lift_that_lists_its_levels_rides_over_them(small_map):
    small_map.node(1, -20, 0).node(2, 0, 0, highway="elevator", level="-1;0;1;8").node(3, 20, 0)
    small_map.way([1, 2], highway="footway").way([2, 3], highway="footway")
    network = build_network(small_map.write(), None, CRS)
    assert seconds(network, 1, 3) == pytest.approx(40 / 1.2 + 45 + 9 * 3.5, rel=1e-2)


def test_a_lift_without_tags_rides_from_the_ground_below_to_the_ground_above(small_map, tmp_path):
    """A cliff of 45 m (0.5 over 90 m) between the far ends of two paths that end at one lift."""
    small_map.node(1, -45, 0).node(2, 0, 0, highway="elevator").node(3, 45, 0)
    small_map.way([1, 2], highway="footway").way([2, 3], highway="footway")
    network = build_network(small_map.write(), write_ramp(tmp_path / "z.tif", 0.5), CRS)
    lift = of_kind(network, Kind.LIFT)
    assert network.edges.rise_m[lift] == pytest.approx([45.0], rel=2e-2)


def test_a_lift_carries_no_height_from_the_street_to_a_bridge(small_map, tmp_path):
    small_map.node(1, 100, -200).node(2, 100, 0, highway="elevator").node(3, 0, 0).node(4, -60, 0)
    small_map.way([1, 2], highway="footway", level="0")
    small_map.way([2, 3], highway="footway", bridge="yes", level="1")
    small_map.way([3, 4], highway="footway")
    network = build_network(small_map.write(), write_ramp(tmp_path / "z.tif", 0.2), CRS)
    bridge = network.edges.structure == 1
    assert bridge.any()
    np.testing.assert_allclose(network.edges.rise_m[bridge], 0, atol=1e-6)


def test_a_street_runs_on_past_a_lift_that_another_way_meets(small_map):
    small_map.node(1, -50, 0).node(2, 0, 0, highway="elevator", access="no").node(3, 50, 0)
    small_map.node(4, 0, 40)
    small_map.way([1, 2, 3], highway="footway")
    small_map.way([2, 4], highway="footway", bridge="yes", layer="1")
    network = build_network(small_map.write(), None, CRS)
    assert seconds(network, 1, 3) == pytest.approx(100 / 1.2, rel=1e-2)
    assert np.isinf(seconds(network, 1, 4))


def test_one_way_through_a_lift_rides_it_and_a_lift_at_a_dead_end_joins_nothing(small_map):
    small_map.node(1, -50, 0).node(2, 0, 0, highway="elevator").node(3, 50, 0)
    small_map.node(4, 60, 0, highway="elevator")
    small_map.way([1, 2, 3, 4], highway="footway")
    network = build_network(small_map.write(), None, CRS)
    assert seconds(network, 1, 3) == pytest.approx(100 / 1.2 + 45 + 3.5, rel=1e-2)
    assert (network.notes["lifts"], network.notes["lifts_that_join_nothing"]) == (2, 1)


def test_a_lift_drawn_as_a_way_rises_with_the_ground(small_map, tmp_path):
    small_map.node(1, 0, 0).node(2, 100, 0).node(3, 140, 0)
    small_map.way([1, 2], highway="footway").way([2, 3], highway="elevator")
    network = build_network(small_map.write(), write_ramp(tmp_path / "z.tif", 0.5), CRS)
    assert network.edges.rise_m[of_kind(network, Kind.LIFT)] == pytest.approx([20.0], rel=2e-2)


def test_a_lift_on_the_rim_of_a_square_leads_onto_it_and_a_closed_gate_there_does_not(small_map):
    small_map.node(1, -40, 0).node(2, 0, 0, highway="elevator").node(3, 60, 0).node(4, 60, 60)
    small_map.node(5, 0, 60, barrier="gate", access="private").node(6, 100, 60).node(7, -40, 60)
    small_map.way([2, 3, 4, 5, 2], highway="pedestrian", area="yes", level="1")
    small_map.way([1, 2], highway="footway", level="0").way([4, 6], highway="footway")
    small_map.way([7, 5], highway="footway")
    network = build_network(small_map.write(), None, CRS)
    assert seconds(network, 1, 6) == pytest.approx(
        (40 + 60 * 2**0.5 + 40) / 1.2 + 45 + 3.5, rel=1e-2
    )
    assert np.isinf(seconds(network, 7, 6))


@pytest.mark.parametrize(
    "tags", [{"access": "no"}, {"operational_status": "out_of_order"}, {"access": "private"}]
)
def test_a_closed_lift_is_closed(small_map, tags):
    network = lift_map(small_map, **tags)
    assert np.isinf(seconds(network, 1, 3))
    assert network.notes["closed_lifts"] == 1


def test_a_lift_with_hours_closes_by_the_moment(small_map):
    network = lift_map(small_map, opening_hours="Mo-Su 06:00-22:00")
    assert np.isfinite(seconds(network, 1, 3, moment=Moment.parse("Mo 10:00")))
    assert np.isinf(seconds(network, 1, 3, moment=Moment.parse("Mo 23:00")))


def test_a_locked_gate_stops_and_an_open_one_does_not(small_map):
    small_map.node(1, 0, 0).node(2, 20, 0, barrier="gate", access="private").node(3, 40, 0)
    small_map.node(4, 20, 30, barrier="gate")
    small_map.way([1, 2, 3], highway="footway").way([1, 4], highway="footway")
    network = build_network(small_map.write(), None, CRS)
    assert np.isinf(seconds(network, 1, 3))
    assert np.isfinite(seconds(network, 1, 4))


def test_hours_on_a_way_close_it_and_conditional_access_is_understood(small_map):
    small_map.node(1, 0, 0).node(2, 20, 0)
    small_map.way([1, 2], highway="steps", access="yes @ (Mo-Su 06:30-24:00)")
    network = build_network(small_map.write(), None, CRS)
    assert np.isfinite(seconds(network, 1, 2, moment=Moment.parse("Tu 07:00")))
    assert np.isinf(seconds(network, 1, 2, moment=Moment.parse("Tu 05:00")))


def test_a_signal_costs_its_wait_once_and_only_those_who_cross(small_map):
    small_map.node(1, 0, -10).node(2, 0, 0, highway="crossing", crossing="traffic_signals").node(
        3, 0, 10
    )
    small_map.node(4, -50, 0).node(5, 50, 0)
    small_map.way([1, 2, 3], highway="footway", footway="crossing")
    small_map.way([4, 2, 5], highway="secondary")
    network = build_network(small_map.write(), None, CRS)
    assert seconds(network, 1, 3) == pytest.approx(20 / 1.2 + 30, rel=1e-2)
    assert seconds(network, 4, 5) == pytest.approx(100 / 1.2, rel=1e-2)


def test_a_crossing_of_a_divided_road_waits_once(small_map):
    for ref, y in ((1, -20), (2, -8), (3, 8), (4, 20)):
        lights = {"highway": "crossing", "crossing": "traffic_signals"} if 1 < ref < 4 else {}
        small_map.node(ref, 0, y, **lights)
    tags = {"highway": "footway", "footway": "crossing", "crossing": "traffic_signals"}
    small_map.way([1, 2, 3, 4], **tags)
    network = build_network(small_map.write(), None, CRS)
    assert seconds(network, 1, 4) == pytest.approx(40 / 1.2 + 30, rel=1e-2)


def test_a_footbridge_costs_its_wait_once_however_many_ways_it_is_drawn_with(small_map):
    small_map.node(1, -40, 0).node(2, -20, 0).node(3, 0, 0).node(4, 0, 90).node(5, 0, 120)
    small_map.node(6, 30, 0).node(7, 60, 0)
    small_map.way([1, 2], highway="footway").way([4, 5], highway="footway")
    small_map.way([6, 7], highway="footway")
    for refs in ([2, 3], [3, 4], [3, 6]):
        small_map.way(refs, highway="footway", bridge="yes", layer="1")
    network = build_network(small_map.write(), None, CRS)
    for start, end, metres in ((1, 5, 160), (1, 7, 100), (7, 5, 180)):
        assert seconds(network, start, end) == pytest.approx(metres / 1.2 + 20, rel=1e-2)


def test_a_square_is_crossed_and_not_only_walked_round(small_map):
    for ref, x, y in ((1, 0, 0), (2, 100, 0), (3, 100, 100), (4, 0, 100)):
        small_map.node(ref, x, y)
    small_map.node(5, -30, 0).node(6, 130, 100)
    small_map.way([1, 2, 3, 4, 1], highway="pedestrian", area="yes")
    small_map.way([5, 1], highway="footway").way([3, 6], highway="footway")
    network = build_network(small_map.write(), None, CRS)
    assert seconds(network, 1, 3) == pytest.approx(100 * 2**0.5 / 1.2, rel=1e-2)
    assert network.notes["squares"] == 1


def test_a_square_with_an_arm_is_crossed_round_its_corner(small_map):
    ring = ((1, 0, 0), (2, 100, 0), (3, 100, 40), (4, 40, 40), (5, 40, 100), (6, 0, 100))
    for ref, x, y in ring:
        small_map.node(ref, x, y)
    small_map.node(7, 130, 40).node(8, 40, 130)
    small_map.way([1, 2, 3, 4, 5, 6, 1], highway="pedestrian", area="yes")
    small_map.way([3, 7], highway="footway").way([5, 8], highway="footway")
    network = build_network(small_map.write(), None, CRS)
    assert seconds(network, 3, 5) == pytest.approx(120 / 1.2, rel=1e-2)


def write_ramp(path, slope_east: float):
    transform = Affine(30, 0, 646000, 0, -30, 3273500)
    heights = (200 + slope_east * 30 * np.arange(200))[None, :].repeat(120, 0).astype("float32")
    heights[:, -20:] = -9999
    with rasterio.open(
        path, "w", driver="GTiff", width=200, height=120, count=1, dtype="float32", crs=CRS,
        transform=transform, nodata=-9999,
    ) as file:  # fmt: skip
        file.write(heights, 1)
    return path


def test_slopes_follow_tobler_and_elders_go_no_faster_downhill(small_map, tmp_path):
    small_map.node(1, 0, 0).node(2, 240, 0).way([1, 2], highway="footway")
    network = build_network(small_map.write(), write_ramp(tmp_path / "z.tif", 0.05), CRS)
    length = network.edges.length_m.sum()
    along, against = edge_seconds(network, default().profiles["adult"])
    faster, slower = sorted((along.sum(), against.sum()))
    assert slower == pytest.approx(length / (1.2 * np.exp(-3.5 * 0.05)), rel=5e-3)
    assert faster == pytest.approx(length / (1.2 * np.exp(3.5 * 0.05)), rel=5e-3)
    old, _ = edge_seconds(network, default().profiles["elder_75"])
    assert min(old.sum(), length / 0.8) == pytest.approx(length / 0.8, rel=5e-3)


def test_heights_are_honest_about_holes_and_the_edge(small_map, tmp_path):
    small_map.node(1, 0, 0).node(2, 6000, 0).way([1, 2], highway="footway")
    network = build_network(small_map.write(), write_ramp(tmp_path / "z.tif", 0.05), CRS)
    assert 0 < network.notes["nodes_without_elevation"] < len(network.nodes.x)
    assert np.isnan(network.nodes.z).sum() == network.notes["nodes_without_elevation"]
    assert np.isfinite(network.edges.rise_m).all()


def test_tagged_inclines_beat_the_elevation_model(small_map, tmp_path):
    small_map.node(1, 0, 0).node(2, 50, 0).node(3, 100, 0)
    small_map.way([1, 2], highway="footway", incline="-10%")
    small_map.way([2, 3], highway="footway", incline="down")
    network = build_network(small_map.write(), write_ramp(tmp_path / "z.tif", 0.05), CRS)
    edges = network.edges
    assert edges.rise_m[edges.way == 1].sum() == pytest.approx(-5.0, rel=1e-2)
    assert edges.rise_m[edges.way == 2].sum() == pytest.approx(-2.5, rel=5e-2)


def test_bridges_run_straight_between_their_ends(small_map, tmp_path):
    transform = Affine(30, 0, 646000, 0, -30, 3273500)
    heights = np.full((120, 200), 200, dtype="float32")
    valley = slice(120, 130)
    heights[:, valley] = 120
    path = tmp_path / "valley.tif"
    with rasterio.open(path, "w", driver="GTiff", width=200, height=120, count=1, dtype="float32",
                       crs=CRS, transform=transform) as file:  # fmt: skip
        file.write(heights, 1)
    east = 646000 + 30 * 125
    from pyproj import Transformer

    x0, _ = Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(106.55, 29.55)
    middle = east - x0
    small_map.node(1, middle - 400, 0).node(2, middle - 250, 0).node(3, middle, 0)
    small_map.node(4, middle + 250, 0).node(5, middle + 400, 0)
    small_map.way([1, 2], highway="footway").way([4, 5], highway="footway")
    small_map.way([2, 3], highway="footway", bridge="yes").way(
        [3, 4], highway="footway", bridge="yes"
    )
    network = build_network(small_map.write(), path, CRS)
    on_bridge = network.edges.structure == 1
    assert np.abs(network.edges.rise_m[on_bridge]).max() < 0.1
    assert network.nodes.z.min() > 199


@pytest.mark.parametrize("content", [b"", b"not a map", b"\x00\x00\x00\x0d\x0a\x09OSMHeader"])
def test_a_broken_map_is_a_clear_error(tmp_path, content):
    path = tmp_path / "broken.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(NetworkError, match="broken"):
        build_network(path, None, CRS)


def test_a_missing_map_and_one_without_ways_are_clear_errors(small_map, tmp_path):
    with pytest.raises(NetworkError, match="missing"):
        build_network(tmp_path / "none.osm.pbf", None, CRS)
    small_map.node(1, 0, 0).node(2, 50, 0).way([1, 2], railway="rail")
    with pytest.raises(NetworkError, match="walkable"):
        build_network(small_map.write(), None, CRS)


def test_a_broken_elevation_model_is_a_clear_error(small_map, tmp_path):
    small_map.node(1, 0, 0).node(2, 50, 0).way([1, 2], highway="footway")
    path = tmp_path / "z.tif"
    path.write_bytes(b"no raster")
    with pytest.raises(NetworkError, match="elevation model"):
        build_network(small_map.write(), path, CRS)


def test_a_saved_network_is_mapped_back_equal(small_map, tmp_path):
    small_map.node(1, 0, 0).node(2, 150, 0)
    small_map.way([1, 2], highway="footway", name="和平路", opening_hours="24/7")
    network = build_network(small_map.write(), None, CRS)
    network.save(tmp_path / "saved")
    again = WalkNetwork.load(tmp_path / "saved")
    assert again.texts == network.texts
    assert again.notes == network.notes
    assert seconds(again, 1, 2) == seconds(network, 1, 2)
    with pytest.raises(NetworkError, match="not a saved"):
        WalkNetwork.load(tmp_path)


def test_the_step_path_of_the_fixture_takes_tobler_and_naismith_times(small_map):
    """张家花园步道: about 1 km with 90 m rise; up 16.3 min, down 11.5 at 5.036 km/h on the flat."""
    from dataclasses import replace

    small_map.node(1, 0, 0).node(2, 1000, 0).way([1, 2], highway="footway", incline="9%")
    network = build_network(small_map.write(), None, CRS)
    adult = default().profiles["adult"]
    walker = replace(adult, flat_mps=replace(adult.flat_mps, value=5.036 / 3.6))
    along, against = edge_seconds(network, walker)
    scale = 1000 / network.edges.length_m.sum()
    assert along.sum() * scale / 60 == pytest.approx(16.3, abs=0.05)
    assert against.sum() * scale / 60 == pytest.approx(11.5, abs=0.05)
    naismith_min = 1.0 / 5.0 * 60 + 90 / 600 * 60
    assert naismith_min == pytest.approx(21.0)
    assert along.sum() * scale / 60 < naismith_min
