"""A file that somebody brings: its fields, and each row with its shape in WGS84. All that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from lifecircle.engine.bundle.crs import utm_of
from lifecircle.engine.bundle.mojibake import damaged_columns
from lifecircle.engine.bundle.position import Witness, check_position
from lifecircle.engine.bundle.readers import RawTable, read_table
from lifecircle.engine.bundle.shapes import PAIRS, Shapes, shapes_of
from lifecircle.errors import BundleError, Issue
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.layers.columns import Field, check_names, typed
from lifecircle.hub.layers.joining import join_column, joined

MOST_FEATURES = 20_000
MOST_FIELDS = 100
MOST_VERTICES_EACH = 100_000
MOST_VERTICES = 1_000_000
_KIND = {0: "point", 4: "point", 1: "line", 5: "line", 3: "polygon", 6: "polygon"}
_WORDS = {"point": "点", "line": "线", "polygon": "多边形"}
_ALIASES = {
    "lon": ("lon", "经度", "lng", "longitude", "x"),
    "lat": ("lat", "纬度", "latitude", "y"),
}


@dataclass(frozen=True, slots=True)
class How:
    """How a file is to be read.

    `crs` is what its coordinates are in, "" for what it says itself (WGS84 where it says nothing); `join` the
    column that names places, "" for one that is found where there are no coordinates; `table` which layer of a
    GeoPackage.
    """

    crs: str = ""
    join: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the file."""

    number: int
    shape: shapely.Geometry
    values: list[Any]


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds; `notes` are warnings."""

    fields: list[Field]
    kind: str
    rows: list[Row]
    notes: list[Issue]


def read_layer(
    path: Path, how: How, places: Iterable[Any], outline: shapely.Geometry | None
) -> Content:
    """Read a layer in any format of a bundle.

    Parameters
    ----------
    path, how
        The file.
    places
        What rows may be joined to.
    outline
        The district, which the rows are held against; None for nothing.

    Raises
    ------
    InvalidError
        Something is wrong with it; every row at fault is named.
    """
    try:
        raw = read_table(path, how.table or path.stem)
    except BundleError as error:
        raise _refused(list(error.issues)) from error
    _stop(_limits(raw) or check_names(raw))
    shapes, used, issues = _shapes(raw, how, places, outline)
    fields, columns, found = typed(raw, [name for name in raw.columns if name not in used])
    kind, odd = _one_kind(raw, shapes)
    issues = [*raw.notes, *damaged_columns(raw), *found, *issues, *odd]
    _stop(issues)
    cells = zip(*columns, strict=True) if columns else [()] * len(raw)
    rows = [
        Row(int(number), shapely.force_2d(shape), list(values))
        for number, shape, values in zip(raw.rows, shapes, cells, strict=True)
    ]
    return Content(fields, kind, rows, issues)


def _limits(raw: RawTable) -> list[Issue]:
    """What is too large to go on with."""
    if not len(raw):
        return [Issue("empty", raw.file, "at least one row", "至少一行")]
    if len(raw) > MOST_FEATURES:
        expected = f"at most {MOST_FEATURES:,} rows", f"最多 {MOST_FEATURES:,} 行"
        return [Issue("rows", raw.file, *expected, value=str(len(raw)))]
    if len(raw.columns) > MOST_FIELDS:
        expected = f"at most {MOST_FIELDS} columns", f"最多 {MOST_FIELDS} 列"
        return [Issue("columns", raw.file, *expected, value=str(len(raw.columns)))]
    return [] if raw.geometry is None else _vertices(raw, raw.geometry)


def _vertices(raw: RawTable, shapes: Shapes) -> list[Issue]:
    counts = shapely.get_num_coordinates(shapes)
    expected = f"at most {MOST_VERTICES_EACH:,} vertices", f"最多 {MOST_VERTICES_EACH:,} 个顶点"
    issues = [
        Issue("vertices", raw.file, *expected, int(raw.rows[k]), "geometry", f"{counts[k]:,}")
        for k in np.flatnonzero(counts > MOST_VERTICES_EACH)
    ]
    if not issues and counts.sum() > MOST_VERTICES:
        expected = (
            f"at most {MOST_VERTICES:,} vertices in all",
            f"合计最多 {MOST_VERTICES:,} 个顶点",
        )
        issues.append(Issue("vertices", raw.file, *expected, value=f"{counts.sum():,}"))
    return issues


def _shapes(
    raw: RawTable, how: How, places: Iterable[Any], outline: shapely.Geometry | None
) -> tuple[Shapes, set[str], list[Issue]]:
    """Shapes, the columns that they were made of, and what is wrong with them."""
    named = _named(raw)
    has_own = raw.geometry is not None or "wkt" in named.columns or "lon" in named.columns
    join = how.join or ("" if has_own else join_column(raw) or "")
    if join:
        if join not in raw.columns:
            expected = (
                f"one of its columns: {', '.join(raw.columns)}",
                f"表中的列: {'、'.join(raw.columns)}",
            )
            raise _refused([Issue("missing_column", raw.file, *expected, value=join)])
        return (joined_ := joined(raw, join, places))[0], set(), joined_[1]
    if not has_own:
        expected = (
            "columns lon and lat, wkt, or one that names places (place, code, 社区, 街道)",
            "应有经度和纬度列、wkt 列, 或写明地方的列 (社区、街道、代码)",
        )
        raise _refused([Issue("missing_column", raw.file, *expected)])
    crs = how.crs or named.crs or "EPSG:4326"
    shapes, issues = shapes_of(named, crs, "all")
    if raw.geometry is None:
        _stop(_vertices(raw, shapes))
    back = {new: old for old, new in zip(raw.columns, named.columns, strict=True)}
    issues = [replace(one, column=back.get(one.column, one.column)) for one in issues]
    if outline is not None and not any(one.severity == "error" for one in issues):
        issues += check_position(named, shapes, crs, _witness(outline))
    used = (
        set() if raw.geometry is not None else {"wkt"} if "wkt" in named.columns else {"lon", "lat"}
    )
    return shapes, {back[name] for name in used}, issues


def _named(raw: RawTable) -> RawTable:
    """The table with its columns of coordinates named as a bundle names them, however they are written."""
    lower = {name.strip().lower(): name for name in raw.columns}
    new: dict[str, str] = {lower["wkt"]: "wkt"} if "wkt" in lower else {}
    pair = next((p for p in PAIRS if p[0] in lower and p[1] in lower), None)
    if pair and not new:
        new = {lower[pair[0]]: "lon", lower[pair[1]]: "lat"}
    return replace(raw, columns={new.get(name, name): cells for name, cells in raw.columns.items()})


def _witness(outline: shapely.Geometry) -> Witness:
    return Witness(outline, utm_of(outline), np.zeros((0, 2)), np.zeros(0, dtype=object))


def _one_kind(raw: RawTable, shapes: Shapes) -> tuple[str, list[Issue]]:
    """What most shapes are; the others are refused."""
    kinds = [_KIND.get(k, "") for k in shapely.get_type_id(shapes).tolist()]
    found = [kind for kind in kinds if kind]
    most = max(_WORDS, key=found.count)
    expected = (
        f"a {most}, as in most rows: one kind a layer",
        f"与多数行一样为{_WORDS[most]}: 一个图层一种几何",
    )
    return most, [
        Issue("geometry", raw.file, *expected, int(row), "geometry", kind)
        for row, kind in zip(raw.rows, kinds, strict=True)
        if kind and kind != most
    ]


def _stop(issues: list[Issue]) -> None:
    """Refuse the file if anything in it is wrong, row by row."""
    errors = sorted((one for one in issues if one.severity == "error"), key=lambda one: one.row)
    if errors:
        raise _refused(errors)


def _refused(issues: list[Issue]) -> InvalidError:
    return InvalidError(
        f"a file without faults; {len(issues)} were found, and nothing was kept",
        f"文件有 {len(issues)} 处错误, 未保存任何内容", issues,
    )  # fmt: skip
