"""What would lift a card is held to its word: done as it says, the card rises one grade."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.grading.card import Card, cap, grade, rank, worst_base
from lifecircle.engine.grading.lifting import _fill, _holding, _least, improved, lift, lift_parent
from lifecircle.engine.standards import COLOURS, default

STANDARDS = default()


def parent(kinds, scores, level, scope="category"):
    """A category's card as the roll-up makes it."""
    rules = STANDARDS.rules
    members = [
        Card(0, "type", kind.id, score=float(score), colour=rules.colour(score), rule="score")
        for kind, score in zip(kinds, scores, strict=True)
    ]
    card = Card(0, scope, kinds[0].category, members=tuple(members))
    card.weights = {k.id: rules.class_weights[k.type_class].value for k in kinds}
    return regrade(card, level)


def regrade(card, level):
    rules = STANDARDS.rules
    card.score = sum(c.score * card.weights[c.key] for c in card.members) / sum(
        card.weights.values()
    )
    card.colour, card.rule = rules.colour(card.score), "score"
    worst = worst_base(card, STANDARDS)
    if worst is not None and level != "district":
        best = COLOURS[max(rank(worst.colour) - 1, 0)]
        card.colour, card.rule = cap(card.colour, best, "worst_base", "score")
    return card


@given(
    category=st.sampled_from(sorted(STANDARDS.categories)),
    level=st.sampled_from(["community", "street", "district"]),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=300, deadline=None)
def test_doing_what_lifts_a_category_lifts_it_exactly_one_grade(category, level, seed):
    kinds = [t for t in STANDARDS.types.values() if t.graded and t.category == category]
    scores = np.random.default_rng(seed).uniform(0, 100, len(kinds))
    card = parent(kinds, scores, level)
    said = lift_parent(card, STANDARDS, level)
    if card.colour == "green":
        assert said.zh == said.en == ""
        return
    goal = COLOURS[rank(card.colour) - 1]
    assert STANDARDS.style(goal).name_zh in said.zh
    held, target = _holding(card, STANDARDS, goal, level)
    floor = STANDARDS.style(target).floor.value
    raised = {c.key: max(c.score, floor) for c in held}
    missing = (STANDARDS.style(goal).floor.value - card.score) * sum(card.weights.values())
    missing -= sum((raised[c.key] - c.score) * card.weights[c.key] for c in held)
    after = copy.deepcopy(card)
    to_level, chosen = _fill(card, raised, missing, STANDARDS) if missing > 1e-9 else (0.0, [])
    for member in after.members:
        member.score = raised.get(member.key, member.score)
        if member.key in chosen:
            member.score = max(member.score, to_level + 1e-9)
        member.colour = STANDARDS.rules.colour(member.score)
    assert regrade(after, level).colour == goal
    for name in chosen[:6]:
        assert STANDARDS.types[name].name_zh in said.zh


def test_a_veto_is_named_before_the_points():
    kinds = [STANDARDS.types[k] for k in ("toilet", "shelter", "micro_fire")]
    card = parent(kinds, [95, 95, 95], "community")
    card.members[0].colour, card.members[0].rule = "red", "absent"
    card.colour, card.rule = "orange", "worst_base"
    said = lift_parent(card, STANDARDS, "community")
    assert said.zh == "公共厕所先升到橙, 可升为黄"
    assert said.en == "first bring Public toilet to Orange for Yellow"


def test_grey_and_green_cards_are_not_lifted():
    for colour in ("grey", "green"):
        assert lift_parent(Card(0, "theme", "S1", colour=colour), STANDARDS, "street").zh == ""


@pytest.mark.parametrize("count", [6, 9])
def test_many_types_are_named_by_the_first_six(count):
    kinds = [t for t in STANDARDS.types.values() if t.type_class == "base"][:count]
    said = lift_parent(parent(kinds, [76] * count, "district", "overall"), STANDARDS, "district")
    assert ("等" in said.zh) == (count > 6)


def type_card(kind, seed):
    """A type's card with random parts, some of them absent."""
    rng = np.random.default_rng(seed)
    people, covered = 10_000.0, float(rng.integers(0, 10_001))
    share = covered / people
    applicable = [
        n for n in ("scale", "coverage", "quality", "satisfaction") if rng.random() < 0.85
    ]
    if "coverage" not in applicable:
        applicable.append("coverage")
    card = Card(
        0, "type", kind.id, tuple(applicable), people=people, covered_share=share,
        uncovered=people - covered, coverage=100 * min(1.0, share / 0.9),
        absent_share=float(rng.uniform(0, 1 - share)), failing_share=float(rng.choice([0, 0, 0.3])),
    )  # fmt: skip
    if "scale" in applicable:
        card.needed = 200.0
        card.scale = float(rng.integers(0, 201)) / 2
    for name in ("quality", "satisfaction"):
        if name in applicable and rng.random() < 0.8:
            setattr(card, name, float(rng.uniform(0, 100)))
    grade(card, kind, STANDARDS.rules)
    return card


@given(
    key=st.sampled_from(["toilet", "primary_school", "park_5", "gym", "health_center"]),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=300, deadline=None)
def test_what_lifts_a_type_names_the_least_amount_and_the_colour_it_brings(key, seed):
    kind = STANDARDS.types[key]
    card = type_card(kind, seed)
    said = lift(card, kind, STANDARDS)
    if card.colour in {"grey", "green"}:
        assert said.zh == ""
        return
    if card.rule == "failing":
        assert said.zh.startswith("先使安全或证照不合格")
        return
    found = {name: _least(card, kind, STANDARDS, name) for name in card.weights}
    for name, option in found.items():
        if option is None:
            best = improved(card, kind, STANDARDS, name, 10_000.0)
            assert rank(best.colour) >= rank(card.colour)
            continue
        amount, colour = option
        assert improved(card, kind, STANDARDS, name, amount).colour == colour
        assert rank(colour) < rank(card.colour)
        assert rank(improved(card, kind, STANDARDS, name, amount - 1).colour) >= rank(card.colour)
        assert STANDARDS.style(colour).name_zh in said.zh
        if name == "coverage":
            assert f"再覆盖 {amount:,} 人" in said.zh
    if not any(found.values()):
        assert "多项并举" in said.zh


def test_shared_supply_is_a_lower_bound_and_counted_supply_is_not():
    for key, word in (("primary_school", "至少增加"), ("health_center", "增加")):
        kind = STANDARDS.types[key]
        card = Card(
            0, "type", key, ("scale", "coverage"), people=100.0, covered_share=1.0, uncovered=0.0,
            coverage=100.0, needed=10.0, scale=0.0,
        )  # fmt: skip
        grade(card, kind, STANDARDS.rules)
        assert card.colour == "orange"
        assert lift(card, kind, STANDARDS).zh.startswith(word)
