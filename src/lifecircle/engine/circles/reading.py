"""Which communities or grids of a district one walks between, and how long that takes."""

from __future__ import annotations

from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import District
from lifecircle.engine.circles.model import Floats, Ints, Units, refused
from lifecircle.engine.network import WalkNetwork, snap, snap_again, walking_graph
from lifecircle.engine.network.tags import Structure
from lifecircle.engine.reach import walk_table
from lifecircle.moment import Moment

By = Literal["community", "grid"]

_DESIGN = "design"
_FAR_S = 3600.0
"""Walks are followed so far; who is farther counts as twice that."""
_LONG_BRIDGE_M = 150.0
"""Bridges longer than this span a river, not a road: they link nobody (proposal)."""
_GAP_M = 60.0
"""Where polygons leave a street between them, it belongs to the nearest within this."""


def units_of(district: District, network: WalkNetwork, by: By = "community") -> Units:
    """Make the units that circles are drawn of.

    Two are linked where a way for walkers leads from one into the other, which is not a bridge over
    `_LONG_BRIDGE_M`. The people of a unit stand at the home that is nearest to their mean position.

    Parameters
    ----------
    district, network
        As read and built.
    by
        Communities, or grids, which are smaller: then the bounds are met more closely.

    Raises
    ------
    InputError
        The district has no grids.
    """
    places = district.places
    rows = places.at(by)
    if len(rows) == 0:
        raise refused("by", by, "a level that the district has", "本区已有的层级")
    owner = _owners(district, rows)
    people = np.bincount(
        owner[owner >= 0], district.demand.persons.sum(axis=1)[owner >= 0], minlength=len(rows)
    )
    community = rows if by == "community" else places.parent[rows]
    streets, street = np.unique(places.parent[community], return_inverse=True)
    return Units.of(
        [str(c) for c in places.code[rows]], people, _links(district, network, rows),
        _walks(district, network, rows, owner),
        street=np.where(streets[street] >= 0, street, -1), name=[str(n) for n in places.name_zh[rows]],
    )  # fmt: skip


def _owners(district: District, rows: NDArray[np.intp]) -> Ints:
    """Which of `rows` each demand point lives in; -1 for none."""
    located = district.demand.located
    owner = np.full(len(located.community), -1, dtype=np.int64)
    if district.places.level[rows[0]] == "community":
        number = np.full(len(district.places.code), -1, dtype=np.int64)
        number[rows] = np.arange(len(rows))
        inside = located.community >= 0
        owner[inside] = number[located.community[inside]]
        return owner
    free = district.places.free
    member = located.free[np.searchsorted(free, rows)].tocoo()
    owner[member.col[::-1]] = member.row[::-1]
    return owner


def _links(district: District, network: WalkNetwork, rows: NDArray[np.intp]) -> Ints:
    """(links, 2) units with a walking way from one into the other."""
    polygons = district.places.geometry[rows]
    spots = shapely.points(network.nodes.x, network.nodes.y)
    point, near = shapely.STRtree(polygons).query_nearest(
        spots, max_distance=_GAP_M, all_matches=False
    )
    unit = np.full(len(spots), -1, dtype=np.int64)
    unit[point] = near
    edges = network.edges
    tail, head = unit[edges.tail], unit[edges.head]
    crossing = (tail >= 0) & (head >= 0) & (tail != head) & (edges.forward | edges.backward)
    bridge = edges.structure == Structure.BRIDGE
    ways, way = np.unique(edges.way, return_inverse=True)
    length = np.bincount(way[bridge], edges.length_m[bridge], minlength=len(ways))
    crossing &= ~(bridge & (length[way] > _LONG_BRIDGE_M))
    return np.column_stack([tail[crossing], head[crossing]])


def _walks(district: District, network: WalkNetwork, rows: NDArray[np.intp], owner: Ints) -> Floats:
    """(units, units) seconds between the middles of the units' homes."""
    x, y = _middles(district, rows, owner)
    profile = district.standards.profiles[_DESIGN]
    graph = walking_graph(network, profile, moment=Moment.parse(district.moment))
    here = snap_again(network, snap(network, x, y), x, y, graph.passable)
    points = here.points(graph, profile)
    table = walk_table(graph, points, points, cutoff_s=_FAR_S)
    walk_s = np.full((len(rows), len(rows)), 2 * _FAR_S)
    walk_s[table.target, table.source] = table.seconds
    np.fill_diagonal(walk_s, 0.0)
    return walk_s


def _middles(district: District, rows: NDArray[np.intp], owner: Ints) -> tuple[Floats, Floats]:
    """The home of each unit that is nearest to the mean position of its people; a point of it where none is."""
    demand = district.demand
    people = demand.persons.sum(axis=1)
    spots = shapely.point_on_surface(district.places.geometry[rows])
    x, y = shapely.get_x(spots), shapely.get_y(spots)
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(len(rows) + 1))
    for k in range(len(rows)):
        homes = order[starts[k] : starts[k + 1]]
        weight = people[homes]
        if weight.sum() > 0:
            mean = (weight @ demand.x[homes], weight @ demand.y[homes]) / weight.sum()
            home = homes[
                np.argmin((demand.x[homes] - mean[0]) ** 2 + (demand.y[homes] - mean[1]) ** 2)
            ]
            x[k], y[k] = demand.x[home], demand.y[home]
    return x, y
