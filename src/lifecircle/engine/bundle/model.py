"""A district in memory: what the readers return and everything after them takes.

Coordinates are metres in the district's own UTM zone (`District.crs`); strings are NumPy object
arrays of str; absent numbers are NaN; absent text is "". Arrays of one table have one length.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np
import scipy.sparse
import shapely
from numpy.typing import NDArray

from lifecircle.engine.standards.model import Standards
from lifecircle.errors import Issue

Strings = NDArray[np.object_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

PlaceLevel = Literal["district", "street", "community", "grid", "circle"]
LEVELS: tuple[PlaceLevel, ...] = ("district", "street", "community", "grid", "circle")
TREE: tuple[PlaceLevel, ...] = LEVELS[:3]
"""The levels that divide the district; grids and circles are drawn over it as they are needed."""

Membership = Any
"""(free, points) sparse 0/1 rows: which points lie in each grid and circle."""


@dataclass(frozen=True, slots=True)
class Places:
    """The tree of places, parents before children; then grids, then circles.

    `parent` is the index of the parent (-1 for the district and for circles); `geometry` holds
    shapely polygons or None. `free` are the indices of grids and circles.
    """

    code: Strings
    name_zh: Strings
    name_en: Strings
    level: Strings
    parent: Ints
    geometry: Strings

    def at(self, level: PlaceLevel) -> NDArray[np.intp]:
        """Return the indices of the places of one level."""
        return np.flatnonzero(self.level == level)

    @property
    def free(self) -> NDArray[np.intp]:
        """The indices of grids and circles."""
        return np.flatnonzero(np.isin(self.level, ("grid", "circle")))

    def membership(self, x: Floats, y: Floats) -> Membership:
        """Which points, in metres, lie in each grid and circle: (free, points), sparse."""
        free = self.free
        if len(free) == 0:
            return scipy.sparse.csr_array((0, len(x)))
        row, point = shapely.STRtree(shapely.points(x, y)).query(
            self.geometry[free], predicate="intersects"
        )
        ones = np.ones(len(row))
        return scipy.sparse.coo_array((ones, (row, point)), shape=(len(free), len(x))).tocsr()


@dataclass(frozen=True, slots=True)
class Located:
    """Which places points lie in: a community each (-1 none), and any number of free areas."""

    community: Ints
    free: Membership

    @classmethod
    def within(cls, community: Ints) -> Located:
        """Points of which only the community is known: no grids, no circles."""
        return cls(community, scipy.sparse.csr_array((0, len(community))))

    def take(self, rows: NDArray[np.intp]) -> Located:
        """Return the points at `rows`."""
        return Located(self.community[rows], self.free[:, rows])

    def join(self, other: Located) -> Located:
        """Return these points and the others after them."""
        return Located(
            np.append(self.community, other.community),
            scipy.sparse.hstack([self.free, other.free]).tocsr(),
        )


@dataclass(frozen=True, slots=True)
class Buildings:
    """Buildings; `community` indexes `Places` (-1 lies outside the district: the surround).

    `floor_area_m2` is storeys times footprint where the table has none; `imputed` says that the
    storeys were. `x`, `y` is a point on the building's surface.
    """

    id: Strings
    x: Floats
    y: Floats
    residential: Bools
    storeys: Floats
    floor_area_m2: Floats
    imputed: Bools
    located: Located

    @property
    def community(self) -> Ints:
        """The community of each building; -1 in the surround."""
        return self.located.community


@dataclass(frozen=True, slots=True)
class Demand:
    """Who lives where: fractions of persons by residential building.

    `building` indexes `Buildings` (-1: a point in a community that has people and no residential
    building); `persons` is (buildings, bands) in the order of
    `Standards.bands`; `recorded` holds groups by record (riders, elders living alone, households)
    that the bundle gives, each of shape (buildings,).
    """

    building: Ints
    x: Floats
    y: Floats
    located: Located
    persons: Floats
    recorded: dict[str, Floats]

    @property
    def community(self) -> Ints:
        """The community of each point; -1 in the surround."""
        return self.located.community


@dataclass(frozen=True, slots=True)
class Facilities:
    """Facilities inside the district and in its surround (`community` -1).

    Yes/no columns hold 1, 0 and -1 (not known). `condition` and `utilisation` are in 0..1 and may
    exceed 1 for utilisation; `operating` 0 is closed for good and never counts. `hours` is in
    OpenStreetMap's opening_hours syntax.
    """

    id: Strings
    name: Strings
    type: Strings
    x: Floats
    y: Floats
    level: Strings
    capacity: Floats
    floor_area_m2: Floats
    hours: Strings
    operating: NDArray[np.int8]
    open_as_stated: NDArray[np.int8]
    barrier_free: NDArray[np.int8]
    safe: NDArray[np.int8]
    licensed: NDArray[np.int8]
    condition: Floats
    utilisation: Floats
    located: Located

    @property
    def community(self) -> Ints:
        """The community of each facility; -1 in the surround."""
        return self.located.community

    def take(self, rows: NDArray[np.intp]) -> Facilities:
        """Return the facilities at `rows`."""
        columns = {name: getattr(self, name)[rows] for name in self.columns()}
        return Facilities(**columns, located=self.located.take(rows))

    def join(self, other: Facilities) -> Facilities:
        """Return these facilities and the others after them."""
        columns = {n: np.append(getattr(self, n), getattr(other, n)) for n in self.columns()}
        return Facilities(**columns, located=self.located.join(other.located))

    @classmethod
    def columns(cls) -> list[str]:
        """The names of the arrays, without where the facilities are located."""
        return [f.name for f in fields(cls) if f.name != "located"]


@dataclass(frozen=True, slots=True)
class Spaces:
    """Idle premises (闲置空间): area in m2, cost in CNY, allowed types separated by `;`.

    `floor` is 1 on the ground floor, `shared_hours` opening hours in which the space is free to share ("" is
    always), `free_from` the year from which it may be used; NaN where a number is not known.
    """

    id: Strings
    name: Strings
    x: Floats
    y: Floats
    area_m2: Floats
    floor: Floats
    cost_cny: Floats
    allowed_types: Strings
    shared_hours: Strings
    free_from: Floats


@dataclass(frozen=True, slots=True)
class Surveys:
    """Satisfaction by place and type: the number of answers and their mean on 0..100."""

    place: Ints
    type: Strings
    answers: NDArray[np.int64]
    score: Floats


@dataclass(frozen=True, slots=True, repr=False)
class District:
    """A district, read and validated.

    `synthetic` names the tables that are made up; `surveyed` the facility types whose register is
    complete, so that none there means none.
    """

    root: Path
    code: str
    name_zh: str
    name_en: str
    population: float
    oldtown: bool
    moment: str
    crs: Any
    standards: Standards
    places: Places
    buildings: Buildings
    demand: Demand
    facilities: Facilities
    spaces: Spaces
    surveys: Surveys
    network_file: Path
    elevation_file: Path | None
    join_islands_m: float
    edits_file: Path | None
    date: dt.date | None
    synthetic: frozenset[str]
    surveyed: frozenset[str]
    inputs: dict[str, str]
    warnings: tuple[Issue, ...]

    def __repr__(self) -> str:
        made_up = f", synthetic {', '.join(sorted(self.synthetic))}" if self.synthetic else ""
        return (
            f"<District {self.code} {self.name_zh}: {self.population:,.0f} residents, "
            f"{len(self.places.at('community'))} communities, {len(self.facilities.id):,} facilities"
            f"{made_up}>"
        )
