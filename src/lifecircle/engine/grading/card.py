"""One card: parts to score, score to colour, and the rule that decided."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from lifecircle.engine.standards.model import COLOURS, Colour, FacilityType, GradingRules, Standards

PARTS = ("scale", "coverage", "quality", "satisfaction")


@dataclass(slots=True)
class Card:
    """The grade of one type, category, theme or the whole in one area.

    Parts are in 0..100, NaN where absent; `applicable` names the parts that the type has at all.
    `weights` are those of the parts, or of the rated types (`members`) that a category, theme or
    the whole is made of. The other fields are those of `model.CARDS`.
    """

    place: int
    scope: str
    key: str
    applicable: tuple[str, ...] = ()
    scale: float = math.nan
    coverage: float = math.nan
    quality: float = math.nan
    satisfaction: float = math.nan
    people: float = math.nan
    covered_share: float = math.nan
    compliance_share: float = math.nan
    absent_share: float = 0.0
    failing_share: float = 0.0
    supply: float = math.nan
    needed: float = math.nan
    supply_uncapped: float = math.nan
    answers: int = 0
    gap: float = math.nan
    uncovered: float = math.nan
    score: float = math.nan
    completeness: float = 0.0
    colour: Colour = "grey"
    rule: str = ""
    held_share: float = math.nan
    weights: dict[str, float] = field(default_factory=dict)
    members: tuple[Card, ...] = ()

    def part(self, name: str) -> float:
        """Return a part by name."""
        return float(getattr(self, name))


def grade(card: Card, kind: FacilityType, rules: GradingRules) -> None:
    """Fill in score, completeness, colour and rule of a type's card from its parts."""
    wanted = {name: rules.weights[name].value for name in card.applicable}
    present = {name: w for name, w in wanted.items() if not math.isnan(card.part(name))}
    card.weights = present
    total = sum(wanted.values())
    card.completeness = sum(present.values()) / total if total > 0 else 0.0
    if card.rule:  # already said why it cannot be rated
        return
    if card.completeness < rules.completeness_min.value - 1e-9:
        card.rule = "incomplete"
        return
    card.score = sum(card.part(n) * w for n, w in present.items()) / sum(present.values())
    card.colour, card.rule = rules.colour(card.score), "score"
    if "coverage" in present and card.covered_share < rules.coverage_yellow_below.value:
        card.colour, card.rule = cap(card.colour, "yellow", "coverage_cap", card.rule)
    if kind.type_class == "base" and card.absent_share >= rules.veto_share.value:
        card.colour, card.rule = "red", "absent"
    if card.failing_share > rules.failing_share.value:
        card.colour, card.rule = "red", "failing"


def rank(colour: Colour) -> int:
    """How bad a grade is: 0 green to 4 red."""
    return list[Colour](COLOURS).index(colour)


def worst_base(card: Card, standards: Standards) -> Card | None:
    """Return the worst base type of a category or theme; of equally bad ones the last by id."""
    base = [c for c in card.members if standards.types[c.key].type_class == "base"]
    return max(base, key=lambda c: (rank(c.colour), c.key), default=None)


def cap(colour: Colour, best: Colour, rule: str, otherwise: str) -> tuple[Colour, str]:
    """Return the worse of two colours, and `rule` where that lowered it."""
    if rank(colour) < rank(best):
        return best, rule
    return colour, otherwise
