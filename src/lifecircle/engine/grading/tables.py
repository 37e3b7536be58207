"""Cards, gaps, indicators and buildings as typed tables."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyproj import Transformer

from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading.areas import add_up
from lifecircle.engine.grading.card import Card
from lifecircle.engine.grading.columns import CARDS, GAPS, INDICATORS, MOMENTS
from lifecircle.engine.grading.explain import reason, unit_of
from lifecircle.engine.grading.lifting import lift, lift_parent
from lifecircle.engine.grading.parts import TypeParts, building_parts
from lifecircle.engine.grading.words import UNITS_ZH
from lifecircle.engine.standards.model import Standards
from lifecircle.moment import Moment

_NUMBERS = (
    "score", "scale", "coverage", "quality", "satisfaction", "people", "covered_share",
    "compliance_share", "supply", "needed", "supply_uncapped", "gap", "uncovered", "held_share",
)  # fmt: skip


def card_table(district: District, cards: list[Card], edge: NDArray[np.bool_]) -> pa.Table:
    """All cards: areas in the order of the places, then type, category, theme, overall.

    `edge`, (places,), says whose surround is not known.
    """
    standards, places = district.standards, district.places
    names = _names(standards)
    touched = {o.path.split(".")[1] for o in standards.overrides if "." in o.path}
    rows = []
    for card in sorted(cards, key=lambda c: c.place):
        kind = standards.types.get(card.key)
        said = reason(card, kind, standards)
        raised = (
            lift(card, kind, standards)
            if kind
            else lift_parent(card, standards, str(places.level[card.place]))
        )
        unit = unit_of(kind, card) if kind else ""
        row: dict[str, object] = {n: _number(getattr(card, n)) for n in _NUMBERS}
        row |= {
            "level": places.level[card.place],
            "area": places.code[card.place],
            "area_zh": places.name_zh[card.place],
            "area_en": places.name_en[card.place],
            "scope": card.scope,
            "key": card.key,
            "key_zh": names[card.key][0],
            "key_en": names[card.key][1],
            "colour": card.colour,
            "completeness": card.completeness,
            "answers": card.answers,
            "gap_unit": unit,
            "gap_unit_zh": UNITS_ZH.get(unit, unit),
            "edge": bool(edge[card.place]),
            "rule": card.rule,
            "reason_zh": said.zh,
            "reason_en": said.en,
            "lift_zh": raised.zh,
            "lift_en": raised.en,
            "synthetic": bool(district.synthetic),
            "overridden": card.key in touched,
        }
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=CARDS)


def moment_table(
    district: District, cards: list[Card], variants: dict[str, list[Card]]
) -> pa.Table:
    """The cards at every moment that was graded, side by side; empty for a single one."""
    if not variants:
        return MOMENTS.empty_table()
    names, places = _names(district.standards), district.places
    moments = {str(Moment.parse(district.moment)): cards, **variants}
    order = sorted(range(len(cards)), key=lambda k: cards[k].place)
    rows = [
        {
            "level": places.level[card.place],
            "area": places.code[card.place],
            "area_zh": places.name_zh[card.place],
            "area_en": places.name_en[card.place],
            "scope": card.scope,
            "key": card.key,
            "key_zh": names[card.key][0],
            "key_en": names[card.key][1],
            "moment": moment,
            "colour": card.colour,
            "score": _number(card.score),
            "covered_share": _number(card.covered_share),
        }
        for k in order
        for moment, graded in moments.items()
        for card in (graded[k],)
    ]
    return pa.Table.from_pylist(rows, schema=MOMENTS)


def _names(standards: Standards) -> dict[str, tuple[str, str]]:
    """Both names of every key."""
    return {
        **{k: (t.name_zh, t.name_en) for k, t in standards.types.items()},
        **{k: (c.name_zh, c.name_en) for k, c in standards.categories.items()},
        **{k: (t.name_zh, t.name_en) for k, t in standards.themes.items()},
        "overall": ("总体", "Overall"),
    }


def gap_table(district: District, cards: pa.Table) -> pa.Table:
    """What is missing, ranked within each level by the people affected."""
    standards = district.standards
    rows = [
        row
        for row in cards.to_pylist()
        if row["scope"] == "type"
        and row["colour"] not in {"grey", "green"}
        and ((row["uncovered"] or 0) > 0.5 or (row["gap"] or 0) > 1e-6)
    ]
    rows.sort(key=lambda r: (r["level"], -_affected(r), r["area"], r["key"]))
    table, rank, level = [], 0, ""
    for row in rows:
        rank = rank + 1 if row["level"] == level else 1
        level = row["level"]
        table.append(
            {
                **{f.name: row.get(f.name) for f in GAPS},
                "rank": rank,
                "type": row["key"],
                "type_zh": row["key_zh"],
                "type_en": row["key_en"],
                "category": standards.types[row["key"]].category,
            }
        )
    return pa.Table.from_pylist(table, schema=GAPS)


def _affected(row: dict[str, float]) -> float:
    """People beyond reach, or whose share of the norm is missing, whichever is more."""
    people, needed = row["people"] or 0.0, row["needed"] or 0.0
    short = people * min((row["gap"] or 0.0) / needed, 1.0) if needed > 0 else 0.0
    return max(row["uncovered"] or 0.0, short)


def indicator_table(district: District, parts: list[TypeParts]) -> pa.Table:
    """日常公共服务不出街道、基本生活服务不出社区: the two in-boundary indicators.

    The share of people whose 15-minute types are met inside their own street, and whose 5-minute
    types inside their own community: each within its limit there and back, averaged over the
    types by the people of their groups.
    """
    rows = []
    for key, tier, field, zh, en in (
        ("services_within_street", "15", "in_street",
         "日常公共服务不出街道", "Public services within the street"),
        ("services_within_community", "5", "in_community",
         "基本生活服务不出社区", "Basic services within the community"),
    ):  # fmt: skip
        chosen = [
            p
            for p in parts
            if p.kind.tier == tier and p.kind.graded and p.kind.walk_min is not None
        ]
        nobody = np.zeros(len(district.demand.x))
        met = sum((getattr(p, field) for p in chosen), start=nobody)
        asked = sum((p.people for p in chosen), start=nobody)
        places, located = district.places, district.demand.located
        total, all_people = add_up(places, located, met), add_up(places, located, asked)
        for place in range(len(places.code)):
            share = total[place] / all_people[place] if all_people[place] > 0 else math.nan
            rows.append(
                {
                    "level": places.level[place],
                    "area": places.code[place],
                    "area_zh": places.name_zh[place],
                    "area_en": places.name_en[place],
                    "key": key,
                    "name_zh": zh,
                    "name_en": en,
                    "value": _number(share),
                    "unit": "share",
                }
            )
    return pa.Table.from_pylist(rows, schema=INDICATORS)


def building_table(district: District, parts: list[TypeParts]) -> pa.Table:
    """Parts, not colours, of every residential building inside the district."""
    demand, places = district.demand, district.places
    inside = demand.community >= 0
    to_wgs84 = Transformer.from_crs(district.crs, "EPSG:4326", always_xy=True)
    lon, lat = to_wgs84.transform(demand.x[inside], demand.y[inside])
    number = demand.building[inside]
    ids = [str(district.buildings.id[b]) if b >= 0 else "" for b in number.tolist()]
    columns: dict[str, pa.Array] = {
        "id": pa.array(ids, type=pa.string()),
        "community": pa.array(places.code[demand.community[inside]], type=pa.string()),
        "lon": pa.array(lon),
        "lat": pa.array(lat),
        "residents": pa.array(demand.persons[inside].sum(axis=1)),
    }
    for one in parts:
        if one.kind.walk_min is None or not one.walkers:
            continue
        people, seconds = one.people[inside], one.nearest_s[inside]
        share = np.divide(
            one.covered[inside], people, out=np.full(len(people), np.nan), where=people > 0
        )
        columns[f"{one.kind.id}_share"] = pa.array(share, mask=np.isnan(share))
        columns[f"{one.kind.id}_s"] = pa.array(seconds, mask=np.isinf(seconds))
        for part, values in building_parts(one).items():
            known = values[inside]
            columns[f"{one.kind.id}_{part}"] = pa.array(known, mask=np.isnan(known))
    return pa.table(columns)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
