"""Who walks to what: one walk table a facility type and walker, there and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import District
from lifecircle.engine.network import Snapped, WalkNetwork, snap, snap_again, walking_graph
from lifecircle.engine.network.drawing import snap_nearer
from lifecircle.engine.reach import Graph, Points, WalkTable, Way, walk_table
from lifecircle.engine.standards.model import FacilityType, Group
from lifecircle.moment import Moment

Floats = NDArray[np.float64]

DESIGN = "design"
"""The profile of the planning norm: compliance, not lived."""


@dataclass(frozen=True, slots=True)
class Walkers:
    """The people of one group that walk alike: their profile and, (demand,), their number."""

    profile: str
    people: Floats


class Walks:
    """The district's people and facilities on its walking network.

    Graphs are built when a profile is first asked for and kept.
    """

    def __init__(
        self,
        district: District,
        network: WalkNetwork,
        way: Way = "both",
        *,
        moment: Moment | None = None,
        snapped: tuple[Snapped, Snapped] | None = None,
    ) -> None:
        self.district = district
        self.network = network
        self.way = way
        self.moment = moment or Moment.parse(district.moment)
        self.homes, self.sites = snapped or (
            snap(network, district.demand.x, district.demand.y),
            snap(network, district.facilities.x, district.facilities.y),
        )
        self._before: tuple[Walks, NDArray[np.intp]] | None = None
        self.graph = cache(self._graph)
        self.home_points = cache(self._home_points)
        self.site_points = cache(self._site_points)

    def at(self, moment: Moment) -> Walks:
        """The same people and facilities at another moment."""
        return Walks(
            self.district, self.network, self.way, moment=moment, snapped=(self.homes, self.sites)
        )

    def with_facilities(self, district: District, origin: NDArray[np.intp]) -> Walks:
        """The same network and people with other facilities; only new ones are snapped.

        `origin`, (facilities,), is each one's row among those before, -1 for a new one.
        """
        new = np.flatnonzero(origin < 0)
        sites = self.sites.take(np.maximum(origin, 0))
        found = snap(self.network, district.facilities.x[new], district.facilities.y[new])
        for name in ("edge", "fraction", "side_m"):
            getattr(sites, name)[new] = getattr(found, name)
        other = Walks(
            district, self.network, self.way, moment=self.moment, snapped=(self.homes, sites)
        )
        other.graph, other.home_points, other._before = self.graph, self.home_points, (self, origin)
        return other

    def on_its_own(self) -> Walks:
        """The same walks without those that they came from: a long row of them would be kept alive."""
        for profile in self.district.standards.profiles:
            self.site_points(profile)
        self._before = None
        return self

    def with_network(self, network: WalkNetwork) -> Walks:
        """The same people and facilities on a network whose edges lie where they lay."""
        return Walks(
            self.district, network, self.way, moment=self.moment, snapped=(self.homes, self.sites)
        )

    def with_way(self, network: WalkNetwork, edge: int) -> Walks:
        """The same people and facilities on a network that has one edge more, the last."""
        demand, facilities = self.district.demand, self.district.facilities
        snapped = (
            snap_nearer(network, edge, self.homes, demand.x, demand.y),
            snap_nearer(network, edge, self.sites, facilities.x, facilities.y),
        )
        return Walks(self.district, network, self.way, moment=self.moment, snapped=snapped)

    def with_profile(self, district: District, profile: str) -> Walks:
        """The same network, people and facilities where one profile walks otherwise."""
        other = Walks(
            district, self.network, self.way, moment=self.moment, snapped=(self.homes, self.sites)
        )
        for name in ("graph", "home_points", "site_points"):
            kept, made = getattr(self, name), getattr(other, name)
            setattr(
                other, name, lambda p, kept=kept, made=made: (made if p == profile else kept)(p)
            )
        return other

    def table(self, profile: str, sites: NDArray[np.intp], cutoff_s: float) -> WalkTable:
        """Walks between homes (targets) and the given facilities (sources) by one profile."""
        return walk_table(
            self.graph(profile),
            self.site_points(profile).take(sites),
            self.home_points(profile),
            cutoff_s=cutoff_s,
            way=self.way,
        )

    def home_ids(self, rows: NDArray[np.intp]) -> list[str]:
        """The buildings of demand points, or the code of the community that a point stands for."""
        demand = self.district.demand
        return [
            str(self.district.buildings.id[b]) if b >= 0 else str(self.district.places.code[c])
            for b, c in zip(demand.building[rows], demand.community[rows], strict=True)
        ]

    def walkers(self, group: Group) -> list[Walkers]:
        """Split a group by the way it walks; empty for a group by record that nobody recorded."""
        demand, standards = self.district.demand, self.district.standards
        if group.by_record:
            people = demand.recorded.get(group.id)
            return [] if people is None else [Walkers(group.profile, people)]
        by_profile: dict[str, Floats] = {}
        for column, band in enumerate(standards.bands.values()):
            for member, fraction in group.members:
                if member == band.id:
                    people = demand.persons[:, column] * fraction.value
                    by_profile[band.profile] = by_profile.get(band.profile, 0.0) + people
        return [Walkers(profile, people) for profile, people in by_profile.items()]

    def sites_of(self, kind: FacilityType) -> NDArray[np.intp]:
        """The facilities of a type that are not closed for good."""
        facilities = self.district.facilities
        return np.flatnonzero((facilities.type == kind.id) & (facilities.operating != 0))

    def open_now(self, sites: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether each facility is open at the moment; without readable hours it is taken so."""
        hours = self.district.facilities.hours[sites]
        return np.array([not h or self.moment.is_open(h) is not False for h in hours], dtype=bool)

    def _graph(self, profile: str) -> Graph:
        return walking_graph(self.network, self.district.standards.profiles[profile], self.moment)

    def _home_points(self, profile: str) -> Points:
        return self._points(self.homes, self.district.demand.x, self.district.demand.y, profile)

    def _site_points(self, profile: str) -> Points:
        facilities = self.district.facilities
        if self._before is None:
            return self._points(self.sites, facilities.x, facilities.y, profile)
        walks, origin = self._before
        new = np.flatnonzero(origin < 0)
        points = walks.site_points(profile).take(np.maximum(origin, 0))
        found = self._points(self.sites.take(new), facilities.x[new], facilities.y[new], profile)
        for name in Points.__slots__:
            getattr(points, name)[new] = getattr(found, name)
        return points

    def _points(self, snapped: Snapped, x: Floats, y: Floats, profile: str) -> Points:
        graph = self.graph(profile)
        here = snap_again(self.network, snapped, x, y, graph.passable)
        return here.points(graph, self.district.standards.profiles[profile])
