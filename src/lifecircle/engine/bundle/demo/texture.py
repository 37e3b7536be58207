"""How closely the town is built: old lanes in the east, estates in the west, hills left green."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from lifecircle.engine.bundle.demo.land import CELL_M, Land, noise
from lifecircle.engine.bundle.model import Bools, Floats

_OLD_FROM, _ESTATES_UNTIL = 0.60, 0.36
_CENTRE = (0.885, 0.05, 520.0)
_HILL = 0.45


@dataclass(frozen=True, slots=True)
class Texture:
    """What a point of the town is like; arrays of one length."""

    spacing_m: Floats
    old: Bools
    estate: Bools
    hill: Bools
    centre: Bools
    beyond: Bools


class Town:
    """Answers what the town is like anywhere; patches of one kind reach into the next."""

    def __init__(self, land: Land, rng: np.random.Generator) -> None:
        self._land = land
        self._patches = noise(land.height.shape, 1300, rng)

    def at(self, x: Floats, y: Floats) -> Texture:
        """The texture at points in local metres."""
        land = self._land
        along = land.along(x) + 0.07 * land.at(self._patches, x, y)
        beyond = ~land.inside(x, y)
        hill = (land.hill(x, y) > _HILL) & ~beyond
        old = (along > _OLD_FROM) & ~hill & ~beyond
        estate = (along < _ESTATES_UNTIL) & ~hill & ~beyond
        cx, cy = land.point(_CENTRE[0], _CENTRE[1])
        centre = old & (np.hypot(x - cx, y - cy) < _CENTRE[2] * land.scale)
        kinds = [beyond, hill, centre, old, estate]
        spacing = np.select(kinds, [120.0, 95.0, 42.0, 35.0, 52.0], 43.0)
        return Texture(spacing, old, estate, hill, centre, beyond)


def scatter(land: Land, town: Town, rng: np.random.Generator) -> Floats:
    """Points on the ground, as close as the texture asks, (points, 2)."""
    west, south, east, north = land.ground.bounds
    cell = CELL_M * 1.6
    columns, rows = np.meshgrid(np.arange(west, east, cell), np.arange(south, north, cell))
    x = (columns + rng.uniform(0, cell, columns.shape)).ravel()
    y = (rows + rng.uniform(0, cell, rows.shape)).ravel()
    spacing = town.at(x, y).spacing_m
    keep = rng.random(len(x)) < (cell / spacing) ** 2 * 1.35
    keep &= land.at(land.water_m, x, y) > 22
    keep[keep] = shapely.contains_xy(land.ground, x[keep], y[keep])
    return np.column_stack([x[keep], y[keep]])
