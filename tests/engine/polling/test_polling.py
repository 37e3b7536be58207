"""Weighted answers: equal to samplics on NHANES II, and to what is known of everybody."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.engine.polling import mean, poststratified, raked, share, shares
from lifecircle.errors import InputError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    samplics = pytest.importorskip("samplics")
    from samplics.datasets import load_nhanes2
    from samplics.estimation import TaylorEstimator
    from samplics.utils.types import PopParam


@pytest.fixture(scope="module")
def nhanes():
    return load_nhanes2()["data"]


def taylor(param, table, column, domain=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = TaylorEstimator(param)
        found.estimate(
            y=table[column], samp_weight=table.finalwgt, stratum=table.stratid, psu=table.psuid,
            domain=None if domain is None else table[domain], remove_nan=True,
        )  # fmt: skip
        return found


def test_a_mean_and_its_error_are_those_of_samplics(nhanes):
    known = nhanes.dropna(subset=["zinc"])
    there = taylor(PopParam.mean, known, "zinc")
    ours = mean(known.zinc, known.finalwgt, strata=known.stratid, clusters=known.psuid)
    assert ours.value == pytest.approx(there.point_est, rel=1e-9)
    assert ours.error == pytest.approx(there.stderror, rel=1e-9)
    assert (ours.low, ours.high) == pytest.approx((there.lower_ci, there.upper_ci), rel=1e-6)


def test_means_of_parts_are_those_of_samplics(nhanes):
    known = nhanes.dropna(subset=["zinc"])
    there = taylor(PopParam.mean, known, "zinc", "race")
    for race in (1, 2, 3):
        ours = mean(
            known.zinc, known.finalwgt, within=known.race == race, strata=known.stratid, clusters=known.psuid
        )  # fmt: skip
        assert ours.value == pytest.approx(there.point_est[race], rel=1e-9)
        assert ours.error == pytest.approx(there.stderror[race], rel=1e-9)


def test_shares_and_their_intervals_are_those_of_samplics(nhanes):
    known = nhanes.dropna(subset=["highbp"])
    there = taylor(PopParam.prop, known, "highbp")
    ours = shares(known.highbp.tolist(), known.finalwgt, strata=known.stratid, clusters=known.psuid)
    for level, one in ours.items():
        assert one.value == pytest.approx(there.point_est[level], rel=1e-9)
        assert one.error == pytest.approx(there.stderror[level], rel=1e-9)
        assert (one.low, one.high) == pytest.approx(
            (there.lower_ci[level], there.upper_ci[level]), rel=1e-6
        )
    assert sum(one.value for one in ours.values()) == pytest.approx(1.0)


def test_poststratified_answers_count_as_many_as_live_there():
    rng = np.random.default_rng(2)
    cell = rng.choice(["a", "b", "c"], 300, p=[0.7, 0.2, 0.1])
    people = {"a": 1000.0, "b": 1000.0, "c": 2000.0, "d": 50.0}
    found = poststratified(cell.tolist(), people)
    for name in "abc":
        assert found.weight[cell == name].sum() == pytest.approx(people[name])
    assert found.missing == ("d",)
    assert found.effective < 300
    rate = {"a": 0.2, "b": 0.5, "c": 0.9}
    says = rng.random(300) < np.array([rate[name] for name in cell])
    one = share(says, found.weight)
    truth = sum(people[n] * rate[n] for n in "abc") / 4000
    assert one.low < truth < one.high
    assert abs(says.mean() - truth) > abs(one.value - truth)


@given(st.integers(0, 2**32 - 1))
def test_raked_answers_meet_every_margin(seed):
    rng = np.random.default_rng(seed)
    place, age = rng.integers(0, 3, 200).tolist(), rng.integers(0, 4, 200).tolist()
    joint = rng.uniform(50, 200, (3, 4))
    rows, columns = dict(enumerate(joint.sum(axis=1))), dict(enumerate(joint.sum(axis=0)))
    found = raked([(place, rows), (age, columns)])
    assert found.off <= 1e-6
    for labels, target in ((place, rows), (age, columns)):
        for name, people in target.items():
            assert found.weight[np.array(labels) == name].sum() == pytest.approx(people, rel=1e-5)


def test_margins_that_contradict_each_other_end_with_how_far_they_are_off():
    found = raked(
        [(["a", "b"], {"a": 10.0, "b": 10.0}), (["x", "y"], {"x": 30.0, "y": 10.0})], most=20
    )
    assert found.rounds == 20
    assert found.off > 0.1


def test_few_answers_are_suppressed_and_no_answer_is_not_counted():
    few = mean([1.0] * 9, [1.0] * 9)
    assert few.suppressed
    assert np.isnan(few.value)
    assert few.answers == 9
    one = mean([1.0, 2.0, 3.0] * 5 + [np.nan] * 5, [1.0] * 20)
    assert (one.answers, one.value) == (15, pytest.approx(2.0))
    assert one.low < 2.0 < one.high
    assert share([1.0] * 20, [1.0] * 20).value == 1.0


@pytest.mark.parametrize(
    "wrong",
    [lambda: poststratified([], {}), lambda: poststratified(["a"], {"b": 1}), lambda: poststratified(["a"], {"a": -1}),
     lambda: poststratified(["a"], {"a": 1}, base=[0]), lambda: raked([]), lambda: mean([1.0] * 20, [1.0] * 19),
     lambda: mean([1.0] * 20, [-1.0] * 20), lambda: mean([1.0] * 20, [1.0] * 20, level=2),
     lambda: mean([1.0] * 20, [1.0] * 20, strata=[1])],
)  # fmt: skip
def test_what_cannot_be_weighted_is_refused(wrong):
    with pytest.raises(InputError):
        wrong()
