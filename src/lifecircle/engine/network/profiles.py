"""What a walk along each edge takes, for one kind of walker at one moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.network.model import Edges, WalkNetwork
from lifecircle.engine.network.tags import Kind
from lifecircle.engine.reach import Graph, to_ticks
from lifecircle.engine.standards.model import Number, Profile
from lifecircle.moment import Moment

Floats = NDArray[np.float64]

_FOREVER_S = 1e6


def tobler_factor(slope: Floats, cap: float = np.inf) -> Floats:
    """Speed on a slope over speed on the flat, by Tobler (1993).

    f(s) = exp(-3.5 (|s + 0.05| - 0.05)), 1 on the flat and at most `cap`.
    """
    return np.minimum(np.exp(-3.5 * (np.abs(slope + 0.05) - 0.05)), cap)


def edge_seconds(
    network: WalkNetwork, profile: Profile, moment: Moment | None = None
) -> tuple[Floats, Floats]:
    """Seconds of walking each edge along and against it, (edges,) each; infinite if impassable.

    Parameters
    ----------
    network
        The walking network.
    profile
        The walker.
    moment
        When; edges whose hours say closed are impassable. None ignores hours.
    """
    edges = network.edges
    waits = edges.signal * profile.crossing_s.value + edges.footbridge * profile.footbridge_s.value
    up, down = _both_ways(edges, profile)
    level = np.minimum(up, down) if not _climbs_stairs(profile) else (up + down) / 2
    stairs = edges.kind == Kind.STEPS
    falls, unknown = edges.rise_m < 0, np.isnan(edges.rise_m)
    along = np.where(stairs & falls, down, up)
    against = np.where(stairs & falls, up, np.where(stairs, down, up))
    along, against = (np.where(stairs & unknown, level, t) for t in (along, against))
    sloped = np.isin(edges.kind, (Kind.PATH, Kind.ROAD, Kind.AREA, Kind.CORRIDOR))
    slope = np.divide(
        edges.rise_m, edges.length_m, out=np.zeros(len(edges)), where=edges.length_m > 0
    )
    along = np.where(sloped, _walk(edges, profile, slope), along)
    against = np.where(sloped, _walk(edges, profile, -slope), against)
    barred = _closed(network, moment)
    if not _climbs_stairs(profile):
        barred |= edges.wheelchair < 0
    along, against = along + waits, against + waits
    return (
        np.where(edges.forward & ~barred & (along < _FOREVER_S), along, np.inf),
        np.where(edges.backward & ~barred & (against < _FOREVER_S), against, np.inf),
    )


def walking_graph(network: WalkNetwork, profile: Profile, moment: Moment | None = None) -> Graph:
    """Build the graph of one walker in ticks, each edge within 0.05 s of its seconds."""
    along, against = edge_seconds(network, profile, moment)
    edges = network.edges
    return Graph.from_edges(
        len(network.nodes.x), edges.tail, edges.head, to_ticks(along), to_ticks(against)
    )


def _climbs_stairs(profile: Profile) -> bool:
    return profile.stairs_up_mps is not None


def _walk(edges: Edges, profile: Profile, slope: Floats) -> Floats:
    """Seconds on paths and roads; impassable where too steep, unless tagged `wheelchair=yes`."""
    factor = tobler_factor(slope, profile.slope_factor_cap.value)
    seconds: Floats = edges.length_m / (profile.flat_mps.value * factor)
    if profile.max_slope is not None:
        steep = (np.abs(slope) > profile.max_slope.value + 1e-9) & (edges.wheelchair <= 0)
        seconds = np.where(steep, np.inf, seconds)
    return seconds


def _both_ways(edges: Edges, profile: Profile) -> tuple[Floats, Floats]:
    """Seconds up and down what is not a plain slope: stairs, escalators, belts, lifts."""
    flat = profile.flat_mps.value
    landings = np.maximum(edges.length_m - edges.run_m, 0.0) / flat
    up = edges.run_m * _per(profile.stairs_up_mps) + landings
    down = edges.run_m * _per(profile.stairs_down_mps) + landings
    wait = np.inf if profile.escalator_wait_s is None else profile.escalator_wait_s.value
    ride = np.hypot(edges.length_m, np.nan_to_num(edges.rise_m)) * _per(profile.escalator_mps)
    belt_speed = 0.0 if profile.escalator_mps is None else profile.escalator_mps.value
    belt = edges.length_m / (flat + belt_speed) if belt_speed else np.full(len(edges), np.inf)
    with np.errstate(invalid="ignore"):  # an infinite wait times a share of nothing
        escalator = np.where(edges.board > 0, edges.board * wait, 0.0) + ride
    lift = (
        edges.board * profile.lift_wait_s.value
        + np.abs(edges.rise_m) / profile.lift_mps.value
        + edges.length_m / flat
    )
    kinds = [edges.kind == k for k in (Kind.ESCALATOR, Kind.CONVEYOR, Kind.LIFT)]
    return (
        np.select(kinds, [escalator, belt, lift], up),
        np.select(kinds, [escalator, belt, lift], down),
    )


def _per(speed: Number | None) -> float:
    """Seconds a metre; infinite where the walker cannot pass (0 m of it still takes 0 s)."""
    return 1e12 if speed is None else 1.0 / speed.value


def _closed(network: WalkNetwork, moment: Moment | None) -> NDArray[np.bool_]:
    """Edges whose hours say that they are closed at the moment; unreadable hours do not close."""
    if moment is None:
        return np.zeros(len(network.edges), dtype=bool)
    shut = np.zeros(len(network.texts), dtype=bool)
    for number in np.unique(network.edges.hours):
        text = network.texts[number]
        if text:
            is_open = moment.is_open(text.lstrip("!"))
            shut[number] = is_open is not None and is_open == text.startswith("!")
    return shut[network.edges.hours]
