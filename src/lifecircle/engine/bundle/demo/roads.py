"""Roads that fit the ground: along the contours, over the crest, and zigzag between."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import contourpy
import numpy as np
import shapely

from lifecircle.engine.bundle.demo.land import CELL_M, LENGTH_M, Land, noise
from lifecircle.engine.bundle.model import Floats

STEP_M = 24.0
_SHORTEST_M = 350.0
_CONTOURS = (
    (30.0, "primary", True, 1.0), (140.0, "tertiary", False, 0.6), (290.0, "secondary", True, 1.0),
    (430.0, "residential", False, 0.5), (580.0, "tertiary", False, 0.7),
    (760.0, "secondary", True, 0.9), (1000.0, "tertiary", False, 0.6),
)  # fmt: skip
"""Distance to the water, `highway`, whether the far banks have it too, share that is built."""
_PATCH_M = 700.0
_BETWEEN_CROSSINGS_M = 520.0
_LEGS, _SWING_M = 5, 85.0


@dataclass(frozen=True, slots=True)
class Road:
    """A road's centre line, (points, 2) about `STEP_M` apart, and its `highway` value."""

    kind: str
    line: Floats


def make_roads(land: Land, rng: np.random.Generator) -> list[Road]:
    """Lay out the roads of the district and, coarser, of its surround."""
    patches = noise(land.water_m.shape, _PATCH_M, rng)
    lines = [
        (kind, part)
        for level, kind, far_too, share in _CONTOURS
        for line in _contour(land, level)
        for part in _built(land, line, patches, share=share, far_too=far_too)
    ]
    lines.append(("primary", _crest(land, rng)))
    lines += [("tertiary", line) for line in _crossings(land, rng)]
    roads = []
    for kind, line in lines:
        on_ground = shapely.intersection(shapely.LineString(line), land.ground)
        roads += [
            Road(kind, _resampled(part))
            for part in shapely.get_parts(on_ground)
            if part.geom_type == "LineString" and part.length > 2 * STEP_M
        ]
    return roads


def _contour(land: Land, level: float) -> list[Floats]:
    """Lines at a distance of `level` from the water, that is along the slope."""
    rows, columns = land.water_m.shape
    x = land.west + (np.arange(columns) + 0.5) * CELL_M
    y = land.south + (np.arange(rows) + 0.5) * CELL_M
    lines = contourpy.contour_generator(x, y, land.water_m).lines(level)
    chosen = [line for line in lines if shapely.LineString(line).length > _SHORTEST_M * land.scale]
    return [np.asarray(line, dtype=np.float64) for line in chosen]


def _built(
    land: Land, line: Floats, patches: Floats, *, share: float, far_too: bool
) -> list[Floats]:
    """The runs of a line that are built: within patches, on far banks the main roads only."""
    x, y = line.T
    built = land.at(patches, x, y) > NormalDist().inv_cdf(max(1e-6, 1 - share))
    if not far_too:
        built &= shapely.contains_xy(land.peninsula, x, y)
    breaks = np.flatnonzero(np.diff(built.astype(np.int8))) + 1
    return [
        run
        for run, on in zip(np.split(line, breaks), np.split(built, breaks), strict=True)
        if on[0] and len(run) > 4
    ]


def _crest(land: Land, rng: np.random.Generator) -> Floats:
    """The avenue along the ridge, from beyond the west to the tip."""
    along = np.linspace(-0.14, 0.985, 300)
    phase = rng.uniform(0, 6, 2)
    across = 0.11 * np.sin(along * 24 + phase[0]) + 0.05 * np.sin(along * 61 + phase[1])
    return np.column_stack(land.point(along, across))


def _crossings(land: Land, rng: np.random.Generator) -> list[Floats]:
    """Roads from bank to bank: zigzag on the slopes, winding on top."""
    count = max(2, round(11_500 * land.scale / _BETWEEN_CROSSINGS_M))
    lines = []
    for start in np.linspace(-0.12, 0.95, count) + rng.uniform(-0.016, 0.016, count):
        across = np.linspace(0.98, -0.98, 120)
        steep = np.clip((np.abs(across) - 0.40) / 0.25, 0, 1)
        zigzag = np.abs((across * _LEGS + rng.uniform()) % 1 - 0.5) * 4 - 1
        winding = np.sin(across * 5 + rng.uniform(0, 6)) * 1.3
        swing = _SWING_M * (zigzag * steep + winding * (1 - steep))
        lean = rng.uniform(-0.018, 0.018) * across
        lines.append(np.column_stack(land.point(start + lean + swing / LENGTH_M, across)))
    return lines


def _resampled(line: shapely.LineString) -> Floats:
    """Points about `STEP_M` apart, ends included."""
    count = max(2, round(line.length / STEP_M) + 1)
    points = shapely.line_interpolate_point(line, np.linspace(0, 1, count), normalized=True)
    return np.asarray(shapely.get_coordinates(points), dtype=np.float64)
