"""Sites for a type in a town: who gains is what an assessment with them says."""

import itertools
import json
import shutil

import numpy as np
import pandas as pd
import pytest

import lifecircle
from lifecircle.engine.bundle.demo.make import make_town
from lifecircle.engine.drafting import Draft
from lifecircle.engine.grading.parts import measure_parts
from lifecircle.engine.grading.walks import Walks
from lifecircle.engine.siting import propose
from lifecircle.errors import InputError, NotFoundError

KIND = "elder_canteen"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("siting") / "town"
    make_town(folder, scale=0.2)
    district = lifecircle.read_district(folder)
    return folder, district, lifecircle.network_of(district)


def covered(draft):
    """Whom the type reaches, (walkers, points of the district)."""
    district = draft.district
    kind = district.standards.types[KIND]
    there = np.array(measure_parts(Walks(district, draft.network), kind).covered_by)
    return there[:, district.demand.community >= 0]


def with_sites(draft, *sites):
    """Whom the type reaches with facilities at some sites; the draft is left as it was."""
    for one in sites:
        draft.add_facility(KIND, one.lon, one.lat)
    there = covered(draft)
    for _ in sites:
        draft.undo()
    return there


def test_no_other_spaces_reach_more_and_an_assessment_says_the_same(town):
    _, district, network = town
    found = propose(Draft(district, network), KIND, 2)
    draft = Draft(district, network)
    now = covered(draft)
    more = with_sites(draft, *found.sites).sum() - now.sum()
    assert found.siting.value == pytest.approx(more)
    assert sum(one.reached for one in found.sites) == pytest.approx(more)
    assert sum(found.by_community.values()) == pytest.approx(more)
    assert found.sites[0].reached >= found.sites[1].reached
    every = propose(Draft(district, network), KIND, found.candidates).sites
    assert len(every) == found.candidates > 20
    alone = [with_sites(draft, one) for one in every]
    pairs = (np.maximum(a, b).sum() for a, b in itertools.combinations(alone, 2))
    assert found.siting.value >= (max(pairs) - now.sum()) * (1 - 1e-4) - 1e-6


def test_the_cards_that_change_are_those_of_the_town_with_the_sites(town):
    _, district, network = town
    found = propose(Draft(district, network), KIND, 2)
    draft = Draft(district, network)
    codes = district.places.code
    before = {(codes[c.place], c.scope, c.key): c for c in draft.cards}
    for one in found.sites:
        draft.add_facility(KIND, one.lon, one.lat, name=one.name)
    after = {(codes[c.place], c.scope, c.key): c for c in draft.cards}
    assert found.cards
    for change in found.cards:
        key = change.area, change.scope, change.key
        assert change.colour_before == before[key].colour
        assert change.colour_after == after[key].colour
        assert np.isclose(change.score_after, after[key].score, equal_nan=True)
    said = {(c.area, c.scope, c.key) for c in found.cards}
    differ = {key for key in before if before[key].colour != after[key].colour}
    assert differ <= said


@pytest.mark.parametrize(
    ("kind", "count", "error", "said"),
    [
        ("canteen", 1, NotFoundError, "no facility type"),
        ("kindergarten", 1, InputError, "0 allow it"),
        (KIND, 999, InputError, "at most"),
        (KIND, 0, InputError, "1 or more"),
    ],
)
def test_what_cannot_be_sited_says_what_stands_in_the_way(town, kind, count, error, said):
    _, district, network = town
    with pytest.raises(error, match=said):
        propose(Draft(district, network), kind, count)


def test_a_type_without_a_walk_has_no_sites(town):
    _, district, network = town
    kind = next(one.id for one in district.standards.types.values() if one.walk_s is None)
    with pytest.raises(InputError, match="walked to"):
        propose(Draft(district, network), kind, 1)


def test_the_command_says_it_to_people_and_machines(town, capsys, tmp_path):
    from lifecircle.cli.siting import site

    folder = shutil.copytree(town[0], tmp_path / "town")
    table = pd.read_csv(folder / "spaces.csv").drop(columns="cost_cny")
    table.to_csv(folder / "spaces.csv", index=False)
    site(folder, KIND, 2, 30.0, as_json=True)
    said = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert [one["cost_cny"] for one in said["sites"]] == [None, None]
    assert said["value"] <= said["bound"] <= said["unreached"]
    site(folder, KIND, 2, 30.0, as_json=False)
    text = capsys.readouterr().out
    assert said["sites"][0]["name"] in text
    assert "SYNTHETIC" in text
    assert "nan" not in text
