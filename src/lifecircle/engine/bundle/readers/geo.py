"""GeoJSON and GeoParquet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from lifecircle.engine.bundle.readers.raw import RawTable, unreadable
from lifecircle.errors import BundleError, Issue

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
