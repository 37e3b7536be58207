"""A path, a stair, a pair of escalators or a lift that is not there yet, drawn into a network."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.network.model import WalkNetwork
from lifecircle.engine.network.snapping import SnapIndex, Snapped, in_large_part
from lifecircle.engine.network.tags import STOREY_M, Kind
from lifecircle.errors import Issue, NetworkError

Drawable = Literal["path", "steps", "lift", "escalator"]
KINDS: dict[str, Kind] = {
    "path": Kind.PATH, "steps": Kind.STEPS, "lift": Kind.LIFT, "escalator": Kind.ESCALATOR,
}  # fmt: skip
JOIN_M = 40.0
"""How far the end of what is drawn may lie from the node that it joins."""

Floats = NDArray[np.float64]


def with_way(network: WalkNetwork, kind: Drawable, ends: Floats) -> tuple[WalkNetwork, int]:
    """Add a straight way between the nodes nearest to two points.

    It is walked both ways, at all hours, escalators being a pair; what climbs climbs as much as its nodes differ in
    height, a lift a storey at least.

    Parameters
    ----------
    network
        Is not changed.
    kind
        `path`, `steps`, `lift` or `escalator`.
    ends
        (2, 2) metres in the network's CRS.

    Returns
    -------
    network, edge
        The edges keep their numbers; the new one is the last.

    Raises
    ------
    NetworkError
        No such kind, no node of the network within `JOIN_M` of an end, or both ends join the same one.
    """
    if kind not in KINDS:
        names = ", ".join(get_args(Drawable))
        raise _refused("kind", f"one of {names}", f"{names} 之一", str(kind))
    nodes, edges = network.nodes, network.edges
    large = np.flatnonzero(in_large_part(network))
    away = np.hypot(nodes.x[large] - ends[:, :1], nodes.y[large] - ends[:, 1:])
    nearest = away.argmin(axis=1)
    if away[[0, 1], nearest].max() > JOIN_M:
        near, near_zh = (
            f"a street within {JOIN_M:.0f} m of each end",
            f"两端 {JOIN_M:.0f} 米内有道路",
        )
        raise _refused("ends", near, near_zh, f"{away[[0, 1], nearest].max():.0f} m")
    tail, head = (int(node) for node in large[nearest])
    if tail == head:
        raise _refused("ends", "two ends that join different streets", "两端连到不同的路口", "")
    length = float(np.hypot(nodes.x[head] - nodes.x[tail], nodes.y[head] - nodes.y[tail]))
    rise = float(np.nan_to_num(nodes.z[head] - nodes.z[tail]))
    lift = kind == "lift"
    new = {
        "tail": tail, "head": head, "length_m": length, "kind": KINDS[kind], "forward": True, "backward": True,
        "rise_m": max(abs(rise), STOREY_M) if lift else rise, "run_m": length if kind == "steps" else 0.0,
        "board": 1.0 if kind in ("lift", "escalator") else 0.0, "way": min(int(edges.way.min(initial=0)), 0) - 1,
    }  # fmt: skip
    columns = {
        f.name: np.append(
            getattr(edges, f.name), np.array(new.get(f.name, 0), getattr(edges, f.name).dtype)
        )
        for f in fields(edges)
    }
    return replace(network, edges=type(edges)(**columns)), len(edges)


def snap_nearer(network: WalkNetwork, edge: int, snapped: Snapped, x: Floats, y: Floats) -> Snapped:
    """Join points to a new edge where it is nearer than the one that they met."""
    if network.edges.kind[edge] in (Kind.LIFT, Kind.ESCALATOR):  # nobody joins them midway
        return snapped
    found = SnapIndex(network, np.array([edge])).snap(x, y)
    nearer = (found.edge >= 0) & (found.side_m < snapped.side_m)
    return Snapped(
        *(
            np.where(nearer, getattr(found, name), getattr(snapped, name))
            for name in ("edge", "fraction", "side_m")
        )
    )


def _refused(column: str, en: str, zh: str, value: str) -> NetworkError:
    issue = Issue("draft", "network", en, zh, column=column, value=value)
    return NetworkError("the way cannot be drawn / 道路有误", (issue,))
