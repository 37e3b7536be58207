"""What would lift a card one grade, in natural units and in both languages."""

from __future__ import annotations

import math

from lifecircle.engine.grading.card import Card, rank, worst_base
from lifecircle.engine.grading.explain import unit_of
from lifecircle.engine.grading.rollup import HELD_LEVELS
from lifecircle.engine.grading.words import PARTS_ZH, UNITS_ZH, Words
from lifecircle.engine.standards.model import COLOURS, Colour, FacilityType, Standards

_EXACT = 1e-9
_MOST_NAMES = 6


def lift(card: Card, kind: FacilityType, standards: Standards) -> Words:
    """Say what alone would lift a type's card to the next colour."""
    if card.colour in {"grey", "green"}:
        return Words()
    goal = COLOURS[rank(card.colour) - 1]
    style = standards.style(goal)
    if card.rule == "failing":
        return Words(
            "先使安全或证照不合格的设施达标", "first mend what failed its safety or licence check"
        )
    if style.floor is None:
        return Words()
    missing = style.floor.value - card.score
    options = _options(card, standards, missing)
    people = _people_for_rules(card, standards, goal)
    if people > 0:
        cover = max(people, options.pop("coverage", 0.0))
        options = {"coverage": cover}
    if not options:
        return Words(
            f"单补一项不足以升为{style.name_zh}, 需多项并举",
            f"no single part is enough for {style.name_en}; several must improve",
        )
    unit = unit_of(kind, card)
    zh, en = [], []
    for name, amount in options.items():
        if name == "coverage":
            zh.append(f"再覆盖 {math.ceil(amount):,} 人")
            en.append(f"cover {math.ceil(amount):,} more people")
        elif name == "scale":
            zh.append(f"增加 {math.ceil(amount):,} {UNITS_ZH.get(unit, unit)}")
            en.append(f"add {math.ceil(amount):,} {unit}")
        else:
            zh.append(f"{PARTS_ZH[name]}提高 {math.ceil(amount)} 分")
            en.append(f"raise {name} by {math.ceil(amount)} points")
    return Words(
        f"{' 或 '.join(zh)}, 可升为{style.name_zh}", f"{' or '.join(en)} for {style.name_en}"
    )


def _options(card: Card, standards: Standards, missing: float) -> dict[str, float]:
    """By part: what it would take to gain `missing` points by that part alone, where it can."""
    total = sum(card.weights.values())
    options: dict[str, float] = {}
    if missing <= 0:
        return options
    for name, weight in card.weights.items():
        points = missing * total / weight
        if card.part(name) + points > 100.0 + 1e-9:
            continue
        if name == "coverage":
            full = standards.rules.coverage_full.value
            options[name] = (card.coverage + points) / 100.0 * full * card.people - (
                card.people - card.uncovered
            )
        elif name == "scale":
            options[name] = points / 100.0 * card.needed
        else:
            options[name] = points
    return options


def _people_for_rules(card: Card, standards: Standards, goal: Colour) -> float:
    """People that must be covered before the vetoes let the card rise to `goal`."""
    rules = standards.rules
    if card.rule == "absent":
        return (card.absent_share - rules.veto_share.value) * card.people + 1.0
    low = rules.coverage_yellow_below.value
    if (
        not math.isnan(card.covered_share)
        and card.covered_share < low
        and goal in {"green", "blue"}
    ):
        return (low - card.covered_share) * card.people
    return 0.0


def lift_parent(card: Card, standards: Standards, level: str) -> Words:
    """Say which types would lift a category, theme or the whole to the next colour.

    First the base types that hold it down, then as few others as can bring the missing points,
    raised to one common score.

    Parameters
    ----------
    card
        With its rated types as `members`.
    standards
        The rules.
    level
        Of the card's place: only communities and streets are held by their worst base type.
    """
    if card.colour in {"grey", "green"}:
        return Words()
    goal = COLOURS[rank(card.colour) - 1]
    style = standards.style(goal)
    floor = 0.0 if style.floor is None else style.floor.value
    held, target = _holding(card, standards, goal, level)
    lowest = standards.style(target).floor
    missing = (floor - card.score) * sum(card.weights.values())
    raised = {c.key: max(c.score, 0.0 if lowest is None else lowest.value) for c in held}
    missing -= sum((raised[c.key] - c.score) * card.weights[c.key] for c in held)
    level_to, chosen = _fill(card, raised, missing, standards) if missing > _EXACT else (0.0, [])
    # Who is raised further anyway need not be named twice, unless a veto must go first.
    first = [c.key for c in held if c.key not in chosen or c.rule not in {"score", "coverage_cap"}]
    zh, en = [], []
    if first:
        names = _names(first, standards)
        zh.append(f"{names.zh}先升到{standards.style(target).name_zh}")
        en.append(f"first bring {names.en} to {standards.style(target).name_en}")
    if chosen:
        names, points = _names(chosen, standards), math.ceil(level_to - _EXACT)
        zh.append(f"{names.zh}{'各' * (len(chosen) > 1)}提高到 {points} 分")
        en.append(f"raise {names.en} to {points} points{' each' * (len(chosen) > 1)}")
    return Words(f"{'; '.join(zh)}, 可升为{style.name_zh}", f"{'; '.join(en)} for {style.name_en}")


def _holding(
    card: Card, standards: Standards, goal: Colour, level: str
) -> tuple[list[Card], Colour]:
    """The base types that keep a card below `goal`, and the colour that each must reach."""
    allowed = min(rank(goal) + int(standards.rules.worst_base_lead.value), len(COLOURS) - 1)
    target = COLOURS[allowed]
    if card.scope == "overall" or level not in HELD_LEVELS or worst_base(card, standards) is None:
        return [], target
    return [
        c
        for c in card.members
        if standards.types[c.key].type_class == "base" and rank(c.colour) > allowed
    ], target


def _fill(
    card: Card, raised: dict[str, float], missing: float, standards: Standards
) -> tuple[float, list[str]]:
    """Fewest types that bring `missing` weighted points, and the score that each must reach.

    None is asked for more than green, unless all of them at green are not enough.
    """
    score = {c.key: raised.get(c.key, c.score) for c in card.members}
    green = standards.style("green").floor
    top = 100.0 if green is None else green.value
    if sum(max(top - s, 0.0) * card.weights[k] for k, s in score.items()) < missing:
        top = 100.0
    room = {key: max(top - s, 0.0) * card.weights[key] for key, s in score.items()}
    chosen: list[str] = []
    for key in sorted(room, key=lambda k: (-room[k], k)):
        chosen.append(key)
        if sum(room[k] for k in chosen) >= missing - _EXACT:
            break
    return _level(chosen, score, card.weights, missing)


def _level(
    keys: list[str], score: dict[str, float], weight: dict[str, float], missing: float
) -> tuple[float, list[str]]:
    """The common score of the lowest of `keys` once `missing` points have filled them up."""
    order = sorted(keys, key=lambda k: score[k])
    level = 0.0
    for n in range(1, len(order) + 1):
        pool = order[:n]
        level = (missing + sum(score[k] * weight[k] for k in pool)) / sum(weight[k] for k in pool)
        if n == len(order) or level <= score[order[n]]:
            return level, pool
    return level, order


def _names(keys: list[str], standards: Standards) -> Words:
    kinds = [standards.types[key] for key in keys[:_MOST_NAMES]]
    zh, en = "、".join(t.name_zh for t in kinds), ", ".join(t.name_en for t in kinds)
    more = len(keys) - _MOST_NAMES
    return Words(f"{zh}等{len(keys)}类", f"{en} and {more} more") if more > 0 else Words(zh, en)
