"""Reading an OpenStreetMap file: walkable ways, the nodes that matter on them, pedestrian areas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from numpy.typing import NDArray

from lifecircle.engine.network.tags import (
    WalkingWay,
    node_open,
    signalised,
    storeys_of,
    walking_way,
)
from lifecircle.errors import Issue, NetworkError

_BARRIERS = {
    "gate",
    "lift_gate",
    "swing_gate",
    "door",
    "wicket_gate",
    "sliding_gate",
    "wall",
    "fence",
}


Ring = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]
"""Node ids, longitudes and latitudes; the last node is the first again."""


@dataclass(frozen=True, slots=True)
class OsmWay:
    """A walkable way: its id, how it is walked, and its nodes' ids and WGS84 positions."""

    id: int
    walk: WalkingWay
    nodes: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OsmArea:
    """A pedestrian area: rings of node ids and positions, the outer ones and the holes."""

    id: int
    walk: WalkingWay
    rings: tuple[Ring, ...]
    outer: int


@dataclass(frozen=True, slots=True)
class OsmNode:
    """A node that changes a walk: a lift, a barrier, a signalised crossing.

    `height_m` and `storeys` are what a lift's own tags say of its ride, NaN where they say nothing.
    """

    lift: bool
    barrier: bool
    signal: bool
    open: bool
    hours: str
    height_m: float
    storeys: float

    @property
    def parts(self) -> bool:
        """Whether ways do not simply run on here: each ends at a copy of its own."""
        return self.lift or (self.barrier and not self.open)


@dataclass(frozen=True, slots=True)
class OsmExtract:
    """What a walking network needs of an OpenStreetMap file."""

    ways: tuple[OsmWay, ...]
    areas: tuple[OsmArea, ...]
    nodes: dict[int, OsmNode]


def read_osm(path: Path) -> OsmExtract:
    """Read `.osm.pbf`, `.osm`, `.osm.bz2` or `.osm.gz`.

    Raises
    ------
    NetworkError
        The file is missing, broken off, or no OpenStreetMap file, or holds no walkable way.
    """
    if not path.is_file():
        raise NetworkError("no network file", (_issue(path, "missing", "file exists"),))
    ways: list[OsmWay] = []
    areas: list[OsmArea] = []
    nodes: dict[int, OsmNode] = {}
    try:
        reader = osmium.FileProcessor(str(path)).with_locations().with_areas(
            osmium.filter.KeyFilter("highway")
        ).with_filter(
            osmium.filter.KeyFilter(
                "highway", "indoor", "public_transport", "railway", "barrier", "crossing",
                "area:highway",
            )
        )  # fmt: skip
        item: Any
        for item in reader:
            if item.is_node():
                _read_node(item, nodes)
            elif item.is_way():
                _read_way(item, ways)
            elif item.is_area():
                _read_area(item, areas)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise NetworkError(
            "the network file cannot be read",
            (_issue(path, str(error), "a complete OpenStreetMap file (.osm.pbf or .osm)"),),
        ) from error
    if not ways:
        raise NetworkError(
            "nothing to walk on",
            (_issue(path, "", "at least one way with a walkable highway tag"),),
        )
    return OsmExtract(tuple(ways), tuple(areas), nodes)


def _issue(path: Path, value: str, expected: str) -> Issue:
    return Issue(
        code="network_file",
        file=path.name,
        expected=expected,
        expected_zh="完整的 OpenStreetMap 文件(.osm.pbf 或 .osm), 至少有一条可步行的道路",
        value=value,
    )


def _read_node(node: osmium.osm.Node, nodes: dict[int, OsmNode]) -> None:
    tags = {tag.k: tag.v for tag in node.tags}
    lift = tags.get("highway") == "elevator"
    barrier = tags.get("barrier", "") in _BARRIERS
    signal = signalised(tags) and tags.get("highway") in {"crossing", "traffic_signals"}
    if not (lift or barrier or signal):
        return
    allowed, hours = node_open(tags)
    try:
        height = float(tags.get("height", "nan").removesuffix("m"))
    except ValueError:
        height = float("nan")
    nodes[node.id] = OsmNode(lift, barrier, signal, allowed, hours, height, storeys_of(tags))


def _read_way(way: osmium.osm.Way, ways: list[OsmWay]) -> None:
    tags = {tag.k: tag.v for tag in way.tags}
    if tags.get("area") == "yes" and way.is_closed():
        return
    walk = walking_way(tags)
    if walk is None:
        return
    # A cut-out extract may lack nodes beyond its edge; what it holds is walked.
    known = [n for n in way.nodes if n.location.valid()]
    if len(known) < 2:
        return
    refs = np.array([n.ref for n in known], dtype=np.int64)
    ways.append(
        OsmWay(
            way.id, walk, refs, np.array([n.lon for n in known]), np.array([n.lat for n in known])
        )
    )


def _read_area(area: osmium.osm.Area, areas: list[OsmArea]) -> None:
    tags = {tag.k: tag.v for tag in area.tags}
    walk = walking_way(tags)
    if walk is None or (area.from_way() and tags.get("area") != "yes"):
        return
    rings: list[Ring] = []
    inner: list[Ring] = []
    for outer in area.outer_rings():
        rings.append(_ring(outer))
        inner.extend(_ring(hole) for hole in area.inner_rings(outer))
    areas.append(OsmArea(area.orig_id(), walk, tuple(rings + inner), len(rings)))


def _ring(ring: osmium.osm.NodeRefList) -> Ring:
    return (
        np.array([n.ref for n in ring], dtype=np.int64),
        np.array([n.lon for n in ring]),
        np.array([n.lat for n in ring]),
    )
