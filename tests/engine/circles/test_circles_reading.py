"""Which communities one walks between: not over a river; and circles kept in a bundle are graded."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import lifecircle
from conftest import MapWriter
from lifecircle.cli.app import app
from lifecircle.engine.circles import draw_circles, keep_circles, units_of
from lifecircle.errors import BundleError, InputError, OutputError


def links(units):
    return {(units.code[a], units.code[b]) for a, b in units.links}


def with_bridge(small_district, length):
    """The road through the four communities, `length` metres of it around 800 m (C2 | C3) a bridge."""
    folder = small_district.write()
    road = MapWriter(folder / "network.osm.pbf")
    west, east = 800 - length / 2, 800 + length / 2
    for ref, x in enumerate((-500, 200, 600, west, east, 1000, 1400, 2000), start=1):
        road.node(ref, x, 0)
    road.way([1, 2, 3, 4], highway="residential")
    road.way([4, 5], highway="residential", bridge="yes")
    road.way([5, 6, 7, 8], highway="residential").write()
    district = lifecircle.read_district(folder)
    return units_of(district, lifecircle.network_of(district))


def test_neighbours_are_those_that_one_walks_into(small_district):
    units = with_bridge(small_district, 60)
    assert links(units) == {("C1", "C2"), ("C2", "C3"), ("C3", "C4")}
    assert units.people == pytest.approx([1000] * 4)
    assert units.street.tolist() == [0, 0, 1, 1]
    far = units.walk_s[0]
    assert np.all(np.diff(far) > 0)
    assert far[1] == pytest.approx(400 / 1.1, rel=0.2)


def test_a_bridge_over_a_river_makes_no_neighbours_and_why_there_is_no_circle_is_said(
    small_district,
):
    units = with_bridge(small_district, 300)
    assert links(units) == {("C1", "C2"), ("C3", "C4")}
    with pytest.raises(InputError) as error:
        draw_circles(units, least=3000, most=5000)
    assert "社区1" in str(error.value.issues)
    found = draw_circles(units, 2, least=1500, most=2500)
    assert [one.members for one in found[0].circles] == [("C1", "C2"), ("C3", "C4")]


def test_a_district_without_grids_says_so(small_district):
    district = lifecircle.read_district(small_district.write())
    with pytest.raises(InputError, match="no circles"):
        units_of(district, lifecircle.network_of(district), "grid")


def test_grids_are_units_too(small_district):
    for c in (1, 2, 3, 4):
        for k in (0, 1):
            west = 400 * (c - 1) + 200 * k
            small_district.tables["places"].append(
                {"code": f"G{c}{k}", "name_zh": f"网格{c}{k}", "level": "grid", "parent": f"C{c}",
                 "wkt": small_district.box(west, west + 200)}
            )  # fmt: skip
    district = lifecircle.read_district(small_district.write())
    units = units_of(district, lifecircle.network_of(district), "grid")
    assert units.people.sum() == pytest.approx(4000, rel=0.01)
    assert units.street.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert ("G10", "G11") in links(units)
    assert ("G10", "G20") not in links(units)


def test_circles_that_are_kept_are_graded_like_places(small_district, tmp_path):
    bundle = small_district.write()
    run = CliRunner().invoke(
        app,
        ["circles", str(bundle), "--count", "2", "--least", "1500", "--most", "2500",
         "--out", str(tmp_path / "new"), "--json"],
    )  # fmt: skip
    assert run.exit_code == 0, run.output
    said = json.loads(run.stdout)
    assert said["divisions"][0]["circles"][0]["members"] == ["C1", "C2"]
    district = lifecircle.read_district(tmp_path / "new")
    circles = district.places.at("circle")
    assert district.places.code[circles].tolist() == ["circle-1", "circle-2"]
    assert district.places.name_zh[circles[0]].endswith("生活圈")
    graded = lifecircle.assess(tmp_path / "new")
    card = graded.card("circle-1", "convenience")
    assert card["area"] == "circle-1"
    with pytest.raises(OutputError):
        keep_circles(bundle, tmp_path / "new", *_drawn(bundle))
    again = keep_circles(tmp_path / "new", tmp_path / "again", *_drawn(tmp_path / "new"))
    assert len(again.places.at("circle")) == 2
    with pytest.raises(BundleError):
        keep_circles(tmp_path / "nowhere", tmp_path / "x", *_drawn(bundle))
    assert not (tmp_path / "x").exists()


def _drawn(bundle):
    district = lifecircle.read_district(bundle)
    units = units_of(district, lifecircle.network_of(district))
    return units, draw_circles(units, 2, least=1500, most=2500)[0]


def test_the_command_says_which_division_is_meant(small_district):
    bundle = small_district.write()
    run = CliRunner().invoke(app, ["circles", str(bundle), "--least", "1500", "--most", "2500"])
    assert run.exit_code == 0, run.output
    assert "2 circles" in run.stdout
    run = CliRunner().invoke(
        app, ["circles", str(bundle), "--least", "1500", "--most", "2500", "--choose", "9"]
    )
    assert run.exit_code == 2
