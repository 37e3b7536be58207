"""Odds of colours: without noise they are the cards themselves; with it they follow their causes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifecircle.engine.assess import assess, network_of
from lifecircle.engine.bundle import read_district
from lifecircle.engine.grading import grade_district, uncertainty
from lifecircle.engine.grading.card import rank
from lifecircle.engine.grading.probabilities import PROBABILITIES, probability_table
from lifecircle.engine.grading.uncertainty import GREY, draw_cards


@pytest.fixture
def scene(small_district):
    """Every measure, a pool, unequal communities, a grid and a circle."""
    small = small_district
    for k, (kind, x, values) in enumerate(
        [
            ("toilet", 200, {"condition": 3}), ("primary_school", 500, {"capacity": 90}),
            ("health_center", 300, {"floor_area_m2": 2000}), ("waste_station", 900, {}),
            ("nursing_home", 800, {"capacity": 12}), ("care_home", 400, {"capacity": 9}),
            ("park_5", 1000, {"floor_area_m2": 1500}), ("property_service", 100, {"floor_area_m2": 60}),
            ("iot_smoke", 100, {"capacity": 5}), ("pharmacy", 1500, {"safe": "no"}),
        ]
    ):  # fmt: skip
        small.tables["facilities"].append(small.facility(f"X{k}", kind, x, **values))
    small.tables["population"][1]["persons"] = 2500
    small.tables["population"].append({"place": "C1", "group": "elder_living_alone", "persons": 12})
    small.tables["surveys"] = [
        {"place": f"C{c}", "type": "toilet", "answers": 60, "score": 20 * c} for c in (1, 2, 3, 4)
    ]
    small.tables["places"] += [
        {"code": "G1", "name_zh": "格", "level": "grid", "parent": "C1", "wkt": small.box(0, 150)},
        {"code": "L1", "name_zh": "圈", "level": "circle", "members": "C2;C3", "wkt": ""},
    ]
    district = read_district(small.write())
    return district, network_of(district)


def hushed(monkeypatch, norms=0.0, people=0.0, speeds=(1.0, 1.0, 1.0)):
    monkeypatch.setattr(uncertainty, "NORM_SD", norms)
    monkeypatch.setattr(uncertainty, "PEOPLE_SD", people)
    monkeypatch.setattr(uncertainty, "SPEEDS", speeds)


def test_without_noise_every_draw_is_the_card_itself(scene, monkeypatch):
    district, network = scene
    hushed(monkeypatch)
    graded = grade_district(district, network)
    drawn = draw_cards(district, network, draws=3)
    number = {code: k for k, code in enumerate(district.places.code)}
    for card in graded.cards.to_pylist():
        key, place = (card["scope"], card["key"]), number[card["area"]]
        want = GREY if card["colour"] == "grey" else rank(card["colour"])
        assert (drawn.colour[key][place] == want).all(), key
        if card["score"] is not None:
            np.testing.assert_allclose(drawn.score[key][place], card["score"], rtol=1e-9)


def test_draws_of_people_and_norms_are_what_a_changed_district_is_graded_to(scene, monkeypatch):
    """One draw, done by hand: the district with those people and that norm, graded as usual."""
    district, network = scene
    hushed(monkeypatch, norms=0.1, people=0.05)
    rng = np.random.default_rng(7)
    kinds = list(district.standards.types.values())
    norms = np.clip(rng.normal(1, 0.1, (len(kinds), 3)), 0.8, 1.2)
    people = np.clip(rng.normal(1, 0.05, (len(district.places.code) + 1, 3)), 0.85, 1.15)
    drawn = draw_cards(district, network, draws=3, seed=7)
    demand = district.demand
    factor = people[demand.community, 1]
    types = {
        kind.id: kind if kind.norm is None or kind.measure not in {"supply", "count"}
        else replace(kind, norm=replace(kind.norm, value=kind.norm.value * norms[k, 1]))
        for k, kind in enumerate(kinds)
    }  # fmt: skip
    changed = replace(
        district,
        demand=replace(demand, persons=demand.persons * factor[:, None]),
        standards=replace(district.standards, types=types),
    )
    graded = grade_district(changed, network)
    number = {code: k for k, code in enumerate(district.places.code)}
    for card in graded.cards.to_pylist():
        kind = district.standards.types.get(card["key"])
        if card["score"] is None or kind is None:
            continue
        score = drawn.score["type", kind.id][number[card["area"]], 1]
        # Quality is that of the undrawn flows, which lean on the people that were drawn.
        assert score == pytest.approx(card["score"], abs=0.6), (card["area"], kind.id)


def test_slower_walkers_are_never_graded_better_by_coverage(scene, monkeypatch):
    district, network = scene
    hushed(monkeypatch, speeds=(0.8, 1.0, 1.25))
    drawn = draw_cards(district, network, draws=3)
    slow, usual, quick = drawn.score["type", "toilet"].T
    known = np.isfinite(usual)
    assert known.any()
    assert (slow[known] <= usual[known] + 1e-9).all()
    assert (usual[known] <= quick[known] + 1e-9).all()


def test_the_same_seed_gives_the_same_odds_and_odds_sum_to_one(scene):
    district, network = scene
    graded = grade_district(district, network)
    one, two = (
        probability_table(district, graded.cards, draw_cards(district, network, draws=30))
        for _ in range(2)
    )
    assert one.equals(two)
    assert one.schema == PROBABILITIES
    for row in one.to_pylist():
        assert sum(row[name] for name in row if name.startswith("p_")) == pytest.approx(1.0)
        if row["rank"] is not None:
            assert 1 <= row["rank_low"] <= row["rank_high"]
        own = row[f"p_{row['colour']}"]
        assert row["borderline"] == (row["colour"] != "grey" and own < 0.8)


def test_results_hold_the_odds_only_when_they_were_asked_for(scene, tmp_path):
    district, _ = scene
    assess(district.root, tmp_path / "with", draws=30)
    assert (tmp_path / "with" / "probabilities.parquet").is_file()
    assert "把握多大" in (tmp_path / "with" / "report.html").read_text(encoding="utf-8")
    result = assess(district.root, tmp_path / "with")
    assert result.probabilities is None
    assert not (tmp_path / "with" / "probabilities.parquet").exists()
    with pytest.raises(ValueError, match="at least 3"):
        assess(district.root, draws=2)
