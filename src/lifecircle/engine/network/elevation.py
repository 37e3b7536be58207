"""Heights from any GeoTIFF, honest about holes and edges."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import scipy.ndimage
import scipy.sparse
import scipy.sparse.linalg
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from rasterio.errors import RasterioError

from lifecircle.errors import Issue, NetworkError

Floats = NDArray[np.float64]

SLOPE_BASE_M = 60.0
"""Slopes of a coarse model are taken over at least this distance (design section 4)."""


MOST_CELLS = 250_000_000
"""Larger models are refused before they fill the memory: 2 GB as numbers."""


@dataclass(frozen=True, slots=True)
class Heights:
    """A model of heights: `metres` (rows, columns), NaN where it has a hole, and where it lies."""

    metres: Floats
    transform: rasterio.Affine
    crs: CRS


def read_heights(path: Path) -> Heights:
    """Read a GeoTIFF to its end.

    Raises
    ------
    NetworkError
        The file is no raster or cut off, too large, or does not say where it lies.
    """
    try:
        with warnings.catch_warnings(action="ignore"), rasterio.open(path) as source:
            transform, crs, cells = source.transform, source.crs, source.width * source.height
            if crs is None or transform.is_identity or transform.is_degenerate:
                raise _unreadable(path, "no CRS" if crs is None else "no place on the map")
            if cells > MOST_CELLS:
                raise _unreadable(path, f"{cells / 1e6:,.0f} million cells; at most 250")
            metres = source.read(1, masked=True).astype(np.float64).filled(np.nan)
        return Heights(metres, transform, CRS.from_user_input(crs.to_wkt()))
    except (RasterioError, CRSError) as error:
        raise _unreadable(path, str(error)) from error


def sample_elevation(path: Path, crs: str, x: Floats, y: Floats) -> Floats:
    """Sample heights at points, (points,) metres; NaN outside the model and in its holes.

    The model is first averaged over `SLOPE_BASE_M`, so that a slope between two near points is
    one over at least that distance; then it is sampled bilinearly, over valid cells only.

    Raises
    ------
    NetworkError
        As `read_heights`.
    """
    model = read_heights(path)
    heights, transform, target = model.metres, model.transform, model.crs
    to_model = Transformer.from_crs(CRS.from_user_input(crs), target, always_xy=True)
    east, north = to_model.transform(x, y)
    back = ~transform
    column = back.a * np.asarray(east) + back.b * np.asarray(north) + back.c
    row = back.d * np.asarray(east) + back.e * np.asarray(north) + back.f
    valid = np.isfinite(heights)
    height = np.where(valid, heights, 0.0)
    metre = np.array([abs(transform.e), abs(transform.a)])
    if target.is_geographic:
        metre = metre * 111_320.0 * np.array([1.0, np.cos(np.radians(np.mean(north)))])
    return _bilinear(_smooth(height, valid, SLOPE_BASE_M / metre), valid, row - 0.5, column - 0.5)


def _unreadable(path: Path, value: str) -> NetworkError:
    issue = Issue(
        code="broken_file",
        file=path.name,
        expected="a complete GeoTIFF of heights in metres with a CRS",
        expected_zh="完整、带坐标系的 GeoTIFF 高程(米)",
        value=value[:120],
    )
    return NetworkError("the elevation model cannot be read", (issue,))


def _smooth(height: Floats, valid: NDArray[np.bool_], cells: Floats) -> Floats:
    """Average over `cells` (rows, columns) cells, of the valid ones alone."""
    total, weight = np.where(valid, height, 0.0), valid.astype(np.float64)
    for axis, width in enumerate(cells):
        kernel = _box(width)
        total = scipy.ndimage.convolve1d(total, kernel, axis=axis, mode="constant")
        weight = scipy.ndimage.convolve1d(weight, kernel, axis=axis, mode="constant")
    return np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)


def _box(width: float) -> Floats:
    """Weights of a box of `width` cells about a cell's centre, partial at its two ends."""
    half = max((width - 1.0) / 2.0, 0.0)
    reach = int(np.ceil(half))
    kernel = np.ones(2 * reach + 1)
    if reach:
        kernel[0] = kernel[-1] = half - (reach - 1)
    return kernel / kernel.sum()


def _bilinear(height: Floats, valid: NDArray[np.bool_], row: Floats, column: Floats) -> Floats:
    rows, columns = height.shape
    inside = (row >= -0.5) & (row <= rows - 0.5) & (column >= -0.5) & (column <= columns - 0.5)
    row, column = np.where(inside, row, 0.0), np.where(inside, column, 0.0)
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    total, weight = np.zeros(len(row)), np.zeros(len(row))
    for down in (0, 1):
        for right in (0, 1):
            r = np.clip(top + down, 0, rows - 1)
            c = np.clip(left + right, 0, columns - 1)
            share = np.abs(1 - down - (row - top)) * np.abs(1 - right - (column - left))
            share = np.where(valid[r, c], share, 0.0)
            total += share * height[r, c]
            weight += share
    known = inside & (weight >= 0.5)
    return np.where(known, total / np.where(known, weight, 1.0), np.nan)


def smooth_structures(
    z: Floats,
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    length_m: Floats,
    on_structure: NDArray[np.bool_],
) -> Floats:
    """Carry heights straight along bridges and through tunnels.

    A node that only structures meet takes the height that lies evenly between their ends (the
    harmonic solution with weights 1 / length, a straight line along a chain): the ground below a
    bridge or above a tunnel is not where people walk.

    Parameters
    ----------
    z
        (nodes,) sampled heights.
    tail, head, length_m, on_structure
        (edges,) the edges and whether each is on a bridge or in a tunnel.
    """
    grounded = np.zeros(len(z), dtype=bool)
    grounded[tail[~on_structure]] = True
    grounded[head[~on_structure]] = True
    touched = np.zeros(len(z), dtype=bool)
    touched[tail[on_structure]] = True
    touched[head[on_structure]] = True
    free = touched & ~grounded
    known = grounded & np.isfinite(z)
    if not free.any():
        return z
    number = np.full(len(z), -1)
    number[free] = np.arange(free.sum())
    weight = 1.0 / np.maximum(length_m[on_structure], 0.1)
    a, b = tail[on_structure], head[on_structure]
    one, two, pull = np.concatenate([a, b]), np.concatenate([b, a]), np.tile(weight, 2)
    inner = free[one] & free[two]
    edge = free[one] & known[two]
    rows = number[one]
    size = int(free.sum())
    diagonal = np.bincount(rows[inner | edge], weights=pull[inner | edge], minlength=size)
    right = np.bincount(rows[edge], weights=pull[edge] * z[two[edge]], minlength=size)
    matrix = scipy.sparse.coo_array(
        (-pull[inner], (rows[inner], number[two[inner]])), shape=(size, size)
    ).tocsc() + scipy.sparse.diags_array(diagonal.astype(np.float64))
    # Structures that never touch known ground stay as sampled.
    _, part = scipy.sparse.csgraph.connected_components(matrix, directed=False)
    anchored = np.bincount(part[rows[edge]], minlength=part.max() + 1)[part] > 0
    result = z.copy()
    if anchored.any():
        keep = np.flatnonzero(anchored)
        solution = scipy.sparse.linalg.spsolve(matrix[keep][:, keep].tocsc(), right[keep])
        result[np.flatnonzero(free)[keep]] = solution
    return result
