"""What a population table says of communities: totals kept at every level, ages, records."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecircle.engine.bundle import read_district
from lifecircle.engine.bundle.counts import age_shares, community_totals, is_below, place_totals
from lifecircle.engine.bundle.model import Buildings, Located, Places
from lifecircle.engine.bundle.people import spread_people
from lifecircle.engine.bundle.spread import spread_total
from lifecircle.engine.standards import default

STANDARDS = default()
BANDS = list(STANDARDS.bands)
DEFAULT = np.array([band.share.value for band in STANDARDS.bands.values()])
DEFAULT = DEFAULT / DEFAULT.sum()


def tree():
    """A district (0), two streets (1, 2), four communities (3 to 6), two in each."""
    code = np.array(["D", "S1", "S2", "C1", "C2", "C3", "C4"], dtype=object)
    level = np.array(["district", "street", "street", *["community"] * 4], dtype=object)
    parent = np.array([-1, 0, 0, 1, 1, 2, 2], dtype=np.int32)
    return Places(code, code, code, level, parent, np.full(7, None))


numbers = st.floats(0, 1e6).map(lambda value: round(value, 3))


@given(
    given=st.dictionaries(st.integers(0, 6), numbers),
    weight=st.lists(st.floats(0, 1e5), min_size=7, max_size=7),
)
def test_totals_are_kept_at_every_level_that_gives_one_and_is_not_overruled(given, weight):
    places = tree()
    totals = community_totals(given, places, np.array(weight))
    assert all(total >= 0 for total in totals.values())
    for place, total in given.items():
        below = [c for c in range(3, 7) if c == place or is_below(places, c, place)]
        decided = [
            c for c in below if c in given or (place == 0 and int(places.parent[c]) in given)
        ]
        fixed = sum(totals[c] for c in decided)
        if place >= 3:
            assert totals[place] == total
        elif len(decided) < len(below) and fixed <= total:
            assert sum(totals[c] for c in below) == pytest.approx(total, rel=1e-9, abs=1e-6)
    expected = {c for c in range(3, 7) if {c, int(places.parent[c]), 0} & set(given)}
    assert set(totals) == expected


@given(
    total=st.floats(1, 1e5),
    area=st.lists(st.floats(1, 1e4), min_size=2, max_size=10),
    more=st.floats(1.01, 10),
)
def test_more_floor_area_never_means_fewer_people(total, area, more):
    before = np.array(area)
    after = before.copy()
    after[0] *= more
    unknown = np.full(len(area), np.nan)
    grown = spread_total(total, after, unknown) - spread_total(total, before, unknown)
    assert grown[0] > 0
    assert (grown[1:] <= 1e-9).all()


def test_without_residents_the_sum_of_all_bands_is_the_total():
    counts = {band: {3: 10.0} for band in BANDS}
    assert place_totals(counts, STANDARDS) == {3: 10.0 * len(BANDS)}
    counts["residents"] = {4: 500.0}
    assert place_totals(counts, STANDARDS) == {3: 10.0 * len(BANDS), 4: 500.0}
    del counts[BANDS[0]]  # a structure in part is no total beside places that give one
    assert place_totals(counts, STANDARDS) == {4: 500.0}


def test_ages_are_the_places_own_else_its_parents_else_the_default():
    old = BANDS[-1]
    counts = {band: {1: 10.0} for band in BANDS} | {"residents": {4: 1000.0}}
    counts[old] = {1: 10.0, 4: 300.0}
    shares = age_shares(counts, tree(), STANDARDS)
    assert shares.sum(axis=1) == pytest.approx(1)
    assert shares[0] == pytest.approx(DEFAULT)
    assert shares[5] == pytest.approx(DEFAULT)
    assert shares[3] == pytest.approx(1 / len(BANDS))
    # 300 of the 1,000 residents are named old; the rest are as in the street.
    assert shares[4][-1] == pytest.approx(0.3)
    assert shares[4][:-1] == pytest.approx(0.7 / (len(BANDS) - 1))


@given(
    area=st.lists(st.floats(1, 1e4), min_size=8, max_size=8),
    known=st.lists(st.one_of(st.just(np.nan), st.floats(0, 500)), min_size=8, max_size=8),
    totals=st.lists(st.floats(0, 1e4), min_size=4, max_size=4),
)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_people_of_each_community_are_its_total_whatever_stands_there(area, known, totals):
    places = tree()
    count = len(area)
    community = np.repeat(np.arange(3, 7), 2).astype(np.int32)
    spots, names = np.arange(float(count)), np.arange(count).astype(object)
    buildings = Buildings(
        names, spots, spots, np.ones(count, bool), np.ones(count), np.array(area),
        np.zeros(count, bool), Located.within(community),
    )  # fmt: skip
    counts = {"residents": dict(zip(range(3, 7), totals, strict=True)), "households": {0: 900.0}}
    demand, _ = spread_people(counts, places, buildings, np.array(known), STANDARDS, "t.csv")
    assert (demand.persons >= 0).all()
    for place, total in counts["residents"].items():
        here = demand.community == place
        assert demand.persons[here].sum() == pytest.approx(total, rel=1e-9, abs=1e-6)
    assert demand.recorded["households"].sum() == pytest.approx(900, rel=1e-9)


def test_known_residents_count_where_no_figure_is_given(small_district):
    small_district.toml = small_district.toml.replace("population = 4000\n", "")
    small_district.tables["population"] = [{"place": "C1", "group": "residents", "persons": 900}]
    for row, people in zip(small_district.tables["buildings"][3:6], (20, 30, 0), strict=True):
        row["residents"] = people
    district = read_district(small_district.write())
    lives = {
        code: district.demand.persons[district.demand.community == k].sum()
        for k, code in enumerate(district.places.code)
    }
    assert (lives["C1"], lives["C2"], lives["C3"]) == pytest.approx((900, 50, 0))
    (warning,) = [i for i in district.warnings if i.code == "no_people"]
    assert warning.value == "C2, C3, C4"
    assert district.population == pytest.approx(950)


def test_known_residents_beyond_the_total_are_scaled_and_said(small_district):
    for row in small_district.tables["buildings"][:3]:
        row["residents"] = 600
    district = read_district(small_district.write())
    here = district.demand.community == 3
    assert district.demand.persons[here].sum(axis=1) == pytest.approx(1000 / 3)
    assert [i.value for i in district.warnings if i.code == "known_residents"] == ["1"]


def test_without_a_population_table_the_districts_total_goes_by_floor_area(small_district):
    del small_district.tables["population"]
    small_district.tables["buildings"][0]["storeys"] = 12
    district = read_district(small_district.write())
    assert any(i.code == "no_population" for i in district.warnings)
    people = district.demand.persons.sum(axis=1)
    assert people.sum() == pytest.approx(4000)
    assert people[0] == pytest.approx(2 * people[1])


def test_sums_that_disagree_are_said_with_both_figures(small_district):
    small_district.tables["population"] += [
        {"place": "S1", "group": "residents", "persons": 2500},
        *({"place": "C1", "group": band, "persons": 200} for band in BANDS),
    ]
    found = {i.value for i in read_district(small_district.write()).warnings if i.code == "sums"}
    assert found == {"C1: 1,000; 1,400", "S1: 2,500; 2,000"}


def test_groups_may_be_given_in_chinese(small_district):
    small_district.tables["population"] = [
        {"place": "D", "group": "常住人口", "persons": "４，０００"},
        {"place": "C1", "group": STANDARDS.groups["riders"].name_zh, "persons": 12},
        {"place": "D", "group": STANDARDS.bands["age_75_plus"].name_zh, "persons": 400},
    ]
    demand = read_district(small_district.write()).demand
    assert demand.persons.sum() == pytest.approx(4000)
    assert demand.persons[:, BANDS.index("age_75_plus")].sum() == pytest.approx(400)
    assert demand.recorded["riders"][demand.community == 3].sum() == pytest.approx(12)
    assert "households" not in demand.recorded
