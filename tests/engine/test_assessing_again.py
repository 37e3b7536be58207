"""A district that is assessed again walks to what changed only, and comes out to the bit as one assessed anew."""

import numpy as np
import pytest

import lifecircle
from conftest import MapWriter

KINDS = ("toilet", "clinic", "kindergarten", "elder_canteen", "convenience")


@pytest.fixture
def richer(small_district):
    small_district.tables["facilities"] += [
        small_district.facility(f"T{k}", kind, 130 * k, capacity=20 + k, condition=3, safe="yes")
        for k, kind in enumerate(KINDS * 2)
    ]
    return small_district


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_after_any_changes_of_facilities_every_file_is_that_of_an_assessment_anew(richer, tmp_path):
    assessor, rng = lifecircle.Assessor(), np.random.default_rng(7)
    assessor.assess(richer.write(), tmp_path / "again")
    assert len(assessor.again) == 62
    rows = richer.tables["facilities"]
    for step in range(5):
        what = step % 5
        pick = int(rng.integers(0, len(rows)))
        touched = {rows[pick]["type"]}
        if what == 0:
            kind = str(rng.choice(KINDS))
            rows.append(richer.facility(f"N{step}", kind, float(rng.uniform(0, 1600)), capacity=9))
            touched = {kind}
        elif what == 1:
            rows.pop(pick)
        elif what == 2:
            rows[pick] |= {"capacity": int(rng.integers(1, 99)), "hours": "Mo-Fr 08:00-12:00"}
        elif what == 3:
            rows[pick] |= richer.at(float(rng.uniform(0, 1600)), 5)
        else:
            rows.reverse()  # the same facilities in another order
            touched = {kind for kind in KINDS if sum(row["type"] == kind for row in rows) > 1}
        bundle = richer.write()
        assessor.assess(bundle, tmp_path / "again", moments=["evening"])
        lifecircle.assess(bundle, tmp_path / "anew", moments=["evening"])
        assert set(assessor.again) == touched, (step, what)
        assert files(tmp_path / "again") == files(tmp_path / "anew"), (step, what)


def test_without_a_change_nothing_is_walked_to_again(richer, tmp_path):
    assessor = lifecircle.Assessor()
    bundle = richer.write()
    assessor.assess(bundle, tmp_path / "one")
    assessor.assess(bundle, tmp_path / "two", draws=3)
    assert assessor.again == ()
    lifecircle.assess(bundle, tmp_path / "three", draws=3)
    assert files(tmp_path / "two") == files(tmp_path / "three")


def test_other_people_are_walked_for_on_the_same_network(richer, tmp_path, monkeypatch):
    from lifecircle.engine import assess

    assessor = lifecircle.Assessor()
    assessor.assess(richer.write(), tmp_path / "again")
    richer.tables["population"][0]["persons"] = 2500
    bundle = richer.write()
    monkeypatch.setattr(assess, "build_network", lambda *_, **__: pytest.fail("built once more"))
    assessor.assess(bundle, tmp_path / "again")
    assert len(assessor.again) == 62
    monkeypatch.undo()
    lifecircle.assess(bundle, tmp_path / "anew")
    assert files(tmp_path / "again") == files(tmp_path / "anew")


@pytest.mark.parametrize("what", ["setting", "map", "way"])
def test_another_map_setting_or_way_is_assessed_from_the_beginning(richer, tmp_path, what):
    assessor = lifecircle.Assessor()
    assessor.assess(richer.write(), tmp_path / "again")
    values = {"way": "out"} if what == "way" else {}
    if what == "setting":
        richer.toml = richer.toml.replace("Mo 10:00", "Sa 20:00")
    bundle = richer.write()
    if what == "map":
        road = MapWriter(bundle / "network.osm.pbf")
        for k in range(-10, 42):
            road.node(100 + k, 50 * k, 0)
        road.way([100 + k for k in range(-10, 30)], highway="residential").write()
    assessor.assess(bundle, tmp_path / "again", **values)
    assert len(assessor.again) == 62
    lifecircle.assess(bundle, tmp_path / "anew", **values)
    assert files(tmp_path / "again") == files(tmp_path / "anew")


def test_after_a_bundle_that_is_refused_the_next_one_is_assessed(richer, tmp_path):
    assessor = lifecircle.Assessor()
    assessor.assess(richer.write(), tmp_path / "again")
    richer.tables["facilities"][0]["type"] = "no such type"
    with pytest.raises(lifecircle.BundleError):
        assessor.assess(richer.write(), tmp_path / "again")
    richer.tables["facilities"][0]["type"] = "toilet"
    bundle = richer.write()
    assessor.assess(bundle, tmp_path / "again")
    lifecircle.assess(bundle, tmp_path / "anew")
    assert files(tmp_path / "again") == files(tmp_path / "anew")
