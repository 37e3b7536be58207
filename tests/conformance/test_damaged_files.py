"""Files damaged at random are told as they are: no other error than ours, and nothing hangs.

Bytes are changed, cut, doubled and put in at random, in every kind of file that a bundle may hold.
`scripts/fuzz 20000` tries so many damages of each file instead of a few.
"""

import contextlib
import csv
import os
import shutil

import numpy as np
import openpyxl
import pyogrio
import pytest
import rasterio
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lifecircle
from conftest import SmallDistrict
from lifecircle import LifecircleError
from lifecircle.engine import standards
from lifecircle.engine.bundle import (
    check_district,
    read_district,
    write_geojson,
    write_geoparquet,
)
from lifecircle.engine.bundle.extract import read_boundary, read_cells
from lifecircle.engine.bundle.survey import check_workbook, write_template
from lifecircle.engine.bundle.synthesis import read_names
from lifecircle.engine.runs import Run

EXAMPLES = int(os.environ.get("LIFECIRCLE_FUZZ", "25"))
HOSTILE = (
    b"\x00", b"\xff\xfe", b'"', b"\r\n", b",", b"nan", b"1e999", b"-", b"\xf0\x9f", b"{", b"[" * 99,
    b"\x7f\xff\xff\xff", b"=1+1", "，".encode(), "解放碑".encode("gb18030"), b"\xef\xbb\xbf",
)  # fmt: skip
FILES = (
    "district.toml", "places.csv", "population.csv", "buildings.csv", "facilities.csv",
    "facilities.xlsx", "facilities.geojson", "facilities.gpkg", "facilities.parquet",
    "edits.geojson", "elevation.tif", "network.osm.pbf",
)  # fmt: skip


@st.composite
def damages(draw):
    """One to four changes of a file's bytes: where (0..1), how, with what."""
    where = st.floats(0, 1, exclude_max=True)
    how = st.sampled_from(("cut", "flip", "insert", "double", "drop"))
    one = st.tuples(how, where, where, st.sampled_from(HOSTILE) | st.binary(max_size=8))
    return draw(st.lists(one, min_size=1, max_size=4))


def damaged(data, changes):
    for how, a, b, new in changes:
        start, end = sorted((int(a * len(data)), int(b * len(data))))
        if how == "cut":
            data = data[:start]
        elif how == "flip":
            data = data[:start] + new + data[start + len(new) :]
        elif how == "insert":
            data = data[:start] + new + data[start:]
        elif how == "double":
            data = data[:end] + data[start : min(end, start + 4096)] + data[end:]
        else:
            data = data[:start] + data[min(end, start + 64) :]
    return data


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A good bundle that has every kind of file, and its facilities in every format."""
    folder = tmp_path_factory.mktemp("whole")
    small = SmallDistrict(folder / "bundle")
    small.toml = small.toml.replace(
        "[files]\n", '[files]\nelevation = "elevation.tif"\nedits = "edits.geojson"\n'
    )
    small.tables["facilities"] = [
        small.facility(f"F{k}", kind, 90 * k, capacity=30 + k, hours="Mo-Fr 08:00-18:00")
        for k, kind in enumerate(("convenience", "toilet", "clinic", "kindergarten") * 4)
        if kind != "clinic"
    ]
    bundle = small.write()
    formats = folder / "formats"
    formats.mkdir()
    with (bundle / "facilities.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    points = np.array([shapely.Point(float(r["lon"]), float(r["lat"])) for r in rows])
    columns = {key: [row[key] for row in rows] for key in ("id", "name", "type", "capacity")}
    write_geojson(formats / "facilities.geojson", columns, points)
    write_geoparquet(formats / "facilities.parquet", columns, points)
    pyogrio.raw.write(
        formats / "facilities.gpkg", shapely.to_wkb(points),
        [np.array(values, dtype=object) for values in columns.values()], list(columns),
        geometry_type="Point", crs="EPSG:4326", layer="facilities",
    )  # fmt: skip
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(formats / "facilities.xlsx")
    (bundle / "edits.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"action": '
        '"add", "author": "a", "date": "2026-11-01"}, "geometry": {"type": "LineString", '
        '"coordinates": [[106.5505, 29.55], [106.5505, 29.5508]]}}]}',
        encoding="utf-8",
    )
    with rasterio.open(
        bundle / "elevation.tif", "w", driver="GTiff", width=300, height=300, count=1,
        dtype="float32", crs="EPSG:4326", nodata=-9999,
        transform=rasterio.Affine(1e-4, 0, 106.545, 0, -1e-4, 29.56),
    ) as file:  # fmt: skip
        file.write(np.full((1, 300, 300), 200.0, dtype="float32"))
    assert [issue for issue in check_district(bundle) if issue.severity == "error"] == []
    return bundle, formats


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_refused_or_read_but_never_ends_in_another_error(name, whole, tmp_path):
    bundle, formats = whole
    folder = tmp_path / "bundle"
    shutil.copytree(bundle, folder)
    if (formats / name).exists():
        (folder / "facilities.csv").unlink()
        shutil.copy(formats / name, folder / name)
    good = (folder / name).read_bytes()

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(damages())
    def try_it(changes):
        (folder / name).write_bytes(damaged(good, changes))
        try:
            issues = check_district(folder)
        except LifecircleError:
            return
        for issue in issues:
            assert issue.file
            assert str(issue).isprintable(), repr(str(issue))
        if all(issue.severity == "warning" for issue in issues):
            read_district(folder)

    try_it()


def boundary(folder, bundle):
    path = folder / "boundary.geojson"
    shapes = np.array([shapely.from_wkt(SmallDistrict.box(0, 1600))])
    write_geojson(path, {"name": ["小区"]}, shapes)
    return path, read_boundary


def cells(folder, bundle):
    path = folder / "cells.csv"
    path.write_text("lon,lat,population\n106.551,29.55,40\n106.552,29.55,60\n", encoding="utf-8")
    return path, lambda path: read_cells(path, {})


def names(folder, bundle):
    path = folder / "names.csv"
    path.write_text("code,name,streetCode\nS1,一街道,\nC1,一社区,S1\n", encoding="utf-8")
    return path, read_names


def survey(folder, bundle):
    district = read_district(bundle)
    write_template(folder / "survey.xlsx", district)
    return folder / "survey.xlsx", lambda path: check_workbook(path, district)


def standard(folder, bundle):
    standards.export(standards.default(), folder / "standard")
    return folder / "standard" / "profiles.toml", lambda path: standards.read(path.parent)


def manifest(folder, bundle):
    lifecircle.assess(bundle, folder / "out")
    return folder / "out" / "manifest.json", lambda path: Run.open(path.parent)


def cards(folder, bundle):
    lifecircle.assess(bundle, folder / "out")
    return folder / "out" / "cards.parquet", lambda path: Run.open(path.parent).cards


@pytest.mark.parametrize("kind", [boundary, cells, names, survey, standard, manifest, cards])
def test_other_files_that_are_damaged_are_refused_or_read(kind, whole, tmp_path):
    path, read = kind(tmp_path, whole[0])
    good = path.read_bytes()

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(damages())
    def try_it(changes):
        path.write_bytes(damaged(good, changes))
        with contextlib.suppress(LifecircleError):
            read(path)

    try_it()
