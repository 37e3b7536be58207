"""A run as a GeoPackage that QGIS opens already coloured."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import tempfile
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import shapely

from lifecircle.atomic import atomic_file
from lifecircle.engine.papers.maps import MARKERS
from lifecircle.engine.report.colours import Swatch, swatches
from lifecircle.engine.runs import Run
from lifecircle.engine.standards import default

_LEVELS = ("district", "street", "community", "grid", "circle")
_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
  styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))
"""
_LONG_AGO = "2000-01-01T00:00:00.000Z"


def write_geopackage(run: Run | Path | str, out: Path | str) -> None:
    """Write a run's places, buildings and facilities as layers with QGIS styles.

    Layers: one a level of places with the colour of the whole, each theme and each category;
    `facilities` with their own cards; `buildings` with people and parts. Places are filled by the
    overall card, facilities marked by their own: by colour, and by a shape a colour.

    Parameters
    ----------
    run
        A run, or its folder.
    out
        A `.gpkg` file.

    Raises
    ------
    InputError
        The run cannot be read.
    OSError
        The disk is full, or the file cannot be written.
    """
    opened = run if isinstance(run, Run) else Run.open(run)
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "cards.gpkg"  # GDAL wants the ending
        try:
            _fill(made, opened)
        except (
            pyogrio.errors.DataSourceError,
            pyogrio.errors.DataLayerError,
            sqlite3.Error,
        ) as error:
            raise OSError(errno.EIO, str(error)[:120], str(out)) from error
        with atomic_file(Path(out)) as temporary:
            shutil.copyfile(made, temporary)


def _fill(made: Path, run: Run) -> None:
    marks = {str(k): v for k, v in swatches(default()).items()}
    places = run.table("places")
    for level in _LEVELS:
        rows = np.array(places["level"].to_pylist()) == level
        if rows.any():
            _layer(made, level, places.filter(pa.array(rows)))
    for name in ("facilities", "buildings"):
        _layer(made, name, run.table(name))
    known = set(places["level"].to_pylist())
    styles = [(level, _qml(marks, "overall", polygon=True)) for level in _LEVELS if level in known]
    _add_styles(made, [*styles, ("facilities", _qml(marks, "colour", polygon=False))])


def _layer(path: Path, name: str, table: pa.Table) -> None:
    shapes = shapely.from_wkb(table["geometry"].to_pylist())
    kinds = {shape.geom_type for shape in shapes if shape is not None}
    kind = "Point" if kinds == {"Point"} else "MultiPolygon"
    if kind == "MultiPolygon":
        shapes = np.array([
            shapely.MultiPolygon([s]) if s is not None and s.geom_type == "Polygon" else s for s in shapes
        ], dtype=object)  # fmt: skip
    names = [column for column in table.column_names if column != "geometry"]
    pyogrio.raw.write(
        str(path), shapely.to_wkb(shapes), [_values(table[n]) for n in names], np.array(names),
        layer=name, driver="GPKG", geometry_type=kind, crs="EPSG:4326", append=path.exists(),
    )  # fmt: skip


def _values(column: pa.ChunkedArray) -> Any:
    if pa.types.is_floating(column.type):
        return column.to_numpy().astype(np.float64)
    if pa.types.is_boolean(column.type):
        return np.array(column.to_pylist(), dtype=bool)
    if pa.types.is_integer(column.type):
        return column.to_numpy().astype(np.int64)
    return np.array(column.to_pylist(), dtype=object)


def _add_styles(path: Path, styles: list[tuple[str, str]]) -> None:
    """Put styles where QGIS looks for them, and make the file the same every time."""
    with sqlite3.connect(path) as base:
        base.execute(_STYLES)
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', ?)", (_LONG_AGO,),
        )  # fmt: skip
        base.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, useAsDefault, description, owner, update_time) "
            "VALUES ('', '', ?, 'geom', 'cards', ?, 1, '五色卡 five-colour cards', '', ?)",
            [(layer, qml, _LONG_AGO) for layer, qml in styles],
        )
        base.execute("UPDATE gpkg_contents SET last_change = ?", (_LONG_AGO,))
    base.close()


def _qml(marks: dict[str, Swatch], field: str, *, polygon: bool) -> str:
    """A QGIS style: one category a colour, labelled with symbol and word in both languages."""
    categories, symbols = [], []
    for number, (colour, mark) in enumerate(marks.items()):
        style = mark.style
        label = escape(f"{style.symbol} {style.name_zh} {style.name_en}")
        categories.append(
            f'<category value="{colour}" symbol="{number}" label="{label}" render="true" type="string"/>'
        )
        rgb = ",".join(str(int(style.hex[i : i + 2], 16)) for i in (1, 3, 5))
        options = {
            "color": f"{rgb},255",
            "outline_color": "255,255,255,255",
            "outline_width": "0.26",
        }
        if polygon:
            kind, layer = "fill", "SimpleFill"
            options |= {"style": "solid"}
        else:
            kind, layer = "marker", "SimpleMarker"
            options |= {"name": MARKERS[colour], "size": "2.4", "outline_color": "0,0,0,255"}
        listed = "".join(
            f'<Option type="QString" name="{k}" value="{v}"/>' for k, v in options.items()
        )
        symbols.append(
            f'<symbol type="{kind}" name="{number}" alpha="1" clip_to_extent="1" force_rhr="0">'
            f'<layer class="{layer}" enabled="1" locked="0" pass="0"><Option type="Map">{listed}'
            f"</Option></layer></symbol>"
        )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.34" styleCategories="Symbology">'
        f'<renderer-v2 type="categorizedSymbol" attr="{field}" symbollevels="0" enableorderby="0" forceraster="0">'
        f"<categories>{''.join(categories)}</categories><symbols>{''.join(symbols)}</symbols>"
        "</renderer-v2></qgis>"
    )
