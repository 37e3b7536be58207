"""Timed walks: the speeds that made them are found again, and the way that was off is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from conftest import MapWriter
from lifecircle.engine.network import TimedWalk, build_network, calibrate, journey
from lifecircle.engine.standards import default

CRS = "EPSG:32648"
ADULT = default().profiles["adult"]


@pytest.fixture
def network(small_map):
    """Terraces 100 m apart, joined by stairs of different lengths in every block."""
    for row in range(4):
        for k in range(8):
            small_map.node(100 * row + k + 1, 80 * k, 100 * row)
        small_map.way([100 * row + k + 1 for k in range(8)], highway="footway")
    for row in range(3):
        for k in range(0, 8, 2):
            small_map.way(
                [100 * row + k + 1, 100 * row + 101 + k], highway="steps", incline="up",
                step_count=str(120 + 30 * k),
            )  # fmt: skip
    return build_network(small_map.write(), None, CRS)


def at(x, y):
    return 106.55 + x * MapWriter.METRE_LON, 29.55 + y * MapWriter.METRE_LAT


def walked(network, profile, count=40, seed=1, factor=None):
    rng = np.random.default_rng(seed)
    found = []
    for row in range(count):
        a, b = ((80 * rng.integers(0, 8), 100 * rng.integers(0, 4)) for _ in range(2))
        if a != b:
            took = journey(network, profile, at(*a), at(*b)).seconds
            found.append(TimedWalk(row + 2, at(*a), at(*b), took * (factor or 1.0)))
    return found


def slower(**speeds):
    return replace(ADULT, **{n: replace(getattr(ADULT, n), value=v) for n, v in speeds.items()})


def test_the_speeds_that_made_the_walks_are_found_again(network):
    real = slower(
        flat_mps=1.32, stairs_up_mps=0.495, stairs_down_mps=0.66
    )  # 10 % quicker throughout
    found = calibrate(network, ADULT, walked(network, real))
    for name in ("flat_mps", "stairs_up_mps", "stairs_down_mps"):
        assert getattr(found.profile, name).value == pytest.approx(
            getattr(real, name).value, rel=0.01
        )
        assert found.overrides()[f"profiles.adult.{name}"] == pytest.approx(
            getattr(real, name).value, rel=0.01
        )
    assert found.rmse_after_s < 2 < found.rmse_before_s
    assert not any(r.disagrees for r in found.residuals)
    assert found.ways == {}


def test_a_speed_that_no_walk_tells_of_stays_as_it_is(network):
    real = slower(flat_mps=0.9)
    flat = [TimedWalk(k, at(0, 0), at(80 * k, 0), 80 * k / 0.9) for k in range(1, 8)]
    found = calibrate(network, ADULT, flat)
    assert found.profile.flat_mps.value == pytest.approx(real.flat_mps.value, rel=0.01)
    assert found.profile.stairs_up_mps == ADULT.stairs_up_mps
    assert set(found.overrides()) == {"profiles.adult.flat_mps"}
    assert calibrate(network, ADULT, []).profile == ADULT


def test_a_way_on_which_walks_take_much_longer_is_named(network):
    walks = walked(network, ADULT)
    stair = next(
        way
        for way in np.unique(network.edges.way)
        if network.edges.kind[network.edges.way == way][0] == 2
    )
    x = 0
    for row in (900, 901):  # somebody shut half of the first stair
        usual = journey(network, ADULT, at(x, 0), at(x, 100)).seconds
        walks.append(TimedWalk(row, at(x, 0), at(x, 100), 2.5 * usual))
    found = calibrate(network, ADULT, walks)
    assert {r.row for r in found.residuals if r.disagrees} >= {900, 901}
    assert found.ways[int(stair)] > 0.25


def test_walks_that_cannot_be_routed_are_listed(network):
    walks = [*walked(network, ADULT, 8), TimedWalk(77, (0.0, 0.0), at(0, 0), 60)]
    assert calibrate(network, ADULT, walks).lost == (77,)
