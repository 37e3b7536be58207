"""The real Yuzhong, end to end."""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from lifecircle.engine.bundle import read_district
from lifecircle.engine.bundle.create import new_bundle

DATA = Path(os.environ.get("LIFECIRCLE_SHARED_DATA", "../shared/data")) / "yuzhong"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="LIFECIRCLE_SHARED_DATA has no yuzhong"),
]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real") / "yuzhong"
    new_bundle(
        folder,
        osm=DATA / "yuzhong.osm.pbf",
        elevation=DATA / "yuzhong_srtm30_utm48n.tif",
        boundary=DATA / "yuzhong_500103_osm_wgs84.geojson",
        code="500103",
        name_zh="渝中区",
        population=576_300,
        names=DATA,
        synthesise=frozenset({"places", "population", "facilities", "spaces", "surveys"}),
        oldtown=True,
    )
    return folder


def test_it_reads_back_with_all_its_places_and_people(bundle):
    district = read_district(bundle)
    assert Counter(district.places.level) == {"district": 1, "street": 11, "community": 79}
    assert district.demand.persons[district.demand.community >= 0].sum() == pytest.approx(576_300)
    assert district.synthetic >= {"places", "population", "facilities"}


def test_the_map_keeps_what_it_knows(bundle):
    with (bundle / "facilities.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    real = Counter(row["type"] for row in rows if row["source"] == "OpenStreetMap")
    assert real["metro"] > 60
    assert real["bank_telecom_post"] == 14
    assert len({row["type"] for row in rows}) == 62


def test_streets_stand_near_their_landmarks(bundle):
    district = read_district(bundle)
    middle = {
        name: shape.centroid.x
        for name, shape in zip(district.places.name_zh, district.places.geometry, strict=True)
    }
    assert middle["石油路街道"] < middle["大坪街道"] < middle["七星岗街道"] < middle["朝天门街道"]
