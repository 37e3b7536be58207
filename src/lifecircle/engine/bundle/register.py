"""A register of facilities or idle spaces kept elsewhere: its rows read and checked as a bundle's are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely

from lifecircle.engine.bundle.readers import RawTable, read_table
from lifecircle.engine.bundle.readers.raw import from_records
from lifecircle.engine.bundle.references import check_references, type_ids
from lifecircle.engine.bundle.schema import TABLES
from lifecircle.engine.bundle.shapes import shapes_of
from lifecircle.engine.bundle.validate import Table, validate
from lifecircle.engine.standards import Standards
from lifecircle.errors import Issue

Register = Literal["facilities", "spaces"]
Row = dict[str, Any]


def read_register(
    path: Path, register: Register, standards: Standards, *, crs: str = "EPSG:4326"
) -> tuple[list[Row], list[Issue]]:
    """Read a register's table in any format of a bundle.

    Parameters
    ----------
    path, register
        The file, and which register it holds.
    standards
        Whose facility types it may name.
    crs
        What its coordinates are in, where the file does not say.

    Returns
    -------
    rows, issues
        Rows by the names of `TABLES[register]` with `lon` and `lat` (WGS84, degrees) and `row`, its number
        in the file; what is not known is absent. Rows with an error are left out.

    Raises
    ------
    BundleError
        The file cannot be read at all.
    """
    return _checked(read_table(path, register), register, standards, crs)


def check_register(
    rows: Sequence[Row], register: Register, standards: Standards
) -> tuple[list[Row], list[Issue]]:
    """Check rows that come from elsewhere, with `lon` and `lat` in WGS84; as `read_register`."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    records = [[row.get(name) for name in names] for row in rows]
    return _checked(from_records(register, names, records, 1), register, standards, "EPSG:4326")


def typed_register(
    raw: RawTable, register: Register, standards: Standards
) -> tuple[Table, list[Issue]]:
    """Type a register's raw table; every bad cell, and every type or hour that is none, gives one issue."""
    table, issues = validate(raw, TABLES[register])
    alone = {**dict.fromkeys(TABLES), register: table}
    return table, [*raw.notes, *issues, *check_references(alone, standards)]


def _checked(
    raw: RawTable, register: Register, standards: Standards, crs: str
) -> tuple[list[Row], list[Issue]]:
    table, issues = typed_register(raw, register, standards)
    shapes, found = shapes_of(raw, raw.crs or crs, TABLES[register].geometry)
    issues += found
    bad = {issue.row for issue in issues if issue.severity == "error"}
    if 0 in bad:
        return [], issues
    if register == "facilities":
        table.columns["type"][:] = type_ids(table["type"], standards)
    rows = []
    for k, number in enumerate(raw.rows.tolist()):
        if number not in bad and shapes[k] is not None:
            spot = shapely.point_on_surface(shapes[k])
            place = {"lon": round(spot.x, 8), "lat": round(spot.y, 8), "row": number}
            rows.append({**_plain(table, register, k), **place})
    return rows, issues


def _plain(table: Table, register: Register, k: int) -> Row:
    """One row in Python's own types, without what is not known."""
    row: Row = {}
    for column in TABLES[register].columns:
        value = table[column.name][k]
        if column.kind == "flag":
            if value >= 0:
                row[column.name] = bool(value)
        elif isinstance(value, float | np.floating):
            if np.isfinite(value):
                row[column.name] = int(value) if column.kind == "integer" else float(value)
        elif value != "":
            row[column.name] = str(value)
    return row
