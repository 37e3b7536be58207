"""Why a card has its colour, and what would lift it one grade, in both languages."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lifecircle.engine.grading.card import PARTS, Card
from lifecircle.engine.grading.words import PARTS_ZH, RULES, UNITS_ZH
from lifecircle.engine.standards.model import COLOURS, Colour, FacilityType, Standards


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence in Chinese and in English."""

    zh: str = ""
    en: str = ""


def unit_of(kind: FacilityType, card: Card) -> str:
    """The natural unit of a type's gap: what the norm counts, else people."""
    if math.isnan(card.needed):
        return "people"
    return kind.capacity_unit if kind.measure != "per_place" else _norm_unit(kind)


def reason(card: Card, kind: FacilityType | None, standards: Standards) -> Words:
    """Say the parts and the rule that decided."""
    zh, en = RULES[card.rule]
    if card.rule == "absent":
        zh += f"({card.absent_share:.0%})"
        en += f" ({card.absent_share:.0%})"
    if card.rule == "failing":
        zh += f", 占使用量 {card.failing_share:.0%}"
        en += f" carry {card.failing_share:.0%} of its use"
    if card.rule == "worst_base":
        worst = standards.types[card.worst_base]
        zh += f": {worst.name_zh}"
        en += f": {worst.name_en}"
    if card.colour == "grey":
        return Words(zh, en)
    known = [name for name in PARTS if not math.isnan(card.part(name))]
    parts_zh = "、".join(f"{PARTS_ZH[name]} {card.part(name):.0f}" for name in known)
    parts_en = ", ".join(f"{name} {card.part(name):.0f}" for name in known)
    head_zh, head_en = f"得分 {card.score:.1f}", f"score {card.score:.1f}"
    if kind is not None and known:
        head_zh, head_en = f"{head_zh}({parts_zh})", f"{head_en} ({parts_en})"
    if not math.isnan(card.covered_share):
        head_zh += f"; {card.covered_share:.0%} 的服务人群往返可达"
        head_en += f"; {card.covered_share:.0%} of the group is within reach there and back"
    return Words(f"{head_zh}; {zh}", f"{head_en}; {en}")


def lift(card: Card, kind: FacilityType, standards: Standards) -> Words:
    """Say what alone would lift a type's card to the next colour."""
    if card.colour in {"grey", "green"}:
        return Words()
    goal: Colour = COLOURS[COLOURS.index(card.colour) - 1]
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


def _norm_unit(kind: FacilityType) -> str:
    return kind.norm.unit if kind.norm is not None else kind.capacity_unit
