"""Coordinate systems: EPSG codes, and the two shifted ones of China, named and never guessed.

GCJ-02 shifts WGS84 by some hundred metres by a fixed, smooth function on the Krasovsky 1940
ellipsoid; BD-09 turns and shifts GCJ-02 once more. Both are undone by iteration.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

Floats = NDArray[np.float64]
Shift = Callable[[Floats, Floats], tuple[Floats, Floats]]

_A = 6378245.0
_E2 = 0.00669342162296594323
_BD = np.pi * 3000.0 / 180.0

SHIFTED = ("GCJ-02", "BD-09")


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift WGS84 degrees to GCJ-02; outside China's box they are the same."""
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    wave = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
        + (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
        + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    )  # fmt: skip
    east = (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
        + (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
        + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    )  # fmt: skip
    phi = np.radians(lat)
    magic = 1.0 - _E2 * np.sin(phi) ** 2
    dlat = np.degrees(north * magic * np.sqrt(magic) / (_A * (1.0 - _E2)))
    dlon = np.degrees(east * np.sqrt(magic) / (_A * np.cos(phi)))
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    return np.where(inside, lon + dlon, lon), np.where(inside, lat + dlat, lat)


def gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift GCJ-02 degrees to BD-09."""
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def wgs84_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift WGS84 degrees to BD-09."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def gcj02_to_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Undo GCJ-02, to well under a millimetre."""
    return _undo(wgs84_to_gcj02, lon, lat)


def bd09_to_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Undo BD-09, to well under a millimetre."""
    return _undo(wgs84_to_bd09, lon, lat)


def _undo(shift: Shift, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    goal_lon, goal_lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    lon, lat = goal_lon, goal_lat
    for _ in range(10):  # the shift is smooth: each round gains three digits
        there_lon, there_lat = shift(lon, lat)
        lon, lat = lon + goal_lon - there_lon, lat + goal_lat - there_lat
    return lon, lat


_UNDO: dict[str, Shift] = {"GCJ-02": gcj02_to_wgs84, "BD-09": bd09_to_wgs84}
_DO: dict[str, Shift] = {"GCJ-02": wgs84_to_gcj02, "BD-09": wgs84_to_bd09}
DATUMS = ("WGS84", *SHIFTED)


def reread(lon: Floats, lat: Floats, taken: str, meant: str) -> tuple[Floats, Floats]:
    """Where WGS84 positions lie that were read as `taken` but were written as `meant`.

    Parameters
    ----------
    lon, lat
        (points,) degrees.
    taken, meant
        Two of `DATUMS`.
    """
    if taken in _DO:
        lon, lat = _DO[taken](lon, lat)
    return _UNDO[meant](lon, lat) if meant in _UNDO else (lon, lat)


def known_crs(name: str) -> bool:
    """Whether a declared coordinate system is one."""
    if name in SHIFTED:
        return True
    try:
        CRS.from_user_input(name)
    except CRSError:
        return False
    return True


def to_wgs84(shapes: NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    """Bring geometries (shapely or None) from a declared system to WGS84 degrees."""
    if crs in SHIFTED:
        undo = _UNDO[crs]
        return shapely.transform(shapes, lambda p: np.column_stack(undo(p[:, 0], p[:, 1])))
    source = CRS.from_user_input(crs)
    if source == CRS.from_epsg(4326) or source.to_authority() == ("OGC", "CRS84"):
        return shapes
    turn = Transformer.from_crs(source, "EPSG:4326", always_xy=True)
    return shapely.transform(shapes, lambda p: np.column_stack(turn.transform(p[:, 0], p[:, 1])))


def to_metres(shapes: NDArray[np.object_], crs: CRS) -> NDArray[np.object_]:
    """Bring geometries from WGS84 to a projected system."""
    turn = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return shapely.transform(shapes, lambda p: np.column_stack(turn.transform(p[:, 0], p[:, 1])))


def is_geographic(crs: str) -> bool:
    """Whether a known coordinate system counts in degrees."""
    return crs in SHIFTED or bool(CRS.from_user_input(crs).is_geographic)


def utm_of(shape: shapely.Geometry) -> CRS:
    """The UTM zone of a WGS84 geometry's centroid."""
    centre = shape.centroid
    zone = int((centre.x + 180.0) // 6.0) % 60 + 1
    return CRS.from_epsg((32600 if centre.y >= 0 else 32700) + zone)


def crosses_antimeridian(shape: shapely.Geometry) -> bool:
    """Whether a WGS84 geometry of a district's size lies on both sides of the 180th meridian."""
    west, _, east, _ = shape.bounds
    return bool(east - west > 180.0)


def unwrap(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Count longitudes on from 180 instead of from -180, and join what was cut there."""

    def on(points: Floats) -> Floats:
        return np.column_stack([points[:, 0] % 360.0, points[:, 1]])

    turned: NDArray[np.object_] = shapely.transform(shapes, on)
    cut = np.flatnonzero(shapely.get_num_geometries(turned) > 1)
    turned[cut] = [shapely.union_all(shapely.get_parts(turned[k])) for k in cut]
    return turned
