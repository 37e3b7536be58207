"""People of every level reach the homes: no total is lost, none is invented."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.bundle import Buildings, Places
from lifecircle.engine.bundle.model import Located
from lifecircle.engine.bundle.people import spread_people
from lifecircle.engine.standards import default

STANDARDS = default()
COMMUNITIES = 6
"""Three streets of two communities each; a district of nine places besides itself."""
people = st.floats(0, 1e6)


def strings(values):
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result


def places():
    boxes = [shapely.box(100 * k, 0, 100 * k + 100, 100) for k in range(COMMUNITIES)]
    streets = [shapely.union_all(boxes[2 * k : 2 * k + 2]) for k in range(3)]
    codes = ["D", "S0", "S1", "S2", *(f"C{k}" for k in range(COMMUNITIES))]
    levels = ["district", *["street"] * 3, *["community"] * COMMUNITIES]
    parents = [-1, 0, 0, 0, 1, 1, 2, 2, 3, 3]
    names = strings(codes)
    geometry = strings([shapely.union_all(boxes), *streets, *boxes])
    return Places(names, names, names, strings(levels), np.array(parents, np.int32), geometry)


PLACES = places()
ALL = range(len(PLACES.code))


def homes(rows):
    """Buildings of `rows`: (community 0..5, floor area, known residents or NaN)."""
    community, floor, known = (np.array(column) for column in zip(*rows, strict=True))
    spots = np.full(len(rows), 50.0)
    buildings = Buildings(
        id=strings([str(k) for k in range(len(rows))]), x=100.0 * community + spots, y=spots,
        residential=np.ones(len(rows), dtype=bool), storeys=spots, floor_area_m2=floor,
        imputed=np.zeros(len(rows), dtype=bool), located=Located.within((community + 4).astype(np.int32)),
    )  # fmt: skip
    return buildings, known.astype(np.float64)


rows = st.lists(
    st.tuples(
        st.integers(0, COMMUNITIES - 1), st.floats(1, 1e5),
        st.one_of(st.just(float("nan")), st.floats(0, 500)),
    ),
    min_size=1, max_size=25,
)  # fmt: skip


def spread(counts, table):
    buildings, known = homes(table)
    return spread_people(counts, PLACES, buildings, known, STANDARDS, "population.csv")[0]


def living_in(demand, place):
    own = {place} | {k for k in ALL if PLACES.parent[k] == place}
    own |= {k for k in ALL if PLACES.parent[k] in own}
    return demand.persons[np.isin(demand.community, list(own))].sum()


@given(
    table=rows,
    some=st.dictionaries(st.integers(4, 4 + COMMUNITIES - 2), people),
    streets=st.lists(st.floats(0, 1e6), min_size=3, max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_streets_and_the_district_keep_theirs_where_the_lower_level_leaves_room(
    table, some, streets
):
    """The last community never has a figure of its own, so the district's rest has a home."""
    below = [sum(some.get(4 + 2 * s + k, 0.0) for k in (0, 1)) for s in range(3)]
    open_streets = [s for s in (0, 1, 2) if not {4 + 2 * s, 5 + 2 * s} <= set(some)]
    given_totals = {1 + s: below[s] + streets[s] for s in open_streets if s < 2}
    district = sum(given_totals.get(1 + s, below[s]) for s in range(3)) + streets[2]
    demand = spread({"residents": some | given_totals | {0: district}}, table)
    for place, total in (some | given_totals | {0: district}).items():
        assert living_in(demand, place) == pytest.approx(total, rel=1e-9, abs=1e-6)


@given(table=rows, riders=people, total=st.floats(1, 1e6))
@settings(max_examples=60, deadline=None)
def test_groups_by_record_keep_their_total_and_households_are_left_out_unless_given(
    table, riders, total
):
    demand = spread({"residents": {0: total}, "riders": {0: riders}}, table)
    assert list(demand.recorded) == ["riders"]
    assert demand.recorded["riders"].sum() == pytest.approx(riders, rel=1e-9, abs=1e-9)
