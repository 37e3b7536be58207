"""A bundle from a bare map."""

import csv
import json
import tomllib
from collections import Counter

import geopandas
import numpy as np
import osmium
import pyogrio
import pytest
import shapely
from osmium.osm.mutable import Node, Way

from lifecircle.engine.bundle import read_district
from lifecircle.engine.bundle.create import FLOOR_M2_PER_PERSON, new_bundle
from lifecircle.engine.bundle.extract import Projection, read_area, read_buildings, read_facilities
from lifecircle.errors import BundleError

LON, LAT = -46.63, -23.55  # the southern hemisphere
ALL = frozenset({"places", "population", "facilities", "spaces", "surveys"})


def _square(number, east, north, tags, side=0.0002):
    """Four nodes and a closed way, a side of about 20 m."""
    corners = [(0, 0), (side, 0), (side, side), (0, side)]
    nodes = [
        Node(id=number * 10 + i, location=(LON + east + dx, LAT + north + dy))
        for i, (dx, dy) in enumerate(corners)
    ]
    refs = [node.id for node in nodes] + [nodes[0].id]
    return nodes, Way(id=number, nodes=refs, tags=tags)


@pytest.fixture
def town(tmp_path):
    """A map of 120 homes in a square of about 1 km, some other things, and its boundary."""
    squares = [
        _square(
            n + 1,
            0.001 * (n % 12),
            0.001 * (n // 12),
            {"building": "apartments", "building:levels": "6"},
        )
        for n in range(120)
    ]
    squares += [
        _square(201, 0.0005, 0.0005, {"building": "apartments", "building:levels": "1"}),
        _square(
            202, 0.0015, 0.0005, {"building": "yes", "name": "白象居", "addr:housenumber": "1"}
        ),
        _square(203, 0.0025, 0.0005, {"building": "roof"}),
        _square(
            204,
            0.0035,
            0.0005,
            {
                "building": "yes",
                "amenity": "school",
                "addr:street": "民生路",
                "addr:housenumber": "12",
            },
        ),
        _square(
            205,
            0.0045,
            0.0005,
            {
                "building": "residential",
                "shop": "bakery",
                "addr:street": "民生路",
                "addr:housenumber": "14号附2",
            },
        ),
        _square(206, 0.0055, 0.0005, {"building": "yes"}, side=0.002),
        _square(207, 0.0205, 0.0005, {"building": "house", "building:levels": "2"}),
        _square(208, 0.0605, 0.0005, {"building": "house", "building:levels": "2"}),
    ]
    points = [
        Node(
            id=9001,
            location=(LON + 0.002, LAT + 0.002),
            tags={"amenity": "pharmacy", "name": "Farmácia"},
        ),
        Node(id=9002, location=(LON + 0.003, LAT + 0.003), tags={"railway": "subway_entrance"}),
        Node(id=9003, location=(LON + 0.0031, LAT + 0.003), tags={"station": "subway"}),
        Node(id=9004, location=(LON + 0.005, LAT + 0.005), tags={"amenity": "bench"}),
        Node(id=9005, location=(LON + 0.5, LAT), tags={"amenity": "pharmacy"}),
    ]
    osm = tmp_path / "town.osm"
    with osmium.SimpleWriter(str(osm)) as writer:
        for node in [node for nodes, _ in squares for node in nodes] + points:
            writer.add_node(node)
        for _, way in squares:
            writer.add_way(way)
    boundary = tmp_path / "boundary.geojson"
    box = shapely.box(LON - 0.001, LAT - 0.001, LON + 0.013, LAT + 0.011)
    feature = {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(box))}
    boundary.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return {
        "osm": osm,
        "boundary": boundary,
        "elevation": None,
        "name_zh": "圣保罗",
        "population": 20_000,
    }


def _rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _places(folder):
    return json.loads((folder / "places.geojson").read_text(encoding="utf-8"))["features"]


def test_use_and_storeys_follow_the_stated_rule(town):
    buildings = read_buildings(town["osm"], Projection.of(LON, LAT))
    found = dict(zip(buildings.id, buildings.use, strict=True))
    assert found["w202"] == "residential"
    assert "w203" not in found
    assert found["w204"] == "other"
    assert found["w205"] == "mixed"
    assert found["w206"] == "other"  # far larger than any home
    levels = dict(zip(buildings.id, buildings.storeys, strict=True))
    assert levels["w1"] == 6
    assert levels["w201"] != levels["w201"]
    assert buildings.levels_dropped == 1


def test_a_building_is_called_by_its_name_or_its_address(town, tmp_path):
    new_bundle(tmp_path / "b", **town)
    table = geopandas.read_parquet(tmp_path / "b" / "buildings.parquet").set_index("id")
    names = {ref: table["name"][ref] for ref in ("w1", "w202", "w204", "w205")}
    assert names == {"w1": "", "w202": "白象居", "w204": "民生路12号", "w205": "民生路14号附2"}


def test_facilities_come_from_tags_and_an_entrance_stands_for_its_station(town):
    found = read_facilities(town["osm"], Projection.of(LON, LAT))
    assert dict(zip(found.id, found.type, strict=True)) == {
        "osm-n9001": "pharmacy",
        "osm-n9002": "metro",
        "osm-n9005": "pharmacy",
    }


def test_a_bare_map_is_one_street_and_one_community(town, tmp_path):
    new_bundle(tmp_path / "b", **town)
    levels = [feature["properties"]["level"] for feature in _places(tmp_path / "b")]
    assert levels == ["district", "street", "community"]
    assert not (tmp_path / "b" / "population.csv").exists()
    rows = _rows(tmp_path / "b" / "facilities.csv")
    assert [(row["id"], row["source"]) for row in rows] == [
        ("osm-n9001", "OpenStreetMap"),
        ("osm-n9002", "OpenStreetMap"),
    ]
    facts = tomllib.loads((tmp_path / "b" / "district.toml").read_text(encoding="utf-8"))
    assert facts["district"]["synthetic"] == []
    assert facts["files"] == {"network": "network.osm"}


def test_what_is_made_up_says_so(town, tmp_path):
    new_bundle(tmp_path / "b", **town, synthesise=ALL)
    facts = tomllib.loads((tmp_path / "b" / "district.toml").read_text(encoding="utf-8"))
    assert facts["district"]["synthetic"] == sorted(ALL)
    rows = _rows(tmp_path / "b" / "facilities.csv")
    made_up = [row for row in rows if row["id"].startswith("syn-")]
    assert len(made_up) == len(rows) - 2
    assert all("synthetic" in row["source"] for row in made_up)


def test_population_adds_up_and_the_surround_brings_its_own(town, tmp_path):
    import pyarrow.parquet as pq

    new_bundle(tmp_path / "b", **town, synthesise=ALL)
    rows = _rows(tmp_path / "b" / "population.csv")
    assert sum(int(r["persons"]) for r in rows if r["group"] == "residents") == 20_000
    table = pq.read_table(tmp_path / "b" / "buildings.parquet").to_pydict()
    residents = dict(zip(table["id"], table["residents"], strict=True))
    assert residents["w207"] > 0  # beyond the boundary, within a walk
    assert residents["w1"] is None  # counted by its community
    assert "w208" not in residents  # too far


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_world(town, tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        new_bundle(tmp_path / name, **town, synthesise=ALL, seed=seed)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    same = {name: (tmp_path / "a" / name).read_bytes() for name in files}
    assert all((tmp_path / "b" / name).read_bytes() == same[name] for name in files)
    assert (tmp_path / "c" / "facilities.csv").read_bytes() != same["facilities.csv"]


def test_everything_missing_is_named_at_once_and_nothing_is_left(town, tmp_path):
    town |= {
        "osm": tmp_path / "no.osm",
        "elevation": tmp_path / "no.tif",
        "population": float("nan"),
    }
    with pytest.raises(BundleError) as caught:
        new_bundle(tmp_path / "b", **town, names=tmp_path)
    codes = Counter(issue.code for issue in caught.value.issues)
    assert codes == {
        "create.missing": 2,
        "create.population": 1,
        "create.names": 1,
    }
    assert not (tmp_path / "b").exists()


def test_name_and_population_may_be_left_out_where_they_can_be_found_or_made_up(town, tmp_path):
    del town["name_zh"], town["population"]
    new_bundle(tmp_path / "谷地", **town, synthesise=ALL)
    district = read_district(tmp_path / "谷地")
    assert district.name_zh == "谷地"
    inside = district.buildings.residential & (district.buildings.community >= 0)
    floor_m2 = np.nansum(district.buildings.floor_area_m2[inside])
    assert district.population == pytest.approx(floor_m2 / FLOOR_M2_PER_PERSON, rel=0.02)
    assert "population" in district.synthetic
    content = json.loads(town["boundary"].read_text(encoding="utf-8"))
    content["features"][0]["properties"] = {"name": "São Paulo", "name:zh": "圣保罗"}
    town["boundary"].write_text(json.dumps(content), encoding="utf-8")
    new_bundle(tmp_path / "c", **town, synthesise=ALL)
    assert read_district(tmp_path / "c").name_zh == "圣保罗"
    with pytest.raises(BundleError, match="made up"):
        new_bundle(tmp_path / "d", **town)


def cells_file(tmp_path, rows):
    path = tmp_path / "cells.csv"
    lines = ["id,lon,lat,population,schools", *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_cells_with_people_stand_for_homes_where_a_map_has_none(town, tmp_path):
    rows = [
        (f"c{i}{j}", LON + 0.002 * i, LAT + 0.002 * j, 100 * i, int(i == j))
        for i in range(5)
        for j in range(5)
    ]
    cells = cells_file(tmp_path, rows)
    new_bundle(
        tmp_path / "b", osm=town["osm"], people=cells, counts={"schools": "primary_school"},
        synthesise=ALL, name_zh="格城",
    )  # fmt: skip
    district = read_district(tmp_path / "b")
    assert district.population == sum(row[3] for row in rows)
    assert district.demand.persons.sum() == pytest.approx(district.population)
    assert len(district.buildings.id) == 20  # nobody lives in the first column
    by_id = dict(zip(district.buildings.id, district.demand.persons.sum(axis=1), strict=True))
    assert by_id["c32"] == pytest.approx(300)
    assert {"buildings", "places"} <= district.synthetic
    assert "population" not in district.synthetic
    ids = set(district.facilities.id)
    assert {"c11-primary_school-1", "c33-primary_school-1"} <= ids


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("a", LON, LAT, -5, 0), ("b", LON + 0.01, LAT, 9, "many")], "population"),
        ([("a", LON, LAT, 0, 0)], "people in some cell"),
        ([("a", 999, LAT, 5, 0)], "longitude"),
    ],
)
def test_cells_that_cannot_be_used_are_named_by_row(town, tmp_path, rows, said):
    with pytest.raises(BundleError, match=said):
        new_bundle(
            tmp_path / "b", osm=town["osm"], people=cells_file(tmp_path, rows),
            counts={"schools": "primary_school"},
        )  # fmt: skip
    with pytest.raises(BundleError, match="facility type"):
        new_bundle(
            tmp_path / "b",
            osm=town["osm"],
            people=cells_file(tmp_path, rows),
            counts={"x": "castle"},
        )
    with pytest.raises(BundleError, match="a boundary, or cells"):
        new_bundle(tmp_path / "b", osm=town["osm"], population=9.0)
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("text", ["", "not json", '{"type": "Point", "coordinates": [1, 2]}', "[]"])
def test_a_boundary_that_is_no_polygon_is_refused(town, tmp_path, text):
    town["boundary"].write_text(text)
    with pytest.raises(BundleError) as caught:
        new_bundle(tmp_path / "b", **town)
    assert [issue.code for issue in caught.value.issues] == ["create.boundary"]


def test_a_boundary_in_another_crs_is_the_same_boundary(town, tmp_path):
    geometry, crs = read_area(town["boundary"]), "EPSG:32723"
    metres = Projection(32723).project(geometry)
    package = tmp_path / "boundary.gpkg"
    pyogrio.raw.write(
        package, np.array([shapely.to_wkb(metres)]), [], [], geometry_type="Polygon", crs=crs
    )
    assert shapely.equals_exact(read_area(package).normalize(), geometry.normalize(), 1e-6)


def test_a_district_without_a_code_reads_back(town, tmp_path):
    new_bundle(tmp_path / "b", **town, synthesise=ALL)
    district = read_district(tmp_path / "b")
    inside = district.demand.community >= 0
    assert district.demand.persons[inside].sum() == pytest.approx(town["population"])


def test_a_file_that_is_no_map_is_refused(town, tmp_path):
    town["osm"].write_text("<html></html>")
    with pytest.raises(BundleError) as caught:
        new_bundle(tmp_path / "b", **town)
    assert caught.value.issues[0].code in {"create.map", "create.homes"}


def test_a_map_without_homes_in_the_district_is_refused(town, tmp_path):
    box = shapely.box(10, 10, 10.01, 10.01)
    town["boundary"].write_text(shapely.to_geojson(box))
    with pytest.raises(BundleError) as caught:
        new_bundle(tmp_path / "b", **town)
    assert [issue.code for issue in caught.value.issues] == ["create.homes"]


def test_a_compressed_map_is_kept_as_pbf(town, tmp_path):
    import bz2

    packed = tmp_path / "town.osm.bz2"
    packed.write_bytes(bz2.compress(town["osm"].read_bytes()))
    new_bundle(tmp_path / "b", **(town | {"osm": packed}))
    projection = Projection.of(LON, LAT)
    again = read_buildings(tmp_path / "b" / "network.osm.pbf", projection)
    assert (again.id == read_buildings(town["osm"], projection).id).all()
