"""Every command and every line of Python that the documentation shows, run as it stands there.

The places are those of a small made-up town; names of streets are replaced by the town's.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio

from conftest import ROOT, MapWriter

DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [ROOT / "README.md", *(page for page in DOCS if "adr" not in page.parts)]
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN_ONLY = ("scripts/",)
"""Started by the tests of the demo, or the tests themselves."""
IN_THE_TOWN = ("site", "plan", "ways")
"""Run in the town instead of the demo district, whose size says nothing more about what is shown."""


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(page.read_text("utf-8")) if kind == language]


def commands(page: Path) -> list[list[str]]:
    text = "\n".join(blocks(page, "console")).replace("\\\n", " ")
    lines = [line[2:] for line in text.splitlines() if line.startswith("$ ")]
    return [shlex.split(line, comments=True) for line in lines if not line.startswith(SHOWN_ONLY)]


def of(kind: str) -> list[Path]:
    return [page for page in PAGES if blocks(page, kind)]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def lifecircle(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lifecircle", *words], cwd=folder, timeout=300, check=False,
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip


def draw_map(path: Path) -> None:
    """Streets 100 m apart with homes between them, and a few shops and schools."""
    town = MapWriter(path)
    for row in range(13):
        for column in range(13):
            town.node(100 * row + column + 1, 100 * column, 100 * row)
    for k in range(13):
        town.way([100 * k + c + 1 for c in range(13)], highway="residential")
        town.way([100 * r + k + 1 for r in range(13)], highway="residential")
    for k in range(144):
        x, y, ref = 100 * (k % 12) + 30, 100 * (k // 12) + 30, 10_000 + 10 * k
        for corner, (dx, dy) in enumerate(((0, 0), (25, 0), (25, 25), (0, 25))):
            town.node(ref + corner, x + dx, y + dy)
        town.way([ref, ref + 1, ref + 2, ref + 3, ref], building="apartments", building__levels="6")
    for ref, x, y, amenity in (
        (1, 310, 210, "kindergarten"), (2, 710, 810, "pharmacy"), (3, 510, 510, "marketplace"),
        (4, 910, 410, "school"), (5, 310, 910, "clinic"), (6, 610, 410, "toilets"),
    ):  # fmt: skip
        town.node(90_000 + ref, x, y, amenity=amenity, name=f"第{ref}处")
    town.write()


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The files that the pages speak of, a district made of them, and two runs of it."""
    folder = tmp_path_factory.mktemp("docs")
    draw_map(folder / "area.osm.pbf")
    os.link(folder / "area.osm.pbf", folder / "spo.osm.pbf")
    lon, lat = MapWriter.METRE_LON, MapWriter.METRE_LAT
    west, south, east, north = 106.55, 29.55, 106.55 + 1200 * lon, 29.55 + 1200 * lat
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    (folder / "boundary.geojson").write_text(
        json.dumps({"type": "Polygon", "coordinates": [ring]}), "utf-8"
    )
    with rasterio.open(
        folder / "dem.tif", "w", driver="GTiff", width=400, height=400, count=1, dtype="float32",
        crs="EPSG:4326", transform=rasterio.Affine(1e-4, 0, 106.535, 0, -1e-4, 29.58), nodata=-9999,
    ) as file:  # fmt: skip
        file.write(np.full((1, 400, 400), 200.0, dtype="float32"))
    cells = [
        [106.55 + x * lon, 29.55 + y * lat, 40, (x + y) // 100 % 3, y // 400]
        for x in range(50, 1200, 100)
        for y in range(50, 1200, 100)
    ]
    write(folder / "hexagons.csv", ["lon", "lat", "population", "schools", "healthcare"], cells)
    walks = [["adult", west, south + k * 100 * lat, east, north, 1500 + 7 * k] for k in range(6)]
    write(
        folder / "walks.csv",
        ["profile", "from_lon", "from_lat", "to_lon", "to_lat", "seconds"], walks,
    )  # fmt: skip
    done = lifecircle(
        folder, "new", "town", "--osm", "area.osm.pbf", "--boundary", "boundary.geojson",
        "--code", "500103", "--name", "小城", "--elevation", "dem.tif",
        "--synthesise", "places,population,facilities,spaces,surveys",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    done = lifecircle(folder, "assess", "town", "--out", "results")
    assert done.returncode == 0, done.stderr
    shutil.copytree(folder / "results", folder / "results-2025")
    return folder


def write(path: Path, header: list[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture
def sandbox(town, demo, tmp_path, request):
    """A copy of the town where one page's commands may write, beside the demo district."""
    shutil.copytree(town, tmp_path, dirs_exist_ok=True)
    (tmp_path / "out").mkdir()
    shutil.copytree(demo[0], tmp_path / "out" / "demo")
    with (tmp_path / "town" / "facilities.csv").open(encoding="utf-8-sig") as file:
        ends = [
            (one["lon"], one["lat"]) for _, one in zip(range(2), csv.DictReader(file), strict=False)
        ]
    header = ["name", "kind", "lon", "lat", "to_lon", "to_lat", "cost_cny"]
    write(tmp_path / "ways.csv", header, [["云梯", "lift", *ends[0], *ends[1], 3_000_000]])
    return tmp_path


def spoken(folder: Path) -> dict[str, str]:
    """The names in the pages, and the places of the town that stand for them."""
    places = json.loads((folder / "town" / "places.geojson").read_text("utf-8"))["features"]
    first = {one["properties"]["level"]: one["properties"]["name_zh"] for one in places[::-1]}
    return {"解放碑街道": first["street"], "临江门社区": first["community"]}


@pytest.mark.parametrize("page", of("console"), ids=name)
def test_the_commands_of_a_page_do_what_it_says(page, sandbox):
    words = spoken(sandbox) if "quickstart" not in page.name else {}
    told = [[words.get(word, word) for word in command] for command in commands(page)]
    if not any(command[1:3] == ["new", "my-district"] for command in told):
        (sandbox / "town").rename(sandbox / "my-district")
    for command in told:
        if command[1] in IN_THE_TOWN:
            command[2] = next(one for one in ("town", "my-district") if (sandbox / one).is_dir())
    for command in told:
        assert Path(command[0]).name == "lifecircle", command
        done = lifecircle(sandbox, *command[1:])
        assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("page", of("python"), ids=name)
def test_the_python_of_a_page_runs(page, sandbox):
    (sandbox / "town").rename(sandbox / "my-district")
    program = "\n".join(blocks(page, "python"))
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-c", program], cwd=sandbox,
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
