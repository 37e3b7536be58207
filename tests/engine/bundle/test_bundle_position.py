"""Tables read in the wrong coordinate system: refused by name, and never when they are right."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from lifecircle.engine.bundle.crs import DATUMS, reread, utm_of
from lifecircle.engine.bundle.position import Witness, check_position
from lifecircle.engine.bundle.readers import RawTable
from lifecircle.engine.bundle.streets import street_nodes

ORIGIN = (106.55, 29.55)
SIDE_M, SURROUND_M, BLOCK_M = 5000.0, 1600.0, 80.0
TURN = Transformer.from_crs(4326, 32648, always_xy=True)


def degrees(x, y):
    x0, y0 = TURN.transform(*ORIGIN)
    lon, lat = TURN.transform(x0 + np.asarray(x), y0 + np.asarray(y), direction="INVERSE")
    return np.column_stack([lon, lat])


def town(rng, inside=True):
    """Streets every 80 m with a node every 40 m, and a building in most blocks between them."""
    low, high = (0.0, SIDE_M) if inside else (-SURROUND_M, SIDE_M + SURROUND_M)
    lines = np.arange(low, high, BLOCK_M)
    steps = np.arange(low, high, 40.0)
    nodes = np.concatenate([np.array(list(itertools.product(lines, steps))),
                            np.array(list(itertools.product(steps, lines)))])  # fmt: skip
    corners = np.array(list(itertools.product(lines, lines)))
    corners = corners[rng.random(len(corners)) < 0.6] + rng.uniform(8, 20, 2)
    far = corners + rng.uniform(25, 50, corners.shape)
    boxes = [
        shapely.Polygon(degrees([a, c, c, a], [b, b, d, d]))
        for (a, b), (c, d) in zip(corners, far, strict=True)
    ]
    middles = (corners + far) / 2
    chosen = rng.choice(len(middles), 300, replace=False)
    doors = degrees(*(middles[chosen] + rng.normal(0, 3, (300, 2))).T)
    return degrees(*nodes.T), np.array(boxes, dtype=object), shapely.points(doors)


@pytest.fixture(scope="module", params=[True, False], ids=["district", "surround"])
def world(request):
    streets, buildings, doors = town(np.random.default_rng(7), inside=request.param)
    outline = shapely.Polygon(degrees([0, SIDE_M, SIDE_M, 0], [0, 0, SIDE_M, SIDE_M]))
    zone = utm_of(outline)
    metric = shapely.transform(buildings, TURN.transform, interleaved=False)
    none, nowhere = np.zeros(0, dtype=object), np.zeros((0, 2))
    return {
        "buildings": (buildings, Witness(outline, zone, streets, none)),
        "facilities": (doors, Witness(outline, zone, nowhere, metric)),
        "outline": Witness(outline, zone, nowhere, none),
    }


def check(shapes, crs, witness):
    raw = RawTable("t.csv", {}, np.arange(2, 2 + len(shapes)))
    return check_position(raw, shapes, crs, witness)


def misread(shapes, meant, taken):
    return shapely.transform(
        shapes, lambda p: np.column_stack(reread(p[:, 0], p[:, 1], meant, taken))
    )


@pytest.mark.parametrize(("meant", "taken"), list(itertools.permutations(DATUMS, 2)))
@pytest.mark.parametrize("name", ["buildings", "facilities"])
def test_a_table_in_another_datum_than_declared_is_refused_by_its_name(world, name, meant, taken):
    shapes, witness = world[name]
    issues = check(misread(shapes, meant, taken), taken, witness)
    assert [(i.code, i.value, i.severity) for i in issues] == [("misses_district", meant, "error")]
    assert meant in issues[0].expected
    assert meant in issues[0].expected_zh


@pytest.mark.parametrize("name", ["buildings", "facilities"])
def test_right_tables_are_left_alone(world, name):
    shapes, witness = world[name]
    assert check(shapes, "EPSG:4326", witness) == []


@given(
    seed=st.integers(0, 2**32 - 1),
    spread_m=st.floats(100, 3000),
    x=st.floats(-1500, 6500),
    y=st.floats(-1500, 6500),
)
@settings(max_examples=60, deadline=None)
def test_right_points_anywhere_about_the_district_are_not_taken_for_shifted(
    world_facilities, seed, spread_m, x, y
):
    """Scattered about any spot, whether or not buildings stand there: parks, stops, kiosks."""
    rng = np.random.default_rng(seed)
    spots = rng.normal((x, y), spread_m, (200, 2)).clip(-SURROUND_M, SIDE_M + SURROUND_M)
    inside = ((spots > 0) & (spots < SIDE_M)).all(axis=1).mean()
    # A table that lies beside the district is refused for that, one of which most does may well be shifted.
    assume(inside > 0.35)
    shapes = shapely.points(degrees(*spots.T))
    assert check(shapes, "EPSG:4326", world_facilities) == []


@pytest.fixture(scope="module")
def world_facilities():
    _, buildings, _ = town(np.random.default_rng(11))
    outline = shapely.Polygon(degrees([0, SIDE_M, SIDE_M, 0], [0, 0, SIDE_M, SIDE_M]))
    metric = shapely.transform(buildings, TURN.transform, interleaved=False)
    return Witness(outline, utm_of(outline), np.zeros((0, 2)), metric)


def test_swapped_axes_are_named(world):
    shapes, witness = world["facilities"]
    swapped = shapely.transform(shapes, lambda p: p[:, ::-1])
    (issue,) = check(swapped, "EPSG:4326", witness)
    assert "longitude and latitude swapped" in issue.expected
    assert "经纬度颠倒" in issue.expected_zh


def test_a_table_of_another_city_is_refused_without_a_guess(world):
    shapes, witness = world["facilities"]
    (issue,) = check(
        shapely.transform(shapes, lambda p: p + np.array([10.0, 0.0])), "EPSG:4326", witness
    )
    assert (issue.severity, issue.value) == ("error", "")


@pytest.mark.parametrize(("dx", "dy"), [(1700, 0), (-1200, 1200), (0, -900)])
def test_a_table_moved_as_a_whole_is_warned_of_with_how_far(world_facilities, dx, dy):
    spots = np.random.default_rng(3).uniform(0, SIDE_M, (400, 2)) + np.array([dx, dy])
    (issue,) = check(shapely.points(degrees(*spots.T)), "EPSG:4326", world_facilities)
    assert (issue.code, issue.severity) == ("moved", "warning")
    for metres, ways in ((-dx, ("west", "east")), (-dy, ("south", "north"))):
        told = (
            float(issue.expected.split(f" km {ways[metres > 0]}")[0].split()[-1]) if metres else 0
        )
        assert abs(told - abs(metres) / 1000) <= 0.1


def test_single_strays_are_warned_of_by_row(world):
    shapes, witness = world["facilities"]
    strayed = shapes.copy()
    strayed[5] = shapely.Point(0.0, 0.0)
    (issue,) = check(strayed, "EPSG:4326", witness)
    assert (issue.code, issue.row, issue.severity) == ("stray", 7, "warning")


def test_streets_are_read_in_the_open_air_only(small_map, tmp_path):
    for ref in range(1, 7):
        small_map.node(ref, 10.0 * ref, 0)
    small_map.way([1, 2], highway="footway").way([2, 3], highway="residential", tunnel="yes")
    small_map.way([4, 5], highway="corridor").way([5, 6], building="yes")
    assert len(street_nodes(small_map.write())) == 2
    (tmp_path / "no.osm.pbf").write_bytes(b"OSMHeader nonsense")
    assert len(street_nodes(tmp_path / "no.osm.pbf")) == 0
