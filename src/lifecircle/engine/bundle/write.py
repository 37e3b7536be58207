"""Writing tables: atomically, and the same input gives the same bytes."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from lifecircle.atomic import atomic_file

Geometries = Sequence[Any] | np.ndarray[Any, Any]
Columns = Mapping[str, Sequence[Any] | np.ndarray[Any, Any] | pa.Array | pa.ChunkedArray]


def write_csv(path: Path, columns: Columns) -> None:
    """Write a CSV in UTF-8 with a BOM, so that Excel reads its Chinese; NaN and None are empty."""
    with (
        atomic_file(path) as temporary,
        temporary.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        for row in zip(*(_plain(values) for values in columns.values()), strict=True):
            writer.writerow(["" if value is None else value for value in row])


def write_geojson(path: Path, columns: Columns, geometries: Geometries) -> None:
    """Write a GeoJSON FeatureCollection in WGS84 (RFC 7946)."""
    names = list(columns)
    rows = zip(*(_plain(values) for values in columns.values()), strict=True)
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(names, row, strict=True)),
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for row, shape in zip(rows, geometries, strict=True)
    ]
    with atomic_file(path) as temporary:
        text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8")


def write_geoparquet(
    path: Path, columns: Columns, geometries: Geometries, crs: str = "EPSG:4326"
) -> None:
    """Write GeoParquet 1.1 with WKB geometries."""
    shapes = np.asarray(geometries, dtype=object)
    known = shapes[[shape is not None for shape in shapes]]
    kinds = sorted({shape.geom_type for shape in known})
    bounds = shapely.total_bounds(known).tolist() if len(known) else None
    geometry = {"encoding": "WKB", "geometry_types": kinds, "crs": CRS(crs).to_json_dict()}
    if bounds:
        geometry["bbox"] = bounds
    meta = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    arrays = {name: _arrow(values) for name, values in columns.items()}
    arrays["geometry"] = pa.array(shapely.to_wkb(shapes), type=pa.binary())
    table = pa.table(arrays).replace_schema_metadata({"geo": json.dumps(meta)})
    with atomic_file(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def _arrow(values: Any) -> pa.Array:
    return values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(_plain(values))


def _plain(values: Any) -> list[Any]:
    """Python values, NaN as None."""
    listed = values.to_pylist() if isinstance(values, pa.Array | pa.ChunkedArray) else values
    plain = [value.item() if isinstance(value, np.generic) else value for value in listed]
    return [None if isinstance(value, float) and value != value else value for value in plain]  # noqa: PLR0124
