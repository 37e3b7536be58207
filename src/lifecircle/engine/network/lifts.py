"""Lifts and closed barriers: where ways meet but do not simply run on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.network.osm import OsmNode
from lifecircle.engine.network.tags import STOREY_M, Kind, Structure, WalkingWay

Floats = NDArray[np.float64]

FAR_M = 45.0
"""Where no tag tells a lift's height, the ground this far along the ways that meet it does: right
at a cliff an elevation model shows neither its foot nor its top."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of a way at a lift or a closed barrier: its own copy of the node there.

    `far` is a node of the same way some way off, for its height.
    """

    node: int
    far: int
    way: int
    walk: WalkingWay


Stops = dict[int, list[Stop]]
"""By the OpenStreetMap id of the lift or barrier."""


def links_at(node: OsmNode, stops: list[Stop]) -> list[tuple[Stop, Stop, dict[str, Any]]]:
    """Join the ends that meet at a lift, as (from, to, attributes of the edge).

    Ends of one level run on, open or not; so do the two ends of a way that says no level, when
    another way meets the lift. Everything else is a ride, if the lift runs.

    Notes
    -----
    The height of a ride: the lift's own `height`, the levels of the two ways, the levels that the
    lift lists; else it is left open (NaN) for the elevation model.
    """
    through = len({stop.way for stop in stops}) > 1
    links = []
    for a, b in combinations(stops, 2):
        levels = abs(a.walk.level - b.walk.level)
        same = levels == 0 or (
            through and a.way == b.way and np.isnan(levels) and a.walk.kind != Kind.LIFT
        )
        if same:
            level = {"kind": a.walk.kind, "footbridge": float(a.walk.footbridge)}
            links.append((a, b, {**level, "hours": ""}))
        elif node.open:
            height = next(
                (h for h in (node.height_m, levels * STOREY_M, node.storeys * STOREY_M) if h > 0),
                np.nan,
            )
            ride = {
                "kind": Kind.LIFT, "structure": Structure.GROUND, "rise_m": height, "board": 1.0,
                "hours": node.hours, "far_tail": a.far, "far_head": b.far,
            }  # fmt: skip
            links.append((a, b, ride))
    return links


def ride_heights(columns: dict[str, NDArray[Any]], z: Floats, climb: Floats) -> Floats:
    """How high each edge of a lift goes, (edges,) metres; meaningless for other edges.

    A tagged height stands. A lift at a node takes the difference between the far ends of the ways
    that it joins, a lift drawn as a way that between its ends; neither less than a storey.

    Parameters
    ----------
    columns
        The edges, their tagged heights in `rise_m`.
    z
        (nodes,) heights in metres, NaN where unknown.
    climb
        (edges,) the climb of the whole way that each edge belongs to.
    """
    tagged, far_tail, far_head = columns["rise_m"], columns["far_tail"], columns["far_head"]
    at_node = far_tail >= 0
    between = np.where(at_node, z[far_head] - z[far_tail], climb)
    total = np.maximum(np.abs(np.nan_to_num(between)), STOREY_M)
    return np.where(np.isfinite(tagged), tagged, total * columns["board"])
