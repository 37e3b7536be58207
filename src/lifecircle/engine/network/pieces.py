"""From OpenStreetMap ways to straight pieces between nodes, before heights and numbering."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from lifecircle.engine.network.areas import crossings
from lifecircle.engine.network.osm import OsmArea, OsmExtract, OsmNode, OsmWay
from lifecircle.engine.network.tags import RISER_M, STOREY_M, TREAD_M, Kind, WalkingWay

Floats = NDArray[np.float64]


EDGE_FIELDS = (
    "tail", "head", "length_m", "rise_m", "run_m", "kind", "structure", "forward", "backward",
    "signal", "footbridge", "board", "wheelchair", "hours", "name", "way", "sign", "slope",
)  # fmt: skip


@dataclass
class Pieces:
    """Growing lists of nodes and edges; a row of `edges` holds `EDGE_FIELDS` in their order.

    `sign` is the tagged direction of climb and `slope` the tagged slope of each edge; both wait
    for heights.
    """

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    osm: list[int] = field(default_factory=list)
    edges: list[tuple[Any, ...]] = field(default_factory=list)
    texts: dict[str, int] = field(default_factory=lambda: {"": 0})
    notes: dict[str, int] = field(default_factory=dict)

    def node(self, x: float, y: float, osm: int) -> int:
        """Add a node; return its number."""
        self.x.append(x)
        self.y.append(y)
        self.osm.append(osm)
        return len(self.x) - 1

    def edge(self, tail: int, head: int, length_m: float, walk: WalkingWay, **values: Any) -> None:
        """Add an edge with a way's attributes, some of them replaced by `values`."""
        row = {
            "rise_m": np.nan, "run_m": 0.0, "kind": walk.kind, "structure": walk.structure,
            "forward": walk.forward, "backward": walk.backward, "signal": 0.0, "footbridge": 0.0,
            "board": 0.0, "wheelchair": walk.wheelchair, "hours": self.text(walk.hours),
            "name": self.text(walk.name), "way": 0, "sign": walk.rise_sign, "slope": walk.slope,
        } | values  # fmt: skip
        self.edges.append((tail, head, length_m, *(row[name] for name in EDGE_FIELDS[3:])))

    def text(self, text: str) -> int:
        """Number a text."""
        return self.texts.setdefault(text, len(self.texts))

    def count(self, note: str, by: int = 1) -> None:
        """Count something that a planner should know."""
        self.notes[note] = self.notes.get(note, 0) + by


Stops = dict[int, list[tuple[int, float, WalkingWay]]]
"""By lift or closed barrier: the copies of its node at the ends of ways, with their levels."""


def cut_into_pieces(extract: OsmExtract, project: Transformer) -> Pieces:
    """Cut every way into edges between its nodes; join levels at lifts; cross squares."""
    pieces = Pieces()
    known: dict[int, int] = {}
    stops: Stops = {}
    ringed = {int(ref) for area in extract.areas for ring in area.rings for ref in ring[0]}
    met = (
        {int(ref) for way in extract.ways for ref in way.nodes if ref in ringed}
        if ringed
        else set()
    )
    # All ways are projected in one call: a call costs more than a way.
    lon = np.concatenate([way.lon for way in extract.ways])
    lat = np.concatenate([way.lat for way in extract.ways])
    east, north = project.transform(lon, lat)
    length = np.append(np.hypot(np.diff(east), np.diff(north)), 0.0).tolist()
    x, y = east.tolist(), north.tolist()
    start = 0
    for way in extract.ways:
        end = start + len(way.nodes)
        part = slice(start, end)
        _add_way(
            pieces, way, (x[part], y[part], length[start : end - 1]), extract.nodes, known, stops
        )
        start = end
    for area in extract.areas:
        _add_area(pieces, area, met, known, project)
    for ref, copies in stops.items():
        _join_copies(pieces, extract.nodes[ref], copies)
    return pieces


def _add_way(
    pieces: Pieces,
    way: OsmWay,
    drawn: tuple[list[float], list[float], list[float]],
    special: dict[int, OsmNode],
    known: dict[int, int],
    stops: Stops,
) -> None:
    x, y, length = drawn
    walk, refs = way.walk, way.nodes.tolist()
    total = sum(length)
    run, rise = _stairs(walk, total)
    ends, lights, hours = _way_nodes(pieces, way, refs, (x, y), special, known, stops)
    lit = any(lights)
    boarded = walk.kind in {Kind.ESCALATOR, Kind.LIFT}
    name, usual = pieces.text(walk.name), pieces.text(walk.hours)
    for k, metres in enumerate(length):
        tail, head = ends[k][1], ends[k + 1][0]
        if tail == head:
            continue
        share = metres / total if total > 0 else 0.0
        signal = 0.5 * lights[k] + 0.5 * lights[k + 1] if lit else walk.signal * share
        pieces.edges.append(
            (
                tail, head, metres, rise * share, run * share, walk.kind, walk.structure,
                walk.forward, walk.backward, signal, walk.footbridge * share,
                share if boarded else 0.0, walk.wheelchair,
                hours.get(k, hours.get(k + 1, usual)) if hours and not walk.hours else usual,
                name, way.id, walk.rise_sign, walk.slope,
            )
        )  # fmt: skip


def _way_nodes(
    pieces: Pieces,
    way: OsmWay,
    refs: list[int],
    at: tuple[list[float], list[float]],
    special: dict[int, OsmNode],
    known: dict[int, int],
    stops: Stops,
) -> tuple[list[tuple[int, int]], list[bool], dict[int, int]]:
    """Number a way's nodes: for each, as the end of the piece before it and the start of the next.

    The two differ at a lift or a closed barrier: every piece ends at a copy of its own there; a
    lift joins the copies, a wall does not. Also which nodes have lights that walkers wait at, and
    the hours of open barriers by position.
    """
    ends: list[tuple[int, int]] = []
    lights: list[bool] = []
    hours: dict[int, int] = {}
    road = way.walk.kind == Kind.ROAD
    for k, ref in enumerate(refs):
        node = special.get(ref)
        lights.append(node is not None and node.signal and not road)
        if node is not None and (node.lift or (node.barrier and not node.open)):
            copies = []
            for used in (k > 0, k < len(refs) - 1):
                copies.append(pieces.node(at[0][k], at[1][k], ref) if used else -1)
                if used:
                    stops.setdefault(ref, []).append((copies[-1], way.walk.level, way.walk))
            ends.append((copies[0], copies[1]))
            continue
        if node is not None and node.barrier and node.hours:
            hours[k] = pieces.text(node.hours)
        number = known.get(ref)
        if number is None:
            number = known[ref] = pieces.node(at[0][k], at[1][k], ref)
        ends.append((number, number))
    return ends, lights, hours


def _stairs(walk: WalkingWay, length_m: float) -> tuple[float, float]:
    """Run and unsigned rise of a flight: from the count of steps, else height, else length."""
    if walk.kind == Kind.LIFT:
        return 0.0, walk.height_m if np.isfinite(walk.height_m) else STOREY_M
    if walk.kind not in {Kind.STEPS, Kind.ESCALATOR}:
        return 0.0, np.nan
    if walk.steps > 0:
        return walk.steps * TREAD_M, walk.steps * RISER_M
    if walk.height_m > 0:
        return walk.height_m / RISER_M * TREAD_M, walk.height_m
    return length_m, length_m / TREAD_M * RISER_M


def _join_copies(
    pieces: Pieces, node: OsmNode, copies: list[tuple[int, float, WalkingWay]]
) -> None:
    """Join the ends that meet at a lift: level with level, and by the lift between levels."""
    if not node.lift:
        pieces.count("closed_barriers")
        return
    if not node.open:
        pieces.count("closed_lifts")
    for (a, level_a, walk), (b, level_b, _) in combinations(copies, 2):
        same = level_a == level_b
        if not (same or node.open):
            continue
        levels = abs(level_a - level_b) if np.isfinite(level_a + level_b) else np.nan
        height = node.height_m if np.isfinite(node.height_m) else levels * STOREY_M
        pieces.edge(
            a, b, 0.0, walk, kind=Kind.PATH if same else Kind.LIFT, forward=True, backward=True,
            rise_m=0.0 if same else height, board=0.0 if same else 1.0, wheelchair=0,
            hours=pieces.text("" if same else node.hours), slope=np.nan, sign=0, name=0,
        )  # fmt: skip
    pieces.count("lifts")


def _add_area(
    pieces: Pieces, area: OsmArea, met: set[int], known: dict[int, int], project: Transformer
) -> None:
    rings, corners, refs = [], [], []
    for ids, lon, lat in area.rings:
        x, y = project.transform(lon, lat)
        rings.append(np.column_stack([x, y]))
        for k in range(len(ids) - 1):
            refs.append(int(ids[k]))
            corners.append((x[k], y[k]))
            if refs[-1] not in known:
                known[refs[-1]] = pieces.node(x[k], y[k], refs[-1])
        for k in range(len(ids) - 1):
            tail, head = known[int(ids[k])], known[int(ids[k + 1])]
            gap = float(np.hypot(x[k + 1] - x[k], y[k + 1] - y[k]))
            if tail != head:
                pieces.edge(tail, head, gap, area.walk, kind=Kind.AREA, way=area.id, slope=np.nan)
    spots = np.array(corners)
    entries = np.array([ref in met for ref in refs])
    for shell in rings[: area.outer]:
        polygon = shapely.Polygon(shell, rings[area.outer :])
        if not polygon.is_valid:
            pieces.count("invalid_squares")
            continue
        for a, b in crossings(polygon, spots, entries):
            gap = float(np.hypot(*(spots[a] - spots[b])))
            pieces.edge(
                known[refs[a]], known[refs[b]], gap, area.walk, kind=Kind.AREA, way=area.id,
                slope=np.nan,
            )  # fmt: skip
    pieces.count("squares")
