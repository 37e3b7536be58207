"""Lifts and paths: chosen one after the other, each with those before; what they bring together is said."""

import json

import pytest
from typer.testing import CliRunner

import lifecircle
from conftest import MapWriter
from lifecircle.cli.app import app
from lifecircle.engine.drafting import Draft
from lifecircle.engine.siting import WayOption, choose_ways, read_ways
from lifecircle.errors import BundleError, InputError, NetworkError


def at(x, y):
    return 106.55 + x * MapWriter.METRE_LON, 29.55 + y * MapWriter.METRE_LAT


def option(x, cost=0.0, name=""):
    return WayOption(name or f"path at {x}", "path", at(x, 0), at(x, 150), cost)


@pytest.fixture
def town(small_district):
    """Homes along a road; clinics along another, 150 m off, that one walks to at the far end only."""
    small_district.tables["facilities"] = [
        {
            **small_district.facility(f"F{k}", "clinic", 400 * k + 200),
            **small_district.at(400 * k + 200, 155),
        }
        for k in range(4)
    ]
    folder = small_district.write()
    road = MapWriter(folder / "network.osm.pbf")
    xs = range(0, 3201, 50)
    for k, x in enumerate(xs):
        road.node(100 + k, x, 0).node(500 + k, x, 150)
    last = len(xs) - 1
    road.way([100 + k for k in range(last + 1)], highway="residential")
    road.way([500 + k for k in range(last + 1)], highway="residential")
    road.way([100 + last, 500 + last], highway="residential").write()
    district = lifecircle.read_district(folder)
    return Draft(district, lifecircle.network_of(district))


def reached(draft):
    home = draft.district.demand.community >= 0
    weights = draft.district.standards.rules.class_weights
    return sum(
        weights[p.kind.type_class].value * p.covered[home].sum()
        for p in draft.parts.values()
        if p.kind.graded
    )


def test_each_is_the_best_with_those_before_and_together_they_bring_what_is_said(town):
    options = [option(x) for x in (50, 400, 450, 800, 1200)]
    found = choose_ways(town, options, count=3)
    now, value, left = town.copy(), reached(town), list(options)
    for step in found.steps:
        gains = {}
        for one in left:
            trial = now.copy()
            trial.add_way(one.kind, one.start, one.end)
            gains[one] = reached(trial) - value
        assert step.adds == pytest.approx(max(gains.values()))
        assert step.adds == pytest.approx(gains[step.option])
        now.add_way(step.option.kind, step.option.start, step.option.end)
        value += step.adds
        left.remove(step.option)
    assert found.reached == pytest.approx(value - reached(town))
    assert found.reached > 0
    assert found.cards == town.differences(now)
    assert found.cards
    assert reached(town) == pytest.approx(reached(Draft(town.district, town.network)))


def test_two_side_by_side_bring_less_than_each_alone(town):
    found = choose_ways(town, [option(400), option(450)])
    assert found.steps[0].adds == pytest.approx(found.steps[0].alone)
    for step in found.steps[1:]:
        assert step.adds < step.alone
    assert found.reached < sum(step.alone for step in found.steps) or len(found.steps) == 1


def test_no_more_is_spent_than_there_is_and_what_brings_nothing_is_not_built(town):
    dear, cheap = option(400, 900.0), option(800, 300.0)
    found = choose_ways(town, [dear, cheap, option(3150, 1.0)], budget=500.0)
    assert [step.option for step in found.steps] == [cheap]
    assert found.cost_cny == 300.0
    assert choose_ways(town, [dear], budget=100.0).steps == ()
    stopped = choose_ways(town, [option(50), option(1200)], seconds=0.0)
    assert stopped.stopped
    assert len(stopped.steps) == 1


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ([], {}),
        ([option(5, -1.0)], {}),
        ([option(5)], {"count": 0}),
        ([option(5)], {"budget": float("nan")}),
    ],
)
def test_what_no_way_can_be_chosen_from_is_refused(town, options, asked):
    with pytest.raises(InputError, match="no ways"):
        choose_ways(town, options, **asked)


def test_a_way_off_the_network_is_refused(town):
    with pytest.raises(NetworkError):
        choose_ways(town, [WayOption("far", "path", at(0, 0), (107.5, 30.5))])


def test_options_are_read_from_a_table_and_every_bad_cell_is_named(town, tmp_path):
    head = "name,kind,lon,lat,to_lon,to_lat,cost_cny\n"
    (lon, lat), (to_lon, to_lat) = at(400, 0), at(400, 150)
    table = tmp_path / "ways.csv"
    table.write_text(
        f"{head}云梯,电梯,{lon},{lat},{to_lon},{to_lat},\n小路,path,{lon},{lat},{to_lon},{to_lat},500\n"
    )
    one, two = read_ways(table)
    assert (one.name, one.kind, one.cost_cny) == ("云梯", "lift", 0.0)
    assert (two.kind, two.end, two.cost_cny) == ("path", (to_lon, to_lat), 500.0)
    table.write_text(
        f"{head}a,tunnel,{lon},{lat},{to_lon},{to_lat},1\n,path,999,{lat},{to_lon},{to_lat},-1\n"
    )
    with pytest.raises(BundleError) as error:
        read_ways(table)
    assert {(i.row, i.column) for i in error.value.issues} == {
        (2, "kind"),
        (3, "name"),
        (3, "lon"),
        (3, "cost_cny"),
    }


def test_the_command_says_that_it_is_a_heuristic(town, tmp_path):
    (lon, lat), (to_lon, to_lat) = at(400, 0), at(400, 150)
    table = tmp_path / "ways.csv"
    table.write_text(f"name,kind,lon,lat,to_lon,to_lat\n小路,path,{lon},{lat},{to_lon},{to_lat}\n")
    run = CliRunner().invoke(app, ["ways", str(town.district.root), str(table)])
    assert run.exit_code == 0, run.output
    assert "小路" in run.stdout
    assert "heuristic" in run.stdout
    run = CliRunner().invoke(app, ["ways", str(town.district.root), str(table), "--json"])
    said = json.loads(run.stdout)
    assert said["heuristic"] is True
    assert said["steps"][0]["option"]["name"] == "小路"
