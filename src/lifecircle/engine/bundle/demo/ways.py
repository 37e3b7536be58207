"""Streets as OpenStreetMap ways: what each is, with a bend or two and the tags of its kind."""

from __future__ import annotations

import numpy as np

from lifecircle.engine.bundle.demo.drawing import Drawing, Index, Tags
from lifecircle.engine.bundle.demo.streets import Streets
from lifecircle.engine.bundle.demo.texture import Texture, Town
from lifecircle.engine.bundle.model import Bools, Floats, Strings

STEEP = 0.17
"""From this slope on a lane is a flight of stairs."""
RISER_M = 0.15
_BEND_EVERY_M, _BEND = 24.0, 0.07
_OLD = ("footway", "residential", "living_street", "path", "service"), (0.5, 0.2, 0.12, 0.08, 0.1)
_ESTATE = ("footway", "service", "residential", "pedestrian"), (0.48, 0.36, 0.13, 0.03)
_HILL = ("path", "footway", "track"), (0.55, 0.38, 0.07)
_PRIVATE, _GATED, _SIGNAL, _MARKED = 0.08, 0.10, 0.16, 0.22


def draw_streets(drawing: Drawing, streets: Streets, town: Town, rng: np.random.Generator) -> Index:
    """Draw every street; return the junctions' node numbers, in the order of `streets.points`."""
    junctions = drawing.add_nodes(streets.points)
    middle = streets.points[streets.edges].mean(axis=1)
    texture = town.at(middle[:, 0], middle[:, 1])
    kinds = _kinds(streets, texture, rng)
    first, bends = _bends(drawing, streets, rng)
    private = ~streets.tree & texture.estate & (streets.road == "") & (kinds != "steps")
    private &= rng.random(len(kinds)) < _PRIVATE
    gated = texture.estate & (kinds == "service") & ~private & (rng.random(len(kinds)) < _GATED)
    tags = _tags(streets, kinds, texture, rng)
    for edge, (a, b) in enumerate(streets.edges.tolist()):
        between = range(first[edge], first[edge] + bends[edge])
        if private[edge]:
            tags[edge]["access"] = "private"
        if gated[edge] and between:
            drawing.node_tags[between[0]] = {"barrier": "gate", "access": "permissive"}
        drawing.add_way([int(junctions[a]), *between, int(junctions[b])], tags[edge])
    _draw_crossings(drawing, streets, junctions, rng)
    return junctions


def is_steps(streets: Streets) -> Bools:
    """Which streets are stairs."""
    slope = np.abs(streets.rise_m()) / streets.length_m()
    return np.asarray((streets.road == "") & (slope > STEEP), dtype=np.bool_)


def _kinds(streets: Streets, texture: Texture, rng: np.random.Generator) -> Strings:
    """The `highway` value of each street."""
    count = len(streets.edges)
    town, estate, hill = (
        rng.choice(values, count, p=share) for values, share in (_OLD, _ESTATE, _HILL)
    )
    lane = np.select([texture.hill, texture.estate], [hill, estate], town)
    kinds = np.where(streets.road != "", streets.road, lane.astype(object))
    return np.where(is_steps(streets), "steps", kinds)


def _bends(
    drawing: Drawing, streets: Streets, rng: np.random.Generator
) -> tuple[list[int], list[int]]:
    """Add nodes between the junctions; return each street's first such node and their number."""
    length = streets.length_m()
    count = np.where(streets.road == "", np.floor(length / _BEND_EVERY_M), 0).astype(np.intp)
    edge = np.repeat(np.arange(len(count)), count)
    start = np.cumsum(count) - count
    share = (np.arange(len(edge)) - start[edge] + 1) / (count[edge] + 1)
    a, b = streets.points[streets.edges[edge, 0]], streets.points[streets.edges[edge, 1]]
    along = b - a
    across = np.column_stack([-along[:, 1], along[:, 0]])
    swing = rng.normal(0, _BEND, len(count))[edge] * np.sin(np.pi * share)
    swing += rng.normal(0, _BEND / 4, len(edge))
    nodes = drawing.add_nodes(a + share[:, None] * along + swing[:, None] * across)
    first = int(nodes[0]) if len(nodes) else 0
    return (start + first).tolist(), count.tolist()


def _tags(
    streets: Streets, kinds: Strings, texture: Texture, rng: np.random.Generator
) -> list[Tags]:
    rise = streets.rise_m()
    chance: Floats = rng.random((len(kinds), 3))
    tags = []
    for edge, kind in enumerate(kinds):
        if kind == "steps":
            tags.append(_stair_tags(float(rise[edge]), chance[edge]))
        elif streets.road[edge]:
            side = "both" if kind != "residential" or chance[edge, 0] < 0.6 else "no"
            tags.append({"highway": str(kind), "sidewalk": side})
        elif texture.hill[edge] and chance[edge, 0] < 0.5:
            tags.append({"highway": str(kind), "surface": "ground"})
        else:
            tags.append({"highway": str(kind)})
    return tags


def _stair_tags(rise_m: float, chance: Floats) -> Tags:
    """Stairs as mappers leave them: most with a count, most with a direction, some railed."""
    tags = {"highway": "steps"}
    if chance[0] < 0.75:
        tags["step_count"] = str(max(2, round(abs(rise_m) / RISER_M)))
    if chance[1] < 0.7:
        tags["incline"] = "up" if rise_m > 0 else "down"
    if chance[2] < 0.35:
        tags["handrail"] = "yes"
    return tags


def _draw_crossings(
    drawing: Drawing, streets: Streets, junctions: Index, rng: np.random.Generator
) -> None:
    """Signals and zebras where lanes meet the main roads."""
    main = np.isin(streets.road, ["primary", "secondary"])
    meets = np.zeros(len(streets.points), dtype=np.intp)
    np.bitwise_or.at(meets, streets.edges[main].ravel(), 1)
    np.bitwise_or.at(meets, streets.edges[streets.road == ""].ravel(), 2)
    chance = rng.random(len(meets))
    for node in np.flatnonzero((meets == 3) & (chance < _SIGNAL + _MARKED)).tolist():
        kind = "traffic_signals" if chance[node] < _SIGNAL else "marked"
        drawing.node_tags[int(junctions[node])] = {"highway": "crossing", "crossing": kind}
