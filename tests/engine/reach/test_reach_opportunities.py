"""Sums at every node against brute force over scipy's distances; the same bits on any threads."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from lifecircle.engine.reach import (
    NEVER,
    Graph,
    Sources,
    binary,
    gaussian,
    kernels,
    nearest_by_category,
    opportunities,
)

CATEGORIES = 4
CUTOFF_S = 60.0


def random_graph(rng, nodes=70, edges=170, shortest=1, longest=250):
    return Graph.from_edges(
        nodes, rng.integers(0, nodes, edges), rng.integers(0, nodes, edges),
        rng.choice([-1, 1], edges, p=[0.1, 0.9]) * rng.integers(shortest, longest, edges).clip(1)
        if shortest < 1 else rng.integers(shortest, longest, edges),
        np.where(rng.random(edges) < 0.1, -1, rng.integers(shortest, longest, edges)),
    )  # fmt: skip


def random_sources(rng, nodes, count=30):
    return Sources(
        rng.integers(0, nodes, count).astype(np.int32),
        rng.integers(0, CATEGORIES - 1, count).astype(np.int32),  # the last category has none
        rng.uniform(0, 300, count),
    )


def ticks_between(graph, sources, way):
    """(sources, nodes) ticks of the walk, by scipy; infinite for none."""

    def distances(arcs):
        lengths = np.full((graph.nodes, graph.nodes), np.inf)
        start = np.repeat(np.arange(graph.nodes), np.diff(arcs.indptr))
        np.minimum.at(lengths, (start, arcs.head), arcs.weight)
        matrix = csr_array(np.where(np.isfinite(lengths), lengths, 0.0))
        return dijkstra(matrix, indices=sources.node)

    there, back = distances(graph.against), distances(graph.along)
    return {"out": there, "back": back, "both": np.maximum(there, back)}[way]


@given(seed=st.integers(0, 10**6), way=st.sampled_from(["out", "back", "both"]))
@settings(max_examples=60, deadline=None)
def test_sums_equal_those_over_all_pairs(seed, way):
    rng = np.random.default_rng(seed)
    graph = random_graph(rng)
    sources = random_sources(rng, graph.nodes)
    people = rng.uniform(0, 50, graph.nodes)
    decay = gaussian(CUTOFF_S)
    found = opportunities(
        graph,
        sources,
        categories=CATEGORIES,
        cutoff_s=CUTOFF_S,
        way=way,
        people=people,
        decay=decay,
    )
    ticks = ticks_between(graph, sources, way)
    within = ticks <= CUTOFF_S * 10
    weight = np.where(within, decay(np.where(within, ticks, 0) / 10), 0.0)
    demand = weight @ people
    np.testing.assert_allclose(found.demand, demand, rtol=1e-9, atol=1e-9)
    ratio = np.divide(sources.supply, demand, out=np.zeros(len(sources)), where=demand > 0)
    for c in range(CATEGORIES):
        of = sources.category == c
        nearest = np.where(within[of], ticks[of], np.inf).min(axis=0, initial=np.inf)
        expected = np.where(np.isfinite(nearest), nearest, NEVER)
        np.testing.assert_array_equal(found.nearest[c], expected)
        np.testing.assert_array_equal(found.count[c], within[of].sum(axis=0))
        np.testing.assert_allclose(found.supply[c], sources.supply[of] @ within[of], rtol=1e-12)
        # Shares are whole numbers of one scale: small ones are as exact as the largest, not more.
        np.testing.assert_allclose(found.access[c], ratio[of] @ weight[of], rtol=1e-9, atol=1e-10)
    if way != "both":
        alone = nearest_by_category(
            graph, sources, categories=CATEGORIES, cutoff_s=CUTOFF_S, way=way
        )
        np.testing.assert_array_equal(alone, found.nearest)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_any_number_of_threads_gives_the_same_bits(seed):
    rng = np.random.default_rng(seed)
    graph = random_graph(rng)
    sources = random_sources(rng, graph.nodes)
    people = rng.uniform(0, 50, graph.nodes)
    results = []
    most = numba.get_num_threads()
    try:
        for threads in range(1, most + 1):
            numba.set_num_threads(threads)
            results.append(
                (
                    opportunities(
                        graph, sources, categories=CATEGORIES, cutoff_s=CUTOFF_S, people=people,
                        decay=gaussian(CUTOFF_S),
                    ),
                    nearest_by_category(graph, sources, categories=CATEGORIES, cutoff_s=CUTOFF_S),
                )
            )  # fmt: skip
    finally:
        numba.set_num_threads(most)
    for other, alone in results[1:]:
        np.testing.assert_array_equal(alone, results[0][1])
        for name in ("nearest", "count", "supply", "access", "demand"):
            one, two = getattr(results[0][0], name), getattr(other, name)
            assert one.tobytes() == two.tobytes(), name


def test_what_is_not_asked_for_is_left_out_and_supply_is_summed_without_people():
    rng = np.random.default_rng(0)
    graph = random_graph(rng)
    sources = random_sources(rng, graph.nodes)
    bare = opportunities(
        graph, Sources(sources.node, sources.category), categories=CATEGORIES, cutoff_s=60
    )
    assert bare.supply is bare.access is bare.demand is None
    summed = opportunities(graph, sources, categories=CATEGORIES, cutoff_s=60)
    assert summed.access is None
    np.testing.assert_array_equal(bare.count, summed.count)
    assert summed.supply.sum() > 0


def test_supply_is_conserved_where_somebody_reaches_it():
    rng = np.random.default_rng(3)
    graph = random_graph(rng)
    sources = random_sources(rng, graph.nodes)
    people = rng.uniform(1, 50, graph.nodes)
    found = opportunities(
        graph, sources, categories=CATEGORIES, cutoff_s=60, people=people, decay=gaussian(60)
    )
    assert (found.access @ people).sum() == pytest.approx(sources.supply.sum(), rel=1e-9)


def test_one_person_with_a_million_times_the_mean_is_summed_in_a_coarser_scale():
    # One on his own gets what is meant for thousands; the rest share little.
    graph = Graph.from_edges(4, [0, 2], [1, 3], [100, 100], [100, 100])
    people = np.array([1e-3, 0.0, 5e5, 5e5])
    sources = Sources(np.array([1, 3], np.int32), np.zeros(2, np.int32), np.array([1e6, 1e3]))
    found = opportunities(
        graph, sources, categories=1, cutoff_s=900, people=people, decay=binary(900)
    )
    np.testing.assert_allclose(found.access[0, :2], 1e9, rtol=1e-6)
    np.testing.assert_allclose(found.access[0, 2:], 1e-3, rtol=1e-3)


def test_no_sources_no_nodes_and_no_time_give_nothing():
    graph = random_graph(np.random.default_rng(1))
    nobody = Sources(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0))
    found = opportunities(graph, nobody, categories=2, cutoff_s=60, people=np.ones(graph.nodes))
    assert found.count.sum() == found.access.sum() == 0
    assert (nearest_by_category(graph, nobody, categories=2, cutoff_s=60) == NEVER).all()
    one = Sources(np.array([5], np.int32), np.array([1], np.int32))
    here = opportunities(graph, one, categories=2, cutoff_s=0)
    assert here.count.sum() == 1
    assert here.nearest_s[1, 5] == 0
    empty = Graph.from_edges(0, [], [], [], [])
    assert opportunities(empty, nobody, categories=2, cutoff_s=60).count.shape == (2, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"node": np.array([70], np.int32)}, "node must be 0 to 69"),
        ({"category": np.array([-1], np.int32)}, "category must be 0 to 3"),
        ({"supply": np.array([-1.0])}, "supply must be finite"),
        ({"supply": np.array([np.nan])}, "supply must be finite"),
        ({"supply": np.zeros(2)}, "supply and node"),
        ({"category": np.zeros(2, np.int32)}, "node and category"),
    ],
)
def test_what_cannot_be_searched_from_is_refused(change, words):
    graph = random_graph(np.random.default_rng(1))
    good = {"node": np.zeros(1, np.int32), "category": np.zeros(1, np.int32), "supply": np.ones(1)}
    with pytest.raises(ValueError, match=words):
        opportunities(graph, Sources(**{**good, **change}), categories=CATEGORIES, cutoff_s=60)


@pytest.mark.parametrize("people", [np.ones(3), -np.ones(70), np.full(70, np.inf)])
def test_people_that_cannot_share_are_refused(people):
    graph = random_graph(np.random.default_rng(1))
    one = Sources(np.zeros(1, np.int32), np.zeros(1, np.int32), np.ones(1))
    with pytest.raises(ValueError, match="people"):
        opportunities(graph, one, categories=1, cutoff_s=60, people=people)


@given(seed=st.integers(0, 10**6), shift=st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_a_queue_that_is_full_is_cleared_of_what_no_longer_holds(seed, shift):
    """Buckets far wider than most arcs, and room for hardly more than one entry a node."""
    rng = np.random.default_rng(seed)
    graph = random_graph(rng, nodes=40, edges=300, longest=60)
    arcs = (graph.along.indptr, graph.along.packed, shift)
    degree = int(np.diff(graph.along.indptr).max())
    cutoff, nodes = 400, graph.nodes
    room = nodes + degree
    into = (
        np.full(nodes, NEVER, np.int32), np.empty(nodes + room, np.int32),
        np.full((cutoff >> shift) + 1, -1, np.int32), np.empty(room, np.int32),
        np.empty(room, np.uint64),
    )  # fmt: skip
    seeds = rng.integers(0, nodes, 3).astype(np.int32)
    ticks = rng.integers(0, 50, 3).astype(np.int32)
    count = kernels.settle(arcs, seeds, ticks, cutoff, into)
    one = Sources(seeds, np.zeros(3, np.int32))
    expected = (ticks_between(graph, one, "back") + ticks[:, None]).min(axis=0)
    within = expected <= cutoff
    np.testing.assert_array_equal(into[0], np.where(within, expected, NEVER))
    assert set(into[1][:count].tolist()) == set(np.flatnonzero(within).tolist())
    assert (into[2] == -1).all()
