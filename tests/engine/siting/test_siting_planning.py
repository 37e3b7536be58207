"""Plans for a town: within what there is, and what they promise is what an assessment with them says."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

import lifecircle
from lifecircle.cli.app import app
from lifecircle.engine.bundle.demo.make import make_town
from lifecircle.engine.drafting import Draft
from lifecircle.engine.siting import Enlargement, Wishes, plan
from lifecircle.engine.siting.reaching import allowed_types
from lifecircle.errors import InputError, NotFoundError

KINDS = ("elder_canteen", "health_station", "toilet", "cultural_station")
BUDGETS = (1.5e6, 1e6)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planning") / "town"
    make_town(folder, scale=0.2)
    return folder


@pytest.fixture(scope="module")
def town(folder):
    district = lifecircle.read_district(folder)
    return Draft(district, lifecircle.network_of(district))


def changed(town, **columns):
    """The town with other columns of its spaces."""
    spaces = replace(town.district.spaces, **columns)
    other = town.copy()
    other._walks = other.walks.with_facilities(
        replace(town.district, spaces=spaces), np.arange(len(town.district.facilities.id))
    )
    return other


def quick(town, budgets=BUDGETS, **wishes):
    return plan(town, budgets, Wishes(**{"kinds": KINDS, **wishes}), seconds=0.5)


def test_a_plan_keeps_to_its_budgets_spaces_and_types(town):
    spaces, types = town.district.spaces, town.district.standards.types
    found = plan(town, [2e6, 1e6, 2e6], seconds=1.0)
    assert found.builds
    row = {ref: k for k, ref in enumerate(spaces.id)}
    for year, budget in enumerate([2e6, 1e6, 2e6], start=1):
        spent = sum(one.cost_cny for one in found.builds if one.year == year)
        assert spent <= budget
        assert spent == pytest.approx(found.cost_by_year[year - 1])
    for ref in {one.space for one in found.builds}:
        here = [one for one in found.builds if one.space == ref]
        assert sum(one.area_m2 for one in here) <= spaces.area_m2[row[ref]] + 1e-6
        assert len({one.kind for one in here}) == len(here)
        for one in here:
            assert one.kind in allowed_types(spaces.allowed_types[row[ref]])
            least = types[one.kind].min_area_m2
            assert one.area_m2 >= (least.value if least else 0)
            price = spaces.cost_cny[row[ref]] / spaces.area_m2[row[ref]]
            assert one.cost_cny == pytest.approx(price * one.area_m2)
    assert found.programme.bound >= found.programme.value
    assert found.cost_cny == pytest.approx(sum(found.cost_by_year))
    assert found.cost_per_person == pytest.approx(found.cost_cny / sum(found.promised.values()))


def test_what_is_promised_is_what_an_assessment_finds_where_only_the_walk_counts(town):
    kinds = ("health_station", "elder_canteen")
    found = quick(town, kinds=kinds)
    assert found.promised
    sized = {
        one.kind for one in found.builds if town.parts[one.kind].norm and np.isfinite(one.capacity)
    }
    for kind in found.promised.keys() - sized:
        assert found.promised[kind] == pytest.approx(found.reached[kind])
    for kind, people in found.reached.items():
        assert people >= 0
        assert kind in kinds


def test_the_cards_are_those_of_the_town_with_everything_built(town):
    found = quick(town)
    draft = town.copy()
    for one in found.builds:
        draft.add_facility(
            one.kind, one.lon, one.lat, floor_area_m2=one.area_m2, name=one.name,
            **({"capacity": one.capacity} if np.isfinite(one.capacity) else {}),
        )  # fmt: skip
    assert [(c.area, c.key, c.colour_after) for c in town.differences(draft)] == [
        (c.area, c.key, c.colour_after) for c in found.cards
    ]
    assert np.allclose(
        [c.score_after for c in town.differences(draft)],
        [c.score_after for c in found.cards],
        equal_nan=True,
    )
    assert town.differences(town.copy()) == ()


def test_more_money_serves_more_and_the_exact_search_is_no_worse(town):
    little, much = quick(town, (3e5,)), quick(town, (3e6,))
    assert much.programme.value > little.programme.value
    exact = plan(town, (3e5,), Wishes(kinds=KINDS), seconds=2.0, exact=True)
    assert exact.programme.value >= little.programme.value - 1e-6
    assert exact.programme.gap < 0.01


def test_a_bound_between_communities_brings_them_nearer_or_says_that_it_does_not(town):
    free = quick(town, (4e5,))
    _, apart = free.gap_between
    fair = quick(town, (4e5,), gap_between=0.0)
    assert fair.gap_between[1] <= apart + 1e-9
    assert any(note.column == "gap_between" for note in fair.notes)
    loose = quick(town, (4e5,), gap_between=1.0)
    assert loose.notes == ()
    assert [s.place for s in loose.shares] == [s.place for s in free.shares]
    assert all(s.after >= s.before - 1e-9 for s in loose.shares)


def test_types_of_different_hours_share_one_room(town):
    spaces = town.district.spaces
    count = len(spaces.id)
    allowed = np.array(["elder_canteen;toilet;cultural_station"] * count, dtype=object)
    few = changed(town, area_m2=np.full(count, 290.0), allowed_types=allowed)
    kinds = ("elder_canteen", "cultural_station")
    least = {k: town.district.standards.types[k].min_area_m2.value for k in kinds}
    assert max(least.values()) <= 290 < sum(least.values())
    alone = quick(few, None, kinds=kinds)
    by_space = {}
    for one in alone.builds:
        by_space.setdefault(one.space, []).append(one.kind)
    assert all(len(here) == 1 for here in by_space.values())
    hours = {"elder_canteen": "Mo-Fr 08:00-14:00", "cultural_station": "Mo-Fr 18:00-21:00"}
    shared = quick(few, None, kinds=kinds, hours=hours)
    assert shared.programme.value >= alone.programme.value
    assert any(
        {one.kind for one in shared.builds if one.space == ref} == set(kinds) for ref in spaces.id
    )
    apart = quick(few, None, kinds=kinds, hours=hours, apart=[kinds])
    assert not any(
        {one.kind for one in apart.builds if one.space == ref} == set(kinds) for ref in spaces.id
    )


def test_spaces_wait_for_the_year_and_the_hours_in_which_they_are_free(town):
    count = len(town.district.spaces.id)
    later = changed(town, free_from=np.full(count, 2028.0))
    found = quick(later, (1e6, 1e6), from_year=2027)
    assert {one.year for one in found.builds} == {2}
    evenings = changed(town, shared_hours=np.array(["Mo-Fr 18:00-21:00"] * count, dtype=object))
    with pytest.raises(InputError, match="Relax: are free at its hours"):
        quick(evenings)
    assert quick(evenings, hours={"cultural_station": "Mo-Fr 18:00-21:00"}).builds


def test_a_facility_is_enlarged_where_that_serves_more(town):
    def lacking(parts):
        """The people within the walk who get less than the norm, as far as they do."""
        if not (parts.norm and parts.sized and len(parts.sites) and parts.kind.graded):
            return 0.0
        return sum(
            (covered * np.maximum(1 - access / parts.norm, 0)).sum()
            for covered, access in zip(parts.covered_by, parts.access, strict=True)
        )

    kinds = sorted(town.parts, key=lambda k: -lacking(town.parts[k]))
    parts = town.parts[kinds[0]]
    assert lacking(parts) > 100
    row = int(parts.sites[np.argmax(parts.reached)])
    ref = str(town.district.facilities.id[row])
    none = changed(
        town, allowed_types=np.array(["bus_stop"] * len(town.district.spaces.id), dtype=object)
    )
    found = plan(
        none, [1e6], Wishes(kinds=[kinds[0]], enlarge=[Enlargement(ref, 5000, 1e5)]), seconds=0.2
    )
    assert [(one.facility, one.space, one.cost_cny) for one in found.builds] == [(ref, "", 1e5)]
    for wrong in (
        Enlargement("nothing", 5, 1),
        Enlargement(ref, 0, 1),
        Enlargement(ref, 5, float("nan")),
    ):
        with pytest.raises((InputError, NotFoundError)):
            plan(town, [1e6], Wishes(kinds=[kinds[0]], enlarge=[wrong]), seconds=0.1)


@pytest.mark.parametrize(
    ("budgets", "wishes", "error", "said"),
    [
        ([], {}, InputError, "one or more budgets"), ([-1.0], {}, InputError, "one or more budgets"),
        ([float("nan")], {}, InputError, "one or more budgets"), ([1.0], {}, InputError, "Relax: fit into a year's budget"),
        ([1e6], {"kinds": ["castle"]}, NotFoundError, "castle"),
        ([1e6], {"kinds": ["kindergarten"]}, InputError, "Relax: allow a wanted type"),
        ([1e6], {"hours": {"toilet": "whenever"}}, InputError, "opening hours"),
        ([1e6], {"hours": {"castle": "24/7"}}, NotFoundError, "castle"), ([1e6], {"apart": [("toilet", "x")]}, NotFoundError, "x"),
        ([1e6], {"fair": -1}, InputError, "0 to 10"), ([1e6], {"gap_between": 2}, InputError, "0 to 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_says_what_stands_in_the_way(town, budgets, wishes, error, said):
    with pytest.raises(error, match=said):
        plan(town, budgets, Wishes(**wishes), seconds=0.1)


def test_spaces_outside_or_without_a_cost_are_left_out_by_name(town):
    spaces = town.district.spaces
    x, cost = spaces.x.copy(), spaces.cost_cny.copy()
    x[3], cost[5] = x[3] + 1e5, np.nan
    found = quick(changed(town, x=x, cost_cny=cost))
    said = {note.column: note.value for note in found.notes}
    assert said == {"spaces": spaces.id[3], "cost_cny": spaces.id[5]}
    assert not {spaces.id[3], spaces.id[5]} & {one.space for one in found.builds}


def test_the_command_says_it_to_people_and_machines_and_writes_a_table(folder, tmp_path):
    asked = ["plan", str(folder), "--budget", "1500000", "--budget", "1e6", "--seconds", "0.5", "--type", "toilet",
             "--type", "elder_canteen", "--fair", "1", "--hours", "elder_canteen=Mo-Su 09:00-20:00"]  # fmt: skip
    run = CliRunner().invoke(app, [*asked, "--json", "--out", str(tmp_path / "plan.csv")])
    assert run.exit_code == 0, run.output
    said = json.loads(run.stdout, parse_constant=pytest.fail)
    with (tmp_path / "plan.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["space"] for row in rows] == [one["space"] for one in said["builds"]]
    assert said["value"] <= said["bound"]
    run = CliRunner().invoke(app, asked)
    assert run.exit_code == 0, run.output
    assert "SYNTHETIC" in run.stdout
    assert "nan" not in run.stdout
    run = CliRunner().invoke(app, ["plan", str(folder), "--hours", "toilet"])
    assert run.exit_code == 2
