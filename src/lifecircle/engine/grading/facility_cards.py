"""A facility's own card: is it large enough for its catchment, good, and liked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
from pyproj import Transformer

from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading.columns import FACILITY_CARDS
from lifecircle.engine.grading.parts import TypeParts
from lifecircle.engine.grading.satisfaction import satisfaction
from lifecircle.engine.grading.supply import failing
from lifecircle.engine.grading.words import RULES, points


def facility_table(district: District, parts: list[TypeParts]) -> pa.Table:
    """Grade every facility on the five colours, in the order of the register.

    Scale is capacity over what the norm asks for its weighted catchment (supply types only);
    satisfaction is that of its community with the type, where residents were asked about it. The
    weights are those of a type's card.
    """
    facilities = district.facilities
    rows: list[dict[str, object] | None] = [None] * len(facilities.id)
    for one in parts:
        for row in _cards(district, one):
            rows[row.pop("index")] = row
    lon, lat = Transformer.from_crs(district.crs, "EPSG:4326", always_xy=True).transform(
        facilities.x, facilities.y
    )
    table = []
    for k, graded in enumerate(rows):
        place = int(facilities.community[k])
        kind = district.standards.types.get(str(facilities.type[k]))
        table.append(
            {
                "id": facilities.id[k],
                "name": facilities.name[k],
                "type": facilities.type[k],
                "type_zh": kind.name_zh if kind else "",
                "community": district.places.code[place] if place >= 0 else "",
                "lon": lon[k],
                "lat": lat[k],
                "synthetic": "facilities" in district.synthetic,
                **(graded or _unrated("closed")),
            }
        )
    return pa.Table.from_pylist(table, schema=FACILITY_CARDS)


def _cards(district: District, one: TypeParts) -> list[dict[str, Any]]:
    rules = district.standards.rules
    happy, _ = satisfaction(district, one.kind.id)
    bad = failing(district, one.sites)
    own = district.facilities.community[one.sites]
    applicable = {"quality"}
    if one.norm is not None:
        applicable.add("scale")
    if np.any(district.surveys.type == one.kind.id):
        applicable.add("satisfaction")
    cards = []
    for k, site in enumerate(one.sites):
        needed = math.nan if one.norm is None else one.norm * one.drawn[k]
        scale = (
            math.nan if not (needed > 0 and one.sized) else 100 * min(one.capacity[k] / needed, 1.0)
        )
        values = {
            "scale": scale,
            "quality": 100 * one.quality[k],
            "satisfaction": happy[own[k]] if own[k] >= 0 else math.nan,
        }
        wanted = {n: rules.weights[n].value for n in values if n in applicable}
        known = {n: w for n, w in wanted.items() if not math.isnan(values[n])}
        completeness = sum(known.values()) / sum(wanted.values())
        card: dict[str, Any] = {"index": int(site), "completeness": completeness}
        card |= {n: None if math.isnan(v) else v for n, v in values.items()}
        card |= {
            "capacity": one.capacity[k] if one.sized else None,
            "people_reached": one.reached[k],
        }
        card["needed"] = None if math.isnan(needed) else needed
        if bad[k]:
            card |= _said("red", "failing")
        elif completeness < rules.completeness_min.value - 1e-9:
            card |= _said("grey", "incomplete")
        else:
            score = sum(values[n] * w for n, w in known.items()) / sum(known.values())
            card |= _said(rules.colour(score), "score", score)
        cards.append(card)
    return cards


def _unrated(rule: str) -> dict[str, object]:
    empty: dict[str, object] = {"completeness": 0.0, "people_reached": 0.0}
    return empty | _said("grey", rule)


def _said(colour: str, rule: str, score: float | None = None) -> dict[str, object]:
    zh, en = RULES[rule]
    if score is not None:
        zh, en = f"得分 {points(score)}; {zh}", f"score {points(score)}; {en}"
    if score is not None and not np.isfinite(score):
        score = None
    return {"colour": colour, "rule": rule, "score": score, "reason_zh": zh, "reason_en": en}
