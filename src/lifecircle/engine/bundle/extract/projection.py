"""Between WGS84 degrees, in which maps come, and the metres in which they are measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely
from pyproj import Transformer

from lifecircle.engine.bundle.model import Floats, Strings

Geometries = TypeVar("Geometries", shapely.Geometry, Strings)


@dataclass(frozen=True, slots=True)
class Projection:
    """A UTM zone (WGS84); `epsg` is its code."""

    epsg: int

    @classmethod
    def of(cls, lon: float, lat: float) -> Projection:
        """Return the zone of a longitude and latitude in degrees, north or south."""
        zone = min(60, int((lon + 180.0) // 6.0) + 1)
        return cls((32600 if lat >= 0 else 32700) + zone)

    def forward(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Degrees to metres; arrays of one shape."""
        x, y = Transformer.from_crs(4326, self.epsg, always_xy=True).transform(lon, lat)
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)

    def back(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Metres to degrees, rounded to 1e-7 (a centimetre), the precision of OpenStreetMap."""
        lon, lat = Transformer.from_crs(self.epsg, 4326, always_xy=True).transform(x, y)
        return np.round(lon, 7), np.round(lat, 7)

    def project(self, geometries: Geometries) -> Geometries:
        """Shapely geometry (or an array of them) in degrees to metres."""
        result: Geometries = shapely.transform(geometries, self.forward, interleaved=False)
        return result

    def unproject(self, geometries: Geometries) -> Geometries:
        """Shapely geometry (or an array of them) in metres to degrees."""
        result: Geometries = shapely.transform(geometries, self.back, interleaved=False)
        return result
