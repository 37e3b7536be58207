"""Whether what lies beyond the boundary is known as far as people walk (design: edges)."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.engine.grading.areas import add_up
from lifecircle.engine.grading.walks import DESIGN, Walks
from lifecircle.engine.network import Structure, WalkNetwork
from lifecircle.engine.reach import Points, nearest_seconds
from lifecircle.errors import Issue, listed

Bools = NDArray[np.bool_]

BEYOND_S, BEYOND_M = 180.0, 100.0
"""People count as able to leave the district when they can walk on this long from a spot that lies
this far beyond its boundary: a path along the bank is no way out."""
SHARE = 0.25
"""A community is flagged when this share of its people lack a part of their surround."""

_EXPECTED = {
    "facilities": (
        "facilities as far beyond the boundary as people walk; these areas are graded too low",
        "边界外步行可及范围内的设施; 缺少时这些地方的评级偏低",
    ),
    "people": (
        "residents of buildings beyond the boundary; these areas' supply looks better than it is",
        "边界外步行可及范围内的居民(带居住人数的建筑); 缺少时这些地方的供给显得偏高",
    ),
    "network": (
        "streets beyond the boundary; if the map was cut there, its edges are graded too low",
        "边界外的道路; 如果地图在边界处裁断, 边缘地方的评级偏低",
    ),
}


def check_surround(walks: Walks) -> tuple[Bools, list[Issue]]:
    """Find the areas whose surround is not known one catchment beyond the boundary.

    Parameters
    ----------
    walks
        The district on its network, walked at the design speed, as far as the longest limit.

    Returns
    -------
    flagged
        (places,) communities of which a quarter of the people can walk out of the district but
        meet no facility there, or no people; and the streets and the district above them.
    issues
        A warning for each thing that is missing.
    """
    district, network = walks.district, walks.network
    places, demand = district.places, district.demand
    flagged = np.zeros(len(places.code), dtype=bool)
    limit_s = max((t.walk_s or 0.0) for t in district.standards.types.values())
    outline = shapely.buffer(places.geometry[0], BEYOND_M)
    shapely.prepare(outline)
    outside = _on_the_ground(network) & ~shapely.contains_xy(
        outline, network.nodes.x, network.nodes.y
    )
    if not outside.any():
        return flagged, [_issue("network", "")]
    graph, homes = walks.graph(DESIGN), walks.home_points(DESIGN)
    inside = demand.community >= 0
    people = np.where(inside, demand.persons.sum(axis=1), 0.0)

    def seconds(sources: Points) -> NDArray[np.float64]:
        return nearest_seconds(graph, sources, homes, cutoff_s=limit_s, way="back")

    leaves = seconds(Points.at_nodes(np.flatnonzero(outside))) <= limit_s - BEYOND_S
    beyond = {
        "facilities": walks.site_points(DESIGN).take(
            np.flatnonzero(district.facilities.community < 0)
        ),
        "people": homes.take(np.flatnonzero(~inside & (demand.persons.sum(axis=1) > 0))),
    }
    everyone = add_up(places, demand.located, people)
    issues = []
    for what, points in beyond.items():
        lacking = leaves & ~np.isfinite(seconds(points))
        share = np.divide(
            add_up(places, demand.located, np.where(lacking, people, 0.0)), everyone,
            out=np.zeros(len(everyone)), where=everyone > 0,
        )  # fmt: skip
        short = (share >= SHARE) & (places.level == "community")
        if short.any():
            named = [str(places.name_zh[k]) for k in np.flatnonzero(short)]
            issues.append(_issue(what, listed(named)))
        flagged |= short
    here = (inside & flagged[demand.community]).astype(np.float64)
    return add_up(places, demand.located, here) > 0, issues


def _on_the_ground(network: WalkNetwork) -> Bools:
    """Nodes that not only bridges and tunnels meet: nobody lives or trades on those."""
    ground = network.edges.structure == Structure.GROUND
    met = np.zeros(len(network.nodes.x), dtype=bool)
    met[network.edges.tail[ground]] = True
    met[network.edges.head[ground]] = True
    return met


def _issue(what: str, value: str) -> Issue:
    return Issue("surround", what, *_EXPECTED[what], value=value, severity="warning")
