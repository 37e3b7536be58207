"""What lies under a map: the district's area, the slope of the ground, the file itself."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import numpy as np
import osmium
import pyogrio
import shapely
from pyproj import Transformer

from lifecircle.engine.bundle.extract.projection import Projection
from lifecircle.engine.bundle.model import Floats
from lifecircle.engine.network.elevation import read_heights


def read_area(path: Path) -> shapely.Geometry:
    """Read the union of a GeoJSON or GeoPackage file's polygons, in WGS84 degrees.

    The CRS is the file's own; the first layer counts.

    Raises
    ------
    ValueError
        If the file cannot be read, declares no CRS or holds no area on the globe.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # GDAL mends what is told below
            layer = str(pyogrio.list_layers(path)[0, 0])
            meta, _, wkb, _ = pyogrio.raw.read(path, layer=layer, columns=[])
        found = shapely.from_wkb(wkb)
    except (
        pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, shapely.errors.GEOSException,
        IndexError,
    ) as error:  # fmt: skip
        raise ValueError(str(error)) from error
    if not meta["crs"]:
        raise ValueError("no CRS")
    to_degrees = Transformer.from_crs(meta["crs"], 4326, always_xy=True)
    shapes = shapely.transform(found, to_degrees.transform, interleaved=False)
    if not np.isfinite(shapely.get_coordinates(shapes)).all():
        raise ValueError("coordinates beyond all bounds")
    parts = shapely.get_parts(shapely.make_valid(shapes))
    area = shapely.union_all([part for part in parts if part.area > 0])
    west, south, east, north = area.bounds if not area.is_empty else (np.nan,) * 4
    if not (-180 <= west <= east <= 180 and -84 <= south <= north <= 84):
        raise ValueError("no polygon on the globe")
    return area


def area_name(path: Path) -> str:
    """The name that a boundary's first feature has, Chinese before others; "" without one."""
    _, _, _, values = pyogrio.raw.read(path, read_geometry=False, max_features=1)
    named = dict(zip(pyogrio.read_info(path)["fields"], values, strict=True))
    for column in ("name:zh", "name_zh", "name", "NAME", "名称"):
        if column in named and named[column][0]:
            return str(named[column][0]).strip()
    return ""


def slope_at(elevation: Path | None, projection: Projection, x: Floats, y: Floats) -> Floats:
    """Steepness of the ground (rise over run) at points in metres; 0 where nothing is known."""
    if elevation is None:
        return np.zeros(len(x))
    model = read_heights(elevation)
    height, transform, crs = model.metres, model.transform, model.crs
    step = abs(transform.a) * (111_320.0 if crs.is_geographic else 1.0)
    by_row, by_column = np.gradient(height, step)
    there = Transformer.from_crs(projection.epsg, crs.to_wkt(), always_xy=True)
    east, north = there.transform(x, y)
    to_cell = ~transform
    column = to_cell.a * east + to_cell.b * north + to_cell.c
    row = to_cell.d * east + to_cell.e * north + to_cell.f
    column, row = np.floor(column).astype(np.intp), np.floor(row).astype(np.intp)
    inside = (row >= 0) & (row < height.shape[0]) & (column >= 0) & (column < height.shape[1])
    steepness = np.hypot(by_row, by_column)[np.where(inside, row, 0), np.where(inside, column, 0)]
    return np.where(inside & np.isfinite(steepness), steepness, 0.0)


def copy_map(osm: Path, folder: Path) -> Path:
    """Copy an OpenStreetMap file into a bundle as `network.osm.pbf` or `network.osm`.

    Files of another ending (`.osm.bz2`, `.osm.gz` ...) are rewritten as PBF.
    """
    if osm.name.endswith((".pbf", ".osm")):
        target = folder / ("network.osm.pbf" if osm.name.endswith(".pbf") else "network.osm")
        shutil.copyfile(osm, target)
        return target
    target = folder / "network.osm.pbf"
    with osmium.SimpleWriter(str(target)) as writer:
        for item in osmium.FileProcessor(str(osm)):
            writer.add(item)
    return target
