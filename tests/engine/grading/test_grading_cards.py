"""Cards of a district small enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.assess import assess, network_of
from lifecircle.engine.bundle import read_district
from lifecircle.engine.bundle.model import Located
from lifecircle.engine.grading import CARDS, GAPS, grade_district
from lifecircle.engine.grading.areas import add_up, hand_down, roll_up
from lifecircle.engine.grading.card import Card, cap, grade
from lifecircle.engine.grading.parts import measure_parts
from lifecircle.engine.grading.walks import Walks
from lifecircle.engine.standards import default

T_SLOW = 300 / 0.8  # seconds over 300 m at 0.8 m/s


def cards_of(district, key):
    table = assess(district.write()).cards
    rows = table.filter(pc.field("key") == key).to_pylist()
    return {row["area"]: row for row in rows}


def test_coverage_counts_each_walker_there_and_back(small_district):
    """One shop at 200 m: T is 5 min; adults walk 360 m in it, elders of 75 just 240 m."""
    cards = cards_of(small_district, "convenience")
    bands = default().bands
    assert cards["C1"]["covered_share"] == pytest.approx(1.0)
    # C2's buildings stand 300, 400 and 500 m away: only the first, and only for the quicker.
    speed = {"adult": 1.2, "elder_60": 1.0, "elder_75": 0.8, "child": 1.0, "stroller": 0.9}
    quick = sum(b.share.value for b in bands.values() if 300 / speed[b.profile] + 8 * 2 < 300)
    assert cards["C2"]["covered_share"] == pytest.approx(quick / 3, abs=1e-6)
    assert cards["C4"]["covered_share"] == 0.0
    assert cards["D"]["people"] == pytest.approx(4000)
    assert cards["D"]["covered_share"] == pytest.approx((1 + quick / 3) / 4, abs=1e-6)


def test_a_base_type_absent_for_half_the_people_is_red_and_says_so(small_district):
    cards = cards_of(small_district, "convenience")
    assert (cards["C4"]["colour"], cards["C4"]["rule"]) == ("red", "absent")
    assert "1.5" in cards["C4"]["reason_zh"]
    assert cards["C4"]["uncovered"] == pytest.approx(1000)
    assert cards["C1"]["rule"] == "score"


def test_scale_is_what_the_catchment_gets_of_the_norm(small_district):
    """One outlet for everybody within reach, against 0.333 a thousand residents."""
    cards = cards_of(small_district, "convenience")
    total = cards["D"]["supply"]
    assert total == pytest.approx(1.0)  # all of the outlet goes to residents
    assert cards["D"]["needed"] == pytest.approx(0.333 * 4, rel=1e-6)
    assert 0 < cards["D"]["scale"] < 75
    assert cards["C1"]["supply"] + cards["C2"]["supply"] == pytest.approx(1.0)


def test_areas_add_numerators_and_denominators_never_scores(small_district):
    cards = cards_of(small_district, "convenience")
    for field in ("people", "needed", "supply", "uncovered"):
        parts = sum(cards[f"C{c}"][field] for c in (1, 2, 3, 4))
        assert cards["D"][field] == pytest.approx(parts)
        assert cards["D"][field] == pytest.approx(cards["S1"][field] + cards["S2"][field])


def test_a_facility_closed_at_the_moment_covers_nobody_but_one_closed_for_good_never_counts(
    small_district,
):
    small_district.tables["facilities"] = [
        small_district.facility("F1", "pharmacy", 200, hours="Mo-Su 18:00-22:00", operating="yes"),
        small_district.facility("F2", "market", 200, hours="", operating="no"),
    ]
    result = assess(small_district.write())
    assert result.card("C1", "pharmacy")["covered_share"] == 0.0
    assert result.card("C1", "market")["covered_share"] == 0.0
    closed = {row["id"]: row for row in result.facilities.to_pylist()}["F2"]
    assert (closed["colour"], closed["rule"]) == ("grey", "closed")


def test_a_type_that_nobody_surveyed_is_grey_and_a_group_without_people_too(small_district):
    small_district.tables["facilities"].append(small_district.facility("F9", "rider_station", 300))
    result = assess(small_district.write())
    assert result.card("C1", "toilet")["rule"] == "not_surveyed"
    assert result.card("D", "rider_station")["rule"] == "no_group"
    assert result.card("D", "rider_station")["colour"] == "grey"
    assert result.card("D", "public_rental")["rule"] in {"reported", "not_surveyed"}


def test_riders_are_graded_once_the_bundle_records_them(small_district):
    small_district.tables["facilities"].append(
        small_district.facility("F9", "rider_station", 300, condition=5)
    )
    small_district.tables["population"].append({"place": "C1", "group": "riders", "persons": 40})
    card = assess(small_district.write()).card("C1", "rider_station")
    assert card["people"] == pytest.approx(40)
    assert card["colour"] != "grey"


def test_a_failed_safety_check_turns_the_facility_and_its_area_red(small_district):
    small_district.tables["facilities"][0]["safe"] = "no"
    result = assess(small_district.write())
    assert result.card("C1", "convenience")["rule"] == "failing"
    assert result.facilities["colour"].to_pylist() == ["red"]


def test_per_place_types_count_in_their_street_and_share_it_with_its_communities(small_district):
    small_district.tables["facilities"] = [
        small_district.facility("F1", "health_center", 200, floor_area_m2=2000)
    ]
    cards = cards_of(small_district, "health_center")
    assert [cards[a]["scale"] for a in ("S1", "C1", "C2", "S2", "C3", "D")] == [
        100, 100, 100, 0, 0, 50,
    ]  # fmt: skip
    assert cards["S2"]["gap"] == 1
    assert cards["S2"]["gap_unit"] == "centres"


def test_satisfaction_shrinks_towards_the_parent_and_is_left_out_when_few_answer(small_district):
    small_district.tables["surveys"] = [
        {"place": "C1", "type": "convenience", "answers": 30, "score": 90},
        {"place": "C2", "type": "convenience", "answers": 30, "score": 50},
        {"place": "C3", "type": "convenience", "answers": 4, "score": 0},
        {"place": "C1", "type": "toilet", "answers": 29, "score": 90},
    ]
    cards = cards_of(small_district, "convenience")
    district = (30 * 90 + 30 * 50 + 0) / 64
    street = (60 * 70 + 30 * district) / 90
    assert cards["D"]["satisfaction"] == pytest.approx(district)
    assert cards["S1"]["satisfaction"] == pytest.approx(street)
    assert cards["C1"]["satisfaction"] == pytest.approx((30 * 90 + 30 * street) / 60)
    assert cards["S2"]["satisfaction"] == pytest.approx(district)  # four answers do not speak
    assert cards["C3"]["satisfaction"] is None
    assert cards["C3"]["answers"] == 4


def test_overrides_change_the_card_and_are_shown(small_district):
    before = cards_of(small_district, "convenience")["C2"]
    small_district.toml += '[standards]\n"types.convenience.walk_min" = 15\n'
    after = cards_of(small_district, "convenience")["C2"]
    assert after["covered_share"] > before["covered_share"]
    assert after["overridden"]
    assert not before["overridden"]


def test_the_in_boundary_indicators_ask_for_ones_own_community(small_district):
    small_district.tables["facilities"] = [small_district.facility("F1", "toilet", 390)]
    result = assess(small_district.write())
    value = {(r["area"], r["key"]): r["value"] for r in result.indicators.to_pylist()}
    assert 0 < value["C1", "services_within_community"] < 0.2
    assert value["C2", "services_within_community"] == 0.0


def test_tables_keep_their_schemas_and_gaps_are_ranked_by_people(small_district):
    result = assess(small_district.write())
    assert result.cards.schema == CARDS
    assert result.gaps.schema == GAPS
    gaps = [r for r in result.gaps.to_pylist() if r["level"] == "community"]
    assert [r["rank"] for r in gaps] == list(range(1, len(gaps) + 1))
    assert all(r["lift_zh"] for r in gaps)
    assert result.buildings.num_rows == 12
    assert result.buildings["residents"].to_numpy().sum() == pytest.approx(4000)


def test_the_same_bundle_gives_the_same_tables(small_district):
    folder = small_district.write()
    one, two = assess(folder), assess(folder)
    assert one.cards.equals(two.cards)
    assert one.facilities.equals(two.facilities)
    assert one.buildings.equals(two.buildings)


@given(extra=st.lists(st.integers(0, 1600), min_size=1, max_size=4))
@settings(max_examples=8, deadline=None)
def test_more_facilities_never_lower_coverage_and_supply_is_conserved(extra, tmp_path_factory):
    from conftest import SmallDistrict

    small = SmallDistrict(tmp_path_factory.mktemp("d") / "bundle")
    shares = []
    for positions in ([], extra):
        small.tables["facilities"] = [small.facility("F0", "convenience", 700)] + [
            small.facility(f"F{k + 1}", "convenience", x) for k, x in enumerate(positions)
        ]
        district = read_district(small.write())
        network = network_of(district)
        result = grade_district(district, network)
        card = result.card("D", "convenience")
        shares.append(card["covered_share"])
        parts = measure_parts(Walks(district, network), district.standards.types["convenience"])
        reached = parts.capacity[parts.drawn > 0].sum()
        assert card["supply"] == pytest.approx(reached, rel=1e-9)
    assert shares[1] >= shares[0]


def test_a_finer_split_of_an_area_leaves_the_sums_of_its_parts_unchanged(small_district):
    places = read_district(small_district.write()).places
    values = np.random.default_rng(1).uniform(0, 9, 50)
    fine = np.random.default_rng(2).choice(places.at("community"), 50).astype(np.int32)
    coarse = np.where(np.isin(fine, places.at("community")[:2]), places.at("community")[0], fine)
    street = places.at("street")[0]
    assert add_up(places, Located.within(fine), values)[street] == pytest.approx(
        add_up(places, Located.within(coarse.astype(np.int32)), values)[street]
    )
    assert roll_up(places, np.zeros(len(places.code))).sum() == 0
    down = hand_down(places, np.arange(7.0), "street")
    assert down.tolist() == [0, 1, 2, 1, 1, 2, 2]


def test_rules_cap_and_veto():
    rules, kind = default().rules, default().types["toilet"]

    def colour(**values):
        card = Card(0, "type", "toilet", ("coverage", "quality", "satisfaction"), **values)
        grade(card, kind, rules)
        return card.colour, card.rule

    good = {"coverage": 100.0, "quality": 100.0, "satisfaction": 100.0, "covered_share": 0.95}
    assert colour(**good) == ("green", "score")
    assert colour(**good | {"covered_share": 0.49}) == ("yellow", "coverage_cap")
    assert colour(**good | {"absent_share": 0.5}) == ("red", "absent")
    assert colour(**good | {"failing_share": 0.11}) == ("red", "failing")
    assert colour(coverage=50.0, covered_share=0.6) == ("grey", "incomplete")
    assert cap("red", "yellow", "x", "score") == ("red", "score")


def test_categories_are_held_near_their_worst_base_type(small_district):
    result = assess(small_district.write())
    for row in result.cards.filter(pc.field("rule") == "worst_base").to_pylist():
        assert row["level"] in {"street", "community"}
        assert row["scope"] in {"category", "theme"}
    district = result.card("D", "C05")
    assert district["held_share"] is None or 0 <= district["held_share"] <= 1
