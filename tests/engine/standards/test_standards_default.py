import csv
import math
import os
from collections import Counter
from pathlib import Path

import pytest

from lifecircle.engine.standards import COLOURS, Number, check, default

SHARED = Path(os.environ.get("LIFECIRCLE_SHARED_DATA", "../shared/data")).parent / "standards"

# The ids by category, in the order of the planning table.
IDS = {
    "C01": "kindergarten nursery primary_school junior_school child_aftercare senior_university "
    "maternal_child_room",
    "C02": "health_center health_station clinic pharmacy nursing_home care_home "
    "street_elder_center daycare_elder elder_station elder_canteen",
    "C03": "cultural_center cultural_station city_bookroom art_space",
    "C04": "fitness_center sports_large sports_medium sports_small outdoor_fitness gym",
    "C05": "market mall supermarket convenience breakfast laundry_hair repair_domestic parcel "
    "bank_telecom_post recycle",
    "C06": "street_service_center community_station embedded_complex police_justice",
    "C07": "job_station co_creation rider_station",
    "C08": "public_rental property_service",
    "C09": "bus_stop alley_bus_stop metro parking_car ev_charger barrier_free_path",
    "C10": "park_15 park_10 park_5 child_play",
    "C11": "shelter micro_fire aed toilet waste_station iot_smoke",
}
NOT_WALKED_TO = {"public_rental", "property_service", "waste_station", "iot_smoke"}


def test_holds_together() -> None:
    assert check(default()) == ()


def test_has_every_type_in_its_category() -> None:
    found = {category: [] for category in IDS}
    for kind in default().types.values():
        found[kind.category].append(kind.id)
    assert found == {category: ids.split() for category, ids in IDS.items()}


def test_has_62_types_11_categories_8_themes() -> None:
    standards = default()
    assert (len(standards.types), len(standards.categories), len(standards.themes)) == (62, 11, 8)
    assert {kind.theme for kind in standards.types.values()} == set(standards.themes)


def test_tiers_classes_and_minutes_are_the_tables() -> None:
    kinds = default().types.values()
    assert Counter(k.tier for k in kinds) == {"15": 25, "10": 7, "5": 25, "B": 5}
    assert Counter(k.type_class for k in kinds) == {"base": 45, "plus": 10, "special": 7}
    minutes = Counter(None if k.walk_min is None else k.walk_min.value for k in kinds)
    assert minutes == {15: 23, 10: 13, 8: 2, 5: 18, 3: 2, None: 4}
    assert {k.id for k in kinds if k.walk_min is None} == NOT_WALKED_TO


def test_age_shares_are_the_census_and_make_up_everyone() -> None:
    share = {band.id: band.share.value for band in default().bands.values()}
    assert math.isclose(sum(share.values()), 1.0, abs_tol=1e-12)
    children = sum(share[b] for b in ("age_0_2", "age_3_5", "age_6_11", "age_12_14"))
    assert math.isclose(children, 0.1591, abs_tol=1e-12)
    assert math.isclose(share["age_60_74"] + share["age_75_plus"], 0.2187, abs_tol=1e-12)


def test_only_green_space_takes_the_old_town_factor() -> None:
    oldtown = {kind.id for kind in default().types.values() if kind.oldtown}
    assert oldtown == {"park_15", "park_10", "park_5"}
    assert default().rules.oldtown_factor.value == 0.7


def test_a_wheelchair_passes_no_steps_and_no_slope_above_1_in_12() -> None:
    wheelchair = default().profiles["wheelchair"]
    assert wheelchair.stairs_up_mps is None
    assert wheelchair.stairs_down_mps is None
    assert wheelchair.escalator_mps is None
    assert wheelchair.max_slope is not None
    # A ramp of exactly 1:12 passes; the comparison in the graph allows 1e-9.
    assert math.isclose(wheelchair.max_slope.value, 1 / 12, rel_tol=1e-12)


def test_elders_gain_nothing_downhill_and_others_are_not_held_by_the_cap() -> None:
    steepest_gain = math.exp(3.5 * 0.05)
    for profile in default().profiles.values():
        cap = profile.slope_factor_cap.value
        careful = profile.id in {"elder_60", "elder_75", "design"}
        assert cap == 1.0 if careful else cap > steepest_gain


def test_everybody_walks_up_slower_than_down() -> None:
    for profile in default().profiles.values():
        if profile.stairs_up_mps is not None and profile.stairs_down_mps is not None:
            assert profile.stairs_up_mps.value < profile.stairs_down_mps.value
            assert profile.stairs_down_mps.value < profile.flat_mps.value


def test_riders_households_and_elders_alone_are_known_by_record_only() -> None:
    by_record = {group.id for group in default().groups.values() if group.by_record}
    assert by_record == {"riders", "households", "elder_living_alone"}


@pytest.mark.parametrize(
    ("score", "colour"),
    [
        *((100, "green"), (90, "green"), (89.99, "blue"), (75, "blue"), (74.99, "yellow")),
        *((60, "yellow"), (59.99, "orange"), (40, "orange"), (39.99, "red"), (0, "red")),
    ],
)
def test_a_score_has_the_colour_of_its_floor(score: float, colour: str) -> None:
    assert default().rules.colour(score) == colour


def test_colours_differ_in_symbol_and_word_too() -> None:
    styles = [default().style(colour) for colour in (*COLOURS, "grey")]
    for name in ("symbol", "hex", "name_zh", "name_en", "meaning_zh", "action_zh"):
        assert len({getattr(style, name) for style in styles}) == 6
    assert default().style("grey").floor is None


def test_what_the_district_never_published_is_marked_a_proposal() -> None:
    standards = default()
    ours = [*standards.rules.weights.values(), *standards.rules.class_weights.values()]
    ours += [style.floor for style in standards.rules.colours if style.floor is not None]
    assert {number.origin for number in ours} == {"proposal"}
    named = {c.id for c in standards.categories.values() if c.origin == "source"}
    assert named == {"C01", "C02"}
    assert {t.id for t in standards.themes.values() if t.origin == "source"} == {"S1", "S2"}


def test_figures_quoted_from_memory_are_marked() -> None:
    types = default().types
    for number in (types["aed"].norm, types["park_15"].norm, types["market"].min_area_m2):
        assert isinstance(number, Number)
        assert number.verify
    assert types["kindergarten"].radius_m is not None
    assert not types["kindergarten"].radius_m.verify


def test_a_threshold_in_minutes_is_also_given_in_seconds() -> None:
    assert default().types["kindergarten"].walk_s == 300.0
    assert default().types["iot_smoke"].walk_s is None


def _table(name: str) -> dict[str, dict[str, str]]:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"LIFECIRCLE_SHARED_DATA: no {name} beside the shared data")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def _value(number: Number | None) -> float | None:
    return None if number is None else number.value


def _float(text: str) -> float | None:
    return float(text) if text else None


@pytest.mark.real
def test_every_row_of_the_planning_table_is_transcribed() -> None:
    rows, types = _table("facility_types.csv"), default().types
    assert list(rows) == list(types)
    for key, row in rows.items():
        kind = types[key]
        assert (kind.name_zh, kind.category, kind.theme) == (
            row["name_zh"],
            row["category"],
            row["theme"],
        )
        assert (kind.tier, kind.type_class) == (
            row["tier"],
            "special" if row["class"] == "spec" else row["class"],
        )
        numbers = [_value(n) for n in (kind.walk_min, kind.radius_m, kind.min_area_m2)]
        assert numbers == [_float(row[c]) for c in ("walk_min", "radius_m", "min_area_m2")], key
        texts = (kind.size_note, kind.target, kind.source, kind.confidence)
        assert texts == (row["size_note"], row["target"], row["source"], row["conf"])


@pytest.mark.real
def test_every_row_of_the_norms_is_transcribed() -> None:
    rows, types = _table("norms.csv"), default().types
    assert rows.keys() == types.keys()
    for key, row in rows.items():
        kind = types[key]
        texts = (kind.measure, kind.group, kind.norm_base, kind.capacity_unit, kind.pool)
        columns = ("measure", "group", "norm_base", "capacity_unit", "pool")
        assert texts == tuple(row[c] for c in columns), key
        assert _value(kind.norm) == _float(row["norm_value"]), key
        assert kind.note.startswith(row["note"]), key
        if kind.norm is not None:
            assert (kind.norm.unit, kind.norm.origin) == (row["norm_unit"], row["origin"]), key


def test_the_report_font_has_every_colour_symbol() -> None:
    import pylopdf_fonts_zh_cn
    from fontTools.ttLib import TTFont

    with TTFont(pylopdf_fonts_zh_cn.sans_path(), lazy=True) as font:
        covered = font.getBestCmap()
    for style in default().rules.colours:
        assert ord(style.symbol) in covered, style.id
