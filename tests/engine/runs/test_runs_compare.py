"""Two runs side by side: what rose, what fell, and which input did it."""

from __future__ import annotations

import json
import shutil

import pytest

from conftest import MapWriter, SmallDistrict
from lifecircle.engine.assess import assess
from lifecircle.engine.runs import CHANGES, Run, compare
from lifecircle.errors import InputError


def district(folder) -> SmallDistrict:
    small = SmallDistrict(folder)
    small.tables["facilities"] = [
        small.facility("F1", "convenience", 200), small.facility("F2", "toilet", 200),
    ]  # fmt: skip
    return small


def run_of(small: SmallDistrict, name: str) -> Run:
    out = small.folder.parent / name
    assess(small.write(), out)
    return Run.open(out)


@pytest.fixture
def before(tmp_path):
    return run_of(district(tmp_path / "old"), "before")


def changes(before, after):
    return {(row["area"], row["key"]): row for row in compare(before, after).changes.to_pylist()}


def test_a_run_held_against_itself_is_the_same(before):
    found = compare(before, before)
    assert found.changes.num_rows == 0
    assert found.changes.schema == CHANGES
    assert found.same == before.cards.num_rows
    assert (found.inputs, found.counts) == ((), {})


def test_a_new_facility_lifts_its_type_and_is_named(before, tmp_path):
    small = district(tmp_path / "new")
    small.tables["facilities"].append(small.facility("F3", "toilet", 1400))
    found = changes(before, run_of(small, "after"))
    row = found["C4", "toilet"]
    assert (row["change"], row["colour_before"], row["causes"]) == ("rose", "red", ["facility"])
    assert "F3" in row["why_zh"]
    assert row["part"] == "coverage"
    assert ("C4", "convenience") not in found


def test_an_override_is_a_change_of_the_standard_and_touches_its_types_only(before, tmp_path):
    small = district(tmp_path / "new")
    small.toml += '[standards]\n"types.toilet.walk_min" = 15\n'
    found = changes(before, run_of(small, "after"))
    assert found["C3", "toilet"]["causes"] == ["standard"]
    assert not [key for _, key in found if key == "convenience"]
    small.toml = small.toml.replace("types.toilet.walk_min", "profiles.adult.flat_mps").replace(
        "= 15", "= 0.4"
    )
    found = changes(before, run_of(small, "again"))
    assert found["C2", "convenience"]["causes"] == ["standard"]


def test_more_people_are_a_change_of_population_where_they_are(before, tmp_path):
    small = district(tmp_path / "new")
    small.tables["population"][1]["persons"] = 3000
    found = changes(before, run_of(small, "after"))
    assert found["C2", "convenience"]["causes"] == ["population"]
    assert found["C2", "convenience"]["part"] == "scale"
    assert "population" not in found.get(("C3", "convenience"), {"causes": []})["causes"]


def test_a_closed_road_is_a_change_of_the_network(before, tmp_path):
    small = district(tmp_path / "new")
    folder = small.write()
    road = MapWriter(folder / "network.osm.pbf")
    for k in range(-10, 42):
        road.node(100 + k, 50 * k, 0)
    road.way([100 + k for k in range(-10, 4)], highway="residential")
    road.way([100 + k for k in range(4, 42)], highway="residential").write()
    road.ways.clear()
    road.way([100 + k for k in range(-10, 4)], highway="residential")
    road.way([100 + k for k in range(5, 42)], highway="residential").write()
    assess(folder, tmp_path / "after")
    found = changes(before, Run.open(tmp_path / "after"))
    assert all(row["causes"] == ["network"] for row in found.values())
    assert found["C2", "toilet"]["change"] in {"fell", "worse"}


def test_a_type_that_was_surveyed_since_is_new_and_one_no_longer_is_gone(before, tmp_path):
    small = district(tmp_path / "new")
    small.tables["facilities"][1] = small.facility("F2", "pharmacy", 200)
    found = changes(before, run_of(small, "after"))
    assert found["C1", "pharmacy"]["change"] == "new"
    assert found["C1", "toilet"]["change"] == "gone"


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[1]", b"\xff"])
def test_what_is_no_run_is_said(tmp_path, content):
    if content is not None:
        (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(InputError, match=r"manifest\.json"):
        Run.open(tmp_path)


def test_results_of_another_version_are_refused_in_words(before, tmp_path):
    shutil.copytree(before.files.folder, tmp_path / "other")
    path = tmp_path / "other" / "manifest.json"
    path.write_text(json.dumps({**before.manifest, "format": 1}), encoding="utf-8")
    with pytest.raises(InputError, match="assess the bundle again"):
        Run.open(tmp_path / "other")


def test_a_broken_table_of_a_run_is_named(before):
    for content in (b"PAR1", before.files.gaps.read_bytes()):
        before.files.cards.write_bytes(content)
        with pytest.raises(InputError, match=r"cards\.parquet"):
            _ = Run.open(before.files.folder).cards
