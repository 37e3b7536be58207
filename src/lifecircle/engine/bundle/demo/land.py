"""The made-up peninsula: banks, boundary, hills and heights.

Everything is worked out on a fine raster in metres from a local origin (`ORIGIN`, UTM zone 48N).
The distance to the water is the skeleton: terraces rise with it, and streets follow it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
import shapely.affinity
from numpy.typing import NDArray
from scipy import ndimage
from scipy.interpolate import PchipInterpolator

from lifecircle.engine.bundle.model import Bools, Floats

EPSG = 32648
ORIGIN = (643_000.0, 3_266_900.0)
CELL_M = 15.0
LENGTH_M = 10_450.0
RIVER_LEVEL_M, LOWEST_M, HIGHEST_M = 160.0, 160.0, 380.0
SURROUND_M = 1_600.0

# Stations along the peninsula: metres from the west, the crest's northing, half widths.
_ALONG = (-3000.0, 0.0, 1500.0, 3000.0, 4400.0, 5400.0, 6600.0, 7800.0, 9000.0, 9900.0, 10450.0)
_CREST = (2100.0, 2250.0, 2150.0, 2050.0, 2450.0, 3000.0, 3450.0, 3500.0, 3650.0, 4150.0, 4700.0)
_NORTH = (1700.0, 1500.0, 1500.0, 1380.0, 1250.0, 1150.0, 1000.0, 950.0, 880.0, 620.0, 60.0)
_SOUTH = (1700.0, 1600.0, 1550.0, 1500.0, 1280.0, 1100.0, 980.0, 930.0, 850.0, 600.0, 60.0)
_HILLS = ((0.06, 0.35, 45.0, 420.0), (0.20, -0.30, 40.0, 480.0), (0.34, 0.05, 70.0, 420.0),
          (0.455, 0.05, 75.0, 380.0), (0.635, -0.15, 50.0, 300.0))  # fmt: skip
"""Along (share), across (-1 south bank to 1 north bank), height, radius."""
_NORTH_RIVER_M, _SOUTH_RIVER_M = 330.0, 560.0
_TERRACE_M = 26.0


@dataclass(frozen=True, slots=True)
class Land:
    """The ground. Polygons and rasters in local metres; raster row 0 is the south.

    `water_m` is the distance to the nearest river (0 on water), `height` metres above the sea;
    `scale` shrinks the whole for tests. `west`, `south` is the raster's corner.
    """

    scale: float
    west: float
    south: float
    peninsula: shapely.Polygon
    district: shapely.Polygon
    ground: shapely.Geometry
    water: shapely.Geometry
    water_m: NDArray[np.float64]
    height: NDArray[np.float64]

    def at(self, raster: Floats, x: Floats, y: Floats) -> Floats:
        """Sample a raster bilinearly at points."""
        place = [(y - self.south) / CELL_M - 0.5, (x - self.west) / CELL_M - 0.5]
        value: Floats = ndimage.map_coordinates(raster, place, order=1, mode="nearest")
        return value

    def point(self, along: Floats | float, across: Floats | float) -> tuple[Floats, Floats]:
        """Position by shares: 0..1 from west to tip, -1..1 from the south to the north bank."""
        station = np.asarray(along) * LENGTH_M
        side = np.asarray(across)
        width = np.where(side >= 0, _curve(_NORTH)(station), _curve(_SOUTH)(station))
        y = _curve(_CREST)(station) + side * width
        return station * self.scale, y * self.scale

    def along(self, x: Floats) -> Floats:
        """Share of the way from west (0) to tip (1)."""
        return np.asarray(x / self.scale / LENGTH_M, dtype=np.float64)

    def hill(self, x: Floats, y: Floats) -> Floats:
        """How far up a hill a point is, 0..1."""
        return np.asarray(_hills(self, x, y).clip(0.0, 1.0), dtype=np.float64)

    def inside(self, x: Floats, y: Floats) -> Bools:
        """Which points are in the district."""
        return np.asarray(shapely.contains_xy(self.district, x, y), dtype=np.bool_)


def make_land(scale: float, rng: np.random.Generator) -> Land:
    """Make the ground; `scale` 1 is the size of the real district (23 km2)."""
    peninsula = _peninsula(scale)
    south_arm = shapely.affinity.translate(
        shapely.buffer(peninsula, _NORTH_RIVER_M), yoff=_NORTH_RIVER_M - _SOUTH_RIVER_M
    )
    valley = shapely.union_all([shapely.buffer(peninsula, _NORTH_RIVER_M), south_arm])
    district = shapely.intersection(peninsula, _west_border(scale))
    reach = shapely.buffer(district, SURROUND_M)
    ground = shapely.intersection(
        shapely.union(peninsula, shapely.difference(reach, valley)), reach
    )
    west, south, east, north = (round(b / CELL_M) * CELL_M for b in reach.buffer(60).bounds)
    x, y = np.meshgrid(
        np.arange(west, east, CELL_M) + CELL_M / 2, np.arange(south, north, CELL_M) + CELL_M / 2
    )
    dry = shapely.union(
        peninsula, shapely.difference(shapely.box(west, south, east, north), valley)
    )
    shapely.prepare([dry, district])
    water_m = ndimage.distance_transform_edt(shapely.contains_xy(dry, x, y)) * CELL_M
    water_m = np.where(water_m > 0, ndimage.gaussian_filter(water_m, 2.0), 0.0)
    water_m = np.maximum(water_m + _waves(water_m, rng), 0.0) * (water_m > 0)
    land = Land(scale, west, south, peninsula, district, ground,
                shapely.difference(reach, ground), water_m, water_m)  # fmt: skip
    height = _height(land, x, y, rng)
    return Land(scale, west, south, peninsula, district, ground, land.water, water_m, height)


def noise(shape: tuple[int, ...], length_m: float, rng: np.random.Generator) -> Floats:
    """Smooth noise on the raster, mean 0 and deviation 1, of a wave length in metres."""
    field = ndimage.gaussian_filter(rng.normal(size=shape), length_m / CELL_M / 4, mode="wrap")
    return np.asarray((field - field.mean()) / field.std(), dtype=np.float64)


def _curve(values: tuple[float, ...]) -> PchipInterpolator:
    return PchipInterpolator(_ALONG, values)


def _peninsula(scale: float) -> shapely.Polygon:
    """From far west to the tip, with small bays."""
    station = np.linspace(_ALONG[0], _ALONG[-1], 320)
    bays = 35 * np.sin(station / 310) + 22 * np.sin(station / 127 + 1)
    calm = np.clip((LENGTH_M - station) / 900, 0, 1)
    north = _curve(_CREST)(station) + _curve(_NORTH)(station) + bays * calm
    south = _curve(_CREST)(station) - _curve(_SOUTH)(station) + np.roll(bays, 40) * calm
    ring = np.concatenate([np.column_stack([station, north]),
                           np.column_stack([station, south])[::-1]])  # fmt: skip
    round_tip = shapely.buffer(shapely.buffer(shapely.Polygon(ring), -55), 55)
    polygon: shapely.Polygon = shapely.affinity.scale(round_tip, scale, scale, origin=(0, 0))
    return polygon


def _west_border(scale: float) -> shapely.Polygon:
    """Everything east of the winding land border."""
    y = np.linspace(-4000, 8000, 60)
    x = 130 * np.sin(y / 400) + 60 * np.sin(y / 170)
    line = np.column_stack([x, y])
    polygon = shapely.Polygon(np.concatenate([line, [[20_000, 8000], [20_000, -4000]]]))
    border: shapely.Polygon = shapely.affinity.scale(polygon, scale, scale, origin=(0, 0))
    return border


def _waves(water_m: Floats, rng: np.random.Generator) -> Floats:
    """What makes contours wind: more of it further from the water."""
    wind = 85 * noise(water_m.shape, 1500, rng) + 34 * noise(water_m.shape, 600, rng)
    return np.asarray(wind * np.clip(water_m / 320, 0, 1), dtype=np.float64)


def _hills(land: Land, x: Floats, y: Floats) -> Floats:
    total = np.zeros_like(x)
    for along, across, _, radius in _HILLS:
        cx, cy = land.point(along, across)
        squared = ((x - cx) / 1.6) ** 2 + (y - cy) ** 2
        total += np.exp(-squared / (2 * (radius * land.scale * 0.6) ** 2))
    return total


def _height(land: Land, x: Floats, y: Floats, rng: np.random.Generator) -> Floats:
    """Terraces rising from the banks, hills on the crest, a little roughness."""
    rise = 185.0 * (1.0 - np.exp(-land.water_m / 560.0))
    rise *= 1.0 - 0.18 * np.clip(land.along(x), 0, 1)
    step = rise / _TERRACE_M + 0.35 * noise(x.shape, 800, rng)
    part = step - np.floor(step)
    flat = part**3 / (part**3 + (1 - part) ** 3)
    strength = np.clip(0.7 + 0.25 * noise(x.shape, 1100, rng), 0.2, 0.95)
    rise = rise + strength * _TERRACE_M * (flat - part)
    for along, across, peak, radius in _HILLS:
        cx, cy = land.point(along, across)
        squared = ((x - cx) / 1.6) ** 2 + (y - cy) ** 2
        rise = rise + peak * np.exp(-squared / (2 * (radius * land.scale * 0.6) ** 2))
    rise = rise + 7.0 * noise(x.shape, 600, rng) + 3.0 * noise(x.shape, 260, rng)
    shore = np.clip(land.water_m / 45.0, 0, 1)
    height = RIVER_LEVEL_M + shore * (12.0 + np.maximum(rise, 0.0))
    smooth = ndimage.gaussian_filter(height, 0.8)
    return np.asarray(smooth.clip(LOWEST_M, HIGHEST_M), dtype=np.float64)
