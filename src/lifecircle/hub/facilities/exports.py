"""The register as a file: CSV, XLSX, GeoJSON, GeoParquet, GeoPackage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db.models import QuerySet
from django.http import HttpResponse

from lifecircle.engine.bundle.write import write_csv, write_geojson, write_geoparquet
from lifecircle.hub.downloads import download, write_book
from lifecircle.hub.facilities.fields import COLUMNS
from lifecircle.hub.facilities.models import Facility, Space
from lifecircle.hub.facilities.spaces import FIELDS as SPACE_FIELDS
from lifecircle.hub.text import no_formula


def response(rows: QuerySet[Facility], format_: str) -> HttpResponse:
    """The facilities as a download."""
    return download("facilities", format_, lambda path: _write(list(rows), path, format_))


def spaces(rows: QuerySet[Space], format_: str) -> HttpResponse:
    """The idle spaces as a download."""
    columns: dict[str, list[Any]] = {"id": [one.ref for one in rows]}
    columns |= {name: [getattr(one, name) for one in rows] for name in SPACE_FIELDS}
    columns |= {
        "allowed_types": [";".join(one.allowed_types) for one in rows],
        "place": [one.place.code for one in rows],
    }
    if format_ == "xlsx":
        return download("spaces", "xlsx", lambda path: write_book(path, {"spaces": columns}))
    return download("spaces", "csv", lambda path: _write_csv(path, columns))


def _write(rows: list[Facility], path: Path, format_: str) -> None:
    columns: dict[str, list[Any]] = {"id": [one.ref for one in rows]}
    columns |= {name: [_cell(getattr(one, name)) for one in rows] for name in COLUMNS}
    columns |= {
        "operator": [one.operator for one in rows],
        "place": [one.place.code for one in rows],
    }
    spots = shapely.points([[one.lon, one.lat] for one in rows] or np.empty((0, 2)))
    where = {"lon": [one.lon for one in rows], "lat": [one.lat for one in rows]}
    if format_ == "csv":
        _write_csv(path, columns | where)
    elif format_ == "xlsx":
        write_book(path, {"facilities": columns | where})
    elif format_ == "geojson":
        write_geojson(path, columns, spots)
    elif format_ == "parquet":
        write_geoparquet(path, columns, spots)
    else:
        import pyogrio.raw  # noqa: PLC0415  (a second to import, for one format)

        numbers = {"capacity", "floor_area_m2", "condition", "utilisation"}
        data = [
            np.array([np.nan if v is None else v for v in values], dtype=float)
            if name in numbers
            else np.array(["" if v is None else str(v) for v in values], dtype=object)
            for name, values in columns.items()
        ]
        pyogrio.raw.write(
            path, shapely.to_wkb(spots), data, list(columns), layer="facilities", driver="GPKG",
            geometry_type="Point", crs="EPSG:4326",
        )  # fmt: skip


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _write_csv(path: Path, columns: dict[str, list[Any]]) -> None:
    write_csv(path, {name: [no_formula(v) for v in values] for name, values in columns.items()})
