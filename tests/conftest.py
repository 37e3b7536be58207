"""What many tests share: where the real data is, and a way to write a small map."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import osmium
import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("steady", derandomize=True)
if (
    os.environ.get("STEADY") == "1"
):  # a landing does not hang on luck; elsewhere every run looks further
    settings.load_profile("steady")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("LIFECIRCLE_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data: LIFECIRCLE_SHARED_DATA is not a folder ({folder})")
    return folder


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    if config.option.dist != "loadfile":
        return None
    from spread import Spread

    return Spread(config, log)


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> tuple[Path, dict[str, object]]:
    """The demo district as the command line makes it, and what the command says; left as it is.

    The first process that wants it makes it for all.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, said = shared / "demo", shared / "demo.json"
    try:
        folder.mkdir()
    except FileExistsError:
        for _ in range(600):
            if said.is_file():
                break
            time.sleep(0.5)
    else:
        done = subprocess.run(
            [sys.executable, "-m", "lifecircle", "demo", str(folder), "--once", "--json"],
            capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
        )  # fmt: skip
        part = said.with_suffix(".part")
        part.write_text(done.stdout if done.returncode == 0 else json.dumps(done.stderr), "utf-8")
        part.rename(said)
    found = json.loads(said.read_text("utf-8"))
    assert isinstance(found, dict), found
    return folder, found


class MapWriter:
    """Writes a small OpenStreetMap file; positions in metres about 106.55 E 29.55 N."""

    METRE_LAT = 1 / 110_850.0
    METRE_LON = 1 / 96_900.0

    def __init__(self, path: Path) -> None:
        self.path = path
        self.nodes: dict[int, tuple[float, float, dict[str, str]]] = {}
        self.ways: list[tuple[int, list[int], dict[str, str]]] = []

    def node(self, ref: int, x: float, y: float, **tags: str) -> MapWriter:
        self.nodes[ref] = (106.55 + x * self.METRE_LON, 29.55 + y * self.METRE_LAT, tags)
        return self

    def way(self, refs: list[int], **tags: str) -> MapWriter:
        self.ways.append(
            (len(self.ways) + 1, refs, {k.replace("__", ":"): v for k, v in tags.items()})
        )
        return self

    def write(self) -> Path:
        with osmium.SimpleWriter(str(self.path), overwrite=True) as writer:
            for ref, (lon, lat, tags) in sorted(self.nodes.items()):
                writer.add_node(osmium.osm.mutable.Node(id=ref, location=(lon, lat), tags=tags))
            for ref, nodes, tags in self.ways:
                writer.add_way(osmium.osm.mutable.Way(id=ref, nodes=nodes, tags=tags))
        return self.path


@pytest.fixture
def small_map(tmp_path: Path) -> MapWriter:
    return MapWriter(tmp_path / "map.osm.pbf")


class SmallDistrict:
    """A district of two streets and four communities in a row along one road, written on disk.

    Each community is 400 m x 400 m and has three residential buildings on the road, 100, 200 and
    300 m from its west edge; `tables` may be changed before `write`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.toml = (
            '[district]\ncode = "D"\nname_zh = "小区"\nname_en = "Small"\npopulation = 4000\n'
            'moment = "Mo 10:00"\n[crs]\ndefault = "EPSG:4326"\n'
            '[files]\nnetwork = "network.osm.pbf"\n'
        )
        self.tables: dict[str, list[dict[str, object]]] = {
            "places": [
                {"code": "D", "name_zh": "小区", "level": "district", "parent": "",
                 "wkt": self.box(0, 1600)},
                *({"code": f"S{s}", "name_zh": f"街道{s}", "level": "street", "parent": "D",
                   "wkt": ""} for s in (1, 2)),
                *({"code": f"C{c}", "name_zh": f"社区{c}", "level": "community",
                   "parent": f"S{(c + 1) // 2}", "wkt": self.box(400 * (c - 1), 400 * c)}
                  for c in (1, 2, 3, 4)),
            ],
            "population": [
                {"place": f"C{c}", "group": "residents", "persons": 1000} for c in (1, 2, 3, 4)
            ],
            "buildings": [
                {"id": f"B{c}{b}", "use": "residential", "storeys": 6, "footprint_m2": 100,
                 **self.at(400 * (c - 1) + 100 * b, 5)}
                for c in (1, 2, 3, 4) for b in (1, 2, 3)
            ],
            "facilities": [self.facility("F1", "convenience", 200)],
        }  # fmt: skip

    @staticmethod
    def at(x: float, y: float) -> dict[str, object]:
        return {
            "lon": f"{106.55 + x * MapWriter.METRE_LON:.8f}",
            "lat": f"{29.55 + y * MapWriter.METRE_LAT:.8f}",
        }

    @staticmethod
    def box(west: float, east: float) -> str:
        x0, x1 = (106.55 + x * MapWriter.METRE_LON for x in (west, east))
        y0, y1 = (29.55 + y * MapWriter.METRE_LAT for y in (-200, 200))
        return f"POLYGON (({x0} {y0}, {x1} {y0}, {x1} {y1}, {x0} {y1}, {x0} {y0}))"

    def facility(self, ref: str, kind: str, x: float, **values: object) -> dict[str, object]:
        return {"id": ref, "name": ref, "type": kind, **values, **self.at(x, 5)}

    def write(self) -> Path:
        import csv

        self.folder.mkdir(exist_ok=True)
        road = MapWriter(self.folder / "network.osm.pbf")
        for k in range(-10, 42):
            road.node(100 + k, 50 * k, 0)
        road.way([100 + k for k in range(-10, 42)], highway="residential").write()
        (self.folder / "district.toml").write_text(self.toml, encoding="utf-8")
        for name, rows in self.tables.items():
            columns = list(dict.fromkeys(key for row in rows for key in row))
            with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
        return self.folder


@pytest.fixture
def small_district(tmp_path: Path) -> SmallDistrict:
    return SmallDistrict(tmp_path / "bundle")
