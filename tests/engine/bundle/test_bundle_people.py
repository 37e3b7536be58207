"""Spreading people over buildings, shifted coordinates, and every format alike."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.bundle import integerise, read_district, write_geojson, write_geoparquet
from lifecircle.engine.bundle.crs import (
    bd09_to_wgs84,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from lifecircle.engine.bundle.spread import spread_total

floats = st.floats(0, 1e5, allow_nan=False)


@given(
    total=st.floats(0, 1e6),
    rows=st.lists(
        st.tuples(floats, st.one_of(st.just(float("nan")), floats)), min_size=1, max_size=20
    ),
)
@settings(deadline=None)
def test_totals_are_kept_and_nobody_is_negative(total, rows):
    area, known = (np.array(column) for column in zip(*rows, strict=True))
    people = spread_total(total, area, known)
    assert (people >= 0).all()
    if not (np.isfinite(known).all() and known.sum() == 0):
        assert people.sum() == pytest.approx(total, rel=1e-9, abs=1e-6)


def test_people_follow_floor_area_after_known_residents():
    people = spread_total(100, np.array([10.0, 30.0, 99.0]), np.array([np.nan, np.nan, 20.0]))
    assert people.tolist() == [20, 60, 20]


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=50))
@settings(deadline=None)
def test_whole_persons_keep_the_total_and_move_by_less_than_one(fractions):
    values = np.array(fractions)
    whole = integerise(values)
    assert whole.sum() == round(values.sum())
    assert (np.abs(whole - values) < 1 + 1e-9).all()


@given(lon=st.floats(73.7, 135), lat=st.floats(18.2, 53.5))
@settings(max_examples=300, deadline=None)
def test_shifted_systems_come_back_within_half_a_metre_anywhere_in_china(lon, lat):
    for there, back in ((wgs84_to_gcj02, gcj02_to_wgs84), (wgs84_to_bd09, bd09_to_wgs84)):
        again = back(*there(np.array([lon]), np.array([lat])))
        assert abs(again[0][0] - lon) * 111_000 < 0.01
        assert abs(again[1][0] - lat) * 111_000 < 0.01


def test_known_shift_of_chongqing_and_none_abroad():
    lon, lat = wgs84_to_gcj02(np.array([106.55]), np.array([29.55]))
    metres = np.hypot((lon[0] - 106.55) * 96_900, (lat[0] - 29.55) * 110_850)
    assert 300 < metres < 700
    lon, lat = wgs84_to_gcj02(np.array([-46.6]), np.array([-23.5]))
    assert (lon[0], lat[0]) == (-46.6, -23.5)


def test_every_format_gives_the_same_buildings(small_district):
    folder = small_district.write()
    expected = read_district(folder).buildings
    rows = small_district.tables["buildings"]
    columns = {k: [row[k] for row in rows] for k in ("id", "use", "storeys", "footprint_m2")}
    shapes = shapely.points([float(r["lon"]) for r in rows], [float(r["lat"]) for r in rows])
    (folder / "buildings.csv").unlink()
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")

    def check(path):
        found = read_district(folder).buildings
        np.testing.assert_allclose(found.x, expected.x, atol=1e-6)
        assert found.id.tolist() == expected.id.tolist()
        np.testing.assert_array_equal(found.floor_area_m2, expected.floor_area_m2)
        path.unlink()

    write_geojson(folder / "buildings.geojson", columns, shapes)
    check(folder / "buildings.geojson")
    write_geoparquet(folder / "buildings.parquet", columns, shapes)
    assert gpd.read_parquet(folder / "buildings.parquet").crs.to_epsg() == 4326
    check(folder / "buildings.parquet")
    frame.to_file(folder / "buildings.gpkg", driver="GPKG")
    check(folder / "buildings.gpkg")
    frame.to_crs("EPSG:32648").to_parquet(folder / "buildings.parquet")
    check(folder / "buildings.parquet")


def test_totals_of_streets_and_the_district_reach_communities_without_their_own(small_district):
    small_district.tables["population"] = [
        {"place": "D", "group": "residents", "persons": 4000},
        {"place": "S1", "group": "residents", "persons": 1500},
        {"place": "C1", "group": "residents", "persons": 500},
        {"place": "C3", "group": "age_75_plus", "persons": 30},
        {"place": "C3", "group": "age_15_59", "persons": 70},
        {"place": "D", "group": "households", "persons": 1600},
    ]
    district = read_district(small_district.write())
    demand, places = district.demand, district.places
    by = {
        str(code): demand.persons[demand.community == k].sum() for k, code in enumerate(places.code)
    }
    assert by["C1"] == pytest.approx(500)
    assert by["C2"] == pytest.approx(1000)
    assert by["C3"] == pytest.approx(1250)
    assert sum(by.values()) == pytest.approx(4000)
    column = list(district.standards.bands).index("age_75_plus")
    here = demand.community == places.code.tolist().index("C3")
    assert demand.persons[here][:, column].sum() == pytest.approx(1250 * 0.3)
    assert demand.recorded["households"].sum() == pytest.approx(1600)


def test_a_community_with_people_and_no_home_puts_them_at_a_point(small_district):
    small_district.tables["buildings"] = small_district.tables["buildings"][3:]
    district = read_district(small_district.write())
    assert any(i.code == "no_home" for i in district.warnings)
    assert district.demand.persons.sum() == pytest.approx(4000)


def test_residents_beyond_the_boundary_are_demand_without_a_community(small_district):
    small_district.tables["buildings"].append(
        {"id": "OUT", "use": "residential", "residents": 70, "footprint_m2": 50,
         **small_district.at(-200, 5)}
    )  # fmt: skip
    district = read_district(small_district.write())
    outside = district.demand.community < 0
    assert district.demand.persons[outside].sum() == pytest.approx(70)
    assert district.demand.persons[~outside].sum() == pytest.approx(4000)


def test_missing_storeys_are_imputed_and_said(small_district):
    small_district.tables["buildings"][0]["storeys"] = ""
    district = read_district(small_district.write())
    assert any(i.code == "storeys" and i.value == "1" for i in district.warnings)
    assert district.buildings.imputed.sum() == 1
    assert district.buildings.storeys[0] == 6
