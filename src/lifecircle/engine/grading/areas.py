"""Adding up over areas: sums of numerators and denominators, never of scores or colours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import Located, Places

Floats = NDArray[np.float64]


def add_up(places: Places, located: Located, values: Floats) -> Floats:
    """Sum values at points over every place, (places,): up the tree, and over grids and circles.

    Parameters
    ----------
    places
        The tree; parents stand before their children.
    located
        Which places each point lies in.
    values
        (points,) what is summed.
    """
    inside = located.community >= 0
    own = np.bincount(
        located.community[inside], weights=values[inside], minlength=len(places.code)
    ).astype(np.float64)
    total = roll_up(places, own)
    total[places.free] = located.free @ values
    return total


def roll_up(places: Places, own: Floats) -> Floats:
    """Add every place's own value to all places above it, (places,)."""
    total = own.copy()
    for place in range(len(total) - 1, 0, -1):
        if places.parent[place] >= 0:
            total[places.parent[place]] += total[place]
    return total


def hand_down(places: Places, values: Floats, level: str) -> Floats:
    """Give the places below `level` the value of the place of that level above them."""
    result = values.copy()
    for place in range(len(result)):
        parent = places.parent[place]
        if parent >= 0 and places.level[place] != level and _below(places, place, level):
            result[place] = result[parent]
    return result


def _below(places: Places, place: int, level: str) -> bool:
    parent = int(places.parent[place])
    while parent >= 0:
        if places.level[parent] == level:
            return True
        parent = int(places.parent[parent])
    return False
