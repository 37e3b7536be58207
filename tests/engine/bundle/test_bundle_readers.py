"""Tables as people save them: strange sheets, long polygons, files cut anywhere."""

from __future__ import annotations

import csv
import sqlite3
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
import xlsxwriter

from lifecircle.engine.bundle import (
    check_district,
    read_district,
    write_csv,
    write_geojson,
    write_geoparquet,
)
from lifecircle.engine.bundle.readers import find_table, read_table
from lifecircle.errors import BundleError


def refused(path, table="t"):
    with pytest.raises(BundleError) as caught:
        read_table(path, table)
    return caught.value.issues


def test_formulas_give_their_saved_value_and_are_refused_without_one(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "capacity"])
    sheet.write_row(1, 0, ["F1", 3])
    sheet.write_string(2, 0, "F2")
    sheet.write_formula(2, 1, "=B2*2", None, 6)
    book.close()
    assert read_table(tmp_path / "t.xlsx", "t").columns["capacity"] == [3, 6]

    plain = openpyxl.Workbook()
    for row in (["id", "capacity"], ["F1", 3], ["F2", "=B2*2"]):
        plain.active.append(row)
    plain.save(tmp_path / "t.xlsx")
    (issue,) = refused(tmp_path / "t.xlsx")
    assert (issue.code, issue.row, issue.column, issue.value) == ("formula", 3, "capacity", "=B2*2")


def test_blank_and_merged_rows_keep_the_row_numbers_that_a_person_sees(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["B1"], sheet["A2"], sheet["A5"] = "id", "name", "F1", "F2"
    sheet["B5"] = "x"
    sheet.merge_cells("A2:A3")
    book.create_sheet("second").append(["not", "read"])
    book.save(tmp_path / "t.xlsx")
    raw = read_table(tmp_path / "t.xlsx", "t")
    assert raw.columns == {"id": ["F1", "F2"], "name": [None, "x"]}
    assert raw.rows.tolist() == [2, 5]


def test_a_workbook_that_states_a_wrong_extent_is_read_whole(tmp_path):
    book = openpyxl.Workbook()
    for k in range(20):
        book.active.append([f"c{k}", "name", k] if k else ["id", "name", "n"])
    book.save(tmp_path / "right.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "right.xlsx") as source,
        zipfile.ZipFile(tmp_path / "t.xlsx", "w") as target,
    ):
        for member in source.namelist():
            data = source.read(member)
            if member == "xl/worksheets/sheet1.xml":
                assert b'<dimension ref="A1:C20"' in data
                data = data.replace(b'<dimension ref="A1:C20"', b'<dimension ref="A1"')
            target.writestr(member, data)
    raw = read_table(tmp_path / "t.xlsx", "t")
    assert len(raw) == 19
    assert list(raw.columns) == ["id", "name", "n"]


def test_a_polygon_longer_than_pythons_csv_limit_is_read(tmp_path):
    ring = shapely.Point(106.5, 29.5).buffer(0.1, quad_segs=1500)
    assert len(ring.wkt) > 131_072
    write_csv(tmp_path / "t.csv", {"id": ["A"], "wkt": [ring.wkt]})
    assert read_table(tmp_path / "t.csv", "t").columns["wkt"] == [ring.wkt]


def test_endings_in_capitals_are_found_and_folders_are_not(tmp_path):
    (tmp_path / "places.CSV").write_text("code\n1\n")
    (tmp_path / "surveys.csv").mkdir()
    assert find_table(tmp_path, "places") == tmp_path / "places.CSV"
    assert len(read_table(tmp_path / "places.CSV", "places")) == 1
    assert find_table(tmp_path, "spaces") is None
    assert find_table(tmp_path, "surveys") is None


def test_a_geopackage_gives_the_layer_of_the_tables_name(tmp_path):
    frame = gpd.GeoDataFrame({"id": ["A"]}, geometry=shapely.points([[1.0, 2.0]]), crs=4326)
    frame.to_file(tmp_path / "t.gpkg", layer="one")
    assert read_table(tmp_path / "t.gpkg", "t").columns["id"] == ["A"]
    frame.assign(id="B").to_file(tmp_path / "t.gpkg", layer="two")
    assert "layer" in refused(tmp_path / "t.gpkg")[0].expected
    frame.assign(id="C").to_file(tmp_path / "t.gpkg", layer="t")
    assert read_table(tmp_path / "t.gpkg", "t").columns["id"] == ["C"]


def test_geoparquet_without_a_crs_is_degrees_and_with_an_unknown_one_undeclared(tmp_path):
    path = tmp_path / "t.parquet"
    frame = gpd.GeoDataFrame({"id": ["A"]}, geometry=shapely.points([[1.0, 2.0]]))
    frame.to_parquet(path)  # writes "crs": null, which means not known
    assert read_table(path, "t").crs == ""
    table = pq.read_table(path)
    meta = b'{"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}'
    pq.write_table(table.replace_schema_metadata({"geo": meta}), path)
    assert read_table(path, "t").crs == "EPSG:4326"
    pq.write_table(pa.table({"id": ["A"], "lon": [1.0]}), path)
    assert read_table(path, "t").geometry is None


@pytest.mark.parametrize(
    "text",
    ["[]", "{}", '{"features": 3}', '{"features": [3]}', '{"features": [], "crs": 5}', "[" * 20_000,
     '{"features": [{"geometry": {"type": "Point", "coordinates": ["a"]}}]}',
     '{"features": [], "crs": {"properties": 5}}'],
)  # fmt: skip
def test_json_that_is_no_feature_collection_is_refused(tmp_path, text):
    (tmp_path / "t.geojson").write_text(text)
    assert refused(tmp_path / "t.geojson")[0].file == "t.geojson"


def test_an_unknown_crs_of_a_file_is_refused_by_name(small_district):
    folder = small_district.write()
    (folder / "facilities.csv").unlink()
    (folder / "facilities.geojson").write_text(
        '{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:99999999"}},'
        '"features": [{"type": "Feature", "properties": {"id": "F", "name": "F", "type": "toilet"},'
        '"geometry": {"type": "Point", "coordinates": [106.551, 29.55]}}]}'
    )
    (issue,) = [i for i in check_district(folder) if i.severity == "error"]
    assert (issue.code, issue.file, issue.value) == (
        "crs_unknown", "facilities.geojson", "EPSG:99999999",
    )  # fmt: skip


@pytest.fixture
def whole_files(small_district, tmp_path):
    """The same facilities in every format, as bytes, and a folder to put them in."""
    folder = small_district.write()
    path = folder / "facilities.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) * 30
    columns = {k: [f"{v}{n}" if k == "id" else v for n, v in enumerate(r[k] for r in rows)]
               for k in ("id", "name", "type")}  # fmt: skip
    points = shapely.points([[float(r["lon"]), float(r["lat"])] for r in rows])
    write_geojson(tmp_path / "facilities.geojson", columns, points)
    write_geoparquet(tmp_path / "facilities.parquet", columns, points)
    gpd.GeoDataFrame(columns, geometry=points, crs=4326).to_file(tmp_path / "facilities.gpkg")
    book = openpyxl.Workbook()
    book.active.append([*columns, "lon", "lat"])
    for *values, point in zip(*columns.values(), points, strict=True):
        book.active.append([*values, point.x, point.y])
    book.save(tmp_path / "facilities.xlsx")
    path.unlink()
    kinds = ("geojson", "parquet", "gpkg", "xlsx")
    return folder, {kind: (tmp_path / f"facilities.{kind}").read_bytes() for kind in kinds}


@pytest.mark.parametrize("kind", ["geojson", "parquet", "gpkg", "xlsx"])
def test_a_file_cut_or_scrambled_anywhere_is_an_issue_and_never_a_crash(whole_files, kind):
    folder, contents = whole_files
    whole, path = contents[kind], folder / f"facilities.{kind}"
    rng = np.random.default_rng(3)
    cuts = [whole[: int(len(whole) * share)] for share in (0, 0.01, 0.1, 0.3, 0.5, 0.8, 0.97)]
    scrambled = []
    for _ in range(12):
        data = np.frombuffer(whole, dtype=np.uint8).copy()
        data[rng.integers(0, len(data), 40)] = rng.integers(0, 256, 40)
        scrambled.append(data.tobytes())
    for content in cuts + scrambled:
        path.write_bytes(content)
        issues = check_district(folder)
        if len(content) < len(whole):
            assert any(i.file == path.name and i.severity == "error" for i in issues)
    path.write_bytes(whole)
    assert len(read_district(folder).facilities.id) == 30


def test_a_database_that_is_no_geopackage_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "t.gpkg") as database:
        database.execute("create table other (a)")
    database.close()
    assert refused(tmp_path / "t.gpkg")[0].code == "unreadable"
