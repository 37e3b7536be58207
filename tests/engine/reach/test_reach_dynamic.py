"""Opportunities kept up through any changes are what a search of everything finds, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.reach import (
    IMPASSABLE,
    DynamicOpportunities,
    Graph,
    Sources,
    Tally,
    gaussian,
)

CATEGORIES, CUTOFF_S = 3, 40.0


def edges_of(rng, nodes=60, edges=140):
    closed = rng.random((2, edges)) < 0.1
    ticks = np.where(closed, IMPASSABLE, rng.integers(1, 200, (2, edges)))
    return rng.integers(0, nodes, edges), rng.integers(0, nodes, edges), ticks[0], ticks[1]


def fresh(kept, edges, people, way):
    """Everything searched anew in the same scales."""
    tally, alive = kept.tally, np.flatnonzero(kept.alive)
    whole = Tally(
        Graph.from_edges(60, *edges), tally.sources.take(alive), CATEGORIES, cutoff_s=CUTOFF_S,
        way=way, people=people, decay=gaussian(CUTOFF_S), scales=tally.scales,
    )  # fmt: skip
    whole.search()
    return whole, alive


def same(kept, edges, people, way):
    whole, alive = fresh(kept, edges, people, way)
    assert whole.scales.share == kept.tally.scales.share
    for name in ("near", "count", "offered", "shared"):
        ours, anew = (getattr(t, name)[:CATEGORIES] for t in (kept.tally, whole))
        np.testing.assert_array_equal(ours, anew, err_msg=name)
    np.testing.assert_array_equal(kept.tally.drawn[alive], whole.drawn)


@given(seed=st.integers(0, 10**6), way=st.sampled_from(["out", "back", "both"]))
@settings(max_examples=60, deadline=None)
def test_any_changes_leave_what_a_search_of_everything_finds(seed, way):
    rng = np.random.default_rng(seed)
    edges = edges_of(rng)
    people = rng.uniform(0, 30, 60)
    sources = Sources(
        rng.integers(0, 60, 20).astype(np.int32), rng.integers(0, CATEGORIES, 20).astype(np.int32),
        rng.uniform(0, 100, 20),
    )  # fmt: skip
    kept = DynamicOpportunities(
        Tally(
            Graph.from_edges(60, *edges, keep_closed=True), sources, CATEGORIES,
            cutoff_s=CUTOFF_S, way=way, people=people, decay=gaussian(CUTOFF_S),
        )
    )  # fmt: skip
    same(kept, edges, people, way)
    for _ in range(8):
        open_ones = np.flatnonzero(kept.alive)
        what = rng.integers(0, 4)
        if what == 0:
            kept.add(int(rng.integers(0, 60)), int(rng.integers(0, CATEGORIES)), rng.uniform(0, 9))
        elif what == 1 and len(open_ones):
            kept.remove(int(rng.choice(open_ones)))
        elif what == 2 and len(open_ones):
            kept.set_supply(int(rng.choice(open_ones)), float(rng.uniform(0, 100)))
        else:
            some = rng.choice(len(edges[0]), rng.integers(1, 4), replace=False)
            for side in (2, 3):
                new = rng.integers(1, 200, len(some))
                edges[side][some] = np.where(rng.random(len(some)) < 0.3, IMPASSABLE, new)
            kept.set_edges(some, edges[2][some], edges[3][some])
        same(kept, edges, people, way)


def test_a_change_says_how_much_it_took_and_leaves_the_graph_it_was_made_from_alone():
    graph = Graph.from_edges(6, range(5), range(1, 6), [100] * 5, [100] * 5)
    sources = Sources(np.array([0, 5], np.int32), np.zeros(2, np.int32), np.ones(2))
    kept = DynamicOpportunities(Tally(graph, sources, 1, cutoff_s=20))
    assert kept.opportunities().count.tolist() == [[1, 1, 1, 1, 1, 1]]
    added = kept.add(0, 0, 1.0)
    assert (added.searched, added.nodes, added.everything) == (1, 3, False)
    assert kept.opportunities().count.tolist() == [[2, 2, 2, 1, 1, 1]]
    closed = kept.set_edges([3], [IMPASSABLE], [IMPASSABLE])
    assert closed.searched > 0
    assert kept.opportunities().count.tolist() == [[2, 2, 2, 0, 1, 1]]
    assert kept.set_edges([3], [IMPASSABLE], [IMPASSABLE]).searched == 0
    assert graph.forward[3] == 100
    assert graph.along.weight.tolist() == [100] * 10


def test_somebody_who_suddenly_gets_a_million_times_the_mean_makes_it_search_everything():
    graph = Graph.from_edges(4, [0, 2], [1, 3], [100, 100], [100, 100])
    people = np.array([1e-3, 0.0, 5e5, 5e5])
    sources = Sources(np.array([3], np.int32), np.zeros(1, np.int32), np.array([1e6]))
    kept = DynamicOpportunities(Tally(graph, sources, 1, cutoff_s=900, people=people))
    assert kept.add(1, 0, 8e5).everything
    np.testing.assert_allclose(kept.opportunities().access[0, :2], 8e8, rtol=1e-6)
    assert not kept.remove(1).everything
    assert kept.opportunities().access[0, :2].tolist() == [0, 0]
    assert kept.add(1, 0, 1e12).everything  # more than the scale of supplies has room for
    np.testing.assert_allclose(kept.opportunities().supply[0, :2], 1e12)
    assert kept.set_supply(2, 1e20).everything
    np.testing.assert_allclose(kept.opportunities().supply[0, :2], 1e20)


def test_what_is_not_there_cannot_be_changed():
    graph = Graph.from_edges(2, [0], [1], [100], [IMPASSABLE])
    sources = Sources(np.zeros(1, np.int32), np.zeros(1, np.int32), np.ones(1))
    kept = DynamicOpportunities(Tally(graph, sources, 1, cutoff_s=20))
    kept.remove(0)
    for act, words in (
        (lambda: kept.remove(0), "no open source 0"),
        (lambda: kept.set_supply(7, 1.0), "no open source 7"),
        (lambda: kept.add(2, 0, 1.0), "node must be 0 to 1"),
        (lambda: kept.add(0, 0, -1.0), "supply must be finite"),
        (lambda: kept.set_edges([0], [0], [100]), "at least 1 tick"),
        (lambda: kept.set_edges([0], [100], [100]), "keep_closed"),
        (lambda: kept.set_edges([1], [100], [100]), "edges must be 0 to 0"),
        (lambda: kept.set_edges([-1], [100], [100]), "edges must be 0 to 0"),
        (lambda: kept.set_edges([0, 0], [100, 90], [-1, -1]), "each once"),
    ):
        with pytest.raises(ValueError, match=words):
            act()
