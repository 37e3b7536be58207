"""A district in memory: what the readers return and everything after them takes.

Coordinates are metres in the district's own UTM zone (`District.crs`); strings are NumPy object
arrays of str; absent numbers are NaN; absent text is "". Arrays of one table have one length.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.standards.model import Standards
from lifecircle.errors import Issue

Strings = NDArray[np.object_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

PlaceLevel = Literal["district", "street", "community"]
LEVELS: tuple[PlaceLevel, ...] = ("district", "street", "community")


@dataclass(frozen=True, slots=True)
class Places:
    """The tree of places, parents before children.

    `parent` is the index of the parent (-1 for the district); `geometry` holds shapely polygons or
    None.
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
    community: Ints


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
    community: Ints
    persons: Floats
    recorded: dict[str, Floats]


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
    community: Ints


@dataclass(frozen=True, slots=True)
class Spaces:
    """Idle premises (闲置空间): area in m2, cost in CNY, allowed types separated by `;`."""

    id: Strings
    name: Strings
    x: Floats
    y: Floats
    area_m2: Floats
    cost_cny: Floats
    allowed_types: Strings


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
