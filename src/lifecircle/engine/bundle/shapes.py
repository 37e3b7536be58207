"""The geometries of a table: found, declared, checked, brought to WGS84."""

from __future__ import annotations

from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.engine.bundle.cells import Expected, number_of, text_of
from lifecircle.engine.bundle.crs import is_geographic, known_crs, to_wgs84
from lifecircle.engine.bundle.readers import RawTable
from lifecircle.errors import Issue

Shapes = NDArray[np.object_]
Wanted = Literal["none", "point", "polygon", "any", "all"]

PAIRS = (("lon", "lat"), ("经度", "纬度"), ("lng", "lat"), ("longitude", "latitude"), ("x", "y"))
_POINT, _LINE, _POLYGON, _MULTIPOINT, _MULTILINE, _MULTIPOLYGON = 0, 1, 3, 4, 5, 6
_KINDS: dict[str, tuple[tuple[int, ...], Expected]] = {
    "polygon": ((_POLYGON, _MULTIPOLYGON), ("a polygon", "多边形")),
    "any": ((_POINT, _POLYGON, _MULTIPOLYGON), ("a point or a polygon", "点或多边形")),
    "all": (
        (_POINT, _LINE, _POLYGON, _MULTIPOINT, _MULTILINE, _MULTIPOLYGON),
        ("points, lines or polygons", "点、线或多边形"),
    ),
}
_SWAPPED = (
    "longitude, then latitude; most latitudes are over 90: the axes look swapped",
    "先经度后纬度; 多数纬度超过 90, 疑经纬度颠倒",
)
_DEGREES = "longitude in -180..180 and latitude in -90..90", "经度 -180..180、纬度 -90..90"


def shapes_of(
    raw: RawTable, crs: str, wanted: Wanted, *, optional: NDArray[np.bool_] | None = None
) -> tuple[Shapes, list[Issue]]:
    """Read a table's geometries in WGS84, None where there is none or it is refused.

    Parameters
    ----------
    raw
        The table.
    crs
        Its declared system; "" and unknown ones are refused.
    wanted
        What shapes the table holds.
    optional
        (rows,) rows that may go without.
    """
    nothing: Shapes = np.full(len(raw), None, dtype=object)
    if not known_crs(crs):
        code, value = ("crs_unknown", crs) if crs else ("crs_missing", "")
        expected = (
            "a CRS in the file or in district.toml [crs]: an EPSG code, GCJ-02 or BD-09",
            "文件或 district.toml [crs] 中应声明坐标系: EPSG 代码、GCJ-02 或 BD-09",
        )
        return nothing, [Issue(code, raw.file, *expected, value=value)]
    shapes, issues = _found(raw)
    if shapes is None:
        return nothing, issues
    said = np.isin(raw.rows, [issue.row for issue in issues])
    skip = np.zeros(len(raw), dtype=bool) if optional is None else optional
    if _swapped(shapes, crs):
        return nothing, [Issue("misses_district", raw.file, *_SWAPPED, value="lon, lat")]
    for fault, expected in _faults(shapes, wanted, crs, skip):
        new = np.flatnonzero(fault & ~said)
        issues += [_issue(raw, int(k), shapes[k], expected) for k in new]
        said |= fault
    shapes[said] = None
    known = np.array([shape is not None for shape in shapes], dtype=bool)
    if known.any():
        as_given = shapes.copy()
        shapes[known] = to_wgs84(shapes[known], crs)
        lost = known & ~np.isfinite(shapely.bounds(shapes)).all(axis=1)
        expected = f"coordinates of {crs}, near where it is used", f"{crs} 适用范围内的坐标"
        issues += [_issue(raw, int(k), as_given[k], expected) for k in np.flatnonzero(lost)]
        shapes[lost] = None
    return shapes, sorted(issues, key=lambda issue: issue.row)


def _swapped(shapes: Shapes, crs: str) -> bool:
    """Whether most positions are no degrees, but would be with the axes the other way round."""
    if not is_geographic(crs):
        return False
    x, y = shapely.get_coordinates(shapes).T
    off = (np.abs(y) > 90.0) & (np.abs(x) <= 90.0) & (np.abs(y) <= 180.0)
    return bool(len(x) and off.mean() > 0.5)


def _found(raw: RawTable) -> tuple[Shapes | None, list[Issue]]:
    """Geometries as they stand in the table; None where it has no place for them."""
    if raw.geometry is not None:
        return raw.geometry.copy(), []
    if "wkt" in raw.columns:
        return _from_wkt(raw)
    pair = next((p for p in PAIRS if p[0] in raw.columns and p[1] in raw.columns), None)
    if pair is None:
        expected = "columns lon and lat, or wkt", "应有列 lon 与 lat, 或列 wkt"
        return None, [Issue("missing_column", raw.file, *expected)]
    return _from_numbers(raw, pair)


def _from_wkt(raw: RawTable) -> tuple[Shapes, list[Issue]]:
    texts = [text_of(cell) or None for cell in raw.columns["wkt"]]
    shapes: Shapes = np.full(len(raw), None, dtype=object)
    with np.errstate(all="ignore"):  # numbers beyond all bounds; positions are checked after
        shapes[:] = shapely.from_wkt(texts, on_invalid="ignore")
    issues = [
        Issue("geometry", raw.file, "well-known text", "WKT 几何", int(row), "wkt", text[:60])
        for row, text, shape in zip(raw.rows, texts, shapes, strict=True)
        if text is not None and shape is None
    ]
    return shapes, issues


def _from_numbers(raw: RawTable, pair: tuple[str, str]) -> tuple[Shapes, list[Issue]]:
    issues = []
    axes = []
    for name in pair:
        cells = raw.columns[name]
        values = np.array([number_of(cell) for cell in cells], dtype=np.float64)
        issues += [
            Issue("value", raw.file, "a coordinate", "坐标数字", int(raw.rows[k]), name,
                  text_of(cells[k])[:40])
            for k in np.flatnonzero(~np.isfinite(values))
        ]  # fmt: skip
        axes.append(values)
    good = np.isfinite(axes[0]) & np.isfinite(axes[1])
    shapes: Shapes = np.full(len(raw), None, dtype=object)
    shapes[good] = shapely.points(axes[0][good], axes[1][good])
    return shapes, issues


def _faults(
    shapes: Shapes, wanted: Wanted, crs: str, optional: NDArray[np.bool_]
) -> list[tuple[NDArray[np.bool_], Expected]]:
    """What can be wrong with a geometry, gravest first: (rows,) where, and what was expected."""
    none = shapely.is_missing(shapes)
    empty = (none & ~optional) | (shapely.is_empty(shapes) & ~none)
    kinds, expected = _KINDS[wanted]
    faults = [
        (empty, ("a geometry that is not empty", "非空几何")),
        (~none & ~np.isin(shapely.get_type_id(shapes), kinds), expected),
        (~none & ~shapely.is_valid(shapes), ("a valid geometry", "有效几何(不自相交)")),
    ]
    bounds = shapely.bounds(shapes)
    off = ~none & ~np.isfinite(bounds).all(axis=1)
    if is_geographic(crs):
        low, high = np.array([-180.0, -90.0]), np.array([180.0, 90.0])
        off |= ~none & ((bounds[:, :2] < low) | (bounds[:, 2:] > high)).any(axis=1)
        return [*faults, (off, _DEGREES)]
    return [*faults, (off, ("finite coordinates", "有限的坐标"))]


def _issue(raw: RawTable, k: int, shape: shapely.Geometry | None, expected: Expected) -> Issue:
    value = "" if shape is None else shape.geom_type
    if shape is not None and not shape.is_valid:
        value = f"{value}: {shapely.is_valid_reason(shape)}"
    elif shape is not None and shape.geom_type == "Point":
        value = shape.wkt
    return Issue("geometry", raw.file, *expected, int(raw.rows[k]), "geometry", value[:80])
