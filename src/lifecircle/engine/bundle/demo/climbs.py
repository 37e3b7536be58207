"""Lifts and escalators beside the steepest stairs, as on Kaixuan Road and at Huangguan."""

from __future__ import annotations

import numpy as np
from scipy.spatial import KDTree

from lifecircle.engine.bundle.demo.drawing import Drawing, Index
from lifecircle.engine.bundle.demo.streets import Streets, independent
from lifecircle.engine.bundle.demo.ways import RISER_M, is_steps
from lifecircle.engine.bundle.model import Bools

_LIFTS, _ESCALATORS = 30, 8
_LIFT_APART_M, _LIFT_RISE_M = 260.0, 7.0
_STOREY_M = 3.5
_LIFT_HOURS = ("06:00-23:00", "06:30-22:30", "24/7")


def draw_climbs(
    drawing: Drawing,
    streets: Streets,
    junctions: Index,
    inside: Bools,
    scale: float,
    rng: np.random.Generator,
) -> None:
    """Add lifts, then escalators where there is none; `inside` says which junctions may have one.

    A lift's node joins a footway at the bottom and a level bridge to the top. Escalators are
    one-way, most of them up.
    """
    climbs = _highest_stairs(streets, inside)
    lifts = max(2, round(_LIFTS * scale**2))
    for number, edge in enumerate(climbs[:lifts].tolist()):
        low, high = _low_high(streets, edge)
        _draw_lift(drawing, streets, junctions, low, high, number, rng)
    escalators = max(2, round(_ESCALATORS * scale**2))
    for number, edge in enumerate(climbs[lifts : lifts + escalators].tolist()):
        low, high = _low_high(streets, edge)
        _draw_escalator(drawing, streets, junctions, low, high, down=number % 4 == 3)


def _highest_stairs(streets: Streets, inside: Bools) -> Index:
    """Stairs by falling rise, none near a higher one."""
    rise = np.abs(streets.rise_m())
    fit = is_steps(streets) & inside[streets.edges].all(axis=1) & (rise > _LIFT_RISE_M)
    edges = np.flatnonzero(fit)
    edges = edges[np.argsort(-rise[edges], kind="stable")]
    middle = streets.points[streets.edges[edges]].mean(axis=1)
    pairs = KDTree(middle).query_pairs(_LIFT_APART_M, output_type="ndarray")
    return edges[independent(len(edges), pairs)]


def _low_high(streets: Streets, edge: int) -> tuple[int, int]:
    a, b = (int(node) for node in streets.edges[edge])
    return (a, b) if streets.height[a] <= streets.height[b] else (b, a)


def _draw_lift(
    drawing: Drawing,
    streets: Streets,
    junctions: Index,
    low: int,
    high: int,
    number: int,
    rng: np.random.Generator,
) -> None:
    below, above = streets.points[low], streets.points[high]
    x, y = below + 0.2 * (above - below) + rng.uniform(-2, 2, 2)
    top = max(1, round(float(streets.height[high] - streets.height[low]) / _STOREY_M))
    tags = {"highway": "elevator", "level": f"0;{top}", "wheelchair": "yes"}
    tags |= {"name": f"山城电梯{number + 1}号", "opening_hours": str(rng.choice(_LIFT_HOURS))}
    if number % 11 == 10:
        tags["operational_status"] = "closed"
    lift = drawing.add_node(float(x), float(y), tags)
    foot = {"highway": "footway", "wheelchair": "yes"}
    drawing.add_way([int(junctions[low]), lift], foot | {"level": "0", "incline": "0%"})
    bridge = {"bridge": "yes", "layer": "1", "level": str(top), "incline": "0%"}
    drawing.add_way([lift, int(junctions[high])], foot | bridge)


def _draw_escalator(
    drawing: Drawing, streets: Streets, junctions: Index, low: int, high: int, *, down: bool
) -> None:
    below, above = streets.points[low], streets.points[high]
    aside = np.array([below[1] - above[1], above[0] - below[0]]) * 0.12
    x, y = (below + above) / 2 + aside
    middle = drawing.add_node(float(x), float(y))
    steps = round(float(streets.height[high] - streets.height[low]) / RISER_M)
    tags = {"highway": "steps", "step_count": str(steps), "incline": "up"}
    tags |= {"conveying": "backward" if down else "forward", "name": "皇冠大扶梯(演示)"}
    drawing.add_way([int(junctions[low]), middle, int(junctions[high])], tags)
