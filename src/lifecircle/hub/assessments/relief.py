"""The relief as tiles: heights of the bundle's own elevation model, in the Terrarium encoding.

A pixel's height is R * 256 + G + B / 256 - 32768 metres. Where the model has a hole or ends, a tile goes on
with the nearest height, so that no cliff is drawn there. Each tile is made when first asked for.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import rasterio
import scipy.ndimage
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_bounds

from lifecircle.atomic import atomic_file
from lifecircle.engine.bundle.settings import read_settings
from lifecircle.hub.assessments.models import Ground

CLOSEST = 13
"""The last zoom that is made: some 17 m a pixel, finer than common models."""
_WORLD_M = 2 * np.pi * 6_378_137.0
_SIZE = 256
_HOLE = -32_768.0

Floats = NDArray[np.float64]


def bounds(ground: Ground) -> list[float] | None:
    """West, south, east and north of the model in degrees; None where the bundle has none."""
    path = _model(ground)
    if path is None:
        return None
    with rasterio.open(path) as model:
        return [round(one, 6) for one in transform_bounds(model.crs, "EPSG:4326", *model.bounds)]


def tile(ground: Ground, z: int, x: int, y: int) -> bytes:
    """One tile as PNG; empty where no height is known, or too close."""
    kept = ground.folder / "tiles" / "relief" / str(z) / str(x) / f"{y}.png"
    if kept.exists():
        return kept.read_bytes()
    path = _model(ground)
    if path is None or z > CLOSEST or x >= 2**z or y >= 2**z:
        return b""
    metres = _heights(path, z, x, y)
    if not np.isfinite(metres).any():
        return b""
    body = _encoded(_filled(metres))
    kept.parent.mkdir(parents=True, exist_ok=True)
    with atomic_file(kept) as temporary:
        temporary.write_bytes(body)
    return body


def _model(ground: Ground) -> Path | None:
    name = read_settings(ground.folder)[0].elevation
    return ground.folder / name if name else None


def _heights(path: Path, z: int, x: int, y: int) -> Floats:
    """(256, 256) metres at the pixels' centres, NaN where unknown."""
    size = _WORLD_M / 2**z
    west, north = x * size - _WORLD_M / 2, _WORLD_M / 2 - y * size
    transform = rasterio.Affine(size / _SIZE, 0.0, west, 0.0, -size / _SIZE, north)
    with (
        rasterio.open(path) as model,
        WarpedVRT(
            model, crs="EPSG:3857", transform=transform, width=_SIZE, height=_SIZE,
            resampling=Resampling.bilinear, dtype="float64", nodata=_HOLE,
        ) as warped,
    ):  # fmt: skip
        metres: Floats = warped.read(1)
    return np.where(metres == _HOLE, np.nan, metres)


def _filled(metres: Floats) -> Floats:
    """The nearest known height where there is none."""
    unknown = np.isnan(metres)
    if not unknown.any():
        return metres
    nearest = scipy.ndimage.distance_transform_edt(
        unknown, return_distances=False, return_indices=True
    )
    result: Floats = metres[tuple(nearest)]
    return result


def _encoded(metres: Floats) -> bytes:
    steps = np.rint((np.clip(metres, _HOLE, 32_767.0) - _HOLE) * 256).astype(np.int64)
    bands = np.stack([steps >> 16, (steps >> 8) & 255, steps & 255]).astype(np.uint8)
    # A picture that lies nowhere is what is wanted.
    with warnings.catch_warnings(action="ignore"), MemoryFile() as memory:
        with memory.open(
            driver="PNG", width=_SIZE, height=_SIZE, count=3, dtype="uint8"
        ) as picture:
            picture.write(bands)
        body: bytes = memory.read()
        return body
