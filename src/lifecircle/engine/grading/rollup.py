"""From types to categories, themes and the whole, within one area."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading.card import Card, cap, rank, worst_base
from lifecircle.engine.standards.model import COLOURS, FacilityType, Standards

HELD_LEVELS = {"community", "street", "grid", "circle"}
"""Where a category or theme may not stand far above its worst base type."""


def parent_cards(district: District, by_type: dict[str, list[Card]]) -> list[Card]:
    """Grade categories, themes and the whole in every place, from the types' cards.

    Type weights are by class. A category or theme is at most `worst_base_lead` grades above its
    worst base type in communities and streets; above them the share of communities so held is
    given instead. A parent of which too little is rated is grey.
    """
    standards = district.standards
    groups: list[tuple[str, str, Callable[[FacilityType], bool]]] = [
        *(("category", c, lambda t, c=c: t.category == c) for c in standards.categories),
        *(("theme", s, lambda t, s=s: t.theme == s) for s in standards.themes),
        ("overall", "overall", lambda _t: True),
    ]
    cards = []
    for scope, key, belongs in groups:
        kinds = [t for t in standards.types.values() if t.graded and belongs(t)]
        row = [
            _parent(standards, place, scope, key, [(t, by_type[t.id][place]) for t in kinds])
            for place in range(len(district.places.code))
        ]
        _hold(district, row, scope)
        cards.extend(row)
    return cards


def _parent(
    standards: Standards, place: int, scope: str, key: str, parts: list[tuple[FacilityType, Card]]
) -> Card:
    rules = standards.rules
    weight = {t.id: rules.class_weights[t.type_class].value for t, _ in parts}
    rated = [c for _, c in parts if c.colour != "grey"]
    total, known = sum(weight.values()), sum(weight[c.key] for c in rated)
    card = Card(place, scope, key)
    card.completeness = known / total if total else 0.0
    if not rated or card.completeness < rules.completeness_min.value - 1e-9:
        card.rule = "incomplete"
        return card
    card.members = tuple(rated)
    card.weights = {c.key: weight[c.key] for c in rated}
    card.score = sum(c.score * weight[c.key] for c in rated) / known
    card.colour, card.rule = rules.colour(card.score), "score"
    return card


def _hold(district: District, row: list[Card], scope: str) -> None:
    """Hold categories and themes near their worst base type, or say how many are held below."""
    if scope == "overall":
        return
    places, standards = district.places, district.standards
    lead = int(standards.rules.worst_base_lead.value)
    held = np.zeros(len(row))
    for card in row:
        worst = worst_base(card, standards)
        if worst is None:
            continue
        best = COLOURS[max(rank(worst.colour) - lead, 0)]
        colour, rule = cap(card.colour, best, "worst_base", card.rule)
        held[card.place] = rule == "worst_base"
        if places.level[card.place] in HELD_LEVELS:
            card.colour, card.rule = colour, rule
    communities = places.at("community")
    if len(communities) == 0:
        return
    for card in row:
        if places.level[card.place] == "district" and not math.isnan(card.score):
            card.held_share = float(held[communities].mean())
