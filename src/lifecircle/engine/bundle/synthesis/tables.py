"""The tables of a new bundle, written as docs/reference/bundle.md asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from lifecircle.engine.bundle.extract import MapBuildings, MapFacilities, Projection
from lifecircle.engine.bundle.model import Floats
from lifecircle.engine.bundle.synthesis.facilities import MadeUp
from lifecircle.engine.bundle.synthesis.names import Name
from lifecircle.engine.bundle.synthesis.places import Division
from lifecircle.engine.bundle.synthesis.setting import Setting
from lifecircle.engine.bundle.write import write_csv, write_geojson, write_geoparquet
from lifecircle.engine.standards.model import Standards

_BY_RECORD = {"residents", "households", "elder_living_alone"}


def write_places(
    target: Path, district: Name, area: shapely.Geometry, division: Division, projection: Projection
) -> None:
    """`places.geojson`: the district, its streets, their communities."""
    rows = [(district.code, district.name_zh, district.name_en, "district", "")]
    for level, names in (("street", division.streets), ("community", division.communities)):
        rows += [(n.code, n.short, n.name_en, level, n.parent or district.code) for n in names]
    shapes = np.array([area, *division.street_polygons, *division.polygons], dtype=object)
    header = ("code", "name_zh", "name_en", "level", "parent")
    # A ring may touch itself in a corner.
    shapes = shapely.make_valid(
        projection.unproject(shapes), method="structure", keep_collapsed=False
    )
    write_geojson(target / "places.geojson", _columns(header, rows), shapes)


def write_buildings(
    target: Path,
    buildings: MapBuildings,
    setting: Setting,
    population: float,
    projection: Projection,
    *,
    lived: Floats | None = None,
) -> None:
    """`buildings.parquet`. Those of the surround carry residents, for no place counts them.

    With `lived`, (buildings,), all carry the residents that are known.
    """
    homes = setting.homes
    outside = ~setting.within[homes.zone]
    lived_m2 = np.where(homes.lived_in, homes.floor_area_m2, 0.0)
    persons = np.round(lived_m2 * population / lived_m2[~outside].sum(), 1)
    columns = {
        "id": buildings.id,
        "name": buildings.name,
        "use": buildings.use,
        "storeys": buildings.storeys,
        "residents": np.where(outside & homes.lived_in, persons, np.nan)
        if lived is None
        else lived,
    }
    shapes = projection.unproject(buildings.polygon)
    write_geoparquet(target / "buildings.parquet", columns, shapes, "EPSG:4326")


def write_population(target: Path, setting: Setting) -> None:
    """`population.csv`: residents, age bands, households and elders alone a community."""
    groups = [g for g in setting.persons if g.startswith("age_") or g in _BY_RECORD]
    rows = [
        (str(setting.code[zone]), group, int(setting.persons[group][zone]))
        for zone in np.flatnonzero(setting.within)
        for group in groups
    ]
    write_csv(target / "population.csv", _columns(("place", "group", "persons"), rows))


def write_facilities(
    target: Path,
    real: MapFacilities,
    made: MadeUp | None,
    standards: Standards,
    projection: Projection,
) -> None:
    """`facilities.csv`: the map's own, then the made-up ones; no file where there are none."""
    count = len(real.id) + (len(made.x) if made else 0)
    if count == 0:
        return
    names = [n or standards.types[t].name_zh for n, t in zip(real.name, real.type, strict=True)]
    columns: dict[str, Any] = {
        "id": real.id,
        "name": np.array(names, dtype=object),
        "type": real.type,
        "capacity": real.capacity,
        "hours": real.hours,
        "barrier_free": real.barrier_free,
        "source": np.full(len(real.id), "OpenStreetMap", dtype=object),
        "x": real.x,
        "y": real.y,
    }
    if made:
        ids = np.array([f"syn-{i + 1:05}" for i in range(len(made.x))], dtype=object)
        columns = _joined(columns, {"id": ids, "x": made.x, "y": made.y} | made.columns)
    write_csv(target / "facilities.csv", with_degrees(columns, projection))


def with_degrees(columns: dict[str, Any], projection: Projection) -> dict[str, Any]:
    """Return the columns with `lon`, `lat` (7 decimals) in place of `x`, `y` (metres)."""
    lon, lat = projection.back(columns["x"], columns["y"])
    rest = {name: values for name, values in columns.items() if name not in {"x", "y"}}
    return rest | {"lon": lon, "lat": lat}


def _joined(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Rows of `first`, then of `second`; what `first` lacks is not known."""
    length = len(first["id"])
    result = {}
    for name, values in second.items():
        numeric = values.dtype.kind == "f"
        unknown = np.full(length, np.nan) if numeric else np.full(length, "", dtype=object)
        result[name] = np.concatenate([first.get(name, unknown), values])
    return result


def _columns(header: tuple[str, ...], rows: list[Any]) -> dict[str, list[Any]]:
    return {name: [row[i] for row in rows] for i, name in enumerate(header)}
