"""From a point on the map: what is within reach, and how to walk somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache as cached

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from lifecircle.engine.network.model import WalkNetwork
from lifecircle.engine.network.profiles import walking_graph
from lifecircle.engine.network.snapping import SNAP_LIMIT_M, SnapIndex
from lifecircle.engine.network.tags import RISER_M, Kind
from lifecircle.engine.reach import (
    Graph,
    Points,
    Route,
    Way,
    isochrone_polygon,
    nearest_seconds,
    reached_within,
    shortest_route,
)
from lifecircle.engine.standards.model import Profile
from lifecircle.errors import NotFoundError
from lifecircle.moment import Moment

Floats = NDArray[np.float64]
LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Isochrone:
    """What one walker reaches within some minutes: edges cut exactly, and the area around them.

    `edges` and `area` are in WGS84; `length_m` is the length of the reached edges.
    """

    minutes: float
    edges: shapely.MultiLineString
    area: shapely.MultiPolygon
    area_m2: float
    length_m: float


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: what to do along which street, how far, how long, how many steps."""

    kind: str
    name: str
    length_m: float
    seconds: float
    climb_m: float
    descent_m: float
    stairs: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Journey:
    """A walk from door to door. `line` is in WGS84; climbs and stairs are summed over it."""

    seconds: float
    length_m: float
    climb_m: float
    descent_m: float
    stairs: int
    line: shapely.LineString
    steps: tuple[Step, ...]


class Walker:
    """One kind of walker on a network at one moment, ready for many walks.

    Parameters
    ----------
    network, profile, moment
        Where, who and when.

    Examples
    --------
    >>> walker = Walker(network, profile)  # doctest: +SKIP
    >>> walker.isochrones((106.55, 29.56), [5, 10, 15])[0].area_m2  # doctest: +SKIP
    """

    def __init__(
        self, network: WalkNetwork, profile: Profile, moment: Moment | None = None
    ) -> None:
        self.network, self.profile = network, profile
        self.graph = walking_graph(network, profile, moment)
        self._index = cached(lambda: SnapIndex.of(network, self.graph.passable))
        self._to_metres = Transformer.from_crs("EPSG:4326", network.crs, always_xy=True)
        self._to_wgs84 = Transformer.from_crs(network.crs, "EPSG:4326", always_xy=True)

    def isochrones(
        self, at: LonLat, minutes: Sequence[float], *, way: Way = "back"
    ) -> list[Isochrone]:
        """Find what the walker reaches from a point within some minutes.

        Parameters
        ----------
        at
            Longitude and latitude, WGS84.
        minutes
            One isochrone each.
        way
            `back` from the point, `out` to it, `both` there and back, each within the time.

        Raises
        ------
        NotFoundError
            No edge is near the point.
        """
        origin = self._meet(at)
        limits = [60.0 * limit for limit in minutes]
        found = reached_within(self.graph, origin, limits, way=way)
        results = []
        for limit, reached in zip(minutes, found, strict=True):
            lines = _cut(self.network, reached.edge, reached.start, reached.end)
            area = isochrone_polygon(lines)
            length = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]).sum()
            drawn = shapely.multilinestrings(shapely.linestrings(lines.reshape(-1, 2, 2)))
            results.append(
                Isochrone(
                    limit, _turn(drawn, self._to_wgs84), _turn(area, self._to_wgs84), area.area,
                    float(length),
                )
            )  # fmt: skip
        return results

    def journey(self, origin: LonLat, destination: LonLat) -> Journey:
        """Walk from one point to another as quickly as the walker can.

        Raises
        ------
        NotFoundError
            No edge is near one of the points, or there is no way between them.
        """
        found = self.route(origin, destination)
        lines = _cut(self.network, found.edge, found.start, found.end)
        corners = np.vstack([lines[:1, :2], lines[:, 2:]])
        line = shapely.linestrings(corners if len(corners) > 1 else np.vstack([corners, corners]))
        steps = _steps(self.network, self.graph, found, lines)
        return Journey(
            found.seconds,
            sum(s.length_m for s in steps),
            sum(s.climb_m for s in steps),
            sum(s.descent_m for s in steps),
            sum(s.stairs for s in steps),
            _turn(line, self._to_wgs84),
            steps,
        )

    def route(self, origin: LonLat, destination: LonLat) -> Route:
        """The edges of the quickest walk.

        Raises
        ------
        NotFoundError
            As `journey`.
        """
        ends = [self._meet(spot) for spot in (origin, destination)]
        found = shortest_route(self.graph, ends[0], ends[1])
        if found is None:
            who = self.profile
            raise NotFoundError(
                f"no way for {who.id} from {origin} to {destination} / {who.name_zh}无路可达"
            )
        return found

    def seconds_to(
        self, destination: LonLat, origins: Sequence[LonLat], *, cutoff_s: float = 3600.0
    ) -> Floats:
        """Walk from many points to one, in one search.

        Parameters
        ----------
        destination, origins
            Longitude and latitude, WGS84.
        cutoff_s
            How far is looked, in seconds.

        Returns
        -------
        seconds
            (origins,), infinite beyond the cut-off, without a way, and for points that no edge is near.

        Raises
        ------
        NotFoundError
            No edge is near the destination.
        """
        goal = self._meet(destination)
        if not origins:
            return np.empty(0)
        x, y = self._to_metres.transform(*np.array(origins, dtype=float).T)
        met = self._index().snap(x, y).points(self.graph, self.profile)
        return nearest_seconds(self.graph, goal, met, cutoff_s=cutoff_s, way="out")

    def _meet(self, spot: LonLat) -> Points:
        x, y = self._to_metres.transform(*spot)
        met = self._index().snap(np.array([x]), np.array([y]))
        if met.edge[0] < 0:
            raise NotFoundError(
                f"no path within {SNAP_LIMIT_M:.0f} m of {spot} / {SNAP_LIMIT_M:.0f} 米内没有道路"
            )
        return met.points(self.graph, self.profile)


def isochrones(
    network: WalkNetwork,
    profile: Profile,
    at: LonLat,
    minutes: Sequence[float],
    *,
    way: Way = "back",
    moment: Moment | None = None,
) -> list[Isochrone]:
    """Find what a walker reaches from a point: `Walker.isochrones`, for once."""
    return Walker(network, profile, moment).isochrones(at, minutes, way=way)


def journey(
    network: WalkNetwork,
    profile: Profile,
    origin: LonLat,
    destination: LonLat,
    *,
    moment: Moment | None = None,
) -> Journey:
    """Walk from one point to another: `Walker.journey`, for once."""
    return Walker(network, profile, moment).journey(origin, destination)


def _cut(network: WalkNetwork, edge: NDArray[np.int64], start: Floats, end: Floats) -> Floats:
    """Cut edges to the parts between two fractions, (parts, 4) x0, y0, x1, y1."""
    lines = network.lines(edge)
    step = lines[:, 2:] - lines[:, :2]
    return np.hstack([lines[:, :2] + start[:, None] * step, lines[:, :2] + end[:, None] * step])


def _turn(shape: shapely.Geometry, transformer: Transformer) -> shapely.Geometry:
    return shapely.transform(
        shape, lambda p: np.column_stack(transformer.transform(p[:, 0], p[:, 1]))
    )


_VERBS = {
    Kind.PATH: ("步行", "walk"),
    Kind.ROAD: ("沿路步行", "walk along the road"),
    Kind.STEPS: ("走台阶", "take the stairs"),
    Kind.ESCALATOR: ("乘扶梯", "take the escalator"),
    Kind.CONVEYOR: ("乘自动步道", "take the moving walkway"),
    Kind.LIFT: ("乘电梯", "take the lift"),
    Kind.AREA: ("穿过广场", "cross the square"),
    Kind.CORRIDOR: ("走室内通道", "walk through the corridor"),
}


def _steps(network: WalkNetwork, graph: Graph, found: Route, lines: Floats) -> tuple[Step, ...]:
    """Join the edges of a route into instructions, one a stretch of one kind, name and climb."""
    edges = network.edges
    ahead = found.end >= found.start
    share = np.abs(found.end - found.start)
    seconds = np.where(ahead, graph.forward[found.edge], graph.backward[found.edge]) * share / 10.0
    rise = np.nan_to_num(edges.rise_m[found.edge]) * share * np.where(ahead, 1, -1)
    length = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])
    stairs = (edges.kind[found.edge] == Kind.STEPS) & (length + np.abs(rise) > 0)
    uphill = np.where(stairs, np.sign(rise), 0)
    keys = np.column_stack([edges.kind[found.edge], edges.name[found.edge], uphill])
    steps = []
    bounds = np.flatnonzero(np.any(np.diff(keys, axis=0) != 0, axis=1)) + 1
    for part in np.split(np.arange(len(share)), bounds):
        if len(part) == 0:
            continue
        kind = Kind(int(edges.kind[found.edge[part[0]]]))
        name = network.texts[edges.name[found.edge[part[0]]]]
        climb = float(np.maximum(rise[part], 0).sum())
        fall = float(np.maximum(-rise[part], 0).sum())
        count = round((climb + fall) / RISER_M) if kind == Kind.STEPS else 0
        metres = float(length[part].sum())
        zh, en = _say(kind, name, metres, climb, fall, count)
        steps.append(
            Step(
                kind.name.lower(),
                name,
                metres,
                float(seconds[part].sum()),
                climb,
                fall,
                count,
                zh,
                en,
            )
        )
    return tuple(steps)


def _say(
    kind: Kind, name: str, metres: float, climb: float, fall: float, count: int
) -> tuple[str, str]:
    verb_zh, verb_en = _VERBS[kind]
    if kind == Kind.STEPS:
        up = climb >= fall
        verb_zh, verb_en = (
            ("上台阶", "climb the stairs") if up else ("下台阶", "go down the stairs")
        )
        verb_zh, verb_en = f"{verb_zh} {count} 级", f"{verb_en} ({count} steps)"
    along_zh, along_en = (f"沿{name}", f" on {name}") if name else ("", "")
    zh, en = f"{along_zh}{verb_zh}", f"{verb_en}{along_en}"
    if kind not in {Kind.LIFT, Kind.STEPS}:
        zh, en = f"{zh} {metres:.0f} 米", f"{en} for {metres:.0f} m"
        if climb >= 1:
            zh, en = f"{zh}, 上升 {climb:.0f} 米", f"{en}, {climb:.0f} m up"
        if fall >= 1:
            zh, en = f"{zh}, 下降 {fall:.0f} 米", f"{en}, {fall:.0f} m down"
    return zh, en
