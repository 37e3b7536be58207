"""Field edits: a new path, a closed stair, a lift out of order for a while, an unlocked gate."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from test_network_build import seconds

from lifecircle.engine.assess import network_of
from lifecircle.engine.bundle import check_district, read_district
from lifecircle.engine.network import build_network
from lifecircle.errors import NetworkError

CRS = "EPSG:32648"
LON, LAT = 1 / 96_900.0, 1 / 110_850.0


def spot(x, y):
    return [106.55 + x * LON, 29.55 + y * LAT]


def feature(action, geometry=None, **values):
    shape = None
    if geometry is not None:
        line = isinstance(geometry[0], tuple)
        shape = {
            "type": "LineString" if line else "Point",
            "coordinates": [spot(*p) for p in geometry] if line else spot(*geometry),
        }
    properties = {"action": action, "author": "王", "date": "2026-11-01", **values}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def town(small_map, tmp_path, *edits, date=None):
    """Two streets 100 m apart, joined by a stair in the east, a lift in the middle and a locked gate."""
    for k in range(9):
        small_map.node(10 + k, 50 * k, 0).node(30 + k, 50 * k, 100)
    small_map.node(50, 200, 50, highway="elevator").node(
        51, 300, 50, barrier="gate", access="private"
    )
    small_map.way([10 + k for k in range(9)], highway="residential")
    small_map.way([30 + k for k in range(9)], highway="residential")
    small_map.way([18, 38], highway="steps", incline="up")
    small_map.way([14, 50], highway="footway", level="0").way(
        [50, 34], highway="footway", level="2"
    )
    small_map.way([16, 51, 36], highway="footway")
    path = None
    if edits:
        path = tmp_path / "edits.geojson"
        path.write_text(
            json.dumps({"type": "FeatureCollection", "features": list(edits)}), encoding="utf-8"
        )
    return build_network(small_map.write(), None, CRS, edits=path, date=date)


def test_a_new_path_joins_the_ways_that_it_touches(small_map, tmp_path):
    usual = seconds(town(small_map, tmp_path), 10, 30)
    network = town(small_map, tmp_path, feature("add", [(3, 2), (2, 97)], highway="path"))
    assert seconds(network, 10, 30) < usual / 3
    assert network.notes["edits"] == 1
    assert network.notes["islands"] == 0


def test_a_new_path_between_two_nodes_of_a_way_splits_it(small_map, tmp_path):
    network = town(small_map, tmp_path, feature("add", [(75, 1), (75, 99)]))
    west, east = seconds(network, 11, 31), seconds(network, 12, 32)
    assert west == pytest.approx((25 + 100 + 25) / 1.2, rel=0.02)
    assert east == pytest.approx(west, rel=1e-6)


@pytest.mark.parametrize("how", [{"geometry": [(400, 3), (400, 95)]}, {"way": 3}])
def test_a_closed_stair_is_closed(small_map, tmp_path, how):
    geometry = how.pop("geometry", None)
    network = town(small_map, tmp_path, feature("close", geometry, **how))
    assert 2 not in network.edges.kind
    assert seconds(network, 18, 38) > seconds(town(small_map, tmp_path), 18, 38)


@pytest.mark.parametrize("how", [{"geometry": (205, 52)}, {"node": 50}])
def test_a_lift_is_out_of_order_from_then_to_then(small_map, tmp_path, how):
    edit = feature("out_of_order", how.pop("geometry", None), **how)
    edit["properties"] |= {"from": "2026-11-10", "until": "2026-11-20"}
    usual = seconds(town(small_map, tmp_path), 14, 34)
    for day, closed in ((9, False), (10, True), (20, True), (21, False)):
        network = town(small_map, tmp_path, edit, date=dt.date(2026, 11, day))
        assert (seconds(network, 14, 34) > usual) == closed
        assert network.notes["edits"] == int(closed)
    with pytest.raises(NetworkError, match="date in district"):
        town(small_map, tmp_path, edit)


def test_an_unlocked_gate_lets_everybody_through(small_map, tmp_path):
    before = seconds(town(small_map, tmp_path), 16, 36)
    network = town(small_map, tmp_path, feature("unlock", (301, 49)))
    assert seconds(network, 16, 36) == pytest.approx(100 / 1.2, rel=0.02)
    assert before > 100


def test_edits_apply_in_their_order(small_map, tmp_path):
    network = town(
        small_map, tmp_path, feature("add", [(2, 1), (2, 99)]), feature("close", [(2, 1), (2, 99)])
    )
    assert seconds(network, 10, 30) == seconds(town(small_map, tmp_path), 10, 30)


@pytest.mark.parametrize(
    ("edit", "column"),
    [
        (feature("paint", (1, 1)), "action"),
        (feature("close", (1, 1)), "geometry"),
        (feature("unlock", [(1, 1), (2, 2)]), "geometry"),
        (feature("unlock"), "geometry"),
        (feature("unlock", (301, 49), author=" "), "author"),
        (feature("unlock", (301, 49), date="last week"), "date"),
        (feature("unlock", (301, 49), until="2026-13-01"), "until"),
        (feature("out_of_order", node="fifty"), "node"),
        (feature("add", [(3, 2), (2, 97)], highway="motorway"), "highway"),
        (feature("unlock", (0, 500)), "geometry"),
        (feature("out_of_order", node=51), "geometry"),
        (feature("close", [(0, 300), (50, 300)]), "geometry"),
        (feature("add", [(0, 400), (50, 400)]), "geometry"),
    ],
)
def test_an_edit_at_fault_is_named_by_feature_and_field(small_map, tmp_path, edit, column):
    with pytest.raises(NetworkError) as caught:
        town(small_map, tmp_path, feature("unlock", (301, 49)), edit)
    (issue,) = [i for i in caught.value.issues if i.row == 2]
    assert issue.column == column
    assert issue.expected_zh


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"features": [1]}'])
def test_what_is_no_file_of_edits_is_said(small_map, tmp_path, text):
    (tmp_path / "e.geojson").write_text(text, encoding="utf-8")
    small_map.node(1, 0, 0).node(2, 50, 0).way([1, 2], highway="footway")
    with pytest.raises(NetworkError, match=r"e\.geojson"):
        build_network(small_map.write(), None, CRS, edits=tmp_path / "e.geojson")


def test_a_bundle_names_its_edits_and_they_are_inputs_of_its_runs(small_district):
    small_district.toml = small_district.toml.replace("[crs]", "date = 2026-11-15\n[crs]").replace(
        "[files]\n", '[files]\nedits = "edits.geojson"\n'
    )
    folder = small_district.write()
    assert [i.column for i in check_district(folder) if i.severity == "error"] == ["files.edits"]
    path = folder / "edits.geojson"
    edits = [feature("add", [(300, 5), (300, 60), (900, 60), (900, 5)])]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": edits}), encoding="utf-8")
    district = read_district(folder)
    assert "edits.geojson" in district.inputs
    assert network_of(district).notes["edits"] == 1
    edits.append(feature("fly", (1, 1)))
    path.write_text(json.dumps({"type": "FeatureCollection", "features": edits}), encoding="utf-8")
    found = [i for i in check_district(folder) if i.severity == "error"]
    assert [(i.file, i.row, i.column) for i in found] == [("edits.geojson", 2, "action")]
