"""What a bundle overrides, and whom a table that lies wrong is held against."""

from __future__ import annotations

import pytest

from lifecircle.engine.bundle import read_district
from lifecircle.errors import BundleError


def test_overrides_reach_the_standards_and_are_kept(small_district):
    small_district.toml += '[standards]\n"types.kindergarten.walk_min" = 8\n'
    standards = read_district(small_district.write()).standards
    assert standards.types["kindergarten"].walk_s == 480
    assert [change.path for change in standards.overrides] == ["types.kindergarten.walk_min"]


def test_facilities_are_not_blamed_for_buildings_that_lie_wrong(small_district):
    small_district.tables["facilities"] = [
        small_district.facility(f"F{c}{b}{k}", "toilet", 400 * c + 100 * b)
        for c in range(4) for b in (1, 2, 3) for k in range(5)
    ]  # fmt: skip
    small_district.toml = small_district.toml.replace("[files]", 'buildings = "GCJ-02"\n[files]')
    with pytest.raises(BundleError) as caught:
        read_district(small_district.write())
    assert [(i.file, i.value) for i in caught.value.issues] == [("buildings.csv", "WGS84")]
