"""Official names: read, checked, matched to where the map knows them."""

import numpy as np
import pytest
import shapely

from lifecircle.engine.bundle.synthesis import divide, numbered_names, read_names
from lifecircle.errors import BundleError

STREETS = "code,name,areaCode\n01,甲街道,5\n02,乙街道,5\n"
COMMUNITIES = (
    "code,name,streetCode\n0101,红岩社区居民委员会,01\n0102,白云社区,01\n"
    "0201,青山社区居民委员会,02\n0299,某某社区工作站,02\n"
)


def _folder(path, streets=STREETS, communities=COMMUNITIES):
    (path / "x_streets.csv").write_text(streets, encoding="utf-8-sig")
    (path / "x_communities.csv").write_text(communities, encoding="utf-8")
    return path


def test_work_stations_are_no_communities(tmp_path):
    names = read_names(_folder(tmp_path))
    assert [n.stem for n in names.streets] == ["甲", "乙"]
    assert [n.short for n in names.communities] == ["红岩社区", "白云社区", "青山社区"]
    assert [n.code for n in names.of(names.streets[0])] == ["0101", "0102"]


def test_one_file_may_hold_both(tmp_path):
    file = tmp_path / "all.csv"
    file.write_text("code,name,streetCode\n01,甲街道,\n0101,红岩社区,01\n", encoding="utf-8")
    names = read_names(file)
    assert (len(names.streets), len(names.communities)) == (1, 1)


def test_every_bad_row_is_named_at_once(tmp_path):
    bad = COMMUNITIES + "0101,重复社区,01\n,无码社区,01\n0301,孤儿社区,09\n"
    with pytest.raises(BundleError) as caught:
        read_names(_folder(tmp_path, communities=bad))
    found = {(issue.code, issue.row) for issue in caught.value.issues}
    assert found == {("names.row", 6), ("names.row", 7), ("names.street", 8)}


def test_a_street_without_communities_is_named(tmp_path):
    with pytest.raises(BundleError) as caught:
        read_names(_folder(tmp_path, streets=STREETS + "03,丙街道,5\n"))
    assert [(i.code, i.value) for i in caught.value.issues] == [("names.childless", "03")]


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(BundleError) as caught:
        read_names(_folder(tmp_path, streets="code,title\n01,甲街道\n"))
    assert ("names.column", "name") in {(i.code, i.column) for i in caught.value.issues}


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(BundleError, match="找不到名称表"):
        read_names(tmp_path)


def test_numbers_stand_in_for_names():
    names = numbered_names("350100", 120_000)
    assert len(names.streets) == 2
    assert len(names.communities) == 16
    assert {n.parent for n in names.communities} == {n.code for n in names.streets}
    assert len({n.code for n in names.communities}) == 16


def test_places_stand_where_the_map_names_them():
    area = shapely.box(0, 0, 4000, 1000)
    points = np.random.default_rng(0).uniform([0, 0], [4000, 1000], (800, 2))
    names = numbered_names("9", 8 * 7_300 + 50_000)
    west, east = names.streets
    landmarks = {east.stem: (500.0, 500.0), west.stem: (3500.0, 500.0)}
    division = divide(area, points, np.ones(800), names, landmarks)
    assert division.street_polygons[0].centroid.x > division.street_polygons[1].centroid.x


def test_a_streets_communities_are_its_own_and_tile_it():
    area = shapely.box(0, 0, 3000, 2000)
    points = np.random.default_rng(1).uniform([0, 0], [3000, 2000], (900, 2))
    names = numbered_names("9", 130_000)
    division = divide(area, points, np.ones(900), names, {})
    for street, polygon in zip(division.streets, division.street_polygons, strict=True):
        own = [
            shape
            for name, shape in zip(division.communities, division.polygons, strict=True)
            if name.parent == street.code
        ]
        assert sum(shape.area for shape in own) == pytest.approx(polygon.area, rel=1e-6)


def test_more_places_than_homes_are_refused():
    area = shapely.box(0, 0, 10, 10)
    points = np.array([[1.0, 1.0], [9.0, 9.0]])
    with pytest.raises(BundleError, match="住宅少于地方"):
        divide(area, points, np.ones(2), numbered_names("9", 52_000), {})
