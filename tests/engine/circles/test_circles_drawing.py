"""Circles: in one piece, within the bounds, as good as all divisions there are; refusals that say why."""

from itertools import product

import networkx as nx
import numpy as np
import pytest

from lifecircle.engine.circles import Units, divide, draw_circles
from lifecircle.errors import InputError


def town(rng, size, *, people=(1, 9), holes=0.2, streets=3):
    """Units on a lattice with some of its links missing; walks are those of the links, 300 to 600 s each."""
    wide = max(round(size**0.5), 1)
    grid = nx.grid_2d_graph(-(-size // wide), wide)
    graph = nx.convert_node_labels_to_integers(grid).subgraph(range(size)).copy()
    for edge in list(graph.edges):
        if rng.random() < holes:
            graph.remove_edge(*edge)
    for _, _, about in graph.edges(data=True):
        about["s"] = float(rng.integers(300, 600))
    walk = np.full((size, size), 7200.0)
    for a, row in nx.all_pairs_dijkstra_path_length(graph, weight="s"):
        for b, seconds in row.items():
            walk[a, b] = seconds
    persons = rng.integers(*people, size).astype(float)
    names = [f"u{k}" for k in range(size)]
    street = rng.integers(0, streets, size)
    return Units.of(names, persons, list(graph.edges), walk, street=street), graph


def whole(graph, label, count):
    return all(nx.is_connected(graph.subgraph(np.flatnonzero(label == r))) for r in range(count))


def all_divisions(units, graph, count, least, most):
    """Every division into `count` circles in one piece and within the bounds."""
    for rest in product(range(count), repeat=len(units) - 1):
        label = np.array((0, *rest))
        held = np.bincount(label, units.people, minlength=count)
        if np.all((held >= least) & (held <= most)) and whole(graph, label, count):
            yield label


def test_a_division_is_found_whenever_there_is_one_and_refused_when_there_is_none():
    rng = np.random.default_rng(5)
    met = refused = 0
    for _ in range(60):
        units, graph = town(rng, int(rng.integers(4, 9)))
        count = int(rng.integers(2, 4))
        even = units.people.sum() / count
        least, most = even * rng.uniform(0.6, 1.0), even * rng.uniform(1.0, 1.4)
        best = [
            divide(units, label).walk_s for label in all_divisions(units, graph, count, least, most)
        ]
        if not best:
            with pytest.raises(InputError) as error:
                draw_circles(units, count, least=least, most=most, steps=2000)
            assert error.value.issues
            refused += 1
            continue
        found = draw_circles(units, count, least=least, most=most, steps=2000)
        assert all(one.valid for one in found)
        assert found[0].walk_s == pytest.approx(min(best))
        met += 1
    assert met > 10
    assert refused > 10


@pytest.mark.parametrize("count", [8, 9, 10])
def test_79_communities_become_circles_in_one_piece_within_hard_bounds(count):
    for seed in range(4):
        rng = np.random.default_rng(seed)
        units, graph = town(rng, 79, people=(3000, 12000), holes=0.1, streets=11)
        scale = 576_300 / units.people.sum()
        graph = nx.compose(graph, nx.path_graph(79))
        units = Units.of(
            units.code, units.people * scale, list(graph.edges), units.walk_s, street=units.street
        )
        found = draw_circles(units, count, steps=20_000, seed=seed)
        assert found
        for one in found:
            assert one.valid
            assert len(one.circles) == count
            assert whole(graph, one.label, count)
            held = np.bincount(one.label, units.people)
            assert held.min() >= 50_000
            assert held.max() <= 100_000
            assert sorted(c for circle in one.circles for c in circle.members) == sorted(units.code)


def test_several_answers_none_of_which_is_worse_in_everything():
    units, _ = town(np.random.default_rng(1), 60, people=(4000, 9000), holes=0.0, streets=6)
    found = draw_circles(units, 5, steps=10_000)
    assert len(found) > 1
    rows = np.array([(one.walk_s, one.split, one.uneven) for one in found])
    for row in rows:
        assert not np.any(np.all(rows <= row, axis=1) & np.any(rows < row, axis=1))
    assert rows[0, 0] == rows[:, 0].min()
    assert rows[0, 1] > rows[:, 1].min()


def test_the_same_seed_gives_the_same_circles_and_another_number_of_them_where_it_is_open():
    units, _ = town(np.random.default_rng(2), 40, people=(8000, 12000), holes=0.0)
    first, again = (draw_circles(units, steps=2000, seed=3) for _ in range(2))
    assert [one.label.tolist() for one in first] == [one.label.tolist() for one in again]
    counts = {len(one.circles) for one in first}
    assert counts >= {5, 6, 7}
    assert all(one.valid for one in first)


def test_eleven_circles_of_50000_come_with_soft_bounds_and_the_deviation_told():
    units, _ = town(np.random.default_rng(3), 79, people=(7000, 7600), holes=0.0, streets=11)
    units = Units.of(
        units.code, units.people * (576_300 / units.people.sum()), units.links, units.walk_s
    )
    found = draw_circles(units, 11, least=52_000, most=100_000, hard=False, steps=20_000)
    for one in found:
        assert len(one.circles) == 11
        assert all(circle.pieces == 1 for circle in one.circles)
        for circle in one.circles:
            assert circle.beyond == pytest.approx(min(circle.people - 52_000, 0.0))


def test_why_there_is_none_is_said():
    units, _ = town(np.random.default_rng(4), 30, people=(2000, 3000), holes=0.0)
    total = units.people.sum()
    with pytest.raises(InputError, match="no circles") as error:
        draw_circles(units, 5, least=20_000, most=30_000)
    assert f"{total:,.0f} people make" in error.value.issues[0].expected
    large = units.people.copy()
    large[3] = 99_000.0
    with pytest.raises(InputError) as error:
        draw_circles(
            Units.of(units.code, large, units.links, units.walk_s), least=10_000, most=80_000
        )
    assert "u3" in error.value.issues[0].expected
    apart = [(a, b) for a, b in units.links if (a < 5) == (b < 5)]
    cut = Units.of(units.code, units.people, apart, units.walk_s)
    with pytest.raises(InputError) as error:
        draw_circles(cut, least=30_000, most=45_000)
    assert {issue.column for issue in error.value.issues} == {"links"}
    assert "u0" in error.value.issues[0].expected


def test_what_is_drawn_by_hand_is_said_to_be_in_pieces_or_too_small():
    units, _ = town(np.random.default_rng(6), 16, people=(10_000, 12_000), holes=0.0)
    label = np.zeros(16, dtype=int)
    label[[0, 15]] = 7
    one = divide(units, label, least=50_000, most=200_000)
    assert not one.valid
    assert [circle.pieces for circle in one.circles] == [2, 1]
    assert one.circles[0].members == ("u0", "u15")
    assert one.circles[0].beyond == pytest.approx(units.people[[0, 15]].sum() - 50_000)
    with pytest.raises(InputError):
        divide(units, [0, 1])


@pytest.mark.parametrize(
    "wrong",
    [{"people": [1, -1, 2]}, {"people": [1, float("nan"), 2]}, {"people": [0, 0, 0]}, {"links": [(0, 3)]},
     {"code": ["a", "a", "b"]}, {"walk_s": np.zeros((2, 2))}, {"street": [0, 1]}],
)  # fmt: skip
def test_units_that_are_none_are_refused(wrong):
    values = {
        "code": ["a", "b", "c"],
        "people": [1, 2, 3],
        "links": [(0, 1), (1, 2)],
        "walk_s": np.ones((3, 3)),
    }
    with pytest.raises(InputError):
        Units.of(**{**values, **wrong})
    with pytest.raises(InputError):
        draw_circles(Units.of(**values), least=5, most=2)
    with pytest.raises(InputError):
        draw_circles(Units.of(**values), 4, least=1, most=6)
