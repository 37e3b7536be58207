"""Who would walk to the idle spaces of a district."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.drafting import drawn_facilities
from lifecircle.engine.grading.walks import Walks
from lifecircle.engine.standards.model import FacilityType


def allowed_types(text: str) -> set[str]:
    """The types that a space may become; empty where it may become any."""
    return {kind for kind in text.split(";") if kind}


def least_area(kind: FacilityType) -> float:
    """The square metres that a type needs; 0 where the standard names none."""
    return 0.0 if kind.min_area_m2 is None else kind.min_area_m2.value


def with_spaces(walks: Walks, rows: NDArray[np.intp]) -> tuple[Walks, NDArray[np.intp]]:
    """The same walks with a site at each of some spaces, and the rows of these sites.

    What the sites are is of no account: `walks.table` asks for sites by row.
    """
    district = walks.district
    spaces, count = district.spaces, len(district.facilities.id)
    if len(rows) == 0:
        return walks, rows
    any_type = next(iter(district.standards.types))
    given: list[dict[str, object]] = [
        {"id": f"space:{row}", "name": str(spaces.name[row]), "type": any_type} for row in rows
    ]
    new = drawn_facilities(district, given, spaces.x[rows], spaces.y[rows])
    facilities = district.facilities.join(new)
    origin = np.append(np.arange(count), np.full(len(rows), -1))
    there = walks.with_facilities(replace(district, facilities=facilities), origin)
    return there, count + np.arange(len(rows))
