"""A layer, or what it comes to by place, as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
from django.http import HttpResponse

from lifecircle.engine.bundle.write import write_csv, write_geojson
from lifecircle.hub.downloads import download
from lifecircle.hub.layers.aggregating import Measure, Summed
from lifecircle.hub.layers.models import Layer
from lifecircle.hub.layers.queries import Features, fields_of
from lifecircle.hub.text import no_formula

Format = Literal["csv", "geojson", "gpkg"]
_POSITION = ("lon", "lat", "wkt")
_MULTI = {
    "point": shapely.multipoints,
    "line": shapely.multilinestrings,
    "polygon": shapely.multipolygons,
}
_NAMES = {"point": "Point", "line": "LineString", "polygon": "Polygon"}


def layer_file(one: Layer, features: Features, format_: Format) -> HttpResponse:
    """The features as a download."""
    names = [field.name for field in fields_of(one)]
    columns = {name: [row[k] for row in features.values] for k, name in enumerate(names)}

    def write(path: Path) -> None:
        if format_ == "csv":
            free = {_free(name, _POSITION): values for name, values in columns.items()}
            write_csv(path, _cells(free | _where(one, features)))
        elif format_ == "geojson":
            write_geojson(path, columns, features.shapes)
        else:
            _write_gpkg(path, one, features, columns)

    return download(one.name, format_, write, stem="layer")


def summed_file(one: Layer, summed: Sequence[Summed], measure: Measure) -> HttpResponse:
    """What a layer comes to by place, as CSV."""
    columns: dict[str, list[Any]] = {
        "place": [row.place.code for row in summed],
        "name_zh": [row.place.name_zh for row in summed],
        "name_en": [row.place.name_en for row in summed],
        "features": [row.count for row in summed],
        measure: [row.value for row in summed],
    }
    name = f"{one.name}-{measure}"
    return download(name, "csv", lambda path: write_csv(path, _cells(columns)), stem="summed")


def _cells(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """As a spreadsheet may open it."""
    return {
        str(no_formula(name)): [no_formula(_plain(value)) for value in values]
        for name, values in columns.items()
    }


def _plain(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _where(one: Layer, features: Features) -> dict[str, list[Any]]:
    """Columns of the position."""
    if one.kind == "point" and all(shape.geom_type == "Point" for shape in features.shapes):
        found = {"lon": shapely.get_x(features.shapes), "lat": shapely.get_y(features.shapes)}
    else:
        found = {"wkt": shapely.to_wkt(features.shapes, rounding_precision=8)}
    return {name: values.tolist() for name, values in found.items()}


def _free(name: str, taken: Sequence[str]) -> str:
    lower = {one.lower() for one in taken}
    return name if name.lower() not in lower else _free(f"{name}_", taken)


def _write_gpkg(path: Path, one: Layer, features: Features, columns: dict[str, list[Any]]) -> None:
    import pyogrio.raw  # noqa: PLC0415  (a second to import, for one format)

    names: list[str] = []
    for name in columns:  # SQLite takes A for a, and keeps two names for itself
        names.append(_free(name, [*names, "fid", "geom"]))
    kinds = {field.name: field.kind for field in fields_of(one)}
    shapes, kind = _of_one_type(one.kind, features.shapes)
    pyogrio.raw.write(
        path, shapely.to_wkb(shapes), [_array(kinds[n], v) for n, v in columns.items()], names,
        field_mask=[np.array([value is None for value in values]) for values in columns.values()],
        layer="layer", driver="GPKG", geometry_type=kind, crs="EPSG:4326",
    )  # fmt: skip


def _array(kind: str, values: list[Any]) -> Any:
    if kind == "number":
        return np.array([0.0 if value is None else value for value in values], dtype=np.float64)
    if kind == "flag":
        return np.array([bool(value) for value in values])
    if kind == "date":
        return np.array([value or "1970-01-01" for value in values], dtype="datetime64[D]")
    return np.array(["" if value is None else value for value in values], dtype=object)


def _of_one_type(kind: str, shapes: Any) -> tuple[Any, str]:
    """Shapes of one type, single or all of several parts."""
    name = _NAMES[kind]
    if all(shape.geom_type == name for shape in shapes):
        return shapes, name
    multi = _MULTI[kind]
    return np.array(
        [multi(shapely.get_parts(shape)) for shape in shapes], dtype=object
    ), f"Multi{name}"
