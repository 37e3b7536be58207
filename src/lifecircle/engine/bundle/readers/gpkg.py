"""GeoPackage."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from lifecircle.engine.bundle.readers.raw import RawTable, unreadable

_BROKEN_GPKG = (
    pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError, pyogrio.errors.FieldError, shapely.errors.GEOSException,
    ValueError, RuntimeError,
)  # fmt: skip


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


def _value(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and np.isnan(value) else value
