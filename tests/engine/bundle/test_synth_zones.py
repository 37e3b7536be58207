"""Balanced zones tile their area."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.bundle.synthesis.zones import balance, cells, dissolve, spread_centres


def _points(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 1000, (count, 2))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(12, 80), st.integers(1, 9))
def test_zones_tile_the_area_without_overlap(seed, count, zones):
    points, area = (
        _points(seed, count),
        shapely.box(-5, -5, 1005, 1005).difference(shapely.Point(0, 0).buffer(300)),
    )
    points = points[shapely.contains_xy(area, *points.T)]
    zones = min(zones, len(points))
    weight = np.ones(len(points))
    labels = balance(points, weight, spread_centres(points, weight, zones), np.ones(zones))
    polygons = dissolve(area, cells(area, points), labels, zones)
    assert len(polygons) == zones
    assert all(shapely.is_valid(polygons))
    assert all(shapely.get_type_id(polygons) == 3)
    assert shapely.area(polygons).sum() == pytest.approx(area.area, rel=1e-9)
    assert shapely.union_all(polygons).area == pytest.approx(area.area, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_every_zone_gets_a_point_even_when_centres_coincide(seed, zones):
    points = _points(seed, 30)
    centres = np.tile(points[:1], (zones, 1))
    labels = balance(points, np.ones(30), centres, np.ones(zones))
    assert set(labels) == set(range(zones))


def test_zones_hold_about_the_shares_asked_for():
    points = _points(7, 3000)
    weight = np.random.default_rng(1).uniform(1, 5, 3000)
    share = np.array([1.0, 2.0, 3.0, 4.0])
    labels = balance(points, weight, spread_centres(points, weight, 4), share)
    held = np.bincount(labels, weight) / weight.sum()
    assert held == pytest.approx(share / share.sum(), rel=0.15)


def test_fixed_centres_keep_their_zone_around_them():
    points = _points(3, 2000)
    centres = np.array([[200.0, 500.0], [800.0, 500.0]])
    labels = balance(points, np.ones(2000), centres, np.ones(2), np.array([True, True]))
    assert labels[np.argmin(((points - centres[0]) ** 2).sum(axis=1))] == 0
    assert labels[np.argmin(((points - centres[1]) ** 2).sum(axis=1))] == 1


def test_an_island_belongs_to_the_nearest_zone():
    mainland, island = shapely.box(0, 0, 1000, 1000), shapely.box(1100, 400, 1200, 500)
    area = shapely.union(mainland, island)
    points = np.vstack([_points(5, 40), [[1150.0, 450.0]]])
    labels = (points[:, 0] > 500).astype(np.intp)
    polygons = dissolve(area, cells(area, points), labels, 2)
    assert polygons[1].covers(shapely.Point(1150, 450))
    assert shapely.area(polygons).sum() == pytest.approx(area.area)
