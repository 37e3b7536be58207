"""What the hub knows now, as a bundle that the engine reads and a card can be reproduced from."""

from __future__ import annotations

import os
import shutil
import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from lifecircle.engine.bundle.readers import find_table
from lifecircle.engine.bundle.schema import TABLES
from lifecircle.engine.bundle.settings import FILE
from lifecircle.engine.bundle.write import write_csv, write_geojson
from lifecircle.hub.assessments.models import Ground
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places import queries as places

_OURS = ("places", "population", "facilities", "spaces")
"""Tables that the hub keeps; the others, and the map, are those of the bundle it was loaded from."""


def write_snapshot(ground: Ground, folder: Path) -> None:
    """Write a bundle of the present state into a folder, which is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tables = {find_table(ground.folder, name) for name in _OURS}
    for file in sorted(ground.folder.iterdir()):
        if file.is_file() and file not in tables and file.name != FILE:
            _link(file, folder / file.name)
    _write_places(folder)
    _write_columns(folder, "population", _population())
    _write_columns(folder, "facilities", _facilities())
    spaces = _spaces()
    if spaces:
        _write_columns(folder, "spaces", spaces)
    _write_settings(ground, folder)


def _link(file: Path, target: Path) -> None:
    try:
        os.link(file, target)  # nothing in a bundle is ever written in place
    except OSError:
        shutil.copyfile(file, target)


def _write_places(folder: Path) -> None:
    rows = list(places.tree_rows().select_related("parent"))
    columns = {
        "code": [one.code for one in rows],
        "name_zh": [one.name_zh for one in rows],
        "name_en": [one.name_en for one in rows],
        "level": [one.level for one in rows],
        "parent": [one.parent.code if one.parent else "" for one in rows],
    }
    write_geojson(folder / "places.geojson", columns, [one.geometry for one in rows])


def _write_columns(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0]) if rows else [c.name for c in TABLES[name].columns]
    write_csv(folder / f"{name}.csv", {n: [row[n] for row in rows] for n in names})


def _population() -> list[dict[str, Any]]:
    return [
        {"place": one.place.code, "group": one.group, "persons": one.persons}
        for one in places.population_rows()
    ]


def _facilities() -> list[dict[str, Any]]:
    names = [c.name for c in TABLES["facilities"].columns if c.name not in {"id", "year", "source"}]
    return [
        {
            "id": row["ref"],
            **{n: _cell(row[n]) for n in names},
            "lon": row["lon"],
            "lat": row["lat"],
        }
        for row in facilities.register_rows()
    ]


def _spaces() -> list[dict[str, Any]]:
    return [
        {
            "id": row["ref"], **{n: _cell(v) for n, v in row.items() if n != "ref"},
            "allowed_types": ";".join(row["allowed_types"]),
        }
        for row in facilities.space_rows()
    ]  # fmt: skip


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


def _write_settings(ground: Ground, folder: Path) -> None:
    """The settings as they were, with our tables in WGS84."""
    content = tomllib.loads((ground.folder / FILE).read_text(encoding="utf-8-sig"))
    crs = content.setdefault("crs", {})
    for name in _OURS:
        crs.pop(name, None)
        if TABLES[name].geometry != "none":
            crs[name] = "EPSG:4326"
    (folder / FILE).write_text(tomli_w.dumps(content), encoding="utf-8")
