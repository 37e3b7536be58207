"""A bare map, read: what of a district can be seen in an OpenStreetMap extract."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import shapely

from lifecircle.engine.bundle.extract.buildings import MapBuildings, read_buildings
from lifecircle.engine.bundle.extract.cells import PeopleCells
from lifecircle.engine.bundle.extract.facilities import MapFacilities, read_facilities
from lifecircle.engine.bundle.extract.ground import read_area, slope_at
from lifecircle.engine.bundle.extract.projection import Projection
from lifecircle.engine.bundle.model import Bools, Floats
from lifecircle.errors import BundleError, Issue

SURROUND_M = 1600.0
"""How far beyond the boundary buildings and facilities are kept: one catchment."""
_FEWEST_HOMES = 2


@dataclass(frozen=True, slots=True)
class BareMap:
    """Buildings and facilities within the district and its surround, metres.

    `area` is the district; `inside` says which buildings are, `slope` the ground's at each.
    """

    projection: Projection
    area: shapely.Geometry
    buildings: MapBuildings
    inside: Bools
    slope: Floats
    facilities: MapFacilities

    def homes(self) -> MapBuildings:
        """Return the lived-in buildings of the district."""
        return self.buildings.take(self.inside & self.buildings.lived_in)


def read_map(
    osm: Path, elevation: Path | None, degrees: shapely.Geometry, cells: PeopleCells | None = None
) -> BareMap:
    """Read a map in the UTM zone of its boundary.

    Parameters
    ----------
    osm, elevation
        The map and a model of heights.
    degrees
        The boundary, WGS84.
    cells
        Where people live and what they have, in place of the map's buildings.

    Raises
    ------
    BundleError
        If the map cannot be read, or no homes stand inside.
    """
    projection = Projection.of(degrees.centroid.x, degrees.centroid.y)
    area = projection.project(degrees)
    try:
        buildings = cells.homes(projection) if cells else read_buildings(osm, projection)
        facilities = read_facilities(osm, projection)
    except RuntimeError as error:
        expected = "an OpenStreetMap file", "OpenStreetMap 文件"
        raise _unusable("create.map", osm, expected, str(error)) from error
    if cells:
        facilities = facilities.join(cells.facilities(projection))
    near = shapely.buffer(area, SURROUND_M)
    shapely.prepare([area, near])
    buildings = buildings.take(shapely.contains_xy(near, buildings.x, buildings.y))
    facilities = facilities.take(shapely.contains_xy(near, facilities.x, facilities.y))
    inside = shapely.contains_xy(area, buildings.x, buildings.y)
    if (inside & buildings.lived_in).sum() < _FEWEST_HOMES:
        expected = (
            "homes inside the boundary; none were found: give a table of cells with people (--people)",
            "边界内的住宅建筑; 没有找到: 请改给一张带人口的网格表 (--people)",
        )
        raise _unusable("create.homes", osm, expected, "")
    slope = slope_at(elevation, projection, buildings.x, buildings.y)
    return BareMap(projection, area, buildings, inside, slope, facilities)


def read_boundary(path: Path) -> shapely.Geometry:
    """Read a district's boundary, WGS84.

    Raises
    ------
    BundleError
        It cannot be read, or holds no polygon.
    """
    try:
        return read_area(path)
    except ValueError as error:
        expected = "GeoJSON or GeoPackage with a polygon", "含多边形的 GeoJSON 或 GeoPackage"
        raise _unusable("create.boundary", path, expected, str(error)) from error


def _unusable(code: str, file: Path, expected: tuple[str, str], value: str) -> BundleError:
    issue = Issue(code, file.name, *expected, value=value)
    return BundleError("the map cannot be used / 地图不能使用", (issue,))
