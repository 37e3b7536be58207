"""What spans or pierces the ground: bridges over rivers and roads, tunnels, passages, squares."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.spatial import KDTree

from lifecircle.engine.bundle.demo.drawing import Drawing, Index, Tags
from lifecircle.engine.bundle.demo.land import Land
from lifecircle.engine.bundle.demo.streets import Streets
from lifecircle.engine.bundle.model import Bools, Floats

_NORTH_BRIDGES, _SOUTH_BRIDGES = (0.07, 0.29, 0.5, 0.7, 0.89), (0.12, 0.33, 0.55, 0.74, 0.87)
_TUNNELS = (0.47, 0.6, 0.71, 0.83)
_SQUARES = ((0.885, 0.05), (0.77, 0.3), (0.56, 0.25), (0.26, -0.1), (0.12, 0.3), (0.95, 0.0))
_BRIDGE_HEAD_M, _SPAN_M, _FAR_M = 70.0, 60.0, 800.0
_FOOTBRIDGES, _PASSAGES = 45, 8
_SQUARE_M = 62.0


def draw_bridges(drawing: Drawing, streets: Streets, junctions: Index, land: Land) -> None:
    """Road bridges with pavements from the slope of one bank to the slope of the other."""
    x, y = streets.points.T
    roads = np.zeros(len(x), dtype=bool)
    roads[streets.edges[streets.road != ""].ravel()] = True
    head = roads & (land.at(land.water_m, x, y) > _BRIDGE_HEAD_M)
    near = head & shapely.contains_xy(land.peninsula, x, y)
    for side, stations in ((1.0, _NORTH_BRIDGES), (-1.0, _SOUTH_BRIDGES)):
        for station in stations:
            bank = np.array(land.point(station, side), dtype=np.float64)
            here = _nearest(streets.points, near, bank)
            far = head & ~near & (side * (y - bank[1]) > 0)
            there = _nearest(streets.points, far, streets.points[here])
            if np.hypot(*(streets.points[here] - streets.points[there])) < _FAR_M + 400:
                tags = {"highway": "primary", "bridge": "yes", "layer": "2", "sidewalk": "both"}
                _draw_span(drawing, streets, junctions, (here, there), tags)


def draw_tunnels(drawing: Drawing, streets: Streets, junctions: Index, land: Land) -> None:
    """Walking tunnels under the ridge."""
    every = np.ones(len(streets.points), dtype=bool)
    for station in _TUNNELS:
        ends = [
            _nearest(streets.points, every, np.array(land.point(station, side), dtype=np.float64))
            for side in (0.4, -0.4)
        ]
        tags = {"highway": "footway", "tunnel": "yes", "layer": "-1", "lit": "yes"}
        _draw_span(drawing, streets, junctions, (ends[0], ends[1]), tags)


def draw_footbridges(
    drawing: Drawing, streets: Streets, junctions: Index, inside: Bools, rng: np.random.Generator
) -> None:
    """Footbridges over main roads, and indoor passages between near lanes."""
    main = np.isin(streets.road, ["primary", "secondary"])
    on_road = np.zeros(len(streets.points), dtype=bool)
    on_road[streets.edges[streets.road != ""].ravel()] = True
    lanes = ~on_road & inside
    lanes &= np.isin(np.arange(len(lanes)), streets.edges)
    edges = np.flatnonzero(main & inside[streets.edges].all(axis=1))
    share = len(edges) / 3000
    for edge in rng.permutation(edges)[: max(2, round(_FOOTBRIDGES * share))].tolist():
        a, b = streets.points[streets.edges[edge]]
        across = np.array([a[1] - b[1], b[0] - a[0]]) / np.hypot(*(b - a)) * 26
        ends = [_nearest(streets.points, lanes, (a + b) / 2 + s * across) for s in (1, -1)]
        if ends[0] != ends[1]:
            tags = {"highway": "footway", "bridge": "yes", "layer": "1"}
            _draw_span(drawing, streets, junctions, (ends[0], ends[1]), tags)
    pairs = KDTree(streets.points).query_pairs(75.0, output_type="ndarray")
    gap = np.hypot(*(streets.points[pairs[:, 0]] - streets.points[pairs[:, 1]]).T)
    pairs = pairs[(gap > 50) & lanes[pairs].all(axis=1)]
    for a, b in rng.permutation(pairs)[: max(1, round(_PASSAGES * share))].tolist():
        tags = {"highway": "corridor", "indoor": "yes", "opening_hours": "07:00-22:30"}
        _draw_span(drawing, streets, junctions, (a, b), tags)


def draw_squares(
    drawing: Drawing, streets: Streets, junctions: Index, land: Land
) -> list[shapely.Polygon]:
    """Pedestrian squares whose corners are junctions; returns them."""
    used = np.unique(streets.edges)
    tree = KDTree(streets.points[used])
    squares = []
    for number, (along, across) in enumerate(_SQUARES):
        centre = np.array(land.point(along, across), dtype=np.float64)
        near = used[tree.query_ball_point(centre, _SQUARE_M)]
        if len(near) < 4:
            continue
        hull = shapely.convex_hull(shapely.multipoints(streets.points[near]))
        ring = near[KDTree(streets.points[near]).query(shapely.get_coordinates(hull))[1]]
        tags = {"highway": "pedestrian", "area": "yes", "name": f"演示广场{number + 1}"}
        drawing.add_way([int(node) for node in junctions[ring]], tags)
        squares.append(hull)
    return squares


def _nearest(points: Floats, fit: Bools, place: Floats) -> int:
    squared = ((points - place) ** 2).sum(axis=1)
    return int(np.argmin(np.where(fit, squared, np.inf)))


def _draw_span(
    drawing: Drawing, streets: Streets, junctions: Index, ends: tuple[int, int], tags: Tags
) -> None:
    """A straight way between two junctions that meets nothing on its way."""
    a, b = streets.points[list(ends)]
    count = max(1, int(np.hypot(*(b - a)) / _SPAN_M))
    share = np.linspace(0, 1, count + 2)[1:-1, None]
    between = drawing.add_nodes(a + share * (b - a))
    nodes = [int(junctions[ends[0]]), *between.tolist(), int(junctions[ends[1]])]
    drawing.add_way(nodes, tags)
