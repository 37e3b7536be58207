"""Tiles against the whole: the same bits, in any order, after any end, on any number of workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.reach import Graph, Sources, Tally, gaussian, spatial_order
from lifecircle.engine.tiling import Store, cut
from lifecircle.engine.tiling.store import do_tile
from lifecircle.errors import InputError, OutputError

CATEGORIES = 3


def town(seed=0, side=24, sources=60, way="both", share=1.0):
    """Streets 100 m apart and hilly; homes everywhere, a quick cable car, and a part cut off."""
    rng = np.random.default_rng(seed)
    x = np.tile(np.arange(side), side) * 100.0 + rng.normal(0, 20, side * side)
    y = np.repeat(np.arange(side), side) * 100.0 + rng.normal(0, 20, side * side)
    order = spatial_order(x, y)
    x, y = x[order], y[order]
    rank = np.empty(len(x), np.int64)
    rank[order] = np.arange(len(x))
    grid = rank.reshape(side, side)
    tail = np.concatenate([grid[:, :-1].ravel(), grid[:-1].ravel(), [grid[0, 0]]])
    head = np.concatenate([grid[:, 1:].ravel(), grid[1:].ravel(), [grid[6, 6]]])
    forward, backward = rng.integers(500, 2000, (2, len(tail)))
    forward[rng.random(len(tail)) < 0.1] = -1
    forward[-1] = backward[-1] = 2500
    graph = Graph.from_edges(len(x), tail, head, forward, backward)
    tally = Tally(
        graph,
        Sources(
            rng.integers(0, len(x), sources).astype(np.int32),
            rng.integers(0, CATEGORIES, sources).astype(np.int32), rng.uniform(0, 90, sources),
        ),
        CATEGORIES, cutoff_s=450, way=way, people=rng.uniform(0, 9, len(x)) * share,
        decay=gaussian(450),
    )  # fmt: skip
    return tally, x, y


def same_as_whole(store, tally):
    found = store.opportunities()
    whole = tally.opportunities()
    for name in ("nearest", "count", "supply", "access"):
        assert getattr(found, name).tobytes() == getattr(whole, name).tobytes(), name


@given(
    seed=st.integers(0, 10**6), most=st.integers(20, 400),
    way=st.sampled_from(["out", "back", "both"]),
)  # fmt: skip
@settings(max_examples=15, deadline=None)
def test_tiles_have_the_bits_of_the_whole(tmp_path_factory, seed, most, way):
    tally, x, y = town(seed, way=way)
    store = Store.create(tmp_path_factory.mktemp("tiles") / "s", tally, x, y, most_nodes=most)
    assert sum(tile.last - tile.first for tile in store.tiles) == len(x)
    assert max(tile.last - tile.first for tile in store.tiles) <= most
    store.run()
    tally.search()
    assert tally.shared.sum() > 0
    same_as_whole(store, tally)


def test_what_is_done_stays_and_only_what_is_left_is_done(tmp_path):
    tally, x, y = town()
    store = Store.create(tmp_path / "s", tally, x, y, most_nodes=100)
    assert len(store.tiles) > 4
    do_tile(str(store.folder), 2)
    when = store.path_of(2).stat().st_mtime_ns
    with pytest.raises(InputError, match="tiles are left"):
        store.opportunities()
    again = Store(tmp_path / "s")
    assert 2 not in again.left()
    again.run()
    assert again.left() == []
    assert store.path_of(2).stat().st_mtime_ns == when
    tally.search()
    same_as_whole(again, tally)


def test_a_share_too_large_for_its_scale_makes_all_tiles_be_done_in_a_coarser_one(tmp_path):
    tally, x, y = town()
    tally.people[:] = 1e6
    tally.people[7] = 1e-9
    lonely = Graph.from_edges(len(x), [5, 6], [6, 5], [100, 100], [100, 100])
    tally = Tally(
        lonely, Sources(np.array([7, 5], np.int32), np.zeros(2, np.int32), np.array([1e3, 1e3])), 1,
        cutoff_s=450, people=tally.people,
    )  # fmt: skip
    before = tally.scales.share
    store = Store.create(tmp_path / "s", tally, x, y, most_nodes=200)
    store.run()
    tally.search()
    assert tally.scales.share == store.scales.share < before
    same_as_whole(store, tally)


def test_a_process_killed_in_the_middle_loses_nothing(tmp_path):
    tally, x, y = town(side=60, sources=400)
    store = Store.create(tmp_path / "s", tally, x, y, most_nodes=40)
    code = f"from lifecircle.engine.tiling import Store; Store({str(tmp_path / 's')!r}).run()"
    process = subprocess.Popen([sys.executable, "-c", code])
    while len(store.left()) > len(store.tiles) - 3:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 0 < len(store.left()) < len(store.tiles)
    store.run()
    assert not [path for path in (tmp_path / "s" / "tiles").iterdir() if path.name[0] == "."]
    tally.search()
    same_as_whole(store, tally)


@pytest.mark.filterwarnings("ignore")  # what Dask and its event loop say when a worker dies
def test_a_dask_worker_killed_in_the_middle_loses_nothing(tmp_path):
    from distributed import Client, LocalCluster

    tally, x, y = town(side=60, sources=400)
    store = Store.create(tmp_path / "s", tally, x, y, most_nodes=40)
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        Client(cluster) as client,
    ):
        victim = next(iter(client.run(os.getpid).values()))

        class Kill:
            """Progress that kills a worker once the first tile is done."""

            def __init__(self):
                self.seconds = {}

            def stage(self, name, total=None):
                return self

            def __enter__(self):
                return self

            def __exit__(self, *_):
                return None

            def __call__(self, steps):
                nonlocal victim
                if victim:
                    os.kill(victim, signal.SIGKILL)
                    victim = 0

        store.run(client, progress=Kill())
        assert victim == 0
    tally.search()
    same_as_whole(store, tally)


def test_a_folder_that_is_no_store_is_refused_and_left_alone(tmp_path):
    with pytest.raises(InputError, match="not a folder of tiles"):
        Store(tmp_path)
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "store.json").write_text('{"format": 99}')
    with pytest.raises(InputError, match="not a folder of tiles"):
        Store(tmp_path / "s")
    (tmp_path / "s" / "thesis.doc").write_text("mine")
    with pytest.raises(OutputError):
        Store.create(tmp_path / "s", *town())
    assert (tmp_path / "s" / "thesis.doc").read_text() == "mine"


def test_nodes_in_another_order_cannot_be_cut():
    _, x, y = town()
    with pytest.raises(ValueError, match="spatial_order"):
        cut(x[::-1], y[::-1], 100)
    with pytest.raises(ValueError, match="at least 1"):
        cut(x, y, 0)
    assert cut(x[:0], y[:0], 5) == []
    same = cut(np.zeros(9), np.zeros(9), 4)  # nine nodes on one spot cannot be cut apart
    assert [(tile.first, tile.last) for tile in same] == [(0, 9)]
