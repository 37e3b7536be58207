"""What the hub knows now, as a bundle that the engine reads and a card can be reproduced from."""

from __future__ import annotations

import os
import shutil
import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from lifecircle.engine.bundle.readers import find_table, read_table
from lifecircle.engine.bundle.references import type_ids
from lifecircle.engine.bundle.schema import TABLES
from lifecircle.engine.bundle.settings import FILE
from lifecircle.engine.bundle.validate import validate
from lifecircle.engine.bundle.write import write_csv, write_geojson
from lifecircle.hub.assessments.models import Ground
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places import queries as places
from lifecircle.hub.surveys import results as surveys

_OURS = ("places", "population", "facilities", "spaces", "surveys")
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
    before, since = _surveys(ground)
    if before or since:
        _write_columns(folder, "surveys", before + since)
    _write_settings(ground, folder, asked_anew=not before)


def _link(file: Path, target: Path) -> None:
    try:
        os.link(file, target)  # nothing in a bundle is ever written in place
    except OSError:
        shutil.copyfile(file, target)


def _write_places(folder: Path) -> None:
    tree = list(places.tree_rows().select_related("parent"))
    circles = list(places.circle_rows())
    rows = tree + circles
    columns = {
        "code": [one.code for one in rows],
        "name_zh": [one.name_zh for one in rows],
        "name_en": [one.name_en for one in rows],
        "level": [one.level for one in rows],
        "parent": [one.parent.code if one.parent else "" for one in tree] + [""] * len(circles),
        "members": [";".join(one.members) for one in rows],
    }
    shapes = [one.geometry for one in tree] + [None] * len(circles)  # a circle is its members
    write_geojson(folder / "places.geojson", columns, shapes)


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


def _surveys(ground: Ground) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What residents said before this hub, as far as it stands, and what they said since.

    A survey takes the place of all that was known of its types at its place and below; what was known of a place that
    has ended is left out.
    """
    names = [column.name for column in TABLES["surveys"].columns]
    since = surveys.satisfaction()
    asked = {(row["type"], row["lineage"]) for row in since}
    path = find_table(ground.folder, "surveys")
    before = []
    if path is not None:
        table = validate(read_table(path, "surveys"), TABLES["surveys"])[0]
        kinds = type_ids(table["type"], facilities.standards())
        lineages = {one.code: one.lineage for one in places.tree_rows()}
        for k, kind in enumerate(kinds.tolist()):
            lineage = lineages.get(str(table["place"][k]))
            if lineage is None or any(t == kind and lineage.startswith(top) for t, top in asked):
                continue
            row = {name: table[name][k] for name in names}
            before.append(row | {"type": kind, "answers": int(row["answers"])})
    return before, [{name: row[name] for name in names} for row in since]


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


def _write_settings(ground: Ground, folder: Path, *, asked_anew: bool) -> None:
    """The settings as they were, with our tables in WGS84; answers are not made up where all are of this hub's surveys."""
    content = tomllib.loads((ground.folder / FILE).read_text(encoding="utf-8-sig"))
    made_up = content.get("synthetic", [])
    if asked_anew and "surveys" in made_up:
        content["synthetic"] = [name for name in made_up if name != "surveys"]
    crs = content.setdefault("crs", {})
    for name in _OURS:
        crs.pop(name, None)
        if TABLES[name].geometry != "none":
            crs[name] = "EPSG:4326"
    (folder / FILE).write_text(tomli_w.dumps(content), encoding="utf-8")
