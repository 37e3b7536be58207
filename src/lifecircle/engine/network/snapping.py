"""Where points meet the network: the nearest edge that people step onto from its side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.engine.network.model import WalkNetwork
from lifecircle.engine.network.tags import Kind, Structure
from lifecircle.engine.reach import Graph, Points, to_ticks
from lifecircle.engine.standards.model import Profile

Floats = NDArray[np.float64]

SNAP_LIMIT_M = 150.0
"""Points farther than this from any edge are not joined to the network but listed."""

_LARGE_PART = 0.01


@dataclass(frozen=True, slots=True)
class Snapped:
    """(points,) where each point meets the network, whoever walks.

    `edge` is -1 for a point that none is near enough to; `fraction` counts from the tail;
    `side_m` is the way between the point and its edge.
    """

    edge: NDArray[np.int64]
    fraction: Floats
    side_m: Floats

    @property
    def missed(self) -> NDArray[np.intp]:
        """The rows that meet no edge."""
        return np.flatnonzero(self.edge < 0)

    def take(self, rows: NDArray[np.intp]) -> Snapped:
        """The points at `rows`."""
        return Snapped(self.edge[rows], self.fraction[rows], self.side_m[rows])

    def points(self, graph: Graph, profile: Profile) -> Points:
        """Place the points on one walker's graph: the side is walked at the flat speed."""
        side = np.where(self.edge >= 0, self.side_m, 0.0) / profile.flat_mps.value
        ticks = np.where(side > 0, to_ticks(side), 0).astype(np.int32)
        return Points.on_edges(graph, self.edge, self.fraction, ticks)


def snap_again(
    network: WalkNetwork, snapped: Snapped, x: Floats, y: Floats, passable: NDArray[np.bool_]
) -> Snapped:
    """Join anew the points whose edge a walker cannot pass: no wheelchair waits on the stairs.

    Parameters
    ----------
    network, x, y, passable
        As for `snap`.
    snapped
        Where the points meet the network, whoever walks.
    """
    stuck = np.flatnonzero((snapped.edge >= 0) & ~passable[snapped.edge])
    if len(stuck) == 0:
        return snapped
    found = snap(network, np.asarray(x)[stuck], np.asarray(y)[stuck], passable=passable)
    result = Snapped(snapped.edge.copy(), snapped.fraction.copy(), snapped.side_m.copy())
    result.edge[stuck], result.fraction[stuck] = found.edge, found.fraction
    result.side_m[stuck] = found.side_m
    return result


def snap(
    network: WalkNetwork,
    x: Floats,
    y: Floats,
    *,
    limit_m: float = SNAP_LIMIT_M,
    islands: bool = False,
    passable: NDArray[np.bool_] | None = None,
) -> Snapped:
    """Join points to the nearest edge within `limit_m`; of equally near ones to the first.

    Nobody steps from a house onto a bridge, into a tunnel or onto an escalator, so those are left
    out; so are, unless `islands`, parts of the network that hold under 1 % of its nodes.

    Parameters
    ----------
    network
        The walking network.
    x, y
        (points,) metres in the network's CRS.
    passable
        (edges,) those that a walker can pass (`Graph.passable`); all when left out.
    """
    usable = _usable(network, islands=islands, passable=passable)
    usable &= _near(network, x, y, limit_m)
    return SnapIndex(network, np.flatnonzero(usable)).snap(x, y, limit_m=limit_m)


class SnapIndex:
    """The edges that people step onto from their side, ready for many calls of `snap`.

    Parameters
    ----------
    network
        The walking network.
    rows
        The numbers of the edges.
    """

    def __init__(self, network: WalkNetwork, rows: NDArray[np.intp]) -> None:
        self.rows, self.lines = rows, network.lines(rows)
        self.tree = shapely.STRtree(shapely.linestrings(self.lines.reshape(-1, 2, 2)))

    @classmethod
    def of(cls, network: WalkNetwork, passable: NDArray[np.bool_]) -> SnapIndex:
        """The edges that one walker can step onto."""
        usable = _usable(network, islands=False, passable=passable)
        return cls(network, np.flatnonzero(usable))

    def snap(self, x: Floats, y: Floats, *, limit_m: float = SNAP_LIMIT_M) -> Snapped:
        """Join points to the nearest of the edges, as the function `snap` does."""
        result = Snapped(
            np.full(len(x), -1, dtype=np.int64), np.zeros(len(x)), np.full(len(x), np.inf)
        )
        if len(self.rows) == 0 or len(x) == 0:
            return result
        point, hit = self.tree.query_nearest(
            shapely.points(x, y), max_distance=limit_m, all_matches=True
        )
        order = np.lexsort([hit, point])
        _, first = np.unique(point[order], return_index=True)
        point, hit = point[order][first], hit[order][first]
        fraction, side = _project(self.lines[hit], np.asarray(x)[point], np.asarray(y)[point])
        result.edge[point], result.fraction[point], result.side_m[point] = (
            self.rows[hit], fraction, side,
        )  # fmt: skip
        return result


def in_large_part(network: WalkNetwork) -> NDArray[np.bool_]:
    """(nodes,) those of parts of the network that hold at least 1 % of it."""
    size = np.bincount(network.nodes.component)
    large: NDArray[np.bool_] = size >= max(_LARGE_PART * size.sum(), 2)
    return large[network.nodes.component]


def _usable(
    network: WalkNetwork, *, islands: bool, passable: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    edges = network.edges
    usable = np.ones(len(edges), dtype=bool) if passable is None else passable.copy()
    usable &= (edges.structure == Structure.GROUND) & ~np.isin(
        edges.kind, (Kind.LIFT, Kind.ESCALATOR, Kind.CONVEYOR)
    )
    if not islands:
        usable &= in_large_part(network)[edges.tail]
    return usable


def _near(network: WalkNetwork, x: Floats, y: Floats, limit_m: float) -> NDArray[np.bool_]:
    """Edges that lie within `limit_m` of the box of all points: few of them for few points."""
    if len(x) == 0:
        return np.zeros(len(network.edges), dtype=bool)
    result = np.ones(len(network.edges), dtype=bool)
    for at, values in ((network.nodes.x, x), (network.nodes.y, y)):
        tail, head = at[network.edges.tail], at[network.edges.head]
        result &= np.minimum(tail, head) <= np.max(values) + limit_m
        result &= np.maximum(tail, head) >= np.min(values) - limit_m
    return result


def _project(lines: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    dx, dy = lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]
    square = dx * dx + dy * dy
    along = (x - lines[:, 0]) * dx + (y - lines[:, 1]) * dy
    fraction = np.clip(np.divide(along, square, out=np.zeros(len(x)), where=square > 0), 0, 1)
    side = np.hypot(x - lines[:, 0] - fraction * dx, y - lines[:, 1] - fraction * dy)
    return fraction, side
