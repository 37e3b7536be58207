"""Programmes of several types: as good as all there are, within what they have to build with."""

import itertools

import numpy as np
import pytest

from lifecircle.engine.siting.exact import programme_exactly
from lifecircle.engine.siting.programmes import Options, programme
from lifecircle.errors import InputError


def problem(rng, *, options=6, needs=12, spaces=3, years=2, capacity=False, slots=1):
    covers = rng.random((options, needs)) < 0.4
    weight = rng.integers(1, 50, needs).astype(float)
    total = covers @ weight
    return Options.of(
        covers, weight,
        space=rng.integers(-1, spaces, options), kind=rng.integers(0, 3, options),
        area=rng.integers(20, 80, options), cost=rng.integers(0, 60, options),
        rooms=rng.integers(30, 160, (spaces, slots)), budgets=rng.integers(0, 120, years),
        capacity=np.where(rng.random(options) < 0.6, np.inf, total * rng.uniform(0.2, 1.0, options))
        if capacity else None,
        first=rng.integers(0, years, options), when=rng.random((options, slots)) < 0.7 if slots > 1 else None,
        apart=[(0, 1)] if rng.random() < 0.5 else (),
    )  # fmt: skip


def breaks(options, year):
    """What a programme does that it may not, in words; "" where it keeps to everything."""
    built = np.flatnonzero(year >= 0)
    for t, budget in enumerate(options.budgets):
        if options.cost[year == t].sum() > budget + 1e-6:
            return f"budget {t}"
    if np.any(year[built] < options.first[built]):
        return "too early"
    for s in range(len(options.rooms)):
        here = built[options.space[built] == s]
        for slot in range(options.rooms.shape[1]):
            if options.area[here[options.when[here, slot]]].sum() > options.rooms[s, slot] + 1e-6:
                return f"room {s} {slot}"
        kinds = options.kind[here]
        if len(set(kinds.tolist())) < len(kinds):
            return "twice"
        if any(options.apart[a, b] for a, b in itertools.combinations(kinds, 2)):
            return "apart"
    return ""


def value_of(options, year):
    """Of what has no capacity: the mean over the years of the people served by the end of each."""
    table = options.covers.toarray() > 0
    return np.mean(
        [
            options.weight[table[(year >= 0) & (year <= t)].any(axis=0)].sum()
            for t in range(options.years)
        ]
    )


def all_programmes(options):
    for year in itertools.product(range(-1, options.years), repeat=len(options)):
        one = np.array(year)
        if not breaks(options, one):
            yield one


def test_the_best_of_all_programmes_is_found_and_no_bound_is_below_it():
    rng = np.random.default_rng(11)
    for k in range(25):
        options = problem(rng, slots=1 + k % 2)
        best = max(value_of(options, one) for one in all_programmes(options))
        quick = programme(options, seconds=0.1)
        exact = programme_exactly(options)
        for found in (quick, exact):
            assert breaks(options, found.year) == ""
            assert found.value == pytest.approx(value_of(options, found.year))
            assert found.bound >= best - 1e-6
        assert exact.value == pytest.approx(best)
        assert quick.value >= 0.97 * best
        assert exact.gap < 1e-3


def test_capacities_are_never_exceeded_and_the_bound_of_the_exact_model_holds():
    rng = np.random.default_rng(12)
    for _ in range(15):
        options = problem(rng, capacity=True, options=9, needs=20)
        quick, exact = programme(options, seconds=0.1), programme_exactly(options)
        for found in (quick, exact):
            assert breaks(options, found.year) == ""
            assert found.served.sum() <= options.capacity[found.chosen].sum() + 1e-6
            assert np.all(found.served <= options.weight + 1e-9)
        assert quick.value <= exact.bound + 1e-6
        assert exact.value <= quick.bound + 1e-6
        assert quick.value >= 0.9 * exact.value


def test_every_better_answer_is_told_and_the_search_can_be_stopped():
    options = problem(np.random.default_rng(13), options=200, needs=2000, spaces=60, years=3)
    seen = []
    found = programme(options, seconds=2.0, watch=lambda one: seen.append(one.value) or True)
    assert seen == sorted(seen)
    assert found.value == seen[-1]
    stopped = programme(options, seconds=60.0, watch=lambda _: False)
    assert stopped.value == seen[0]
    assert stopped.seconds < 5


def test_the_same_seed_gives_the_same_first_answer_and_nothing_to_build_is_an_answer():
    options = problem(np.random.default_rng(14), options=60, needs=300, spaces=20)
    one, two = (programme(options, seconds=0.0) for _ in range(2))
    assert one.year.tolist() == two.year.tolist()
    none = Options.of(
        np.zeros((0, 3)),
        [1, 2, 3],
        space=[],
        kind=[],
        area=[],
        cost=[],
        rooms=np.zeros((1, 1)),
        budgets=[5.0],
    )
    assert programme(none, seconds=0.1).value == 0.0
    poor = problem(np.random.default_rng(15))
    poor.budgets[:] = 0.0
    poor.cost[:] = 1.0
    assert programme(poor, seconds=0.1).value == programme_exactly(poor).value == 0.0


@pytest.mark.parametrize(
    "wrong",
    [{"weight": [1, -1, 2]}, {"weight": [1, 2]}, {"budgets": [float("nan")]}, {"cost": [float("inf")] * 2},
     {"space": [0, 5]}, {"area": [-1, 1]}, {"kind": [-1, 0]}],
)  # fmt: skip
def test_what_no_programme_can_be_made_of_is_refused(wrong):
    values = {"weight": [1, 2, 3], "space": [0, 0], "kind": [0, 1], "area": [1, 1], "cost": [1, 1], "rooms": [5],
              "budgets": [3]}  # fmt: skip
    assert len(Options.of(np.ones((2, 3)), **values)) == 2
    with pytest.raises(InputError, match="no programme"):
        Options.of(np.ones((2, 3)), **{**values, **wrong})
