"""Location models against all answers there are, a general solver, spopt and published optima."""

import itertools
import os
from pathlib import Path

import numpy as np
import pulp
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import floyd_warshall
from spopt.locate import LSCP, MCLP, PMedian

from conftest import ROOT
from lifecircle.engine.siting import Location, locate, maximal_covering, p_median, set_covering
from lifecircle.errors import InputError

SHARED = Path(os.environ.get("LIFECIRCLE_SHARED_DATA", ROOT.parent / "shared/data"))


def brute(costs, outside, count, fixed=(), closed=()):
    """The least cost of all choices."""
    open_ = [j for j in range(len(costs)) if j not in closed]
    return min(
        np.minimum(outside, costs[list(some)].min(axis=0)).sum()
        for some in itertools.combinations(open_, count)
        if set(fixed) <= set(some)
    )


@st.composite
def problems(draw):
    """A few candidates and points, whole or broken costs, some pairs without one."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    candidates, size = draw(st.integers(1, 9)), draw(st.integers(1, 25))
    whole = draw(st.booleans())
    top = draw(st.sampled_from([1, 3, 20]))
    costs = (
        rng.integers(0, top, (candidates, size)) if whole else rng.random((candidates, size)) * top
    )
    outside = rng.integers(0, 2 * top, size) if whole else rng.random(size) * 2 * top
    near = rng.random((candidates, size)) < draw(st.sampled_from([0.1, 0.5, 1.0]))
    order = rng.permutation(candidates)
    fixed, closed = order[: draw(st.integers(0, 1))], order[1 : 1 + draw(st.integers(0, 2))]
    if len(closed) == candidates:
        closed = closed[:0]
    count = draw(st.integers(max(1, len(fixed)), candidates - len(closed)))
    return costs.astype(float), outside.astype(float), near, count, fixed, closed


@settings(max_examples=300, deadline=None)
@given(problems(), st.integers(0, 3))
def test_the_cheapest_of_all_choices_is_found_and_proven(given_, rounds):
    costs, outside, near, count, fixed, closed = given_
    rows, columns = np.nonzero(near)
    table = scipy.sparse.csr_array((costs[near], (rows, columns)), shape=costs.shape)
    found = locate(
        Location.of(table, outside, count, fixed=fixed, closed=closed), gap=0, rounds=rounds
    )
    full = np.where(near, costs, np.inf)
    assert found.value == pytest.approx(brute(full, outside, count, fixed, closed), abs=1e-7)
    assert found.bound == pytest.approx(found.value, rel=1e-6, abs=1e-6)
    assert len(found.chosen) == count
    assert set(fixed) <= set(found.chosen)
    assert not set(closed) & set(found.chosen)
    assert np.minimum(outside, full[found.chosen].min(axis=0)).sum() == pytest.approx(found.value)


def covering(rng, candidates, size, share):
    return rng.random((candidates, size)) < share, rng.integers(0, 50, size).astype(float)


def program(covers, weights, count):
    """Maximal covering as an integer program, solved by HiGHS."""
    candidates, size = covers.shape
    matrix = scipy.sparse.hstack(
        [-scipy.sparse.csr_array(covers.T.astype(float)), scipy.sparse.eye_array(size)]
    )
    total = scipy.sparse.csr_array(np.r_[np.ones(candidates), np.zeros(size)][None])
    done = milp(
        np.r_[np.zeros(candidates), -weights], bounds=Bounds(0, 1),
        integrality=np.r_[np.ones(candidates), np.zeros(size)],
        constraints=[LinearConstraint(matrix, ub=0), LinearConstraint(total, count, count)],
        options={"mip_rel_gap": 0},
    )  # fmt: skip
    return -done.fun


@pytest.mark.parametrize("seed", range(8))
def test_maximal_covering_equals_an_integer_program(seed):
    rng = np.random.default_rng(seed)
    covers, weights = covering(rng, 40, 200, [0.03, 0.1][seed % 2])
    found = maximal_covering(covers, weights, 6, gap=0)
    assert found.value == pytest.approx(program(covers, weights, 6))
    assert found.value == weights[covers[found.chosen].any(axis=0)].sum()
    assert found.gap < 1e-9


def points(rng, candidates, size):
    spots = rng.random((candidates + size, 2)) * 10
    return np.linalg.norm(spots[:candidates, None] - spots[None, candidates:], axis=2)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # spopt's, of pulp
@pytest.mark.parametrize("seed", range(4))
def test_the_three_models_equal_spopt(seed):
    rng = np.random.default_rng(seed)
    far, weights = points(rng, 20, 100), rng.integers(1, 20, 100).astype(float)
    solver = pulp.HiGHS(msg=False)
    mclp = MCLP.from_cost_matrix(far.T, weights, 2.0, 4).solve(solver)
    covered = maximal_covering(far <= 2.0, weights, 4, gap=0)
    assert covered.value == pytest.approx(pulp.value(mclp.problem.objective))
    median = PMedian.from_cost_matrix(far.T, weights, 4).solve(solver)
    assert p_median(far, weights, 4, gap=0).value == pytest.approx(
        pulp.value(median.problem.objective)
    )
    lscp = LSCP.from_cost_matrix(far.T, 5.0).solve(solver)
    least = set_covering(far <= 5.0)
    assert least.value == pytest.approx(pulp.value(lscp.problem.objective))
    assert (far <= 5.0)[least.chosen].any(axis=0).all()


def test_what_has_a_price_is_covered_at_the_least():
    covers = np.array([[1, 1, 1, 0], [0, 0, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1]], dtype=bool)
    done = set_covering(covers, np.array([9.0, 4.0, 1.0, 2.0]))
    assert list(done.chosen) == [2, 3]
    assert (done.value, done.gap) == (3.0, 0.0)


def test_points_that_nobody_covers_are_named():
    covers = np.array([[1, 0, 1, 0]], dtype=bool)
    with pytest.raises(InputError, match=r"1, 3.*within reach of every point"):
        set_covering(covers)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"count": 0}, "1 to 3 candidates"),
        ({"count": 4}, "1 to 3 candidates"),
        ({"fixed": [0, 1], "count": 1}, "2 to 3 candidates"),
        ({"closed": [0, 1], "count": 2}, "1 to 1 candidates"),
        ({"fixed": [1], "closed": [1]}, "not closed"),
        ({"outside": np.array([1.0, np.nan])}, "finite numbers"),
        ({"outside": np.ones(3)}, "2 numbers"),
        ({"costs": -np.ones((3, 2))}, "0 or more"),
    ],
)
def test_contradictions_are_named(values, said):
    usual = {"costs": np.ones((3, 2)), "outside": np.ones(2), "count": 1}
    with pytest.raises(InputError, match=said):
        Location.of(**{**usual, **values})


def test_the_same_search_gives_the_same_answer_and_may_be_ended():
    rng = np.random.default_rng(3)
    covers, weights = covering(rng, 60, 300, 0.08)
    seen = []
    first = maximal_covering(covers, weights, 8, gap=0, watch=seen.append)
    again = maximal_covering(covers, weights, 8, gap=0)
    assert (list(first.chosen), first.value, first.nodes) == (
        list(again.chosen),
        again.value,
        again.nodes,
    )
    assert [one.value for one in seen] == sorted(one.value for one in seen)
    assert all(one.bound >= first.value - 1e-6 for one in seen)
    ended = maximal_covering(covers, weights, 8, gap=0, watch=lambda _: False)
    assert ended.nodes == 0
    assert ended.bound >= first.value >= ended.value


def instance(number):
    """A p-median of the OR-Library (Beasley 1985): distances and p."""
    text = (SHARED / "pmed" / f"pmed{number}.txt").read_text("ascii").split()
    size, edges, count = map(int, text[:3])
    near = np.full((size, size), np.inf)
    for a, b, length in np.array(text[3 : 3 + 3 * edges], dtype=int).reshape(-1, 3):
        near[a - 1, b - 1] = near[b - 1, a - 1] = length  # the last of an edge counts
    return floyd_warshall(near), count


@pytest.mark.skipif(not (SHARED / "pmed").is_dir(), reason="no OR-Library instances in shared data")
@pytest.mark.parametrize(
    ("number", "optimum"), [(1, 5819), (2, 4093), (3, 4250), (4, 3034), (5, 1355)]
)
def test_published_optima_are_found_and_proven(number, optimum):
    far, count = instance(number)
    done = p_median(far, np.ones(len(far)), count, gap=0)
    assert (done.value, done.bound) == (optimum, optimum)
