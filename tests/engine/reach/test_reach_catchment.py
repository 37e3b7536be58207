"""The floating catchment family against PySAL access; measures against brute force."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from access.fca import three_stage_fca, two_stage_fca
from access.weights import step_fn
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.reach import (
    Graph,
    Points,
    WalkTable,
    binary,
    cumulative,
    gaussian,
    mean_nearest,
    nearest,
    three_step,
    two_step,
    walk_table,
    zones,
)


def random_table(seed: int, cutoff_s: float = 60.0) -> WalkTable:
    rng = np.random.default_rng(seed)
    nodes, edges = 60, 150
    graph = Graph.from_edges(
        nodes, rng.integers(0, nodes, edges), rng.integers(0, nodes, edges),
        rng.integers(20, 200, edges), rng.integers(20, 200, edges),
    )  # fmt: skip
    sources = Points.at_nodes(rng.choice(nodes, 8, replace=False))
    return walk_table(graph, sources, Points.at_nodes(np.arange(nodes)), cutoff_s=cutoff_s)


def frames(table: WalkTable, supply, demand):
    costs = pd.DataFrame({"origin": table.target, "dest": table.source, "cost": table.seconds})
    people = pd.DataFrame({"people": demand}, index=pd.RangeIndex(table.targets))
    beds = pd.DataFrame({"beds": supply}, index=pd.RangeIndex(table.sources))
    return people, beds, costs


def amounts(seed: int, table: WalkTable):
    rng = np.random.default_rng(seed)
    return rng.uniform(1, 100, table.sources), rng.uniform(1, 500, table.targets)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_two_step_family_equals_pysal_access(seed: int):
    table = random_table(seed)
    supply, demand = amounts(seed, table)
    people, beds, costs = frames(table, supply, demand)
    for ours, theirs in (
        (binary(45.0), step_fn({45.0: 1.0})),
        (zones([20, 40, 60], [1, 0.68, 0.22]), step_fn({20: 1, 40: 0.68, 60: 0.22})),
        (gaussian(60.0), lambda s: float(gaussian(60.0)(np.array([s]))[0])),
    ):
        expected = two_stage_fca(
            people, beds, costs, max_cost=60.0, demand_index=True, demand_name="people",
            supply_index=True, supply_name="beds", weight_fn=theirs,
        )  # fmt: skip
        access = two_step(table, supply, demand, ours).access
        full = expected.reindex(range(table.targets)).fillna(0.0).to_numpy()
        np.testing.assert_allclose(access, full, rtol=1e-9, atol=1e-15)


# PySAL access 1.1 still drops columns in place, which pandas 3.1 warns of.
@pytest.mark.filterwarnings("ignore:The inplace keyword")
@given(seed=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_three_step_equals_pysal_access(seed: int):
    table = random_table(seed)
    supply, demand = amounts(seed, table)
    people, beds, costs = frames(table, supply, demand)
    expected = three_stage_fca(
        people, beds, costs, max_cost=60.0, demand_index=True, demand_name="people",
        supply_index=True, supply_name="beds", weight_fn=step_fn({20: 1, 40: 0.68, 60: 0.22}),
    )  # fmt: skip
    access = three_step(table, supply, demand, zones([20, 40, 60], [1, 0.68, 0.22])).access
    full = expected.reindex(range(table.targets)).fillna(0.0).to_numpy()
    np.testing.assert_allclose(access, full, rtol=1e-9, atol=1e-15)


@given(seed=st.integers(0, 10**6), family=st.sampled_from([two_step, three_step]))
@settings(max_examples=40, deadline=None)
def test_supply_is_conserved_where_demand_reaches_it(seed: int, family):
    table = random_table(seed)
    supply, demand = amounts(seed, table)
    shared = family(table, supply, demand, gaussian(60.0))
    reached = shared.weighted_demand > 0
    assert (demand * shared.access).sum() == pytest.approx(supply[reached].sum(), rel=1e-9)


def test_gaussian_is_one_at_nought_and_exactly_nought_at_its_limit():
    weights = gaussian(900.0)(np.array([0.0, 300.0, 450.0, 600.0, 750.0, 900.0, 1000.0]))
    np.testing.assert_allclose(weights, [1, 0.863, 0.701, 0.494, 0.254, 0, 0], atol=6e-4)
    assert weights[-2] == 0.0


def test_zones_include_their_limits_and_must_rise():
    assert zones([5, 10], [1, 0.5])(np.array([5.0, 5.1, 10.0, 10.1])).tolist() == [1, 0.5, 0.5, 0]
    with pytest.raises(ValueError, match="rising"):
        zones([5, 5], [1, 0.5])
    with pytest.raises(ValueError, match="positive"):
        gaussian(0)


@given(seed=st.integers(0, 10**6), n=st.integers(1, 5))
@settings(max_examples=30, deadline=None)
def test_nearest_mean_nearest_and_cumulative_equal_brute_force(seed: int, n: int):
    table = random_table(seed)
    capacity, _ = amounts(seed, table)
    dense = np.full((table.targets, table.sources), np.inf)
    dense[table.target, table.source] = table.seconds
    found = nearest(table)
    np.testing.assert_array_equal(found.seconds, dense.min(axis=1))
    some = np.isfinite(found.seconds)
    np.testing.assert_array_equal(found.source[some], dense[some].argmin(axis=1))
    assert (found.source[~some] == -1).all()
    np.testing.assert_allclose(
        mean_nearest(table, n), np.sort(dense, axis=1)[:, :n].mean(axis=1), rtol=1e-12
    )
    np.testing.assert_array_equal(cumulative(table, 30.0), (dense <= 30.0).sum(axis=1))
    np.testing.assert_allclose(
        cumulative(table, 30.0, capacity), ((dense <= 30.0) * capacity).sum(axis=1), rtol=1e-12
    )


def test_the_mean_of_no_nearest_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        mean_nearest(random_table(1), 0)
