"""Broken bundles: each a clear error that names file, row, column and what was expected."""

from __future__ import annotations

import csv

import numpy as np
import openpyxl
import pytest
import rasterio

from lifecircle.engine.bundle import check_district, read_district
from lifecircle.engine.bundle.crs import wgs84_to_bd09, wgs84_to_gcj02
from lifecircle.errors import BundleError


def errors(folder) -> list:
    with pytest.raises(BundleError) as caught:
        read_district(folder)
    found = [issue for issue in caught.value.issues if issue.severity == "error"]
    assert [i for i in check_district(folder) if i.severity == "error"] == sorted(
        found, key=lambda issue: issue.severity
    )
    assert all(issue.expected and issue.expected_zh for issue in found)
    return found


def test_a_good_bundle_has_no_errors(small_district):
    assert [i for i in check_district(small_district.write()) if i.severity == "error"] == []


def test_every_bad_row_is_named_at_once(small_district):
    rows = small_district.tables["facilities"]
    rows[0]["capacity"] = -3
    rows += [
        small_district.facility("F1", "no_such_type", 300, condition=9),
        {"id": "", "name": "x", "type": "toilet", "lon": "abc", "lat": 29.55},
    ]
    small_district.tables["buildings"][4]["storeys"] = "six"
    small_district.tables["population"][1]["persons"] = "NaN"
    found = {(i.file, i.row, i.column): i for i in errors(small_district.write())}
    assert found["facilities.csv", 2, "capacity"].value == "-3"
    assert found["facilities.csv", 2, "capacity"].expected == "a number of at least 0"
    assert "row 2" in found["facilities.csv", 3, "id"].expected
    assert found["facilities.csv", 3, "condition"].value == "9"
    assert ("facilities.csv", 4, "id") in found
    assert ("facilities.csv", 4, "lon") in found
    assert ("buildings.csv", 6, "storeys") in found
    assert ("population.csv", 3, "persons") in found


def test_unknown_types_places_and_groups_are_named(small_district):
    small_district.tables["facilities"][0]["type"] = "no_such_type"
    small_district.tables["population"] += [
        {"place": "C9", "group": "residents", "persons": 1},
        {"place": "C1", "group": "martians", "persons": 1},
        {"place": "C1", "group": "residents", "persons": 1},
    ]
    found = {(i.file, i.row, i.code) for i in errors(small_district.write())}
    assert found == {
        ("facilities.csv", 2, "type"),
        ("population.csv", 6, "place"),
        ("population.csv", 7, "group"),
        ("population.csv", 8, "twice"),
    }


def rewrite(path, change):
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        row["lon"], row["lat"] = change(float(row["lon"]), float(row["lat"]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (lambda lon, lat: (lat, lon), ""),
        (wgs84_to_gcj02, "GCJ-02"),
        (wgs84_to_bd09, "BD-09"),
        (lambda lon, lat: (lon + 20, lat), ""),
    ],
)
def test_points_that_miss_the_district_are_refused_with_the_diagnosis(small_district, change, hint):
    folder = small_district.write()
    rewrite(folder / "buildings.csv", change)
    found = [i for i in errors(folder) if i.file == "buildings.csv"]
    assert found
    if hint:
        assert hint in found[0].expected
        assert hint in found[0].expected_zh


def test_declared_shifts_are_undone(small_district):
    folder = small_district.write()
    before = read_district(folder).buildings
    rewrite(folder / "buildings.csv", wgs84_to_gcj02)
    small_district.toml = small_district.toml.replace("[files]", 'buildings = "GCJ-02"\n[files]')
    (folder / "district.toml").write_text(small_district.toml, encoding="utf-8")
    after = read_district(folder).buildings
    assert abs(after.x - before.x).max() < 0.01


def test_gb18030_is_read_and_said_and_mojibake_is_refused(small_district):
    folder = small_district.write()
    path = folder / "facilities.csv"
    text = path.read_text(encoding="utf-8").replace("F1,F1", "F1,便利店")
    path.write_bytes(text.encode("gb18030"))
    district = read_district(folder)
    assert district.facilities.name.tolist() == ["便利店"]
    assert any(i.code == "encoding" for i in district.warnings)
    path.write_bytes(text.encode("utf-8")[:-10] + b"\xff\xff\x81")
    assert errors(folder)[0].file == "facilities.csv"


def test_a_table_without_a_crs_is_refused(small_district):
    small_district.toml = small_district.toml.replace('[crs]\ndefault = "EPSG:4326"\n', "")
    assert {i.code for i in errors(small_district.write())} == {"crs_missing"}


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ('code = "D"', "", "district.code"),
        ("population = 4000", 'population = "many"', "district.population"),
        ("population = 4000", "population = -1", "district.population"),
        ('moment = "Mo 10:00"', 'moment = "Monday"', "district.moment"),
        ('moment = "Mo 10:00"', "colour = 1", "district.colour"),
        ('"EPSG:4326"', '"EPSG:99999999"', "crs.default"),
        ("[crs]", "[crz]\na = 1\n[crs]", "crz"),
        ("network.osm.pbf", "none.osm.pbf", "files.network"),
    ],
)
def test_district_toml_is_checked_entry_by_entry(small_district, old, new, column):
    assert old in small_district.toml
    small_district.toml = small_district.toml.replace(old, new)
    assert column in {i.column for i in errors(small_district.write())}


def test_a_broken_toml_and_a_missing_one_are_said(small_district, tmp_path):
    small_district.toml = "[district\n"
    assert errors(small_district.write())[0].code == "toml"
    with pytest.raises(BundleError, match="没有区域数据包"):
        read_district(tmp_path / "nowhere")


def test_overrides_that_do_not_exist_name_their_path(small_district):
    small_district.toml += '[standards]\n"types.kindergarden.walk_min" = 5\n'
    found = errors(small_district.write())
    assert found[0].file == "district.toml"
    assert "kindergarten" in str(found[0])


def test_missing_tables_and_columns_are_named(small_district):
    for row in small_district.tables["facilities"]:
        del row["type"]
    folder = small_district.write()
    (folder / "buildings.csv").unlink()
    found = {(i.file, i.code, i.column) for i in errors(folder)}
    assert ("buildings", "missing_table", "") in found
    assert ("facilities.csv", "missing_column", "type") in found


def test_the_tree_of_places_must_hold(small_district):
    places = small_district.tables["places"]
    places[1]["parent"] = "C1"
    places[3]["wkt"] = ""
    places.append(dict(places[0], code="D2"))
    codes = {(i.code, i.row) for i in errors(small_district.write())}
    assert {("districts", 0), ("parent", 3), ("geometry", 5)} <= codes


@pytest.mark.parametrize(
    "wkt",
    [
        "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))",
        "POLYGON EMPTY",
        "LINESTRING (0 0, 1 1)",
        "nonsense",
        "POLYGON ((500 0, 501 0, 501 1, 500 0))",
    ],
)
def test_bad_polygons_are_refused(small_district, wkt):
    small_district.tables["places"][3]["wkt"] = wkt
    assert (5, "geometry") in {(i.row, i.code) for i in errors(small_district.write())}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("facilities.xlsx", b"PK\x03\x04 broken"),
        ("facilities.gpkg", b"SQLite format 3\x00 broken"),
        ("facilities.parquet", b"PAR1 broken"),
        ("facilities.geojson", b'{"type": "FeatureCollection"'),
        ("facilities.geojson", b'{"type": "Feature"}'),
        ("facilities.csv", b""),
        ("facilities.csv", b"id,id\n1,2\n"),
        ("facilities.csv", b'id,name\n"1,2\n'),
        ("facilities.csv", b"id\x00,name\n1,2\n"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(small_district, name, content):
    folder = small_district.write()
    (folder / "facilities.csv").unlink()
    (folder / name).write_bytes(content)
    assert name in {i.file for i in errors(folder)}


def test_two_files_of_one_table_are_refused(small_district):
    folder = small_district.write()
    (folder / "facilities.xlsx").write_bytes(b"")
    assert {i.code for i in errors(folder)} == {"several_files"}


def test_rows_longer_than_the_header_are_named(small_district):
    folder = small_district.write()
    with (folder / "facilities.csv").open("a", encoding="utf-8") as file:
        file.write("F8,F8,toilet,106.55,29.55,extra\n")
    assert {(i.code, i.row) for i in errors(folder)} == {("extra_cells", 3)}


def test_excel_with_chinese_headers_and_full_width_digits_is_understood(small_district):
    folder = small_district.write()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["编号", "名称", "类型", "规模", "无障碍", "lon", "lat"])
    spot = small_district.at(200, 5)
    sheet.append(
        ["F1", "(老)食堂", "便利店", "1,200", "是", float(spot["lon"]), float(spot["lat"])]
    )
    sheet.append([None] * 7)
    book.save(folder / "facilities.xlsx")
    (folder / "facilities.csv").unlink()
    facilities = read_district(folder).facilities
    assert facilities.type.tolist() == ["convenience"]
    assert facilities.capacity.tolist() == [1200]
    assert facilities.barrier_free.tolist() == [1]
    assert facilities.name.tolist() == ["(老)食堂"]


def test_a_large_table_shifted_a_little_is_warned_of_and_a_right_one_is_not(small_district):
    rows = small_district.tables["facilities"]
    rows += [small_district.facility(f"G{k}", "toilet", 20 + k * 26) for k in range(60)]
    folder = small_district.write()
    assert not [i for i in check_district(folder) if i.code == "misses_district"]
    rewrite(folder / "facilities.csv", wgs84_to_gcj02)
    found = [i for i in check_district(folder) if i.code == "misses_district"]
    assert "GCJ-02" in found[0].expected


@pytest.mark.parametrize("name", ["network.osm.pbf", "elevation.tif"])
def test_check_reads_the_maps_to_their_ends(small_district, name):
    """A file that was cut off in the middle begins like a whole one."""
    small_district.toml = small_district.toml.replace(
        "[files]\n", '[files]\nelevation = "elevation.tif"\n'
    )
    folder = small_district.write()
    ramp = np.random.default_rng(1).uniform(100, 300, (1, 400, 400)).astype("float32")
    with rasterio.open(
        folder / "elevation.tif", "w", driver="GTiff", width=400, height=400, count=1, dtype="float32",
        crs="EPSG:4326", transform=rasterio.Affine(1e-4, 0, 106.54, 0, -1e-4, 29.56), compress="deflate",
    ) as file:  # fmt: skip
        file.write(ramp)
    assert not [i for i in check_district(folder) if i.severity == "error"]
    path = folder / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    (issue,) = [i for i in check_district(folder) if i.severity == "error"]
    assert (issue.code, issue.file) == ("broken_file", name)


def test_axes_that_are_swapped_all_over_are_named_as_that_once(small_district):
    rows = small_district.tables["facilities"]
    rows += [small_district.facility(f"G{k}", "toilet", 20 + k * 26) for k in range(60)]
    folder = small_district.write()
    rewrite(folder / "facilities.csv", lambda lon, lat: (lat, lon))
    (issue,) = [i for i in check_district(folder) if i.severity == "error"]
    assert (issue.code, issue.file) == ("misses_district", "facilities.csv")
    assert "swapped" in issue.expected
    assert "颠倒" in issue.expected_zh
