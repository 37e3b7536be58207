"""Taking a checked workbook into a bundle: a new bundle with its tables in place of the old."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from lifecircle.atomic import FolderKind, atomic_folder, check_folder
from lifecircle.engine.bundle.crs import to_wgs84
from lifecircle.engine.bundle.model import District
from lifecircle.engine.bundle.read import read_district
from lifecircle.engine.bundle.readers import find_table
from lifecircle.engine.bundle.references import type_ids
from lifecircle.engine.bundle.schema import TABLES
from lifecircle.engine.bundle.survey.checking import Checked, check_workbook, place_of
from lifecircle.engine.bundle.write import write_csv
from lifecircle.errors import BundleError

_NEW = FolderKind("nothing else", "不含其他文件", "", ())
Columns = dict[str, Any]


def import_workbook(path: Path | str, bundle: Path | str, out: Path | str) -> District:
    """Make a new bundle from an old one and a survey workbook.

    Sheets that hold records take the place of the old table as a whole: population, facilities (all
    facility sheets together), spaces. Tables that are taken over are no longer synthetic.

    Raises
    ------
    BundleError
        The workbook has errors; all are named, and nothing is written.
    OutputError
        `out` is not a new or empty folder.
    """
    bundle, out = Path(bundle), Path(out)
    check_folder(out, _NEW)
    district = read_district(bundle)
    checked = check_workbook(path, district)
    if checked.errors:
        errors = tuple(issue for issue in checked.issues if issue.severity == "error")
        raise BundleError(f"{path}: not imported / 未导入", errors)
    tables = {
        "population": _population(checked, district),
        "facilities": _facilities(checked, district),
        "spaces": _spaces(checked),
    }
    taken = {name: columns for name, columns in tables.items() if columns}
    with atomic_folder(out, _NEW) as folder:
        for file in sorted(bundle.iterdir()):
            if file.is_file() and file.name != "district.toml":
                shutil.copyfile(file, folder / file.name)
        for name, columns in taken.items():
            old = find_table(folder, name)
            if old is not None:
                old.unlink()
            write_csv(folder / f"{name}.csv", columns)
        toml = (bundle / "district.toml").read_text(encoding="utf-8-sig")
        (folder / "district.toml").write_text(_still_synthetic(toml, set(taken)), encoding="utf-8")
    return read_district(out)


def _still_synthetic(toml: str, taken: set[str]) -> str:
    """The settings without the tables that are no longer made up."""
    lines = []
    for line in toml.splitlines():
        if line.replace(" ", "").startswith("synthetic="):
            import tomllib  # noqa: PLC0415

            kept = [name for name in tomllib.loads(line)["synthetic"] if name not in taken]
            line = "synthetic = [" + ", ".join(f'"{name}"' for name in kept) + "]"  # noqa: PLW2901
        if any(line.replace(" ", "").startswith(f'{name}="') for name in taken):
            continue  # a system declared for a table that is WGS84 now
        lines.append(line)
    return "\n".join(lines) + "\n"


def _population(checked: Checked, district: District) -> Columns:
    table = checked.sheets.get("population")
    if table is None or len(table) == 0:
        return {}
    codes = district.places.code[place_of(district, table["place"])]
    rows = [
        (code, column.name, float(table[column.name][k]))
        for k, code in enumerate(codes)
        for column in checked.layouts["population"].columns[1:]
        if np.isfinite(table[column.name][k])
    ]
    place, group, persons = (list(v) for v in zip(*rows, strict=True)) if rows else ([], [], [])
    return {"place": place, "group": group, "persons": persons}


def _facilities(checked: Checked, district: District) -> Columns:
    names = [c.name for c in TABLES["facilities"].columns if c.name != "level"]
    flags = {c.name for c in TABLES["facilities"].columns if c.kind == "flag"}
    columns: dict[str, list[Any]] = {name: [] for name in (*names, "level", "lon", "lat")}
    for key, table in checked.sheets.items():
        layout = checked.layouts[key]
        if not layout.types or len(table) == 0:
            continue
        for name in names:
            values = table[name]
            if name == "type":
                values = type_ids(values, district.standards)
            columns[name] += [_flag(v) if name in flags else v for v in values]
        columns["level"] += [layout.level] * len(table)
        _add_positions(columns, table, checked.crs)
    return columns if columns["id"] else {}


def _spaces(checked: Checked) -> Columns:
    table = checked.sheets.get("spaces")
    if table is None or len(table) == 0:
        return {}
    columns: dict[str, list[Any]] = {c.name: list(table[c.name]) for c in TABLES["spaces"].columns}
    columns |= {"lon": [], "lat": []}
    _add_positions(columns, table, checked.crs)
    return columns


def _add_positions(columns: dict[str, list[Any]], table: Any, crs: str) -> None:
    spots = to_wgs84(shapely.points(table["lon"], table["lat"]), crs)
    columns["lon"] += [round(float(v), 8) for v in shapely.get_x(spots)]
    columns["lat"] += [round(float(v), 8) for v in shapely.get_y(spots)]


def _flag(value: Any) -> str:
    return {1: "yes", 0: "no"}.get(int(value), "")
