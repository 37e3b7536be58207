"""What a facility offers, what a norm asks, and how good a facility is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import District
from lifecircle.engine.standards.model import FacilityType

Floats = NDArray[np.float64]

_AREA_UNIT = "m2"
SIZED_UNITS = {"m2", "m", "seats", "beds", "places", "meals_per_day", "spaces", "units"}


def capacities(district: District, kind: FacilityType, sites: NDArray[np.intp]) -> Floats:
    """The capacity of each facility in its type's unit, (sites,).

    Units that count facilities (outlets, stations, devices ...) count 1 each unless a capacity is
    given. An unknown size is the median of the type's known ones; where the unit is m2, the floor
    area comes before and the type's minimum area after that. NaN where nothing is known at all.
    """
    given = district.facilities.capacity[sites].copy()
    if kind.capacity_unit not in SIZED_UNITS:
        return np.where(np.isfinite(given), given, 1.0)
    if kind.capacity_unit == _AREA_UNIT:
        given = np.where(np.isfinite(given), given, district.facilities.floor_area_m2[sites])
    known = given[np.isfinite(given)]
    area = kind.capacity_unit == _AREA_UNIT and kind.min_area_m2 is not None
    least = kind.min_area_m2.value if area and kind.min_area_m2 is not None else np.nan
    other = float(np.median(known)) if len(known) else least
    return np.where(np.isfinite(given), given, other)


def norm_per_person(district: District, kind: FacilityType, people: float) -> float | None:
    """What the norm gives each person of the type's group; None where it is not per person.

    A norm per 1000 residents is shared among the group's people, of the whole district. Green
    space takes the old-town factor (GB 50180-2018 4.0.5) where the district is an old town.
    """
    if kind.norm is None or people <= 0:
        return None
    residents = float(district.demand.persons.sum())
    norm = norm_value(district, kind)
    if kind.norm_base == "group_1000":
        return norm / 1000.0
    if kind.norm_base == "residents_1000":
        return norm / 1000.0 * residents / people
    return None


def norm_value(district: District, kind: FacilityType) -> float:
    """The norm of a type in this district."""
    if kind.norm is None:
        return float("nan")
    factor = district.standards.rules.oldtown_factor.value
    return kind.norm.value * (factor if kind.oldtown and district.oldtown else 1.0)


def qualities(district: District, kind: FacilityType, sites: NDArray[np.intp]) -> Floats:
    """The quality of each facility in 0..1, (sites,): the mean of what is known, NaN of nothing.

    Counted: open as stated, at least the minimum area, barrier-free, condition, utilisation within
    the band that is neither empty nor crowded. Whether it operates at all is no part of it: what is
    closed for good serves nobody.
    """
    facilities, rules = district.facilities, district.standards.rules
    low, high = rules.utilisation_low.value, rules.utilisation_high.value
    area, use = facilities.floor_area_m2[sites], facilities.utilisation[sites]
    least = np.nan if kind.min_area_m2 is None else kind.min_area_m2.value
    items = np.column_stack(
        [
            _known(facilities.open_as_stated[sites]),
            np.where(np.isfinite(area + least), area >= least, np.nan),
            _known(facilities.barrier_free[sites]),
            facilities.condition[sites],
            np.where(np.isfinite(use), (use >= low) & (use <= high), np.nan),
        ]
    )
    known = np.isfinite(items)
    count = known.sum(axis=1)
    total = np.where(known, items, 0.0).sum(axis=1)
    return np.divide(total, count, out=np.full(len(sites), np.nan), where=count > 0)


def failing(district: District, sites: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each facility failed a safety check or lacks its licence."""
    facilities = district.facilities
    result: NDArray[np.bool_] = (facilities.safe[sites] == 0) | (facilities.licensed[sites] == 0)
    return result


def _known(flags: NDArray[np.int8]) -> Floats:
    return np.where(flags < 0, np.nan, flags.astype(np.float64))
