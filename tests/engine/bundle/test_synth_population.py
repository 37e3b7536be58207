"""Made-up people add up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.bundle.synthesis.population import (
    group_persons,
    largest_remainder,
    spread_population,
)
from lifecircle.engine.bundle.synthesis.setting import CHARACTERS
from lifecircle.engine.standards import default


def _spread(total, seed=0, communities=20):
    rng = np.random.default_rng(seed)
    floor = rng.uniform(100, 90_000, communities)
    character = np.array([CHARACTERS[i % 5] for i in range(communities)], dtype=object)
    return floor, character, spread_population(floor, character, total, default(), rng)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 2_000_000), st.integers(0, 99), st.integers(1, 90))
def test_bands_sum_to_residents_and_residents_to_the_total(total, seed, communities):
    _, _, people = _spread(total, seed, communities)
    bands = np.sum([people[band] for band in default().bands], axis=0)
    assert people["residents"].sum() == total
    assert (bands == people["residents"]).all()
    assert all((values >= 0).all() for values in people.values())


def test_residents_follow_floor_area():
    floor, _, people = _spread(100_000)
    assert (np.diff(people["residents"][np.argsort(floor)]) >= 0).all()


def test_the_district_keeps_the_standards_age_structure_while_communities_differ():
    standards = default()
    _, character, people = _spread(500_000, communities=80)
    elders = people["age_60_74"] + people["age_75_plus"]
    asked = standards.bands["age_60_74"].share.value + standards.bands["age_75_plus"].share.value
    assert elders.sum() / 500_000 == pytest.approx(asked, rel=0.01)
    share = elders / people["residents"]
    assert share[character == "ageing_slope"].mean() > 1.2 * share[character == "new_estate"].mean()


def test_elders_living_alone_are_elders():
    _, _, people = _spread(5_000)
    assert (people["elder_living_alone"] <= people["age_60_74"] + people["age_75_plus"]).all()


def test_groups_by_record_that_nobody_recorded_stay_absent():
    _, _, people = _spread(5_000)
    groups = group_persons(people, default())
    assert "riders" not in groups
    assert (groups["elder_60"] == people["age_60_74"] + people["age_75_plus"]).all()


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=40).filter(lambda xs: sum(xs) > 1e-6),
    st.integers(0, 10**6),
)
def test_largest_remainder_preserves_the_total_within_one_of_each_part(parts, total):
    fractions = np.array(parts) / sum(parts) * total
    whole = largest_remainder(fractions, total)
    assert whole.sum() == total
    assert (np.abs(whole - fractions) < 1 + 1e-6).all()
