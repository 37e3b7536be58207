"""The cards of one facility type in every place."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading.areas import add_up, hand_down, roll_up
from lifecircle.engine.grading.card import Card, grade
from lifecircle.engine.grading.parts import TypeParts
from lifecircle.engine.grading.satisfaction import satisfaction
from lifecircle.engine.grading.supply import norm_value
from lifecircle.engine.standards.model import FacilityType

Floats = NDArray[np.float64]
Sized = tuple[Floats, Floats, Floats]
"""What there is, what is needed, and what counts towards it (capped), (places,) each."""


def type_cards(district: District, parts: TypeParts, pool: list[TypeParts]) -> list[Card]:
    """Grade one type in every place, in the order of the places.

    Parameters
    ----------
    district
        The district.
    parts
        The type's sums.
    pool
        The sums of all types that share its supply, itself among them.
    """
    kind, places = parts.kind, district.places

    def area(values: Floats) -> Floats:
        return add_up(places, district.demand.located, values)

    people, covered = area(parts.people), area(parts.covered)
    complying, absent = area(parts.complying), area(parts.absent)
    flow, known = area(parts.flow), area(parts.flow_known)
    quality, bad = area(parts.flow_quality), area(parts.flow_failing)
    there, needed, counted = _sized(district, parts, pool)
    happy, answers = satisfaction(district, kind.id)
    applicable = _applicable(kind, _quality_known(district, parts))
    unrated = _unrated(district, parts)
    cards = []
    for place in range(len(places.code)):
        card = Card(place, "type", kind.id, applicable, people=people[place], rule=unrated)
        card.answers = int(answers[place])
        card.satisfaction = happy[place]
        if needed[place] > 0:
            card.supply, card.needed = there[place], needed[place]
            card.scale = 100.0 * min(counted[place] / needed[place], 1.0)
            card.supply_uncapped = 100.0 * there[place] / needed[place]
            card.gap = max(needed[place] - counted[place], 0.0)
        if flow[place] <= 0:  # nobody is served, so there is no quality to know
            card.applicable = tuple(name for name in applicable if name != "quality")
        if known[place] > 0 and "quality" in applicable:
            card.quality = 100.0 * quality[place] / known[place]
        if flow[place] > 0:
            card.failing_share = bad[place] / flow[place]
        if "coverage" in applicable and people[place] > 0:
            _cover(card, covered[place], complying[place], absent[place], district)
        elif people[place] <= 0 and not card.rule and kind.measure != "ratio":
            card.rule = "nobody"
        grade(card, kind, district.standards.rules)
        cards.append(card)
    return cards


def _cover(card: Card, covered: float, complying: float, absent: float, district: District) -> None:
    share = covered / card.people
    card.covered_share = share
    card.compliance_share = complying / card.people
    card.absent_share = absent / card.people
    card.coverage = 100.0 * min(1.0, share / district.standards.rules.coverage_full.value)
    card.uncovered = max(card.people - covered, 0.0)
    if math.isnan(card.gap):
        card.gap = card.uncovered


def _quality_known(district: District, parts: TypeParts) -> bool:
    """Whether quality counts: rarely known, it would only tell who was surveyed from who was not."""
    inside = district.demand.community >= 0
    use, known = float(parts.flow[inside].sum()), float(parts.flow_known[inside].sum())
    return known >= district.standards.rules.quality_known_min.value * use


def _applicable(kind: FacilityType, quality_known: bool) -> tuple[str, ...]:  # noqa: FBT001
    names = []
    if kind.measure != "reach" and kind.norm is not None:
        names.append("scale")
    if kind.walk_min is not None:
        names.append("coverage")
    if kind.measure not in {"ratio", "enrolment"} and quality_known:
        names.append("quality")
    return (*names, "satisfaction")


def _unrated(district: District, parts: TypeParts) -> str:
    """Why a type cannot be rated anywhere; "" when it can."""
    kind = parts.kind
    if not kind.graded:
        return "reported"
    if not parts.walkers and kind.measure != "ratio":
        return "no_group"
    if kind.id not in district.surveyed and not np.any(district.facilities.type == kind.id):
        return "not_surveyed"
    return ""


def _sized(district: District, parts: TypeParts, pool: list[TypeParts]) -> Sized:
    kind = parts.kind
    nothing = np.full(len(district.places.code), np.nan)
    if not any(one.sized for one in pool) and kind.measure != "per_place":
        return nothing, nothing, nothing  # facilities of unknown size are no supply of nought
    if kind.measure == "supply" and parts.norm is not None:
        return _shared_supply(district, parts, pool, parts.norm)
    if kind.measure == "per_place":
        return _per_place(district, parts)
    if kind.measure in {"count", "ratio", "enrolment"}:
        return _counted(district, parts)
    return nothing, nothing, nothing


def _shared_supply(
    district: District, parts: TypeParts, pool: list[TypeParts], norm: float
) -> Sized:
    """2SFCA: what people get, against the norm, capped at the norm person by person."""
    count = len(parts.people)
    there, counted = np.zeros(count), np.zeros(count)
    for k, walker in enumerate(parts.walkers):
        access = sum((one.access[k] for one in pool if one.access), start=np.zeros(count))
        there += walker.people * access
        counted += walker.people * np.minimum(access, norm)
    places, located = district.places, district.demand.located
    needed = norm * add_up(places, located, parts.people)
    return add_up(places, located, there), needed, add_up(places, located, counted)


def _per_place(district: District, parts: TypeParts) -> Sized:
    """Present over required in each street or community.

    Smaller areas share their street's or community's; a circle has of each the part that its
    residents are of it.
    """
    places, level = district.places, parts.kind.norm_base
    own = district.facilities.community[parts.sites]
    present = roll_up(
        places, np.bincount(own[own >= 0], minlength=len(places.code)).astype(np.float64)
    )
    at = places.level == level
    required = np.where(at, norm_value(district, parts.kind), 0.0)
    inside = np.where(at, present, 0.0)
    counted = np.minimum(inside, required)
    demand, circles = district.demand, places.at("circle")
    residents = np.where(demand.community >= 0, demand.persons.sum(axis=1), 0.0)
    everyone = add_up(places, demand.located, residents)
    there = demand.community if level == "community" else places.parent[demand.community]
    share = np.divide(
        residents, everyone[there], out=np.zeros(len(residents)), where=everyone[there] > 0
    )
    result = []
    for values in (inside, required, counted):
        total = hand_down(places, roll_up(places, values), level)
        total[circles] = add_up(places, demand.located, share * values[there])[circles]
        result.append(total)
    return result[0], result[1], result[2]


def _counted(district: District, parts: TypeParts) -> Sized:
    """Numbers in the area over the norm for its residents, floor area or group."""
    places, kind = district.places, parts.kind
    there = add_up(places, district.facilities.located.take(parts.sites), parts.capacity)
    norm = norm_value(district, kind)
    located = district.demand.located
    if kind.norm_base == "floor_1000_m2":
        buildings = district.buildings
        floor = np.where(buildings.residential, np.nan_to_num(buildings.floor_area_m2), 0.0)
        base = add_up(places, buildings.located, floor) / 1000.0
    elif kind.norm_base == "group":
        base = add_up(places, located, parts.people)
    else:
        base = add_up(places, located, district.demand.persons.sum(axis=1)) / 1000.0
    needed = norm * base
    return there, needed, np.minimum(there, needed)
