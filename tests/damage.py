"""Whole files of every kind that is read, what reads each, and ways to damage their bytes.

Used by the tests of damaged files (hypothesis, a few of each) and by `benchmarks/fuzz.py`
(guided by coverage, for as long as asked).
"""

from __future__ import annotations

import contextlib
import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import rasterio
import shapely

import lifecircle
from conftest import SmallDistrict
from lifecircle import LifecircleError
from lifecircle.cli import field, methods
from lifecircle.engine import standards
from lifecircle.engine.bundle import check_district, read_district, write_geojson, write_geoparquet
from lifecircle.engine.bundle.extract import read_boundary, read_cells
from lifecircle.engine.bundle.survey import check_workbook, write_template
from lifecircle.engine.bundle.synthesis import read_names
from lifecircle.engine.methods.weights import ahp_weights
from lifecircle.engine.network import WalkNetwork
from lifecircle.engine.reach import Graph, Sources, Tally
from lifecircle.engine.runs import Run
from lifecircle.engine.tiling import Store

HOSTILE = (
    b"\x00", b"\xff\xfe", b'"', b"\r\n", b",", b"nan", b"1e999", b"-", b"\xf0\x9f", b"{", b"[" * 99,
    b"\x7f\xff\xff\xff", b"=1+1", "，".encode(), "解放碑".encode("gb18030"), b"\xef\xbb\xbf",
)  # fmt: skip
WAYS = ("cut", "flip", "insert", "double", "drop")

Change = tuple[str, float, float, bytes]
"""How, from where to where (0..1 of the file), with what."""


def damaged(data: bytes, changes: list[Change]) -> bytes:
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


class Whole:
    """A good bundle in `folder` that has every kind of file, and its facilities in every format."""

    def __init__(self, folder: Path) -> None:
        small = SmallDistrict(folder / "bundle")
        small.toml = small.toml.replace(
            "[files]\n", '[files]\nelevation = "elevation.tif"\nedits = "edits.geojson"\n'
        )
        small.tables["facilities"] = [
            small.facility(f"F{k}", kind, 90 * k, capacity=30 + k, hours="Mo-Fr 08:00-18:00")
            for k, kind in enumerate(("convenience", "toilet", "clinic", "kindergarten") * 4)
            if kind != "clinic"
        ]
        self.bundle = small.write()
        self.formats = folder / "formats"
        self.formats.mkdir()
        self._write_facilities()
        (self.bundle / "edits.geojson").write_text(
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
            '{"action": "add", "author": "a", "date": "2026-11-01"}, "geometry": {"type": '
            '"LineString", "coordinates": [[106.5505, 29.55], [106.5505, 29.5508]]}}]}',
            encoding="utf-8",
        )
        with rasterio.open(
            self.bundle / "elevation.tif", "w", driver="GTiff", width=300, height=300, count=1,
            dtype="float32", crs="EPSG:4326", nodata=-9999,
            transform=rasterio.Affine(1e-4, 0, 106.545, 0, -1e-4, 29.56),
        ) as file:  # fmt: skip
            file.write(np.full((1, 300, 300), 200.0, dtype="float32"))
        assert [issue for issue in check_district(self.bundle) if issue.severity == "error"] == []

    def _write_facilities(self) -> None:
        with (self.bundle / "facilities.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        points = np.array([shapely.Point(float(r["lon"]), float(r["lat"])) for r in rows])
        columns = {key: [row[key] for row in rows] for key in ("id", "name", "type", "capacity")}
        write_geojson(self.formats / "facilities.geojson", columns, points)
        write_geoparquet(self.formats / "facilities.parquet", columns, points)
        pyogrio.raw.write(
            self.formats / "facilities.gpkg", shapely.to_wkb(points),
            [np.array(values, dtype=object) for values in columns.values()], list(columns),
            geometry_type="Point", crs="EPSG:4326", layer="facilities",
        )  # fmt: skip
        book = openpyxl.Workbook()
        book.active.append(list(rows[0]))
        for row in rows:
            book.active.append(list(row.values()))
        book.save(self.formats / "facilities.xlsx")


Target = tuple[Path, Callable[[], object]]
"""A good file, and what reads it; reading raises nothing but `LifecircleError`."""


def _in_bundle(name: str) -> Callable[[Path, Whole], Target]:
    def make(folder: Path, whole: Whole) -> Target:
        bundle = folder / "bundle"
        shutil.copytree(whole.bundle, bundle)
        if (whole.formats / name).exists():
            (bundle / "facilities.csv").unlink()
            shutil.copy(whole.formats / name, bundle / name)

        def read() -> None:
            issues = check_district(bundle)
            for issue in issues:
                assert issue.file
                assert str(issue).isprintable(), repr(str(issue))
            if all(issue.severity == "warning" for issue in issues):
                read_district(bundle)

        return bundle / name, read

    return make


def _boundary(folder: Path, _whole: Whole) -> Target:
    path = folder / "boundary.geojson"
    shapes = np.array([shapely.from_wkt(SmallDistrict.box(0, 1600))])
    write_geojson(path, {"name": ["小区"]}, shapes)
    return path, lambda: read_boundary(path)


def _cells(folder: Path, _whole: Whole) -> Target:
    path = folder / "cells.csv"
    path.write_text("lon,lat,population\n106.551,29.55,40\n106.552,29.55,60\n", encoding="utf-8")
    return path, lambda: read_cells(path, {})


def _names(folder: Path, _whole: Whole) -> Target:
    path = folder / "names.csv"
    path.write_text("code,name,streetCode\nS1,一街道,\nC1,一社区,S1\n", encoding="utf-8")
    return path, lambda: read_names(path)


def _survey(folder: Path, whole: Whole) -> Target:
    path = folder / "survey.xlsx"
    district = read_district(whole.bundle)
    write_template(path, district)
    return path, lambda: check_workbook(path, district)


def _standard(folder: Path, _whole: Whole) -> Target:
    standards.export(standards.default(), folder / "standard")
    return folder / "standard" / "profiles.toml", lambda: standards.read(folder / "standard")


def _manifest(folder: Path, whole: Whole) -> Target:
    lifecircle.assess(whole.bundle, folder / "out")
    return folder / "out" / "manifest.json", lambda: Run.open(folder / "out")


def _cards(folder: Path, whole: Whole) -> Target:
    lifecircle.assess(whole.bundle, folder / "out")
    return folder / "out" / "cards.parquet", lambda: Run.open(folder / "out").cards


def _walks(folder: Path, _whole: Whole) -> Target:
    path = folder / "walks.csv"
    path.write_text(
        "profile,from_lon,from_lat,to_lon,to_lat,seconds\n"
        "adult,106.551,29.55,106.555,29.55,330\nelder_75,106.552,29.55,106.556,29.55,500\n",
        encoding="utf-8",
    )
    return path, lambda: field._read(path)


def _judged(folder: Path, _whole: Whole) -> Target:
    path = folder / "judgements.csv"
    path.write_text("1,3,1/2\n1/3,1,1/5\n2,5,1\n", encoding="utf-8")

    def read() -> None:
        with contextlib.suppress(ValueError):  # the command tells it in words
            ahp_weights(methods._judgements(path))

    return path, read


def _network(folder: Path, whole: Whole) -> Target:
    network = lifecircle.network_of(read_district(whole.bundle))
    network.save(folder / "saved")
    return folder / "saved" / "edges.arrow", lambda: WalkNetwork.load(folder / "saved")


def _tiles(folder: Path, _whole: Whole) -> Target:
    graph = Graph.from_edges(2, [0], [1], [100], [100])
    here = Sources(np.zeros(1, np.int32), np.zeros(1, np.int32), np.ones(1))
    spots = np.array([0.0, 90.0])
    Store.create(folder / "store", Tally(graph, here, 1, cutoff_s=60), spots, spots)
    return folder / "store" / "store.json", lambda: Store(folder / "store")


FILES = (
    "district.toml", "places.csv", "population.csv", "buildings.csv", "facilities.csv",
    "facilities.xlsx", "facilities.geojson", "facilities.gpkg", "facilities.parquet",
    "edits.geojson", "elevation.tif", "network.osm.pbf",
)  # fmt: skip
TARGETS: dict[str, Callable[[Path, Whole], Target]] = {
    **{name: _in_bundle(name) for name in FILES},
    "boundary": _boundary,
    "cells": _cells,
    "names": _names,
    "survey": _survey,
    "standard": _standard,
    "manifest": _manifest,
    "cards": _cards,
    "walks": _walks,
    "judgements": _judged,
    "saved network": _network,
    "tiles": _tiles,
}


def try_read(read: Callable[[], object]) -> None:
    """Read; our own errors are an answer, any other is a fault."""
    with contextlib.suppress(LifecircleError):
        read()
