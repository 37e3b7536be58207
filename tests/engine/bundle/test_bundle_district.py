"""A bundle as a whole: everything wrong with it at once, and what is only said."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import shapely

from lifecircle.engine.bundle import check_district, read_district
from lifecircle.errors import BundleError
from lifecircle.progress import Progress


def errors(folder):
    return [issue for issue in check_district(folder) if issue.severity == "error"]


def test_faults_of_every_kind_come_together(small_district):
    tables = small_district.tables
    small_district.toml = small_district.toml.replace("population = 4000", "population = -4")
    small_district.toml += 'elevation = "none.tif"\n[standards]\n"types.kindergarten.size" = 1\n'
    tables["places"][1]["parent"] = "nowhere"
    tables["places"][4]["wkt"] = "POLYGON EMPTY"
    tables["population"][0]["group"] = "martians"
    tables["buildings"][0]["community"] = "C9"
    tables["facilities"][0]["type"] = "kindergarden"
    tables["surveys"] = [{"place": "C9", "type": "toilet", "answers": 5.5, "score": 101}]
    tables["spaces"] = [
        {"id": "P1", "name": "P", "area_m2": 0, "allowed_types": "toilet;bar", **small_district.at(5, 5)}
    ]  # fmt: skip
    found = {(i.file, i.row, i.column) for i in errors(small_district.write())}
    assert {
        ("district.toml", 0, "district.population"),
        ("district.toml", 0, "files.elevation"),
        ("district.toml", 0, "types.kindergarten.size"),
        ("places.csv", 3, "parent"),
        ("places.csv", 6, "geometry"),
        ("population.csv", 2, "group"),
        ("buildings.csv", 2, "community"),
        ("facilities.csv", 2, "type"),
        ("surveys.csv", 2, "place"),
        ("surveys.csv", 2, "answers"),
        ("surveys.csv", 2, "score"),
        ("spaces.csv", 2, "area_m2"),
        ("spaces.csv", 2, "allowed_types"),
    } == found


def test_an_unknown_type_names_the_nearest(small_district):
    small_district.tables["facilities"][0]["type"] = "kindergarden"
    (issue,) = errors(small_district.write())
    assert "kindergarten" in issue.expected
    assert "幼儿园" in issue.expected_zh


def test_a_thousand_bad_rows_are_all_kept_and_two_hundred_are_printed(small_district):
    bad = [small_district.facility(f"G{k}", "toilet", 300, capacity=-1) for k in range(1000)]
    small_district.tables["facilities"] = bad
    with pytest.raises(BundleError) as caught:
        read_district(small_district.write())
    assert len(caught.value.issues) == 1000
    lines = str(caught.value).splitlines()
    assert len(lines) == 202
    assert "800" in lines[-1]


def test_cyclic_parents_and_two_districts_are_refused(small_district):
    places = small_district.tables["places"]
    places[1]["parent"], places[3]["parent"] = "C1", "S1"
    places.append(dict(places[0], code="D2"))
    found = {(i.code, i.row) for i in errors(small_district.write())}
    assert {("districts", 0), ("parent", 3)} <= found


def test_a_place_table_without_rows_is_refused_and_others_are_warned_of(small_district):
    small_district.tables["facilities"] = [
        dict.fromkeys(small_district.tables["facilities"][0], "")
    ]
    folder = small_district.write()
    assert errors(folder) == []
    assert [(i.code, i.file) for i in check_district(folder)] == [("empty", "facilities.csv")]
    assert len(read_district(folder).facilities.id) == 0
    (folder / "places.csv").write_text("code,name_zh,level,parent,wkt\n", encoding="utf-8")
    assert {"empty", "districts", "communities"} <= {i.code for i in errors(folder)}


@pytest.mark.parametrize(
    ("file", "content"),
    [("network.osm.pbf", b"<html>not found</html>"), ("network.osm.pbf", b""),
     ("elevation.tif", b"\x89PNG\r\n"), ("elevation.tif", b"")],
)  # fmt: skip
def test_maps_that_are_something_else_are_refused(small_district, file, content):
    small_district.toml += 'elevation = "elevation.tif"\n'
    folder = small_district.write()
    (folder / "elevation.tif").write_bytes(b"II*\0")
    (folder / file).write_bytes(content)
    assert [(i.code, i.file) for i in errors(folder)] == [("wrong_file", file)]


def test_maps_outside_the_folder_are_not_read(small_district, tmp_path):
    small_district.toml = small_district.toml.replace("network.osm.pbf", "../map.osm")
    folder = small_district.write()
    (tmp_path / "map.osm").write_bytes((folder / "network.osm.pbf").read_bytes())
    assert [i.column for i in errors(folder)] == ["files.network"]


def test_inputs_are_the_hashes_of_what_was_read(small_district):
    folder = small_district.write()
    inputs = read_district(folder).inputs
    assert list(inputs) == sorted(path.name for path in folder.iterdir())
    for name, digest in inputs.items():
        assert digest == hashlib.sha256((folder / name).read_bytes()).hexdigest()


def test_hours_that_nobody_can_read_are_warned_of_by_row(small_district):
    small_district.tables["facilities"] += [
        small_district.facility("F2", "toilet", 300, hours="Mo-Fr 08:00-18:00"),
        small_district.facility("F3", "toilet", 300, hours="白天"),
    ]
    warnings = read_district(small_district.write()).warnings
    assert [(i.row, i.column, i.value) for i in warnings if i.code == "hours"] == [
        (4, "hours", "白天")
    ]


def test_columns_given_twice_are_refused_and_unknown_ones_said(small_district):
    small_district.tables["facilities"][0] |= {"名称": "另一名", "colour": "red"}
    folder = small_district.write()
    assert [(i.code, i.column) for i in errors(folder)] == [("column_twice", "name")]
    assert ("unknown_column", "colour") in {(i.code, i.column) for i in check_district(folder)}


def test_a_street_without_a_polygon_is_the_union_of_its_communities(small_district):
    places = read_district(small_district.write()).places
    assert places.level.tolist() == ["district", *["street"] * 2, *["community"] * 4]
    for street in places.at("street"):
        own = shapely.union_all(places.geometry[places.parent == street])
        assert places.geometry[street].equals(own)


def test_communities_that_overlap_or_leave_the_district_are_said_in_hectares(small_district):
    small_district.tables["places"][3]["wkt"] = small_district.box(-100, 500)
    found = [i for i in read_district(small_district.write()).warnings if i.code == "overlap"]
    assert [(i.severity, i.value) for i in found] == [("warning", "4.0 ha"), ("warning", "4.0 ha")]


def test_a_building_belongs_to_the_community_it_names_else_to_that_of_its_position(small_district):
    small_district.tables["buildings"][0]["community"] = "C4"
    small_district.tables["buildings"].append(
        {"id": "OUT", "use": "other", "footprint_m2": 50, **small_district.at(-500, 0)}
    )
    district = read_district(small_district.write())
    codes = [district.places.code[c] if c >= 0 else "" for c in district.buildings.community]
    assert codes == ["C4", "C1", "C1", *["C2"] * 3, *["C3"] * 3, *["C4"] * 3, ""]


def test_declared_metres_and_degrees_give_the_same_place(small_district):
    folder = small_district.write()
    before = read_district(folder)
    rows = small_district.tables["facilities"]
    spot = before.facilities
    small_district.tables["facilities"] = [
        {"id": r["id"], "name": r["name"], "type": r["type"], "x": x, "y": y}
        for r, x, y in zip(rows, spot.x, spot.y, strict=True)
    ]
    small_district.toml = small_district.toml.replace(
        "[files]", f'facilities = "{before.crs.to_string()}"\n[files]'
    )
    after = read_district(small_district.write()).facilities
    np.testing.assert_allclose([after.x, after.y], [spot.x, spot.y], atol=1e-3)


def test_a_district_south_of_the_equator_lies_in_its_own_zone(small_district):
    """The same district moved to São Paulo, where no Chinese shift applies."""
    move = {"lon": -46.63 - 106.55, "lat": -23.55 - 29.55}
    for rows in small_district.tables.values():
        for row in rows:
            for axis in set(row) & set(move):
                row[axis] = float(row[axis]) + move[axis]
            if row.get("wkt"):
                polygon = shapely.from_wkt(row["wkt"])
                row["wkt"] = shapely.transform(
                    polygon, lambda p: p + np.array([move["lon"], move["lat"]])
                ).wkt
    district = read_district(small_district.write())
    assert district.crs.to_epsg() == 32723
    assert (district.buildings.community >= 0).all()
    assert district.demand.persons.sum() == pytest.approx(4000)


def test_the_stages_are_told(small_district):
    progress = Progress()
    read_district(small_district.write(), progress=progress)
    assert list(progress.seconds) == ["tables", "positions", "people"]


def test_a_toml_with_a_byte_order_mark_is_read(small_district):
    folder = small_district.write()
    path = folder / "district.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_district(folder).code == "D"
