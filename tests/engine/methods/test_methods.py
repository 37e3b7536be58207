"""Other methods against libraries, published examples and brute force."""

from __future__ import annotations

import mapclassify
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import SmallDistrict
from lifecircle.engine.assess import assess, network_of
from lifecircle.engine.bundle import read_district
from lifecircle.engine.methods import (
    RANKING,
    ahp_weights,
    classify,
    consistency_ratio,
    entropy_weights,
    equal_interval,
    jenks,
    quantile,
    rank_places,
    surface,
    topsis,
)
from lifecircle.engine.reach import Graph, Points, reached_edges, walk_lengths
from lifecircle.errors import MissingExtraError, NotFoundError

TABLE = st.integers(0, 10**6).map(lambda s: np.random.default_rng(s).uniform(0, 9, (12, 4)))


@given(x=TABLE)
@settings(max_examples=40, deadline=None)
def test_entropy_weights_follow_their_formula_and_ignore_what_is_the_same_everywhere(x):
    x[:, 1], x[:, 2] = 5.0, 0.0
    x[3, 0] = 0.0
    weights = entropy_weights(x)
    e = []
    for column in x.T:
        p = column[column > 0] / column.sum() if column.sum() else np.array([])
        e.append(1 + (p * np.log(p)).sum() / np.log(len(x)) if len(p) else 0.0)
    expected = np.array(e)
    expected[[1, 2]] = 0.0
    np.testing.assert_allclose(weights, expected / expected.sum(), atol=1e-9)
    assert weights.sum() == pytest.approx(1.0)
    assert entropy_weights(np.ones((3, 2))).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("bad", [[[1, 2]], [[1, -2], [1, 1]], [[1, np.nan], [1, 1]], [1, 2]])
def test_what_entropy_cannot_weigh_is_refused(bad):
    with pytest.raises(ValueError, match="entropy"):
        entropy_weights(bad)


def test_ahp_gives_the_weights_behind_consistent_judgements_and_refuses_contradictions():
    true = np.array([0.5, 0.3, 0.15, 0.05])
    np.testing.assert_allclose(ahp_weights(true[:, None] / true[None, :]), true, atol=1e-9)
    saaty = [[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]]  # a textbook example: CR 0.033
    assert consistency_ratio(saaty) == pytest.approx(0.033, abs=0.002)
    np.testing.assert_allclose(ahp_weights(saaty), [0.637, 0.258, 0.105], atol=2e-3)
    with pytest.raises(ValueError, match="CR = "):
        ahp_weights([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]])
    with pytest.raises(ValueError, match="reciprocal"):
        ahp_weights([[1, 2], [2, 1]])
    with pytest.raises(ValueError, match="square"):
        ahp_weights(np.ones((11, 11)))


@given(x=TABLE)
@settings(max_examples=40, deadline=None)
def test_topsis_puts_the_best_of_all_first_and_the_worst_last(x):
    x[0], x[1] = x.max(axis=0) + 1, x.min(axis=0)
    close = topsis(x, entropy_weights(x))
    assert close[0] == pytest.approx(1.0)
    assert close[1] == pytest.approx(0.0)
    assert ((close >= 0) & (close <= 1)).all()
    # By hand, for one place.
    w, v = entropy_weights(x), x / np.sqrt((x**2).sum(axis=0))
    up, down = (np.sqrt((((v[5] - e) * w) ** 2).sum()) for e in (v.max(axis=0), v.min(axis=0)))
    assert close[5] == pytest.approx(down / (up + down))


@given(seed=st.integers(0, 10**6), k=st.integers(2, 6))
@settings(max_examples=40, deadline=None)
def test_jenks_is_as_good_as_mapclassify_and_never_worse_than_the_others(seed, k):
    rng = np.random.default_rng(seed)
    x = np.round(rng.gamma(2, 20, 60), 1)
    ours = jenks(x, k)
    theirs = mapclassify.FisherJenks(x, k=k)
    label = np.searchsorted(theirs.bins, x)
    within = sum(((x[label == c] - x[label == c].mean()) ** 2).sum() for c in np.unique(label))
    spread = ((x - x.mean()) ** 2).sum()
    assert ours.goodness == pytest.approx(1 - within / spread, abs=1e-9)
    assert ours.goodness >= max(equal_interval(x, k).goodness, quantile(x, k).goodness) - 1e-9
    assert (np.diff(ours.bounds) > 0).all()
    assert ours.bounds[-1] == x.max()


def test_classes_by_name_and_what_they_refuse():
    x = np.arange(10.0)
    assert classify(x, "equal").label.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert classify(x, "quantile").label.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    with pytest.raises(ValueError, match="distinct"):
        jenks([1, 1, 2], 3)
    with pytest.raises(ValueError, match="classes are by"):
        classify(x, "natural")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    small = SmallDistrict(tmp_path_factory.mktemp("methods") / "bundle")
    rng = np.random.default_rng(4)
    from lifecircle.engine.standards import default

    for k, kind in enumerate(default().types.values()):
        if kind.walk_min is not None:
            x = float(rng.uniform(0, 1600))
            small.tables["facilities"].append(
                small.facility(f"X{k}", kind.id, x, capacity=40, floor_area_m2=800, condition=4)
            )
    return assess(small.write())


@pytest.mark.parametrize("weights", ["equal", "entropy", "ahp"])
@pytest.mark.parametrize("composite", ["mean", "topsis"])
def test_places_are_ranked_by_named_methods(graded, weights, composite):
    keys = list(rank_places(graded.cards, weights="equal", classes="equal")[1])
    pairwise = np.ones((len(keys), len(keys)))
    table, by_key, goodness = rank_places(
        graded.cards, weights=weights, composite=composite, classes="equal", pairwise=pairwise
    )
    assert table.schema == RANKING
    assert table["rank"].to_pylist() == [1, 2, 3, 4]
    values = table["value"].to_pylist()
    assert values == sorted(values, reverse=True)
    assert sum(by_key.values()) == pytest.approx(1.0)
    assert goodness <= 1.0
    assert min(table["grade"].to_pylist()) == 1
    if (weights, composite) == ("equal", "mean"):
        best = table.slice(0, 1).to_pylist()[0]["area"]
        scores = [graded.card(best, key)["score"] for key in keys]
        assert values[0] == pytest.approx(np.mean(scores))


def test_what_cannot_be_ranked_is_said(graded):
    with pytest.raises(NotFoundError, match="nothing to rank"):
        rank_places(graded.cards, level="grid")
    with pytest.raises(ValueError, match="ahp needs"):
        rank_places(graded.cards, weights="ahp", classes="equal")


def test_gravity_is_the_sum_over_capacities_and_falls_to_a_tenth_at_the_limit(small_district):
    small = small_district
    small.tables["facilities"] = [small.facility("P1", "park_15", 100, capacity=5000)]
    district = read_district(small.write())
    network = network_of(district)
    for decay, at_limit in (("exponential", 0.1), ("power", 0.1), ("gaussian", 0.0)):
        table = surface(district, network, "park_15", decay=decay).to_pylist()
        value = {row["id"]: row["gravity"] for row in table}
        seconds = 2 * 5 / 1.2 + 100 / 1.2  # B12 stands 100 m along the road
        limit = 900.0
        expected = {
            "exponential": 0.1 ** (seconds / limit),
            "power": (seconds / 60 + 1) ** (np.log(0.1) / np.log(16)),
            "gaussian": (np.exp(-0.5 * (seconds / limit) ** 2) - np.exp(-0.5)) / (1 - np.exp(-0.5)),
        }[decay]
        assert value["B12"] == pytest.approx(5000 * expected, rel=5e-3)
        assert at_limit < 0.2
    steep = surface(district, network, "park_15", decay="exponential", sensitivity=0.5).to_pylist()
    assert steep[2]["gravity"] < table[2]["gravity"]
    for bad in (
        {"measure": "castle"},
        {"measure": "park_15", "decay": "cliff"},
        {"profile": "bird"},
    ):
        with pytest.raises(NotFoundError):
            surface(district, network, **bad)


def test_supply_a_head_adds_up_to_the_supply(small_district):
    small = small_district
    small.tables["facilities"] = [small.facility("K1", "kindergarten", 100, capacity=60)]
    district = read_district(small.write())
    network = network_of(district)
    found = surface(district, network, "kindergarten", of="supply")
    band = list(district.standards.bands).index("age_3_5")
    people = district.demand.persons[:, band]
    assert found["community"].to_pylist()[:3] == ["C1", "C1", "C1"]
    assert (found["supply"].to_numpy() * people).sum() == pytest.approx(60)
    hexagons = surface(district, network, "kindergarten", of="supply", by="h3")
    assert hexagons["supply"].to_numpy().max() <= found["supply"].to_numpy().max()
    with pytest.raises(NotFoundError):
        surface(district, network, "castle", of="supply")


@given(seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_street_within_reach_equals_the_reached_edges_where_both_ways_take_alike(seed):
    rng = np.random.default_rng(seed)
    ticks = rng.integers(20, 200, 45)
    graph = Graph.from_edges(25, rng.integers(0, 25, 45), rng.integers(0, 25, 45), ticks, ticks)
    metres = rng.uniform(1, 90, 45)
    metres[graph.tail == graph.head] = 0.0
    homes = Points.at_nodes(np.arange(6))
    length, cells = walk_lengths(graph, homes, metres, np.arange(25), cutoff_s=30.0)
    for k in range(6):
        reached = reached_edges(graph, homes.take([k]), within_s=30.0, way="both")
        expected = (metres[reached.edge] * (reached.end - reached.start)).sum()
        assert length[k] == pytest.approx(expected, rel=1e-9)
        assert 1 <= cells[k] <= 25


def test_connectivity_and_hexagons(small_district, monkeypatch):
    district = read_district(small_district.write())
    network = network_of(district)
    table = surface(district, network, minutes=5)
    assert table["street_m"].to_numpy().max() == pytest.approx(2 * 0.95 * 360, rel=0.1)
    assert (table["area_m2"].to_numpy() > 0).all()
    hexagons = surface(district, network, minutes=5, by="h3")
    assert hexagons["residents"].to_numpy().sum() == pytest.approx(4000)
    people, streets = table["residents"].to_numpy(), table["street_m"].to_numpy()
    mean = (hexagons["street_m"].to_numpy() * hexagons["residents"].to_numpy()).sum() / 4000
    assert mean == pytest.approx((people * streets).sum() / 4000)
    import sys

    monkeypatch.setitem(sys.modules, "h3", None)
    with pytest.raises(MissingExtraError, match="geo"):
        surface(district, network, by="h3")
