"""From an OpenStreetMap way to its pieces: stairs, lights, gates, lifts along it."""

from __future__ import annotations

import numpy as np

from lifecircle.engine.network.lifts import FAR_M, Stop, Stops
from lifecircle.engine.network.osm import OsmNode, OsmWay
from lifecircle.engine.network.pieces import Pieces
from lifecircle.engine.network.tags import RISER_M, TREAD_M, Kind, WalkingWay


def add_way(
    pieces: Pieces,
    way: OsmWay,
    drawn: tuple[list[float], list[float], list[float]],
    special: dict[int, OsmNode],
    known: dict[int, int],
    stops: Stops,
) -> None:
    """Cut a way into pieces between its nodes; `drawn` is x, y and the pieces' lengths in metres."""
    x, y, length = drawn
    walk, refs = way.walk, way.nodes.tolist()
    total = sum(length)
    run, rise = _stairs(walk, total)
    ends, lights, hours = _way_nodes(pieces, way, refs, (x, y), special, known, stops)
    waits = _waits(walk, lights, length)
    boarded = walk.kind in {Kind.ESCALATOR, Kind.LIFT}
    name, usual = pieces.text(walk.name), pieces.text(walk.hours)
    for k, metres in enumerate(length):
        tail, head = ends[k][1], ends[k + 1][0]
        if tail == head:
            continue
        share = metres / total if total > 0 else 0.0
        pieces.edges.append(
            (
                tail, head, metres, rise * share, run * share, walk.kind, walk.structure,
                walk.forward, walk.backward, waits[k], float(walk.footbridge),
                share if boarded else 0.0, walk.wheelchair,
                hours.get(k, hours.get(k + 1, usual)) if hours and not walk.hours else usual,
                name, way.id, walk.rise_sign, walk.slope, -1, -1,
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
    met: list[tuple[int, int]] = []
    road = way.walk.kind == Kind.ROAD
    for k, ref in enumerate(refs):
        node = special.get(ref)
        lights.append(node is not None and node.signal and not road)
        if node is not None and node.parts:
            copies = [
                pieces.node(at[0][k], at[1][k], ref) if used else -1
                for used in (k > 0, k < len(refs) - 1)
            ]
            ends.append((copies[0], copies[1]))
            met.append((k, ref))
            continue
        if node is not None and node.barrier and node.hours:
            hours[k] = pieces.text(node.hours)
        number = known.get(ref)
        if number is None:
            number = known[ref] = pieces.node(at[0][k], at[1][k], ref)
        ends.append((number, number))
    for k, ref in met:
        for copy, step in zip(ends[k], (-1, 1), strict=True):
            if copy >= 0:
                far = ends[_far(k, step, at)][step < 0]
                stops.setdefault(ref, []).append(Stop(copy, far, way.id, way.walk))
    return ends, lights, hours


def _far(k: int, step: int, at: tuple[list[float], list[float]]) -> int:
    """The position some way off along a way from its node `k`, backwards or forwards."""
    last = 0 if step < 0 else len(at[0]) - 1
    j, gone = k, 0.0
    while j != last and gone < FAR_M:
        gone += float(np.hypot(at[0][j + step] - at[0][j], at[1][j + step] - at[1][j]))
        j += step
    return j


def _waits(walk: WalkingWay, lights: list[bool], length: list[float]) -> list[float]:
    """The share of one wait at lights that each piece carries; a crossing has one in all."""
    total = sum(length)
    if not any(lights):
        return [walk.signal * metres / total if total > 0 else 0.0 for metres in length]
    waits = [0.5 * lights[k] + 0.5 * lights[k + 1] for k in range(len(length))]
    most = sum(waits)
    return [wait / most for wait in waits] if walk.signal and most > 1 else waits


def _stairs(walk: WalkingWay, length_m: float) -> tuple[float, float]:
    """Run and unsigned rise of a flight: from the count of steps, else height, else length."""
    if walk.kind == Kind.LIFT:
        return 0.0, walk.height_m
    if walk.kind not in {Kind.STEPS, Kind.ESCALATOR}:
        return 0.0, np.nan
    if walk.steps > 0:
        return walk.steps * TREAD_M, walk.steps * RISER_M
    if walk.height_m > 0:
        return walk.height_m / RISER_M * TREAD_M, walk.height_m
    return length_m, length_m / TREAD_M * RISER_M
