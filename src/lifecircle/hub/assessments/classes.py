"""Places by class (分档分类推进): what is to be done where, and why; the whole and the eight themes side by side (1+8)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from lifecircle.engine.report.colours import swatches
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries
from lifecircle.hub.assessments.models import Run
from lifecircle.hub.facilities import queries as facilities

_WORST = ("red", "orange", "yellow", "blue", "green", "grey")
_HELD = ("red", "orange")
_MOST_REASONS = 6


def classes(actor: Actor, run: Run, level: str) -> list[dict[str, Any]]:
    """Each place of a level with its class, the worst first.

    The class is the action of the overall card's colour (keep, improve, fill gaps, first, start a project). Reasons are
    the red and orange cards of base types, by the people whom they leave out; then of the others.
    """
    standards = facilities.standards()
    style = {key: one.style for key, one in swatches(standards).items()}
    whole: dict[str, dict[str, Any]] = {}
    themes: dict[str, dict[str, str]] = defaultdict(dict)
    reasons: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for card in queries.cards(actor, run, level=level):
        one = card.detail
        if card.scope == "overall":
            whole[one["area"]] = one
        elif card.scope == "theme":
            themes[one["area"]][card.key] = card.colour
        elif card.scope == "type" and card.colour in _HELD:
            reasons[one["area"]].append(one)
    rows = [
        {
            "area": area, "area_zh": one["area_zh"], "area_en": one["area_en"], "colour": one["colour"], "score": one["score"],
            "act_zh": style[one["colour"]].action_zh, "act_en": style[one["colour"]].action_en, "themes": themes[area],
            "reasons": [_reason(card) for card in sorted(reasons[area], key=_weight)[:_MOST_REASONS]],
            "held": len(reasons[area]),
        }
        for area, one in whole.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (_WORST.index(row["colour"]), row["score"] or 0.0))


def _weight(card: dict[str, Any]) -> tuple[bool, bool, float]:
    kind = facilities.standards().types[card["key"]]
    return kind.type_class != "base", card["colour"] != "red", -(card["uncovered"] or 0.0)


def _reason(card: dict[str, Any]) -> dict[str, Any]:
    names = ("key", "key_zh", "key_en", "colour", "gap", "gap_unit", "gap_unit_zh", "uncovered")
    return {name: card[name] for name in names}
