"""The register as a file: CSV, XLSX, GeoJSON, GeoParquet, GeoPackage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely
import xlsxwriter
from django.db.models import QuerySet
from django.http import HttpResponse

from lifecircle.engine.bundle.write import write_csv, write_geojson, write_geoparquet
from lifecircle.hub.downloads import download
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
    write = _write_xlsx if format_ == "xlsx" else _write_csv
    return download("spaces", format_, lambda path: write(path, columns))


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
        _write_xlsx(path, columns | where)
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


def _write_xlsx(path: Path, columns: dict[str, list[Any]]) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet(path.stem)
        bold = book.add_format({"bold": True})
        for column, (name, values) in enumerate(columns.items()):
            sheet.write_string(0, column, name, bold)
            for row, value in enumerate(values, start=1):
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif value is not None:
                    sheet.write_number(row, column, value)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(columns["id"]), len(columns) - 1)
