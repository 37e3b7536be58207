"""A division kept: a new bundle whose places hold its circles, so that they are graded like places."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from lifecircle.atomic import FolderKind, atomic_folder, check_folder
from lifecircle.engine.bundle import read_district
from lifecircle.engine.bundle.model import District
from lifecircle.engine.bundle.readers import find_table, read_table
from lifecircle.engine.bundle.schema import TABLES
from lifecircle.engine.bundle.settings import FILE, read_settings
from lifecircle.engine.bundle.shapes import shapes_of
from lifecircle.engine.bundle.tree import without_shape
from lifecircle.engine.bundle.validate import validate
from lifecircle.engine.bundle.write import write_csv
from lifecircle.engine.circles.model import Division, Units

_NEW = FolderKind("nothing else", "不含其他文件", "", ())


def keep_circles(bundle: Path | str, out: Path | str, units: Units, division: Division) -> District:
    """Write a bundle like another, with the circles of a division in place of those it had.

    A circle is called after its centre and names its members; its code is `circle-1` and so on.

    Raises
    ------
    BundleError
        The bundle cannot be read.
    OutputError
        `out` is not a new or empty folder.
    """
    bundle, out = Path(bundle), Path(out)
    check_folder(out, _NEW)
    read_district(bundle)
    path = find_table(bundle, "places")
    assert path is not None  # noqa: S101  (a district was read from it)
    raw = read_table(path, "places")
    table, _ = validate(raw, TABLES["places"])
    crs = raw.crs or read_settings(bundle)[0].crs_of("places", "")
    shapes, _ = shapes_of(raw, crs, "polygon", optional=without_shape(table))
    rest = table["level"] != "circle"
    columns: dict[str, list[Any]] = {
        name: list(values[rest]) for name, values in table.columns.items()
    }
    for row in _rows(units, division):
        for name, values in columns.items():
            values.append(row.get(name, ""))
    geometry = [*shapes[rest], *[None] * len(division.circles)]
    with atomic_folder(out, _NEW) as folder:
        for file in sorted(bundle.iterdir()):
            if file.is_file() and file.name not in {path.name, FILE}:
                shutil.copyfile(file, folder / file.name)
        _write(folder / "places.csv", columns, geometry)
        toml = (bundle / FILE).read_text(encoding="utf-8-sig")
        (folder / FILE).write_text(_in_wgs84(toml), encoding="utf-8")
    return read_district(out)


def _rows(units: Units, division: Division) -> list[dict[str, str]]:
    name = dict(zip(units.code, units.name, strict=True))
    return [
        {
            "code": f"circle-{number}", "level": "circle", "members": ";".join(one.members),
            "name_zh": f"{name[one.centre]}生活圈",
        }
        for number, one in enumerate(division.circles, start=1)
    ]  # fmt: skip


def _write(path: Path, columns: dict[str, list[Any]], geometry: list[Any]) -> None:
    wkt = [
        "" if shape is None else shapely.to_wkt(shape, rounding_precision=8) for shape in geometry
    ]
    write_csv(path, {**columns, "wkt": np.array(wkt, dtype=object)})


def _in_wgs84(toml: str) -> str:
    """The settings, with places in WGS84."""
    lines = [line for line in toml.splitlines() if not line.replace(" ", "").startswith('places="')]
    at = next((k for k, line in enumerate(lines) if line.strip() == "[crs]"), None)
    if at is None:
        lines += ["", "[crs]"]
        at = len(lines) - 1
    lines.insert(at + 1, 'places = "EPSG:4326"')
    return "\n".join(lines) + "\n"
