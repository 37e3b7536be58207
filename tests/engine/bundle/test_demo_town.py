"""A small town made by the demo's own generator."""

import csv
import itertools
import json
import tomllib
from collections import Counter

import numpy as np
import osmium
import pytest
import rasterio
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from lifecircle.engine.bundle import read_district
from lifecircle.engine.bundle.demo.make import POPULATION, make_town
from lifecircle.engine.standards import default

SCALE = 0.22


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "town"
    make_town(folder, scale=SCALE)
    return folder


@pytest.fixture(scope="module")
def ways(town):
    """Walkable ways: (node ids, tags)."""
    return [
        ([node.ref for node in way.nodes], dict(way.tags))
        for way in osmium.FileProcessor(str(town / "network.osm.pbf"))
        if way.is_way() and "highway" in way.tags
    ]


def _rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_bytes_each_time(town, tmp_path):
    make_town(tmp_path / "again", scale=SCALE)
    for file in town.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name


def test_it_reads_back_without_an_error(town):
    district = read_district(town)
    assert Counter(district.places.level) == {"district": 1, "street": 11, "community": 79}
    assert (district.demand.community == -1).any()
    assert (district.facilities.community == -1).any()


def test_names_and_codes_are_the_official_ones(town):
    places = json.loads((town / "places.geojson").read_text(encoding="utf-8"))["features"]
    names = {f["properties"]["code"]: f["properties"]["name_zh"] for f in places}
    assert names["500103"] == "渝中区(演示)"
    assert names["500103003"] == "解放碑街道"
    assert names["500103014009"] == "石油路社区"
    assert not any("工作站" in name for name in names.values())


def test_communities_tile_the_district(town):
    places = json.loads((town / "places.geojson").read_text(encoding="utf-8"))["features"]
    shapes = {
        level: [
            shapely.from_geojson(json.dumps(f["geometry"]))
            for f in places
            if f["properties"]["level"] == level
        ]
        for level in ("district", "street", "community")
    }
    area = shapes["district"][0].area
    for level in ("street", "community"):
        assert all(shapely.is_valid(shapes[level]))
        assert sum(s.area for s in shapes[level]) == pytest.approx(area, rel=1e-4)
        assert shapely.union_all(shapes[level]).area == pytest.approx(area, rel=1e-4)


def test_people_add_up(town):
    rows = _rows(town / "population.csv")
    total = round(POPULATION * SCALE**2)
    assert sum(int(r["persons"]) for r in rows if r["group"] == "residents") == total
    assert sum(int(r["persons"]) for r in rows if r["group"].startswith("age_")) == total


def test_everything_is_marked_synthetic(town):
    facts = tomllib.loads((town / "district.toml").read_text(encoding="utf-8"))
    tables = {"places", "population", "buildings", "facilities", "spaces", "surveys"}
    assert set(facts["district"]["synthetic"]) == tables | {"network", "elevation"}
    assert all("synthetic" in row["source"] for row in _rows(town / "facilities.csv"))


def test_every_type_occurs(town):
    assert {row["type"] for row in _rows(town / "facilities.csv")} == set(default().types)


def test_what_is_known_of_facilities_is_uneven(town):
    rows = _rows(town / "facilities.csv")
    for column in ("hours", "condition", "barrier_free", "utilisation"):
        known = sum(bool(row[column]) for row in rows) / len(rows)
        assert 0.3 < known < 1, column
    assert any(row["operating"] == "no" for row in rows)


def test_one_can_walk_nearly_everywhere(ways):
    public = [(nodes, tags) for nodes, tags in ways if tags.get("access") != "private"]
    pairs = np.array([p for nodes, _ in public for p in itertools.pairwise(nodes)])
    ids, index = np.unique(pairs, return_inverse=True)
    a, b = index.reshape(-1, 2).T
    graph = coo_matrix((np.ones(len(a)), (a, b)), shape=(len(ids), len(ids)))
    _, label = connected_components(graph, directed=False)
    assert np.bincount(label).max() / len(ids) > 0.95


def test_the_town_is_one_of_stairs_lifts_and_bridges(ways):
    kinds = Counter(tags["highway"] for _, tags in ways)
    assert kinds["steps"] > 0.08 * len(ways)
    steps = [tags for _, tags in ways if tags["highway"] == "steps"]
    assert 0.6 < sum("step_count" in tags for tags in steps) / len(steps) < 0.9
    assert 0.55 < sum("incline" in tags for tags in steps) / len(steps) < 0.85
    assert any(tags.get("conveying") == "forward" for tags in steps)
    assert any("bridge" in tags and tags["highway"] == "primary" for _, tags in ways)
    assert any("tunnel" in tags for _, tags in ways)
    assert any(tags.get("area") == "yes" for _, tags in ways)
    assert kinds["corridor"] >= 1


def test_a_lift_joins_two_levels(town, ways):
    nodes = {
        node.id: dict(node.tags)
        for node in osmium.FileProcessor(str(town / "network.osm.pbf"))
        if node.is_node() and node.tags.get("highway") == "elevator"
    }
    assert len(nodes) >= 2
    for lift, tags in nodes.items():
        at = {way["level"] for refs, way in ways if lift in refs}
        assert at == set(tags["level"].split(";"))


def test_most_inclines_agree_with_the_ground(town, ways):
    where = {
        node.id: (node.location.lon, node.location.lat)
        for node in osmium.FileProcessor(str(town / "network.osm.pbf"))
        if node.is_node()
    }
    from lifecircle.engine.bundle.extract import Projection

    with rasterio.open(town / "elevation.tif") as source:
        height = source.read(1)
        assert source.crs.to_epsg() == 32648
        assert source.res == (30.0, 30.0)
        assert 150 <= height.min() < 175
        assert height.max() > 250
        stairs = [(n, t) for n, t in ways if "incline" in t and t["highway"] == "steps"]
        ends = np.array([[where[n[0]], where[n[-1]]] for n, _ in stairs]).reshape(-1, 2)
        x, y = Projection(32648).forward(*ends.T)
        sampled = np.array([v[0] for v in source.sample(zip(x, y, strict=True))]).astype(float)
    rise = np.diff(sampled.reshape(-1, 2), axis=1).ravel()
    up = np.array([tags["incline"] == "up" for _, tags in stairs])
    told = np.abs(rise) > 3
    assert told.sum() > 20
    assert (up == (rise > 0))[told].mean() > 0.9


def test_homes_are_low_in_the_old_east_and_high_in_the_west(town):
    district = read_district(town)
    buildings = district.buildings
    homes = buildings.residential & ~buildings.imputed & (buildings.community >= 0)
    x, storeys = buildings.x[homes], buildings.storeys[homes]
    west, east = x < np.quantile(x, 0.3), x > np.quantile(x, 0.7)
    assert storeys[west].mean() > storeys[east].mean()
