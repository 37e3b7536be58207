"""Buildings of an OpenStreetMap file: closed ways and multipolygons tagged `building`.

The rule by which a building is lived in, in this order:

1. a building that is not one (`roof`, `construction`, `ruins`, `no`) is left out;
2. `amenity`, `office`, `healthcare`, `tourism`, `leisure` or `shop=mall` on it: other;
3. `residential`, `apartments`, `house`, `dormitory` ...: residential, or mixed with a `shop`;
4. `yes` says nothing: residential by a footprint of 40 to 1,500 m2, mixed up to 4,000 m2 or with
   a `shop`, other outside these;
5. every other value (`retail`, `office`, `school`, `hospital` ...): other.

`building:levels=1` on more than 250 m2 of housing is taken for an unset default and dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium
import shapely

from lifecircle.engine.bundle.extract.projection import Projection
from lifecircle.engine.bundle.model import Bools, Floats, Ints, Strings

_NOT_BUILDINGS = frozenset({"roof", "construction", "ruins", "no", "demolished", "proposed"})
_HOUSING = frozenset(
    {
        "residential",
        "apartments",
        "house",
        "dormitory",
        "detached",
        "semidetached_house",
        "terrace",
        "bungalow",
        "farm",
        "cabin",
    }
)
_OTHER_KEYS = ("amenity", "office", "healthcare", "tourism", "leisure")
_SMALLEST_HOME_M2, _LARGEST_HOME_M2, _LARGEST_MIXED_M2 = 40.0, 1500.0, 4000.0
_LARGEST_SINGLE_STOREY_M2 = 250.0
_TAGS = (
    *_OTHER_KEYS, "building", "shop", "building:levels", "name", "addr:housename", "addr:street", "addr:housenumber",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MapBuildings:
    """Buildings of a map; arrays of one length.

    `name` is "" where the map says none, `polygon` is in metres, `storeys` NaN where unknown, `x` and `y` a point on the surface.
    `levels_dropped` counts the implausible `building:levels=1`.
    """

    id: Strings
    name: Strings
    use: Strings
    storeys: Floats
    polygon: Strings
    x: Floats
    y: Floats
    levels_dropped: int

    @property
    def lived_in(self) -> Bools:
        """Residential and mixed ones, boolean."""
        return np.asarray(self.use != "other", dtype=np.bool_)

    def floor_area_m2(self) -> Floats:
        """Footprint times storeys; missing storeys are the median of the known ones (1 if none)."""
        known = np.isfinite(self.storeys)
        typical = float(np.median(self.storeys[known])) if known.any() else 1.0
        area: Floats = shapely.area(self.polygon) * np.where(known, self.storeys, typical)
        return area

    def take(self, which: Bools | Ints) -> MapBuildings:
        """Return the chosen rows (a mask or indices)."""
        return MapBuildings(
            id=self.id[which],
            name=self.name[which],
            use=self.use[which],
            storeys=self.storeys[which],
            polygon=self.polygon[which],
            x=self.x[which],
            y=self.y[which],
            levels_dropped=self.levels_dropped,
        )


def read_buildings(osm: Path, projection: Projection) -> MapBuildings:
    """Read every building of `osm`, in the order of their ids."""
    rows = sorted(_rows(osm))
    polygons = projection.project(np.array([row[1] for row in rows], dtype=object))
    area = shapely.area(polygons) if rows else np.zeros(0)
    use = np.array([_use(row[2], a) for row, a in zip(rows, area, strict=True)], dtype=object)
    storeys = np.array([_levels(row[2].get("building:levels", "")) for row in rows], dtype=float)
    implausible = (storeys == 1) & (area > _LARGEST_SINGLE_STOREY_M2) & (use != "other")
    point = shapely.point_on_surface(polygons)
    buildings = MapBuildings(
        id=np.array([row[0] for row in rows], dtype=object),
        name=np.array([_name(row[2]) for row in rows], dtype=object),
        use=use,
        storeys=np.where(implausible, np.nan, storeys),
        polygon=polygons,
        x=shapely.get_x(point) if rows else np.zeros(0),
        y=shapely.get_y(point) if rows else np.zeros(0),
        levels_dropped=int(implausible.sum()),
    )
    return buildings.take((use != "") & (area > 0))


def _rows(osm: Path) -> list[tuple[str, shapely.Geometry, dict[str, str]]]:
    """`(id, polygon in degrees, tags)` of every area tagged `building`."""
    files = osmium.FileProcessor(str(osm)).with_areas(osmium.filter.KeyFilter("building"))
    wkb = osmium.geom.WKBFactory()
    ids, shapes, tags = [], [], []
    for area in files.with_filter(osmium.filter.EntityFilter(osmium.osm.AREA)):
        if not isinstance(area, osmium.osm.Area) or "building" not in area.tags:
            continue
        try:
            shapes.append(wkb.create_multipolygon(area))
        except (RuntimeError, osmium.InvalidLocationError):
            continue  # a ring that does not close within the extract
        ids.append(f"{'w' if area.from_way() else 'r'}{area.orig_id()}")
        tags.append({key: area.tags[key] for key in _TAGS if key in area.tags})
    return list(zip(ids, _single(shapely.from_wkb(shapes)), tags, strict=True))


def _name(tags: dict[str, str]) -> str:
    """What people call a building: its name, else its address as it is written here (街道, 门牌号)."""
    number = tags.get("addr:housenumber", "")
    if number.isdecimal():
        number += "号"
    address = f"{tags.get('addr:street', '')}{number}" if number else ""
    return tags.get("name") or tags.get("addr:housename") or address


def _single(polygons: Strings) -> list[shapely.Geometry]:
    """A multipolygon of one part as the polygon that it is."""
    one = shapely.get_num_geometries(polygons) == 1
    return list(np.where(one, shapely.get_geometry(polygons, 0), polygons))


def _use(tags: dict[str, str], area_m2: float) -> str:
    """`residential`, `mixed`, `other`, or nothing for what is no building."""
    kind, shop = tags.get("building", ""), tags.get("shop", "")
    if kind in _NOT_BUILDINGS:
        return ""
    if any(key in tags for key in _OTHER_KEYS) or shop in {"mall", "department_store"}:
        return "other"
    if kind in _HOUSING:
        return "mixed" if shop else "residential"
    if kind != "yes" or not _SMALLEST_HOME_M2 <= area_m2 <= _LARGEST_MIXED_M2:
        return "other"
    return "mixed" if shop or area_m2 > _LARGEST_HOME_M2 else "residential"


def _levels(text: str) -> float:
    """Storeys from `building:levels`; NaN where it holds no number of 1 to 150."""
    number = re.match(r"\s*(\d+(?:\.\d+)?)", text)
    value = float(number.group(1)) if number else np.nan
    return value if 1 <= value <= 150 else np.nan
