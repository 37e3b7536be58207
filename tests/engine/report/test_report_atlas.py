"""The map keeps shapes, and finds room for names."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely
from handmade import make_assessment
from pyproj import Geod

from lifecircle.engine.report.atlas import LABEL, MARGIN, WIDTH, draw_atlas
from lifecircle.engine.report.book import CardBook


@pytest.fixture(scope="module")
def assessment():
    return make_assessment()


@pytest.fixture(scope="module")
def atlas(assessment):
    return draw_atlas(assessment, CardBook(assessment))


def polygon(path: str) -> shapely.Polygon:
    """Read a path of one ring back."""
    start, steps = re.fullmatch(r"M(-?\d+ -?\d+)l(.*)z", path).groups()
    moves = np.array([*start.split(), *steps.split()], float).reshape(-1, 2)
    return shapely.Polygon(np.cumsum(moves, axis=0))


def test_every_area_is_drawn_within_the_sheet(atlas):
    assert (len(atlas.communities), len(atlas.streets)) == (7, 3)
    for patch in (*atlas.communities, *atlas.streets):
        west, north, east, south = polygon(patch.path).bounds
        assert west >= MARGIN
        assert east <= WIDTH - MARGIN
        assert north >= MARGIN
        assert south <= atlas.height - MARGIN


def test_areas_keep_their_true_proportions(assessment, atlas):
    geod = Geod(ellps="WGS84")
    true = [abs(geod.geometry_area_perimeter(assessment.shapes[p.area.index])[0])
            for p in atlas.communities]  # fmt: skip
    drawn = [polygon(p.path).area for p in atlas.communities]
    assert np.array(drawn) / sum(drawn) == pytest.approx(np.array(true) / sum(true), rel=0.02)


def test_north_is_up(assessment, atlas):
    by_code = {p.area.code: p for p in atlas.communities}
    south, north = by_code["500103000000"], by_code["500103000001"]
    assert (
        assessment.shapes[north.area.index].centroid.y
        > assessment.shapes[south.area.index].centroid.y
    )
    assert north.y < south.y


def test_symbols_stand_inside_their_area(atlas):
    for patch in atlas.communities:
        assert polygon(patch.path).contains(shapely.Point(patch.x, patch.y))


def test_names_hide_no_symbol_where_there_is_room(atlas):
    for label in atlas.labels:
        half = len(label.zh) * LABEL / 2
        box = shapely.box(label.x - half, label.y - LABEL / 2, label.x + half, label.y + LABEL / 2)
        assert not any(box.contains(shapely.Point(p.x, p.y)) for p in atlas.communities)


def test_an_area_without_a_shape_is_left_out():
    assessment = make_assessment()
    assessment.shapes[-1] = None
    atlas = draw_atlas(assessment, CardBook(assessment))
    assert len(atlas.communities) == 6
