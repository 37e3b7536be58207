"""A catalogue of broken bundles: each a clear error, or a listed warning, and nothing half written.

Every case names the file, and where it can the row and the column, with what was expected in both
languages.
"""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import osmium
import pytest
import rasterio

from conftest import SmallDistrict
from lifecircle.engine.assess import assess
from lifecircle.engine.bundle import check_district
from lifecircle.engine.bundle.crs import wgs84_to_bd09, wgs84_to_gcj02
from lifecircle.errors import LifecircleError


@dataclass
class Case:
    """How a bundle is broken, before or after it is written, and what has to be said of it."""

    file: str
    row: int = 0
    column: str = ""
    tables: Callable[[SmallDistrict], object] | None = None
    folder: Callable[[Path], object] | None = None
    warning: bool = False


def cell(table: str, row: int, **values):
    return lambda small: small.tables[table][row].update(values)


def extra(table: str, **values):
    return lambda small: small.tables[table].append(values)


def toml(old: str, new: str):
    return lambda small: setattr(small, "toml", small.toml.replace(old, new))


def raw(name: str, content: bytes):
    return lambda folder: (folder / name).write_bytes(content)


def recode(name: str, encoding: str, old: str = "F1,F1", new: str = "F1,便利店"):
    def change(folder):
        text = (folder / name).read_text(encoding="utf-8").replace(old, new)
        (folder / name).write_bytes(text.encode(encoding))

    return change


def many(small):
    small.tables["facilities"] += [
        small.facility(f"G{k}", "toilet", 20 + k * 26) for k in range(60)
    ]


def everywhere(small):
    small.tables["facilities"] += [
        {"id": f"G{k}", "name": "G", "type": "toilet", **small.at(20 + k * 26, k * 77 % 380 - 190)}
        for k in range(60)
    ]


def moved(change):
    def apply(folder):
        path = folder / "facilities.csv"
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        for row in rows:
            row["lon"], row["lat"] = change(float(row["lon"]), float(row["lat"]))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    return apply


def wrong_names(encoding: str, back: str):
    """Three rows of Chinese names that were decoded wrongly and saved again."""

    def change(folder):
        path = folder / "facilities.csv"
        text = path.read_text(encoding="utf-8")
        for ref, name in (("F1", "便利商店"), ("G0", "公共厕所"), ("G1", "社区卫生")):
            damaged = name.encode("utf-8").decode(encoding, "ignore")
            text = text.replace(f"{ref},{ref},", f"{ref},{damaged},")
        path.write_text(text, encoding=back)

    return change


def sheet(*rows, edit=None):
    def change(folder):
        (folder / "facilities.csv").unlink()
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(list(row))
        if edit:
            edit(book.active)
        book.save(folder / "facilities.xlsx")

    return change


HEAD = ("id", "name", "type", "capacity", "lon", "lat")
SPOT = (106.552, 29.55004)


def bomb(folder):
    (folder / "facilities.csv").unlink()
    with zipfile.ZipFile(folder / "facilities.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (600 * 2**20))


def encrypted(folder):
    """Every part of the archive marked as encrypted, in its own header and in the directory."""
    sheet(HEAD, ("F1", "a", "toilet", 3, *SPOT))(folder)
    data = bytearray((folder / "facilities.xlsx").read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 4)
    (folder / "facilities.xlsx").write_bytes(data)


def huge(folder):
    with (folder / "facilities.csv").open("r+b") as file:
        file.truncate(2 * 2**30)


def raster(folder, crs="EPSG:4326", hole=False, cut=False):
    heights = np.full((1, 300, 300), 200.0, dtype="float32")
    if hole:
        heights[:, :, 100:] = -9999
    path = folder / "elevation.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=300, height=300, count=1, dtype="float32", crs=crs,
        transform=rasterio.Affine(1e-4, 0, 106.545, 0, -1e-4, 29.56), nodata=-9999,
    ) as file:  # fmt: skip
        file.write(heights)
    if cut:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def with_heights(**options):
    return Case(
        "elevation.tif", tables=toml("[files]\n", '[files]\nelevation = "elevation.tif"\n'),
        folder=lambda folder: raster(folder, **options),
    )  # fmt: skip


def appended(name, text):
    def change(folder):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


def halved(name):
    return lambda folder: (folder / name).write_bytes(
        (folder / name).read_bytes()[: (folder / name).stat().st_size // 2]
    )


def unlinked(name):
    return lambda folder: (folder / name).unlink()


def replaced(name, content):
    def change(folder):
        (folder / "facilities.csv").unlink()
        (folder / name).write_bytes(content)

    return change


F, P, B, N, T = "facilities.csv", "places.csv", "buildings.csv", "population.csv", "district.toml"

BOW_TIE = "POLYGON ((106.55 29.55, 106.56 29.56, 106.56 29.55, 106.55 29.56, 106.55 29.55))"
NO_POINT = b'{"features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": "x"}}]}'
HEIGHTS = toml("[files]\n", '[files]\nelevation = "elevation.tif"\n')


def far_away(small):
    many(small)
    small.tables["facilities"].append(
        {"id": "Z", "name": "Z", "type": "toilet", "lon": 107.9, "lat": 29.55}
    )


def overriding(line):
    return lambda small: setattr(small, "toml", f"{small.toml}[standards]\n{line}\n")


def recrs(crs):
    def change(folder):
        text = (folder / "district.toml").read_text("utf-8")
        (folder / "district.toml").write_text(text.replace("EPSG:4326", crs), "utf-8")

    return change


CASES: dict[str, Case] = {
    # how a file was saved
    "utf-16": Case(F, folder=recode(F, "utf-16")),
    "bytes of no encoding": Case(F, folder=raw(F, b"id,name\n\xff\xff\x81,\x00\n")),
    "gb18030, read and said": Case(F, folder=recode(F, "gb18030"), warning=True),
    "utf-8 read as gbk and saved": Case(F, 2, "name", tables=many, folder=wrong_names("gb18030", "utf-8")),
    "utf-8 read as latin-1 and saved": Case(F, 2, "name", tables=many, folder=wrong_names("latin-1", "utf-8")),
    "replacement characters": Case(F, 2, "name", tables=cell("facilities", 0, name="便\ufffd店")),
    "nul characters": Case(F, folder=raw(F, b"id\x00,name\n1,2\n")),
    "an open quote": Case(F, folder=raw(F, b'id,name\n"1,2\n')),
    "an empty file": Case(F, folder=raw(F, b"")),
    "a file of two gigabytes": Case(F, folder=huge),
    # headers and rows
    "a header twice": Case(F, folder=raw(F, b"id,id\n1,2\n")),
    "a blank header": Case(F, folder=raw(F, b",,\n1,2,3\n")),
    "a second header row": Case("facilities.xlsx", 2, "capacity", folder=sheet(
        HEAD, ("编号", "名称", "类型", "规模", "经度", "纬度"), ("F1", "a", "toilet", 3, *SPOT))),
    "a missing column": Case(F, 0, "type", folder=raw(F, b"id,name,lon,lat\n1,2,106.55,29.55\n")),
    "an unknown column": Case(F, 0, "colour", tables=cell("facilities", 0, colour="red"), warning=True),
    "a column in both languages": Case(F, 0, "name", tables=cell("facilities", 0, 名称="店")),
    "a row longer than its header": Case(F, 3, folder=appended(F, "a,b,toilet,1,2,3,4,5\n")),
    "a table without rows": Case(F, folder=raw(F, b"id,name,type,lon,lat\n"), warning=True),
    "a missing table": Case("buildings", folder=unlinked(B)),
    "two files of one table": Case("facilities", folder=lambda d: (d / "facilities.xlsx").write_bytes(b"")),
    # workbooks
    "merged cells": Case("facilities.xlsx", 3, "type", folder=sheet(
        HEAD, ("F1", "a", "toilet", 3, *SPOT), ("F2", "b", "toilet", 3, *SPOT),
        edit=lambda s: s.merge_cells("C2:C3"))),
    "a date where a number belongs": Case("facilities.xlsx", 2, "capacity", folder=sheet(
        HEAD, ("F1", "a", "toilet", dt.datetime(2025, 3, 2), *SPOT))),  # noqa: DTZ001
    "a formula that nobody computed": Case("facilities.xlsx", 2, "capacity", folder=sheet(
        HEAD, ("F1", "a", "toilet", "=1+1", *SPOT))),
    "an excel error": Case("facilities.xlsx", 2, "name", folder=sheet(HEAD, ("F1", "#REF!", "toilet", 3, *SPOT))),
    "a zip bomb": Case("facilities.xlsx", folder=bomb),
    "an encrypted workbook": Case("facilities.xlsx", folder=encrypted),
    "a workbook with a password": Case("facilities.xlsx", folder=replaced(
        "facilities.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))),
    "a workbook cut off": Case("facilities.xlsx", folder=replaced("facilities.xlsx", b"PK\x03\x04 broken")),
    # identity
    "degrees declared as metres of a far zone": Case(P, 2, folder=recrs("EPSG:2420")),
    "ids twice": Case(F, 3, "id", tables=lambda s: s.tables["facilities"].append(s.facility("F1", "toilet", 300))),
    "no id": Case(F, 2, "id", tables=cell("facilities", 0, id="")),
    "no name": Case(F, 2, "name", tables=cell("facilities", 0, name=" ")),
    # numbers
    "a negative capacity": Case(F, 2, "capacity", tables=cell("facilities", 0, capacity=-3)),
    "a huge capacity": Case(F, 2, "capacity", tables=cell("facilities", 0, capacity="1e308")),
    "a number in words": Case(F, 2, "capacity", tables=cell("facilities", 0, capacity="about 30")),
    "infinity": Case(F, 2, "capacity", tables=cell("facilities", 0, capacity="inf")),
    "a decimal comma": Case(F, 2, "capacity", tables=cell("facilities", 0, capacity="3,5")),
    "half a year": Case(F, 2, "year", tables=cell("facilities", 0, year="2020.5")),
    "a year of long ago": Case(F, 2, "year", tables=cell("facilities", 0, year=19)),
    "a condition beyond the scale": Case(F, 2, "condition", tables=cell("facilities", 0, condition=9)),
    "a use of 300 per cent": Case(F, 2, "utilisation", tables=cell("facilities", 0, utilisation=3)),
    "neither yes nor no": Case(F, 2, "safe", tables=cell("facilities", 0, safe="maybe")),
    "no storey": Case(B, 2, "storeys", tables=cell("buildings", 0, storeys=0)),
    "a thousand storeys": Case(B, 2, "storeys", tables=cell("buildings", 0, storeys=999)),
    "a negative footprint": Case(B, 2, "footprint_m2", tables=cell("buildings", 0, footprint_m2=-1)),
    "an unknown use": Case(B, 2, "use", tables=cell("buildings", 0, use="castle")),
    "fewer than no people": Case(N, 2, "persons", tables=cell("population", 0, persons=-1)),
    "a satisfaction of 120": Case("surveys.csv", 2, "score", tables=lambda s: s.tables.update(
        surveys=[{"place": "C1", "type": "toilet", "answers": 9, "score": 120}])),
    "half an answer": Case("surveys.csv", 2, "answers", tables=lambda s: s.tables.update(
        surveys=[{"place": "C1", "type": "toilet", "answers": 9.5, "score": 20}])),
    "a space without area": Case("spaces.csv", 2, "area_m2", tables=lambda s: s.tables.update(
        spaces=[{"id": "S", "name": "s", "area_m2": 0, **s.at(1, 1)}])),
    # references
    "an unknown type": Case(F, 2, "type", tables=cell("facilities", 0, type="kindergarden")),
    "hours that nobody can read": Case(F, 2, "hours", tables=cell("facilities", 0, hours="早到晚"), warning=True),
    "an unknown place": Case(N, 6, "place", tables=extra("population", place="C9", group="residents", persons=1)),
    "an unknown group": Case(N, 6, "group", tables=extra("population", place="C1", group="giants", persons=1)),
    "a place and group twice": Case(N, 6, "", tables=extra("population", place="C1", group="residents", persons=1)),
    "an unknown community of a building": Case(B, 2, "community", tables=cell("buildings", 0, community="S1")),
    "an unknown allowed type": Case("spaces.csv", 2, "allowed_types", tables=lambda s: s.tables.update(
        spaces=[{"id": "S", "name": "s", "area_m2": 9, "allowed_types": "castle", **s.at(1, 1)}])),
    # the tree
    "two districts": Case(P, tables=lambda s: s.tables["places"].append(dict(s.tables["places"][0], code="D2"))),
    "no community": Case(P, tables=lambda s: s.tables.update(places=s.tables["places"][:3], population=[])),
    "a parent that is none": Case(P, 5, "parent", tables=cell("places", 3, parent="S9")),
    "parents in a circle": Case(P, 3, "parent", tables=cell("places", 1, parent="C1")),
    "an unknown level": Case(P, 5, "level", tables=cell("places", 3, level="village")),
    # geometry
    "a polygon that crosses itself": Case(P, 5, "geometry", tables=cell("places", 3, wkt=BOW_TIE)),
    "an empty polygon": Case(P, 5, "geometry", tables=cell("places", 3, wkt="POLYGON EMPTY")),
    "a line for a polygon": Case(P, 5, "geometry", tables=cell("places", 3, wkt="LINESTRING (106 29, 107 30)")),
    "no geometry at all": Case(P, 5, "geometry", tables=cell("places", 3, wkt="")),
    "text that is no shape": Case(P, 5, "wkt", tables=cell("places", 3, wkt="round")),
    "a longitude in words": Case(F, 2, "lon", tables=cell("facilities", 0, lon="east")),
    "a latitude beyond the pole": Case(F, 2, "geometry", tables=cell("facilities", 0, lat=95)),
    "no coordinates": Case(F, tables=lambda s: [s.tables["facilities"][0].pop(k) for k in ("lon", "lat")]),
    # coordinate systems
    "no coordinate system": Case(P, tables=toml('[crs]\ndefault = "EPSG:4326"\n', "")),
    "an unknown coordinate system": Case(T, 0, "crs.default", tables=toml("EPSG:4326", "EPSG:99999999")),
    "another coordinate system": Case(F, tables=toml("[files]", 'facilities = "EPSG:32648"\n[files]')),
    "swapped axes": Case(F, tables=many, folder=moved(lambda lon, lat: (lat, lon))),
    "GCJ-02 taken for WGS84": Case(F, tables=many, folder=moved(wgs84_to_gcj02)),
    "BD-09 taken for WGS84": Case(F, tables=many, folder=moved(wgs84_to_bd09)),
    "WGS84 declared GCJ-02": Case(F, tables=lambda s: (many(s), toml("[files]", 'facilities = "GCJ-02"\n[files]')(s))),
    "thousands of kilometres off": Case(F, tables=many, folder=moved(lambda lon, lat: (lon + 20, lat - 9))),
    "one point far away": Case(F, 63, "geometry", tables=far_away, warning=True),
    "a table shifted by 1.7 km": Case(F, tables=everywhere, folder=moved(lambda lon, lat: (lon + 0.0176, lat)), warning=True),
    # maps
    "a map cut off": Case("network.osm.pbf", folder=halved("network.osm.pbf")),
    "a web page for a map": Case("network.osm.pbf", folder=raw("network.osm.pbf", b"<html>not found</html>")),
    "a map outside the folder": Case(T, 0, "files.network", tables=toml("network.osm.pbf", "../map.osm.pbf")),
    "no map": Case(T, 0, "files.network", folder=unlinked("network.osm.pbf")),
    "heights cut off": with_heights(cut=True),
    "heights without a system": with_heights(crs=None),
    "a picture for heights": Case("elevation.tif", tables=HEIGHTS, folder=raw("elevation.tif", b"\x89PNG\r\n")),
    # other formats
    "broken geojson": Case("facilities.geojson", folder=replaced("facilities.geojson", b'{"type": "FeatureCollection"')),
    "endless geojson": Case("facilities.geojson", folder=replaced("facilities.geojson", b"[" * 200_000)),
    "a broken geometry in geojson": Case("facilities.geojson", 1, folder=replaced("facilities.geojson", NO_POINT)),
    "a broken geopackage": Case("facilities.gpkg", folder=replaced("facilities.gpkg", b"SQLite format 3\x00 broken")),
    "broken parquet": Case("facilities.parquet", folder=replaced("facilities.parquet", b"PAR1 broken")),
    # settings
    "broken settings": Case(T, folder=raw(T, b"[district\n")),
    "settings that are no utf-8": Case(T, folder=raw(T, "名 = 1".encode("gb18030"))),
    "no settings": Case(T, folder=unlinked(T)),
    "an unknown entry": Case(T, 0, "district.colour", tables=toml('moment = "Mo 10:00"', "colour = 1")),
    "people in words": Case(T, 0, "district.population", tables=toml("population = 4000", 'population = "many"')),
    "a moment that is none": Case(T, 0, "district.moment", tables=toml("Mo 10:00", "Monday")),
    "an override of nothing": Case(T, 0, "", tables=overriding('"types.kindergarden.walk_min" = 5')),
    "an override beyond reason": Case(T, 0, "", tables=overriding('"types.toilet.walk_min" = -8')),
}  # fmt: skip


def test_there_are_many_kinds():
    assert len(CASES) >= 90


@pytest.mark.parametrize("name", CASES)
def test_a_broken_bundle_is_said_and_nothing_is_written(name, small_district, tmp_path):
    case = CASES[name]
    if case.tables:
        case.tables(small_district)
    folder = small_district.write()
    if case.folder:
        case.folder(folder)
    before = sorted(p.name for p in folder.iterdir())
    found = check_district(folder)
    hits = [i for i in found if i.file == case.file and (not case.row or i.row == case.row)]
    if case.column:
        hits = [i for i in hits if i.column == case.column]
    assert hits, [str(i) for i in found]
    assert hits[0].severity == ("warning" if case.warning else "error")
    assert all(i.expected and i.expected_zh for i in found)
    assert all(len(str(i)) < 1500 for i in found)
    if case.warning:
        assert not [i for i in found if i.severity == "error"]
    else:
        with pytest.raises(LifecircleError):
            assess(folder, tmp_path / "out")
        assert not (tmp_path / "out").exists()
    assert sorted(p.name for p in folder.iterdir()) == before


def test_heights_with_holes_are_used_and_their_holes_are_told(small_district):
    case = with_heights(hole=True)
    case.tables(small_district)
    folder = small_district.write()
    case.folder(folder)
    result = assess(folder)
    (note,) = [i for i in result.warnings if i.file == "elevation"]
    assert " / " in note.value


def test_relations_that_hold_each_other_do_not_hang_the_reading(small_district):
    folder = small_district.write()
    path = folder / "network.osm.pbf"
    items = list(osmium.FileProcessor(str(path)))
    with osmium.SimpleWriter(str(folder / "new.osm.pbf")) as writer:
        for item in osmium.FileProcessor(str(path)):
            writer.add(item)
        for ref, member in ((1, 2), (2, 1), (3, 3)):
            writer.add_relation(
                osmium.osm.mutable.Relation(
                    id=ref, members=[("r", member, "outer")],
                    tags={"type": "multipolygon", "highway": "pedestrian", "building": "yes"},
                )
            )  # fmt: skip
    (folder / "new.osm.pbf").replace(path)
    assert len(items) > 0
    assert assess(folder).network["nodes"] > 0


def test_many_faults_are_all_told_at_once(small_district):
    small = small_district
    cell("facilities", 0, capacity=-3, safe="maybe", type="castle")(small)
    cell("buildings", 0, storeys=0)(small)
    cell("population", 0, persons="many")(small)
    found = {
        (i.file, i.row, i.column) for i in check_district(small.write()) if i.severity == "error"
    }
    assert found == {
        (F, 2, "capacity"), (F, 2, "safe"), (F, 2, "type"), (B, 2, "storeys"), (N, 2, "persons"),
    }  # fmt: skip
