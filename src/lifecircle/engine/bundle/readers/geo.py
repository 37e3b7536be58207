"""GeoJSON, GeoPackage and GeoParquet."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from lifecircle.engine.bundle.readers.raw import RawTable, unreadable
from lifecircle.errors import BundleError, Issue

_BROKEN_GPKG = (
    pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError, pyogrio.errors.FieldError, shapely.errors.GEOSException,
    ValueError, RuntimeError,
)  # fmt: skip
_BROKEN_PARQUET = (
    pa.ArrowException, shapely.errors.GEOSException, CRSError, ValueError, KeyError, OSError,
    TypeError, AttributeError,
)  # fmt: skip


def read_geojson(path: Path) -> RawTable:
    """Read a FeatureCollection; WGS84 unless its `crs` member names another."""
    expected = ("a GeoJSON FeatureCollection", "GeoJSON 要素集合")
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        features = content["features"]
        properties = [feature.get("properties") or {} for feature in features]
        texts = [json.dumps(feature.get("geometry")) for feature in features]
        names = list(dict.fromkeys(str(name) for row in properties for name in row))
        columns = {name: [row.get(name) for row in properties] for name in names}
        crs = content.get("crs") or {}
        declared = str(crs.get("properties", {}).get("name", "EPSG:4326"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise unreadable(path.name, error, *expected) from error
    with np.errstate(all="ignore"):  # numbers beyond all bounds; positions are checked after
        shapes = shapely.from_geojson(
            [t if t != "null" else None for t in texts], on_invalid="ignore"
        )
    broken = [
        Issue("geometry", path.name, "a GeoJSON geometry", "GeoJSON 几何", row=k + 1)
        for k, (text, shape) in enumerate(zip(texts, shapes, strict=True))
        if text != "null" and shape is None
    ]
    if broken:
        raise BundleError(f"{path.name}: broken geometries / 几何有误", tuple(broken))
    return RawTable(path.name, columns, np.arange(1, len(shapes) + 1), shapes, declared)


def read_gpkg(path: Path, table: str) -> RawTable:
    """Read the only layer of a GeoPackage, or the one named after the table."""
    try:
        layers, meta, geometry, fields = _read_layer(path, table)
        shapes = None if geometry is None else shapely.from_wkb(geometry)
    except _BROKEN_GPKG as error:
        raise unreadable(path.name, error, "a GeoPackage", "GeoPackage 文件") from error
    if meta is None:
        expected = f"one layer, or a layer {table}", f"仅一个图层, 或名为 {table} 的图层"
        raise unreadable(path.name, ", ".join(layers), *expected)
    columns = {
        str(name): [_value(v) for v in values]
        for name, values in zip(meta["fields"], fields, strict=True)
    }
    count = len(geometry) if geometry is not None else len(fields[0]) if len(fields) else 0
    return RawTable(path.name, columns, np.arange(1, count + 1), shapes, meta["crs"] or "")


def _read_layer(path: Path, table: str) -> tuple[list[str], Any, Any, Any]:
    """The names of the layers; metadata, WKB and fields of the right one, None without one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what matters raises; the rest is about writing
        layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        if len(layers) != 1 and table not in layers:
            return layers, None, None, None
        layer = table if table in layers else layers[0]
        meta, _, geometry, fields = pyogrio.raw.read(path, layer=layer)
        return layers, meta, geometry, fields


def read_parquet(path: Path) -> RawTable:
    """Read Parquet, with geometry and CRS from its GeoParquet metadata where it has them."""
    try:
        table = pq.read_table(path)
        meta = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
        primary = meta.get("primary_column", "")
        shapes, crs = None, ""
        if primary:
            shapes = shapely.from_wkb(table[primary].to_numpy(zero_copy_only=False))
            crs = _crs_of(meta["columns"][primary])
        columns = {n: table[n].to_pylist() for n in table.column_names if n != primary}
    except _BROKEN_PARQUET as error:
        raise unreadable(path.name, error, "a GeoParquet file", "GeoParquet 文件") from error
    return RawTable(path.name, columns, np.arange(1, table.num_rows + 1), shapes, crs)


def _crs_of(column: dict[str, Any]) -> str:
    """GeoParquet: a missing `crs` is longitude and latitude, a null one is not known."""
    if "crs" not in column:
        return "EPSG:4326"
    return "" if column["crs"] is None else str(CRS(column["crs"]).to_string())


def _value(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and np.isnan(value) else value
