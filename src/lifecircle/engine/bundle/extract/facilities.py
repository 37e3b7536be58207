"""Facilities that the map itself knows, by its tags (`data/osm_types.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import osmium
from scipy.spatial import KDTree

from lifecircle.engine.bundle.extract.projection import Projection
from lifecircle.engine.bundle.model import Bools, Floats, Ints, Strings

_RULES = Path(__file__).with_name("data") / "osm_types.toml"
_STATION_OF_ENTRANCE_M = 400.0
_YES_NO = {"yes": "yes", "designated": "yes", "limited": "no", "no": "no"}


@dataclass(frozen=True, slots=True)
class MapFacilities:
    """Facilities of a map; arrays of one length, metres; absent text is "", absent numbers NaN."""

    id: Strings
    name: Strings
    type: Strings
    x: Floats
    y: Floats
    capacity: Floats
    hours: Strings
    barrier_free: Strings

    def take(self, which: Bools | Ints) -> MapFacilities:
        """Return the chosen rows (a mask or indices)."""
        return MapFacilities(*(getattr(self, name)[which] for name in self.__slots__))

    def join(self, other: MapFacilities) -> MapFacilities:
        """Return these and the others after them."""
        return MapFacilities(
            *(np.concatenate([getattr(self, n), getattr(other, n)]) for n in self.__slots__)
        )


def read_facilities(osm: Path, projection: Projection) -> MapFacilities:
    """Read the facilities of `osm`, nodes and areas, in the order of their ids.

    A metro station whose entrances are on the map is represented by these alone: one walks to an
    entrance.
    """
    rows = sorted(_rows(osm))
    lon, lat = (np.array([row[1][i] for row in rows], dtype=np.float64) for i in (0, 1))
    x, y = projection.forward(lon, lat)
    tags = [row[3] for row in rows]
    kinds = np.array([row[2] for row in rows], dtype=object)
    facilities = MapFacilities(
        id=np.array([row[0] for row in rows], dtype=object),
        name=np.array([t.get("name:zh") or t.get("name", "") for t in tags], dtype=object),
        type=kinds,
        x=x,
        y=y,
        capacity=np.array([_number(t.get("capacity", "")) for t in tags], dtype=np.float64),
        hours=np.array([t.get("opening_hours", "") for t in tags], dtype=object),
        barrier_free=np.array([_YES_NO.get(t.get("wheelchair", ""), "") for t in tags], object),
    )
    return facilities.take(~_has_entrances(facilities, tags))


def _rows(osm: Path) -> list[tuple[str, tuple[float, float], str, dict[str, str]]]:
    """`(id, (lon, lat), type, tags)` of every node and area that a rule knows."""
    keys = sorted({key for key, _ in rules()})
    objects = osmium.FileProcessor(str(osm)).with_areas(osmium.filter.KeyFilter(*keys))
    rows = []
    for item in objects.with_filter(osmium.filter.KeyFilter(*keys)):
        kind = _type(dict(item.tags))
        if kind is None or not isinstance(item, osmium.osm.Node | osmium.osm.Area):
            continue
        if isinstance(item, osmium.osm.Node):
            where, name = (item.location.lon, item.location.lat), f"n{item.id}"
        else:
            ring = next(iter(item.outer_rings()))
            corners = np.array([(node.lon, node.lat) for node in ring][:-1])
            middle = corners.mean(axis=0)
            where = (float(middle[0]), float(middle[1]))
            name = f"{'w' if item.from_way() else 'r'}{item.orig_id()}"
        rows.append((f"osm-{name}", where, kind, dict(item.tags)))
    return rows


@cache
def rules() -> dict[tuple[str, str], str]:
    """Tag (key, value) to facility type, in the order of the file: the first that fits decides."""
    with _RULES.open("rb") as file:
        tables = tomllib.load(file)["types"]
    pairs = {}
    for kind, tags in tables.items():
        for tag in tags:
            key, _, value = tag.partition("=")
            pairs[key, value] = kind
    return pairs


def _type(tags: Mapping[str, str]) -> str | None:
    return next((kind for (key, value), kind in rules().items() if tags.get(key) == value), None)


def _has_entrances(facilities: MapFacilities, tags: list[dict[str, str]]) -> Bools:
    entrance = np.array([t.get("railway") == "subway_entrance" for t in tags], dtype=bool)
    station = (facilities.type == "metro") & ~entrance
    if not entrance.any() or not station.any():
        return np.zeros(len(tags), dtype=bool)
    points = np.column_stack([facilities.x, facilities.y])
    near, _ = KDTree(points[entrance]).query(points)
    return np.asarray(station & (near < _STATION_OF_ENTRANCE_M), dtype=np.bool_)


def _number(text: str) -> float:
    return float(text) if text.isdecimal() else np.nan
