"""What would lift a card one grade, in natural units and in both languages."""

from __future__ import annotations

import math
from dataclasses import replace

from lifecircle.engine.grading.card import Card, grade, rank, worst_base
from lifecircle.engine.grading.explain import unit_of
from lifecircle.engine.grading.rollup import HELD_LEVELS
from lifecircle.engine.grading.words import PARTS_ZH, UNITS_ZH, Words
from lifecircle.engine.standards.model import COLOURS, Colour, FacilityType, Standards

_EXACT = 1e-9
_MOST_NAMES = 6


def lift(card: Card, kind: FacilityType, standards: Standards) -> Words:
    """Say what alone would lift a type's card, and to which colour.

    Each part is tried by itself: the least whole amount with which the card, graded anew, has a
    better colour. Supply that is shared (`supply`) is a lower bound: it counts only as far as
    those who lack it use it.
    """
    if card.colour in {"grey", "green"}:
        return Words()
    if card.rule == "failing":
        return _mend(card, kind, standards)
    unit = unit_of(kind, card)
    least = kind.measure == "supply"
    options: dict[Colour, list[Words]] = {}
    for name in card.weights:
        found = _least(card, kind, standards, name)
        if found is not None:
            amount, colour = found
            options.setdefault(colour, []).append(_said(name, amount, unit, at_least=least))
    if not options:
        style = standards.style(COLOURS[rank(card.colour) - 1])
        return Words(
            f"单补一项不足以升为{style.name_zh}, 需多项并举",
            f"no single part is enough for {style.name_en}; several must improve",
        )
    zh, en = [], []
    for colour in sorted(options, key=rank, reverse=True):
        style, ways = standards.style(colour), options[colour]
        zh.append(f"{' 或 '.join(w.zh for w in ways)}, 可升为{style.name_zh}")
        en.append(f"{' or '.join(w.en for w in ways)} for {style.name_en}")
    return Words("; ".join(zh), "; ".join(en))


def _mend(card: Card, kind: FacilityType, standards: Standards) -> Words:
    """Facilities that failed a check come before everything else."""
    after = _graded(replace(card, failing_share=0.0), kind, standards).colour
    first = Words(
        "先使安全或证照不合格的设施达标", "first mend what failed its safety or licence check"
    )
    if rank(after) >= rank(card.colour):
        return first
    style = standards.style(after)
    return Words(f"{first.zh}, 可升为{style.name_zh}", f"{first.en} for {style.name_en}")


def improved(card: Card, kind: FacilityType, standards: Standards, part: str, by: float) -> Card:
    """Grade a type's card anew with one part better: people covered, units added, or points."""
    if part == "coverage":
        covered = min(card.people - card.uncovered + by, card.people)
        share = covered / card.people
        full = standards.rules.coverage_full.value
        better = replace(
            card, covered_share=share, uncovered=card.people - covered,
            coverage=100.0 * min(1.0, share / full),
            absent_share=max(card.absent_share - by / card.people, 0.0),
        )  # fmt: skip
    elif part == "scale":
        gap = max(card.needed * (1.0 - card.scale / 100.0) - by, 0.0)
        better = replace(card, scale=100.0 * (1.0 - gap / card.needed))
    elif part == "quality":
        better = replace(card, quality=min(card.quality + by, 100.0))
    else:
        better = replace(card, satisfaction=min(card.satisfaction + by, 100.0))
    return _graded(better, kind, standards)


def _graded(card: Card, kind: FacilityType, standards: Standards) -> Card:
    card.rule, card.colour = "", "grey"
    grade(card, kind, standards.rules)
    return card


def _least(
    card: Card, kind: FacilityType, standards: Standards, part: str
) -> tuple[int, Colour] | None:
    """The least whole improvement of one part that gives a better colour, and that colour."""
    most = {
        "coverage": card.uncovered,
        "scale": card.needed * (1.0 - card.scale / 100.0) if part == "scale" else 0.0,
    }.get(part, 100.0 - card.part(part))
    low, high = 0, math.ceil(most - _EXACT)

    def colour(by: int) -> Colour:
        return improved(card, kind, standards, part, by).colour

    if high <= 0 or rank(colour(high)) >= rank(card.colour):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if rank(colour(middle)) < rank(card.colour):
            high = middle
        else:
            low = middle
    return high, colour(high)


def _said(part: str, amount: int, unit: str, *, at_least: bool) -> Words:
    if part == "coverage":
        return Words(f"再覆盖 {amount:,} 人", f"cover {amount:,} more people")
    if part == "scale":
        zh, en = f"增加 {amount:,} {UNITS_ZH.get(unit, unit)}", f"{amount:,} more {unit}"
        if at_least:
            return Words(f"至少{zh}并为缺者所用", f"at least {en} used by those who lack them")
        return Words(zh, f"add {en}")
    return Words(f"{PARTS_ZH[part]}提高 {amount} 分", f"raise {part} by {amount} points")


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
