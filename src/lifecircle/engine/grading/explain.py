"""Why a card has its colour, in both languages."""

from __future__ import annotations

import math

from lifecircle.engine.grading.card import PARTS, Card, worst_base
from lifecircle.engine.grading.words import PARTS_ZH, RULES, Words, points
from lifecircle.engine.standards.model import FacilityType, Standards

_MOST_DRIVERS = 3


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
    worst = worst_base(card, standards) if card.rule == "worst_base" else None
    if worst is not None:
        kept_by = standards.types[worst.key]
        zh += f": {kept_by.name_zh}"
        en += f": {kept_by.name_en}"
    if card.colour == "grey":
        return Words(zh, en)
    if card.members:
        return _reason_of_parent(card, standards, Words(zh, en))
    known = [name for name in PARTS if not math.isnan(card.part(name))]
    parts_zh = "、".join(f"{PARTS_ZH[name]} {card.part(name):.0f}" for name in known)
    parts_en = ", ".join(f"{name} {card.part(name):.0f}" for name in known)
    head_zh, head_en = f"得分 {points(card.score)}", f"score {points(card.score)}"
    if kind is not None and known:
        head_zh, head_en = f"{head_zh}({parts_zh})", f"{head_en} ({parts_en})"
    if not math.isnan(card.covered_share):
        head_zh += f"; {card.covered_share:.0%} 的服务人群往返可达"
        head_en += f"; {card.covered_share:.0%} of the group is within reach there and back"
    return Words(f"{head_zh}; {zh}", f"{head_en}; {en}")


def _reason_of_parent(card: Card, standards: Standards, rule: Words) -> Words:
    """Say from how many types a roll-up is built and which weigh it down most."""
    weak = sorted(
        (c for c in card.members if c.colour != "green"),
        key=lambda c: (-card.weights[c.key] * (100.0 - c.score), c.key),
    )[:_MOST_DRIVERS]
    zh = f"得分 {points(card.score)}, 由 {len(card.members)} 类得出"
    en = f"score {points(card.score)} from {len(card.members)} types"
    if weak:
        names = [(standards.types[c.key], standards.style(c.colour)) for c in weak]
        zh += "; 拖低最多的是" + "、".join(f"{t.name_zh}({s.name_zh})" for t, s in names)
        en += "; held back most by " + ", ".join(f"{t.name_en} ({s.name_en})" for t, s in names)
    return Words(f"{zh}; {rule.zh}", f"{en}; {rule.en}")


def _norm_unit(kind: FacilityType) -> str:
    return kind.norm.unit if kind.norm is not None else kind.capacity_unit
