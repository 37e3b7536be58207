"""Squares along the Morton curve: each holds one run of nodes, and few enough of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.reach.graph import morton_key

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tile:
    """Nodes `first` up to before `last`, and the box (x0, y0, x1, y1) in metres that they fill."""

    first: int
    last: int
    box: tuple[float, float, float, float]

    def within(self, metres: float, other: Tile) -> bool:
        """Whether a node of the other tile can lie within so many metres of this one's box."""
        return bool(
            other.box[0] <= self.box[2] + metres
            and other.box[2] >= self.box[0] - metres
            and other.box[1] <= self.box[3] + metres
            and other.box[3] >= self.box[1] - metres
        )


def cut(x: Floats, y: Floats, most_nodes: int) -> list[Tile]:
    """Cut nodes in spatial order into tiles of at most `most_nodes` each.

    A square of the Morton curve is a run of nodes; one with too many is cut into its four quarters,
    down to squares of a metre.

    Parameters
    ----------
    x, y
        (nodes,) metres, in the order of `spatial_order`.

    Raises
    ------
    ValueError
        `most_nodes` is not positive, or the nodes are in another order.
    """
    if most_nodes < 1:
        raise ValueError("a tile must hold at least 1 node")
    if len(x) == 0:
        return []
    key = morton_key(x, y)
    if np.any(np.diff(key) < 0):
        raise ValueError("nodes must be in the order of spatial_order")
    tiles: list[Tile] = []
    todo = [(0, (int(key[-1]).bit_length() + 1) // 2)]
    while todo:
        start, level = todo.pop()
        first, last = np.searchsorted(key, [start, start + (1 << (2 * level))])
        if first == last:
            continue
        if last - first > most_nodes and level > 0:
            quarter = 1 << (2 * (level - 1))
            todo += [(start + k * quarter, level - 1) for k in (3, 2, 1, 0)]
            continue
        own = slice(first, last)
        box = (x[own].min(), y[own].min(), x[own].max(), y[own].max())
        tiles.append(Tile(int(first), int(last), tuple(float(v) for v in box)))  # type: ignore[arg-type]
    return tiles
