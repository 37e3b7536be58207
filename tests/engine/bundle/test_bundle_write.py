"""Tables written by the engine: whole, the same to the byte, and open to other programs."""

from __future__ import annotations

import csv
import json

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.bundle import write_csv, write_geojson, write_geoparquet
from lifecircle.engine.bundle.readers import read_table

COLUMNS = {
    "name": ["渝中", "a,b", '"'],
    "n": np.array([1.5, np.nan, 3.0]),
    "ok": [True, None, False],
}
SHAPES = [shapely.Point(106.5, 29.5), None, shapely.box(106, 29, 107, 30)]


def write(path, columns=COLUMNS):
    if path.suffix == ".csv":
        write_csv(path, columns)
    elif path.suffix == ".geojson":
        write_geojson(path, columns, SHAPES)
    else:
        write_geoparquet(path, columns, SHAPES)


@pytest.mark.parametrize("ending", [".csv", ".geojson", ".parquet"])
def test_the_same_table_gives_the_same_bytes_and_no_leftovers(tmp_path, ending):
    one, other = tmp_path / f"one{ending}", tmp_path / f"other{ending}"
    write(one)
    write(other)
    write(one)
    assert one.read_bytes() == other.read_bytes()
    assert sorted(tmp_path.iterdir()) == [one, other]


@pytest.mark.parametrize("ending", [".csv", ".geojson", ".parquet"])
def test_a_write_that_fails_leaves_the_old_file(tmp_path, ending):
    path = tmp_path / f"t{ending}"
    write(path)
    before = path.read_bytes()
    with pytest.raises((ValueError, pa.ArrowException)):
        write(path, {"a": [1, 2, 3], "b": [1]})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_csv_opens_in_excel_and_keeps_awkward_text(tmp_path):
    path = tmp_path / "t.csv"
    write(path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["渝中", "a,b", '"']
    assert [row["n"] for row in rows] == ["1.5", "", "3.0"]
    assert [row["ok"] for row in rows] == ["True", "", "False"]


def test_geojson_is_a_feature_collection_with_null_where_nothing_is_known(tmp_path):
    path = tmp_path / "t.geojson"
    write(path)
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert [f["properties"]["n"] for f in features] == [1.5, None, 3.0]
    assert features[1]["geometry"] is None
    assert shapely.equals(gpd.read_file(path).geometry[2], SHAPES[2])


def test_geoparquet_states_version_crs_types_and_extent(tmp_path):
    path = tmp_path / "t.parquet"
    write_geoparquet(path, COLUMNS, SHAPES, "EPSG:32648")
    meta = json.loads(pq.read_schema(path).metadata[b"geo"])
    geometry = meta["columns"][meta["primary_column"]]
    assert meta["version"] == "1.1.0"
    assert (geometry["encoding"], geometry["geometry_types"]) == ("WKB", ["Point", "Polygon"])
    assert geometry["bbox"] == [106, 29, 107, 30]
    assert geometry["crs"]["id"] == {"authority": "EPSG", "code": 32648}
    frame = gpd.read_parquet(path)
    assert frame.crs.to_epsg() == 32648
    assert frame.geometry.isna().tolist() == [False, True, False]


text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
    lambda value: value.strip() == value
)


@given(values=st.lists(st.tuples(text, st.floats(allow_nan=False)), min_size=1, max_size=8))
@settings(max_examples=50, deadline=None)
@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_what_is_written_is_read_again(tmp_path_factory, ending, values):
    path = tmp_path_factory.mktemp("round") / f"t{ending}"
    names, numbers = (list(column) for column in zip(*values, strict=True))
    columns = {"name": names, "n": np.array(numbers)}
    if ending == ".csv":
        write_csv(path, columns)
    else:
        write_geoparquet(path, columns, [shapely.Point(1, 2)] * len(names))
    raw = read_table(path, "t")
    assert raw.columns["name"] == names
    assert [float(value) for value in raw.columns["n"]] == numbers
