"""What is not known is neither good nor bad: quality, sizes, and registers that are not complete."""

from __future__ import annotations

import pytest

from lifecircle.engine.assess import assess
from lifecircle.engine.bundle import check_district


def toilets(small, **known):
    """One toilet near the first three buildings, whose quality may be known; one further on."""
    small.tables["facilities"] = [
        small.facility("T1", "toilet", 200, **known),
        small.facility("T2", "toilet", 1000),
    ]
    return small


def test_quality_that_is_rarely_known_counts_for_nobody(small_district):
    """Else those who are served would be grey and those who are not would be red."""
    cards = assess(toilets(small_district).write()).cards.to_pylist()
    rated = {c["area"]: c["colour"] for c in cards if c["key"] == "toilet"}
    assert "grey" not in rated.values()
    assert rated["C4"] == "red"
    assert rated["C1"] in {"green", "blue"}


def test_quality_that_is_mostly_known_is_missed_where_it_is_not(small_district):
    small = toilets(small_district, condition=5, barrier_free="yes", open_as_stated="no")
    small.tables["population"][0]["persons"] = 9000  # they use the toilet that is known
    result = assess(small.write())
    assert result.card("C1", "toilet")["quality"] == pytest.approx(200 / 3, abs=0.1)
    assert result.card("C3", "toilet")["rule"] == "incomplete"


def test_being_open_for_business_is_no_quality(small_district):
    small = toilets(small_district, operating="yes", condition=1)
    small.tables["facilities"][1] |= {"operating": "yes", "condition": 1}
    assert assess(small.write()).card("C1", "toilet")["quality"] == 0.0


def test_facilities_of_unknown_size_are_no_supply_of_nought(small_district):
    small_district.tables["facilities"] = [
        small_district.facility("K1", "kindergarten", 200),
        small_district.facility("K2", "aed", 200),
    ]
    result = assess(small_district.write())
    kindergarten = result.card("C1", "kindergarten")
    assert kindergarten["scale"] is None
    assert kindergarten["needed"] is None
    assert result.card("D", "aed")["supply"] == pytest.approx(1.0)
    by_id = {row["id"]: row for row in result.facilities.to_pylist()}
    assert by_id["K1"]["capacity"] is None
    small_district.tables["facilities"][0]["capacity"] = 30
    assert assess(small_district.write()).card("D", "kindergarten")["supply"] == pytest.approx(30)


def test_none_in_a_complete_register_is_none(small_district):
    assert assess(small_district.write()).card("D", "toilet")["rule"] == "not_surveyed"
    small_district.toml = small_district.toml.replace(
        "[crs]", 'surveyed = ["toilet", "micro_fire"]\n[crs]'
    )
    result = assess(small_district.write())
    assert (result.card("D", "toilet")["colour"], result.card("D", "toilet")["rule"]) == (
        "red", "absent",
    )  # fmt: skip
    assert result.card("C1", "micro_fire")["scale"] == 0
    assert result.card("D", "market")["rule"] == "not_surveyed"
    small_district.toml = small_district.toml.replace('["toilet", "micro_fire"]', '["all"]')
    assert assess(small_district.write()).card("D", "market")["colour"] == "red"


def test_a_complete_register_of_what_does_not_exist_is_refused(small_district):
    small_district.toml = small_district.toml.replace("[crs]", 'surveyed = ["tiolet"]\n[crs]')
    (issue,) = check_district(small_district.write())
    assert issue.column == "district.surveyed.tiolet"
    assert "toilet" in issue.expected


def test_buildings_show_scale_and_quality_of_what_their_people_use(small_district):
    small_district.tables["facilities"][0] |= {"condition": 5}
    result = assess(small_district.write())
    rows = result.buildings.to_pylist()
    served = [row for row in rows if row["convenience_share"] == 1.0]
    assert all(row["convenience_quality"] == 1.0 for row in served)
    card = result.card("D", "convenience")
    total = sum(row["residents"] * (row["convenience_scale"] or 0) for row in rows)
    assert total * 0.333 / 1000 == pytest.approx(card["supply"])
