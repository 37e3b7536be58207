"""A small but complete assessment made by hand: seeded figures, every colour, every type."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from lifecircle.engine import standards as standards_room
from lifecircle.engine.bundle.model import (
    Buildings,
    Demand,
    District,
    Facilities,
    Located,
    Places,
    Spaces,
    Surveys,
)
from lifecircle.engine.grading import CARDS, FACILITY_CARDS, GAPS, INDICATORS, Assessment
from lifecircle.errors import Issue

COLOURS = ("green", "blue", "yellow", "orange", "red", "grey")
STREETS = {"朝天门街道": 2, "解放碑街道": 3, "石油路街道": 2}
SCORES = {"green": 94.0, "blue": 81.5, "yellow": 66.0, "orange": 48.25, "red": 21.0}


def make_places(streets: dict[str, int]) -> Places:
    """A district, its streets and their communities, with English names for every second one."""
    code, zh, en, level, parent = ["500103"], ["渝中区"], ["Yuzhong District"], ["district"], [-1]
    for number, name in enumerate(streets):
        code.append(f"500103{number:03d}")
        zh.append(name)
        en.append(f"Street {number}")
        level.append("street")
        parent.append(0)
    for number, (name, size) in enumerate(streets.items()):
        for k in range(size):
            code.append(f"500103{number:03d}{k:03d}")
            zh.append(f"{name[:2]}第{k + 1}社区")
            en.append(f"Community {number}-{k}" if k % 2 else "")
            level.append("community")
            parent.append(1 + number)
    text = [np.array(column, dtype=object) for column in (code, zh, en, level)]
    return Places(*text, np.array(parent, np.int32), np.full(len(code), None, dtype=object))


def make_shapes(places: Places) -> np.ndarray:
    """Communities as cells of a grid, a street a column; the rest are unions."""
    shapes = np.full(len(places.code), None, dtype=object)
    for street in places.at("street"):
        members = np.flatnonzero(places.parent == street)
        for k, index in enumerate(members):
            west, south = 106.5 + 0.01 * street, 29.5 + 0.008 * k
            shapes[index] = shapely.box(west, south, west + 0.01, south + 0.008)
        shapes[street] = shapely.union_all(shapes[members])
    shapes[0] = shapely.union_all(shapes[places.at("street")])
    return shapes


def make_district(streets: dict[str, int] | None = None) -> District:
    """A district with that tree and nobody in it: the report reads only its frame."""
    none, no_text = np.zeros(0), np.zeros(0, dtype=object)
    flags, index = np.zeros(0, np.int8), np.zeros(0, np.int32)
    places = make_places(streets or STREETS)
    no = np.zeros(0, bool)
    nowhere = Located.within(index)
    return District(
        root=Path("district"), code="500103", name_zh="渝中区", name_en="Yuzhong District",
        population=576300.0, oldtown=True, moment="Mo 10:00", crs="EPSG:32648",
        standards=standards_room.override(
            standards_room.default(), {"rules.coverage_full": 0.85}
        ),
        places=places,
        buildings=Buildings(no_text, none, none, no, none, none, no, nowhere),
        demand=Demand(index, none, none, nowhere, np.zeros((0, 7)), {}),
        facilities=Facilities(
            no_text, no_text, no_text, none, none, no_text, none, none, no_text,
            flags, flags, flags, flags, flags, none, none, nowhere,
        ),
        spaces=Spaces(no_text, no_text, none, none, none, none, none, no_text, no_text, none),
        surveys=Surveys(index, no_text, np.zeros(0, np.int64), none),
        network_file=Path("network.osm.pbf"), elevation_file=None,
        join_islands_m=0.0,
        edits_file=None,
        date=None,
        synthetic=frozenset({"facilities", "population"}),
        surveyed=frozenset(),
        inputs={"facilities.csv": "ab" * 32, "district.toml": "cd" * 32},
        warnings=(
            Issue("imputed", "buildings.csv", "41 storeys were imputed", "41 栋楼的层数为推算",
                  severity="warning"),
        ),
    )  # fmt: skip


def make_cards(district: District, rng: np.random.Generator) -> list[dict[str, object]]:
    """One card for every area and key; colours are drawn, grey has no score."""
    standards, places = district.standards, district.places
    keys = [("type", t.id, t.name_zh, t.name_en) for t in standards.types.values()]
    keys += [("category", c.id, c.name_zh, c.name_en) for c in standards.categories.values()]
    keys += [("theme", t.id, t.name_zh, t.name_en) for t in standards.themes.values()]
    keys += [("overall", "overall", "总体", "Overall")]
    rows = []
    for k, code in enumerate(places.code):
        for scope, key, zh, en in keys:
            colour = COLOURS[rng.integers(6)]
            score = SCORES.get(colour)
            shares = rng.random(2).round(3)
            rows.append({
                "level": places.level[k], "area": code, "area_zh": places.name_zh[k],
                "area_en": places.name_en[k], "scope": scope, "key": key, "key_zh": zh,
                "key_en": en, "colour": colour, "score": score, "completeness": 1.0,
                "scale": score, "coverage": score, "quality": None, "satisfaction": None,
                "people": float(rng.integers(100, 9000)), "covered_share": shares.min(),
                "compliance_share": shares.max(), "gap": float(rng.integers(0, 50)),
                "gap_unit": "seats", "gap_unit_zh": "个学位",
                "uncovered": float(rng.integers(0, 4000)), "rule": "score",
                "reason_zh": f"得分 {score}; 按得分评定" if score else "数据不足六成, 未评",
                "reason_en": f"score {score}; graded by its score" if score else "not rated",
                "lift_zh": "再覆盖 120 人, 可升为蓝", "lift_en": "cover 120 more people for blue",
                "synthetic": True, "overridden": False, "edge": False,
            })  # fmt: skip
    return rows


def make_gaps(district: District, cards: list[dict[str, object]]) -> list[dict[str, object]]:
    """Every type's card that is neither green nor grey, ranked by people within its level."""
    wanted = [c for c in cards if c["scope"] == "type" and c["colour"] not in {"green", "grey"}]
    wanted.sort(key=lambda card: (card["level"], -card["uncovered"], card["area"], card["key"]))
    rows, rank = [], {}
    for card in wanted:
        rank[card["level"]] = rank.get(card["level"], 0) + 1
        rows.append({
            **{name: card.get(name) for name in GAPS.names}, "rank": rank[card["level"]],
            "type": card["key"], "type_zh": card["key_zh"], "type_en": card["key_en"],
            "category": district.standards.types[card["key"]].category,
        })  # fmt: skip
    return rows


def make_facilities(district: District, rng: np.random.Generator) -> list[dict[str, object]]:
    """One facility a type, in the communities in turn, a colour each."""
    codes = district.places.code[district.places.at("community")]
    return [
        {
            "id": f"f{k}", "name": f"{kind.name_zh}一号", "type": kind.id, "type_zh": kind.name_zh,
            "community": codes[k % len(codes)], "lon": 106.5 + rng.random() / 50,
            "lat": 29.5 + rng.random() / 50, "colour": COLOURS[k % 6],
            "score": SCORES.get(COLOURS[k % 6]), "completeness": 1.0, "scale": 80.0,
            "capacity": 120.0, "people_reached": 900.0, "needed": 150.0, "rule": "score",
            "reason_zh": "按得分评定", "reason_en": "graded by its score", "synthetic": True,
        }
        for k, kind in enumerate(district.standards.types.values())
    ]  # fmt: skip


def make_indicators(district: District) -> list[dict[str, object]]:
    """Both indicators for every place."""
    places = district.places
    names = {
        "services_within_street": ("日常公共服务不出街道", "Daily public services in the street"),
        "services_within_community": ("基本生活服务不出社区", "Basic services in the community"),
    }
    return [
        {"level": places.level[k], "area": code, "area_zh": places.name_zh[k],
         "area_en": places.name_en[k], "key": key, "name_zh": zh, "name_en": en,
         "value": 0.5 + 0.01 * (k % 30), "unit": "share"}
        for k, code in enumerate(places.code)
        for key, (zh, en) in names.items()
    ]  # fmt: skip


def make_assessment(district: District | None = None, seed: int = 7) -> Assessment:
    """The whole assessment of a district made by `make_district`."""
    district = district or make_district()
    rng = np.random.default_rng(seed)
    cards = make_cards(district, rng)
    communities = district.places.code[district.places.at("community")]
    count = 40
    share = np.where(np.arange(count) % 5 == 0, np.nan, rng.random(count))
    buildings = pa.table({
        "id": [f"b{k}" for k in range(count)],
        "community": [communities[k % len(communities)] for k in range(count)],
        "lon": 106.51 + rng.random(count) / 50, "lat": 29.5 + rng.random(count) / 50,
        "residents": rng.random(count) * 90,
        "kindergarten_share": pa.array(share, mask=np.isnan(share)),
        "kindergarten_s": pa.array(rng.random(count) * 600, mask=np.isnan(share)),
    })  # fmt: skip
    return Assessment(
        district=district,
        cards=pa.Table.from_pylist(cards, schema=CARDS),
        facilities=pa.Table.from_pylist(make_facilities(district, rng), schema=FACILITY_CARDS),
        gaps=pa.Table.from_pylist(make_gaps(district, cards), schema=GAPS),
        indicators=pa.Table.from_pylist(make_indicators(district), schema=INDICATORS),
        buildings=buildings,
        shapes=make_shapes(district.places),
        network={"nodes": 1200, "arcs": np.int64(3100), "largest_part": np.float64(0.94)},
        seconds={"reach": 0.5},
    )
