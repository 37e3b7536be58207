"""The street network, grown between the roads.

Roads and scattered points are joined by their Gabriel graph (Gabriel and Sokal 1969): two points
are joined where no third lies in the circle between them. Of it a spanning tree of the easiest
walks is kept, and of the rest fewer the steeper they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import Delaunay, KDTree

from lifecircle.engine.bundle.demo.land import Land
from lifecircle.engine.bundle.demo.roads import Road
from lifecircle.engine.bundle.demo.texture import Town
from lifecircle.engine.bundle.model import Bools, Floats, Strings

Index = NDArray[np.intp]
_MERGE_M = 11.0
_ELBOW = 0.62
"""Points keep this share of the local spacing from each other and from roads."""
_LONGEST = 2.6
_STEEP_COST = 3.0


@dataclass(frozen=True, slots=True)
class Streets:
    """Junctions and the streets between them.

    `points` is (nodes, 2) in local metres with `height`; `edges` (edges, 2) indexes it, each pair
    once; `road` is the `highway` value of a road, "" for what grew between; `tree` says which
    edges the network needs to hold together.
    """

    points: Floats
    height: Floats
    edges: Index
    road: Strings
    tree: Bools

    def length_m(self) -> Floats:
        """Length of each edge."""
        a, b = self.points[self.edges[:, 0]], self.points[self.edges[:, 1]]
        return np.asarray(np.hypot(*(a - b).T), dtype=np.float64)

    def rise_m(self) -> Floats:
        """Height gained along each edge."""
        rise: Floats = self.height[self.edges[:, 1]] - self.height[self.edges[:, 0]]
        return rise


def grow(
    land: Land, town: Town, roads: list[Road], seeds: Floats, rng: np.random.Generator
) -> Streets:
    """Grow the network of `roads` and the lanes between the scattered `seeds`, (seeds, 2)."""
    points, on_road = _merge_roads(roads)
    points = np.concatenate([points, _elbow_room(points, seeds, town)])
    grown = _gabriel(points)
    a, b = points[grown[:, 0]], points[grown[:, 1]]
    middle = (a + b) / 2
    length = np.hypot(*(a - b).T)
    fits = length < _LONGEST * town.at(middle[:, 0], middle[:, 1]).spacing_m
    for share in (0.25, 0.5, 0.75):
        between = a + share * (b - a)
        fits &= land.at(land.water_m, between[:, 0], between[:, 1]) > 6
    edges, road = _united(on_road, grown[fits])
    height = land.at(land.height, points[:, 0], points[:, 1])
    streets = Streets(points, height, edges, road, np.zeros(len(edges), dtype=bool))
    return _thinned(streets, town, rng)


def _merge_roads(roads: list[Road]) -> tuple[Floats, dict[tuple[int, int], str]]:
    """Join road points nearer than `_MERGE_M`; return points and the road of each joined pair."""
    points = np.concatenate([road.line for road in roads])
    pairs = KDTree(points).query_pairs(_MERGE_M, output_type="ndarray")
    graph = coo_matrix((np.ones(len(pairs)), pairs.T), shape=(len(points),) * 2)
    count, label = connected_components(graph, directed=False)
    _, first = np.unique(label, return_index=True)
    joined: dict[tuple[int, int], str] = {}
    start = 0
    for road in roads:
        own = label[start : start + len(road.line)]
        start += len(road.line)
        for a, b in zip(own[:-1].tolist(), own[1:].tolist(), strict=True):
            if a != b:
                joined.setdefault((min(a, b), max(a, b)), road.kind)
    return points[first][:count], joined


def _elbow_room(taken: Floats, seeds: Floats, town: Town) -> Floats:
    """The seeds that crowd neither a road nor an earlier seed."""
    room = _ELBOW * town.at(seeds[:, 0], seeds[:, 1]).spacing_m
    far, _ = KDTree(taken).query(seeds)
    free = far > np.minimum(room, 26.0)
    seeds, room = seeds[free], room[free]
    pairs = KDTree(seeds).query_pairs(float(room.max()), output_type="ndarray")
    gap = np.hypot(*(seeds[pairs[:, 0]] - seeds[pairs[:, 1]]).T)
    crowd = pairs[gap < np.minimum(room[pairs[:, 0]], room[pairs[:, 1]])]
    return seeds[independent(len(seeds), crowd)]


def independent(count: int, pairs: Index) -> Bools:
    """Choose from `count` things none of which form a pair, earlier ones first, (count,).

    Luby 1986: keep whatever comes before all its rivals that are left, drop its rivals, repeat.
    """
    kept, alive = np.zeros(count, dtype=bool), np.ones(count, dtype=bool)
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    while alive.any():
        both = alive[low] & alive[high]
        low, high = low[both], high[both]
        first = alive.copy()
        first[high] = False
        kept |= first
        alive &= ~first
        alive[high[first[low]]] = False
    return kept


def _gabriel(points: Floats) -> Index:
    """Edges of the Gabriel graph, (edges, 2), lower index first."""
    triangles = Delaunay(points).simplices
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    sides = np.unique(np.sort(sides, axis=1), axis=0).astype(np.intp)
    a, b = points[sides[:, 0]], points[sides[:, 1]]
    nearest, _ = KDTree(points).query((a + b) / 2)
    return sides[nearest > np.hypot(*(a - b).T) / 2 - 1e-6]


def _united(on_road: dict[tuple[int, int], str], grown: Index) -> tuple[Index, Strings]:
    """Roads, then what grew and is no road."""
    pairs = np.array(list(on_road), dtype=np.intp).reshape(-1, 2)
    base = int(max(pairs.max(), grown.max())) + 1
    lanes = grown[~np.isin(grown @ [base, 1], pairs @ [base, 1])]
    kinds = [*on_road.values(), *[""] * len(lanes)]
    return np.concatenate([pairs, lanes]), np.array(kinds, dtype=object)


def _thinned(streets: Streets, town: Town, rng: np.random.Generator) -> Streets:
    """Keep roads, a spanning tree of the easiest walks, and some of the rest."""
    length, rise = streets.length_m(), np.abs(streets.rise_m())
    slope = rise / length
    is_road = streets.road != ""
    cost = length * (1 + _STEEP_COST * slope) * np.where(is_road, 0.3, 1.0)
    count = len(streets.points)
    graph = coo_matrix((cost, streets.edges.T), shape=(count, count)).tocsr()
    tree_pairs = np.column_stack(minimum_spanning_tree(graph).nonzero()).astype(np.intp)
    key = np.array([count, 1])
    tree = np.isin(streets.edges @ key, np.sort(tree_pairs, axis=1) @ key)
    middle = streets.points[streets.edges].mean(axis=1)
    texture = town.at(middle[:, 0], middle[:, 1])
    chance = np.interp(slope, [0.05, 0.2, 0.5, 0.9], [0.74, 0.66, 0.42, 0.04])
    chance = chance * np.where(texture.hill | texture.beyond, 0.55, 1.0)
    keep = is_road | tree | (rng.random(len(chance)) < chance)
    return Streets(
        streets.points, streets.height, streets.edges[keep], streets.road[keep], tree[keep]
    )
