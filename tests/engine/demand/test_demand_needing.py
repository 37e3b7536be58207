"""Demand: ageing as one year after the other, need as the parts of the cards add up."""

import csv
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import lifecircle
from lifecircle.cli.app import app
from lifecircle.engine.demand import Ageing, aged, aged_district, demand, demand_by_home
from lifecircle.errors import InputError, NotFoundError

BANDS = ["age_0_2", "age_3_5", "age_6_11", "age_12_14", "age_15_59", "age_60_74", "age_75_plus"]
WIDTHS = [3, 3, 6, 3, 45, 15]
NOBODY_DIES = Ageing(0.0, {})
people = st.lists(st.floats(0, 1e5), min_size=7, max_size=7)


def by_hand(persons, years, ageing):
    """One age after the other, in plain loops."""
    ages = [persons[b] / width for b, width in enumerate(WIDTHS) for _ in range(width)] + [
        persons[6]
    ]
    band = [b for b, width in enumerate(WIDTHS) for _ in range(width)] + [6]
    for _ in range(years):
        born = sum(ages) * ageing.births_per_1000 / 1000
        left = [
            n * (1 - ageing.deaths_per_1000.get(BANDS[b], 0) / 1000)
            for n, b in zip(ages, band, strict=True)
        ]
        ages = [born, *left[:-2], left[-2] + left[-1]]
    sums = [0.0] * 7
    for n, b in zip(ages, band, strict=True):
        sums[b] += n
    return sums


@given(people, st.integers(0, 50), st.floats(0, 50), st.floats(0, 500))
def test_people_age_as_by_hand(persons, years, births, deaths):
    ageing = Ageing(births, {"age_75_plus": deaths, "age_15_59": deaths / 10})
    assert aged([persons], BANDS, years, ageing)[0] == pytest.approx(
        by_hand(persons, years, ageing), rel=1e-9, abs=1e-6
    )


@given(people, st.integers(0, 50))
def test_where_nobody_is_born_or_dies_there_are_as_many_and_they_are_older(persons, years):
    then = aged([persons], BANDS, years, NOBODY_DIES)[0]
    assert then.sum() == pytest.approx(sum(persons), abs=1e-6)
    older = np.cumsum(then[::-1])
    assert np.all(older >= np.cumsum(persons[::-1]) - 1e-6)


def test_after_three_years_the_youngest_are_the_next_band():
    then = aged([[30, 60, 0, 0, 0, 0, 0]], BANDS, 3, NOBODY_DIES)[0]
    assert then.tolist() == pytest.approx([0, 30, 60, 0, 0, 0, 0])


@pytest.mark.parametrize(
    ("persons", "bands", "years", "ageing"),
    [([[1] * 7], [*BANDS[1:], "age_0_2"], 1, None), ([[1] * 6], BANDS, 1, None), ([[1] * 7], BANDS, -1, None),
     ([[1] * 7], BANDS, 51, None), ([[-1, *[1] * 6]], BANDS, 1, None), ([[1] * 7], BANDS, 1, Ageing(-1, {})),
     ([[1] * 7], ["infants", *BANDS[1:]], 1, None), ([[float("nan")] * 7], BANDS, 1, None)],
)  # fmt: skip
def test_what_cannot_be_aged_is_refused(persons, bands, years, ageing):
    with pytest.raises(InputError, match="cannot be aged"):
        aged(persons, bands, years, ageing)


@pytest.fixture
def small(small_district):
    small_district.tables["facilities"] += [
        small_district.facility(f"T{k}", kind, 130 * k, capacity=20 + k)
        for k, kind in enumerate(("toilet", "kindergarten", "elder_canteen", "nursing_home") * 2)
    ]
    return small_district.write()


def test_need_adds_up_over_places_and_is_what_the_cards_say(small):
    district = lifecircle.read_district(small)
    network = lifecircle.network_of(district)
    table = demand(district, network, years=5).to_pandas()
    cards = lifecircle.assess(small).cards.to_pandas()
    for kind, rows in table.groupby("type"):
        for name in ("people_now", "beyond_now", "needed_now", "short_now", "people_then"):
            by_level = rows.groupby("level")[name].sum(min_count=1)
            assert by_level["district"] == pytest.approx(by_level["community"], nan_ok=True), (
                kind,
                name,
            )
            assert by_level["street"] == pytest.approx(by_level["community"], nan_ok=True)
        card = cards[(cards.area == "D") & (cards.scope == "type") & (cards.key == kind)].iloc[0]
        row = rows[rows.place == "D"].iloc[0]
        assert row.people_now == pytest.approx(card.people)
        if (
            np.isfinite(row.beyond_now)
            and card.uncovered is not None
            and np.isfinite(card.uncovered)
        ):
            assert row.beyond_now == pytest.approx(card.uncovered)
        if np.isfinite(row.short_now):
            assert row.short_now >= row.needed_now - row.received_now - 1e-6
            assert row.short_now <= row.needed_now + 1e-6


def test_in_five_years_there_are_as_many_elders_as_ageing_says(small):
    district = lifecircle.read_district(small)
    table = demand(district, lifecircle.network_of(district), years=5).to_pandas()
    later = aged_district(district, 5)
    elders = [
        k for k, band in enumerate(district.standards.bands) if band in {"age_60_74", "age_75_plus"}
    ]
    row = table[(table.place == "D") & (table.type == "elder_canteen")].iloc[0]
    group = district.standards.groups[district.standards.types["elder_canteen"].group]
    if group.id == "elder_60":
        assert row.people_now == pytest.approx(district.demand.persons[:, elders].sum())
        assert row.people_then == pytest.approx(later.demand.persons[:, elders].sum())
    assert row.people_then != pytest.approx(row.people_now)
    same = demand(district, lifecircle.network_of(district), years=0).to_pandas()
    assert (same.people_then - same.people_now).abs().max() == pytest.approx(0)


def test_every_home_has_its_need_and_they_add_up(small):
    district = lifecircle.read_district(small)
    network = lifecircle.network_of(district)
    homes = demand_by_home(district, network, "kindergarten").to_pandas()
    table = demand(district, network).to_pandas()
    for code, rows in homes.groupby("community"):
        row = table[(table.place == code) & (table.type == "kindergarten")].iloc[0]
        assert rows.people_now.sum() == pytest.approx(row.people_now)
        assert rows.beyond_then.sum() == pytest.approx(row.beyond_then)
    assert homes.lon.between(106.5, 106.6).all()
    with pytest.raises(NotFoundError):
        demand_by_home(district, network, "castle")


def test_the_command_says_what_is_short_and_writes_tables(small, tmp_path):
    out = tmp_path / "demand.csv"
    run = CliRunner().invoke(app, ["demand", str(small), "--years", "5", "--out", str(out)])
    assert run.exit_code == 0, run.output
    with out.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert {row["level"] for row in rows} == {"district", "street", "community"}
    run = CliRunner().invoke(app, ["demand", str(small), "--json"])
    assert json.loads(run.stdout, parse_constant=pytest.fail)["rows"]
    run = CliRunner().invoke(
        app, ["demand", str(small), "--homes", "kindergarten", "--out", str(out)]
    )
    assert run.exit_code == 0, run.output
    assert "people_then" in out.read_text(encoding="utf-8-sig").splitlines()[0]


def test_use_is_the_mean_utilisation_of_what_stands_there_by_capacity(small_district):
    small_district.tables["facilities"] = [
        small_district.facility(f"K{k}", "kindergarten", x, capacity=capacity, **more)
        for k, (x, capacity, more) in enumerate(
            ((100, 30, {"utilisation": 0.9}), (200, 90, {"utilisation": 0.5}), (300, 50, {}),
             (400, 10, {"utilisation": 1.2, "operating": "no"}))
        )
    ]  # fmt: skip
    district = lifecircle.read_district(small_district.write())
    rows = demand(district, lifecircle.network_of(district), years=0).to_pylist()
    use = {row["place"]: row["use"] for row in rows if row["type"] == "kindergarten"}
    assert use["D"] == pytest.approx((30 * 0.9 + 90 * 0.5) / 120)
    assert {row["use"] for row in rows if row["type"] == "toilet"} == {None}
