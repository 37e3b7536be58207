"""A run is made again to the bit, or it is said what differs."""

from __future__ import annotations

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from conftest import SmallDistrict
from lifecircle.engine.assess import assess
from lifecircle.engine.verifying import verify
from lifecircle.errors import NotFoundError


@pytest.fixture
def made(tmp_path):
    small = SmallDistrict(tmp_path / "bundle")
    small.tables["facilities"].append(
        small.facility("F2", "pharmacy", 700, hours="Mo-Su 08:00-20:00")
    )
    bundle = small.write()
    assess(bundle, tmp_path / "run", way="out", moments=["evening", "night"])
    return small, bundle, tmp_path / "run"


def test_a_run_is_reproduced_to_the_bit_with_its_way_and_moments(made):
    _, bundle, run = made
    proof = verify(run, bundle)
    assert proof.equal
    assert proof.files == proof.inputs == proof.touched == ()


def test_a_changed_input_is_named_with_the_cards_that_it_changes(made):
    small, bundle, run = made
    small.tables["facilities"][0] = small.facility("F1", "convenience", 1300)
    small.write()
    proof = verify(run, bundle)
    assert not proof.equal
    assert proof.inputs == ("facilities.csv",)
    assert "cards.parquet" in proof.files
    assert any(key == "convenience" for _, key, *_ in proof.cards)


def test_a_touched_result_is_told_from_a_different_one(made):
    _, bundle, run = made
    table = pq.read_table(run / "cards.parquet")
    scores = pc.if_else(pc.is_valid(table["score"]), 99.0, table["score"])
    pq.write_table(
        table.set_column(table.column_names.index("score"), "score", scores), run / "cards.parquet"
    )
    proof = verify(run, bundle)
    assert proof.touched == ("cards.parquet",)
    assert not proof.equal
    assert not proof.files


def test_one_card_is_reproduced_by_its_names(made):
    _, bundle, run = made
    proof = verify(run, bundle, card=("社区1", "便利店"))
    assert proof.equal
    assert proof.card["key"] == "convenience"
    with pytest.raises(NotFoundError):
        verify(run, bundle, card=("社区9", "便利店"))


def test_moments_stand_beside_each_other_and_close_what_is_closed(made):
    _, _, run = made
    rows = pq.read_table(run / "moments.parquet").to_pylist()
    share = {
        r["moment"]: r["covered_share"] for r in rows if (r["area"], r["key"]) == ("D", "pharmacy")
    }
    assert list(share) == ["Mo 10:00", "Mo 19:30", "Mo 23:00"]
    assert share["Mo 10:00"] == share["Mo 19:30"] > 0
    assert share["Mo 23:00"] == 0
    text = (run / "report.html").read_text(encoding="utf-8")
    assert "一日之中" in text
    assert "Mo 23:00" in text


def test_the_real_district_is_reproduced(shared_data, tmp_path):
    import lifecircle

    data = shared_data / "yuzhong"
    lifecircle.new_bundle(
        tmp_path / "bundle", osm=data / "yuzhong.osm.pbf",
        elevation=data / "yuzhong_srtm30_utm48n.tif",
        boundary=data / "yuzhong_500103_osm_wgs84.geojson", name_zh="渝中区", population=576300,
        names=data, synthesise=frozenset({"places", "population", "facilities"}),
    )  # fmt: skip
    lifecircle.assess(tmp_path / "bundle", tmp_path / "run")
    assert lifecircle.verify(tmp_path / "run", tmp_path / "bundle").equal
