"""Coverage by group: how much of what they need each kind of walker reaches."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading.areas import add_up
from lifecircle.engine.grading.columns import GROUPS, INDICATORS
from lifecircle.engine.grading.equity import gini, reach_share
from lifecircle.engine.grading.parts import TypeParts


def group_table(district: District, parts: list[TypeParts]) -> pa.Table:
    """Give each area's coverage by way of walking, over the base types that everybody needs.

    The share is of pairs of a person and a base type: 0.6 means that of ten services that such a
    person should reach within their limits, six are.
    """
    places, located = district.places, district.demand.located
    base = [
        p
        for p in parts
        if p.kind.type_class == "base" and p.kind.walk_min is not None and p.covered_by
        and p.kind.group == "residents"
    ]  # fmt: skip
    nobody = np.zeros(len(district.demand.x))
    rows = []
    for profile in district.standards.profiles.values():
        people, asked, covered, complying = (nobody.copy() for _ in range(4))
        for one in base:
            for walker, reached in zip(one.walkers, one.covered_by, strict=True):
                if walker.profile == profile.id:
                    people = walker.people
                    asked = asked + walker.people
                    covered = covered + reached
                    complying = complying + np.where(one.near_by_design, walker.people, 0.0)
        sums = [add_up(places, located, v) for v in (people, asked, covered, complying)]
        rows += [
            {
                "level": places.level[place],
                "area": places.code[place],
                "area_zh": places.name_zh[place],
                "area_en": places.name_en[place],
                "profile": profile.id,
                "profile_zh": profile.name_zh,
                "profile_en": profile.name_en,
                "people": float(sums[0][place]),
                "covered_share": float(sums[2][place] / sums[1][place]),
                "compliance_share": float(sums[3][place] / sums[1][place]),
            }
            for place in np.flatnonzero(sums[1] > 0)
        ]
    return pa.Table.from_pylist(rows, schema=GROUPS)


def equity_table(district: District, parts: list[TypeParts]) -> pa.Table:
    """The Gini coefficient of base services within reach, over the residents of each area."""
    places, demand = district.places, district.demand
    share, people = reach_share(parts), demand.persons.sum(axis=1)
    rows = []
    for place in range(len(places.code)):
        here = points_of(district, place)
        value = gini(share[here], people[here])
        rows.append(
            {
                "level": places.level[place],
                "area": places.code[place],
                "area_zh": places.name_zh[place],
                "area_en": places.name_en[place],
                "key": "gini_base_services",
                "name_zh": "基础服务可达的基尼系数",
                "name_en": "Gini coefficient of base services within reach",
                "value": None if np.isnan(value) else value,
                "unit": "1",
            }
        )
    return pa.Table.from_pylist(rows, schema=INDICATORS)


def points_of(district: District, place: int) -> NDArray[np.bool_]:
    """Which demand points a place holds, (points,)."""
    places, demand = district.places, district.demand
    free = np.flatnonzero(places.free == place)
    if len(free):
        mask: NDArray[np.bool_] = demand.located.free[free].toarray().ravel() > 0
        return mask
    at = demand.community.astype(np.int64)
    held = np.zeros(len(at), dtype=bool)
    while (at >= 0).any():
        held |= at == place
        at = np.where(at >= 0, places.parent[at], -1)
    return held
