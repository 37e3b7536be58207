"""The networks that peers are measured on, as plain arrays: real ones, and synthetic ones of any size."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

CATEGORIES = 11
CUTOFF_S = 900.0
MINUTES = (5, 10, 15)


@dataclass(frozen=True)
class Case:
    """A walking network and what is walked to. Nodes are in no helpful order.

    `x`, `y` (nodes,) metres; `tail`, `head`, `forward`, `backward` (edges,) with ticks of 0.1 s,
    -1 where there is no way; `node`, `category`, `supply` (sources,); `people` (nodes,);
    `changing`, edges that are closed and opened: lifts, or any.
    """

    x: np.ndarray
    y: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    forward: np.ndarray
    backward: np.ndarray
    node: np.ndarray
    category: np.ndarray
    supply: np.ndarray
    people: np.ndarray
    changing: np.ndarray

    def save(self, path: Path) -> None:
        np.savez(path, **{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def load(cls, path: Path) -> Case:
        with np.load(path) as arrays:
            return cls(**{field.name: arrays[field.name] for field in fields(cls)})

    def first(self, sources: int) -> Case:
        """Only the first so many sources, which are in no order."""
        cut = {name: getattr(self, name)[:sources] for name in ("node", "category", "supply")}
        return Case(**{f.name: cut.get(f.name, getattr(self, f.name)) for f in fields(self)})

    def undirected(self) -> Case:
        """The same with one time for both directions, as some peers have it."""
        open_both = (self.forward > 0) & (self.backward > 0)
        mean = (self.forward + self.backward) // 2
        time = np.where(open_both, mean, np.maximum(self.forward, self.backward))
        both = {"forward": time, "backward": time}
        return Case(**{f.name: both.get(f.name, getattr(self, f.name)) for f in fields(self)})


def synthetic(nodes: int, sources: int, seed: int = 0) -> Case:
    """A hilly city of jittered blocks of 100 m: 2.6 arcs a node, 60 % of nodes inside streets.

    Speeds are Tobler's (1993), and differ up and down.
    """
    rng = np.random.default_rng(seed)
    side = round(np.sqrt(nodes / 2.5))
    grid = np.arange(side * side).reshape(side, side)
    streets = np.concatenate(
        [
            np.stack([grid[:, :-1].ravel(), grid[:, 1:].ravel()], 1),
            np.stack([grid[:-1].ravel(), grid[1:].ravel()], 1),
        ]
    )
    streets = streets[rng.random(len(streets)) < 0.875]
    x = np.tile(np.arange(side), side) * 100.0 + rng.normal(0, 15, side * side)
    y = np.repeat(np.arange(side), side) * 100.0 + rng.normal(0, 15, side * side)
    bent = rng.random(len(streets)) < 0.857
    middle = len(x) + np.arange(bent.sum())
    share = rng.uniform(0.3, 0.7, bent.sum())
    a, b = streets[bent].T
    x = np.concatenate([x, x[a] * (1 - share) + x[b] * share])
    y = np.concatenate([y, y[a] * (1 - share) + y[b] * share])
    edges = np.concatenate([streets[~bent], np.stack([a, middle], 1), np.stack([middle, b], 1)])
    place = rng.permutation(len(x))
    x, y, edges = x[np.argsort(place)], y[np.argsort(place)], place[edges]
    z = 40 * np.sin(x / 700) * np.cos(y / 900)
    tail, head = edges.T
    length = np.hypot(x[tail] - x[head], y[tail] - y[head]) * 1.05 + 1.0
    slope = (z[head] - z[tail]) / length

    def ticks(slope: np.ndarray) -> np.ndarray:
        speed = 0.85 * 6 / 3.6 * np.exp(-3.5 * np.abs(slope + 0.05))
        return np.maximum(np.rint(10 * length / speed), 1).astype(np.int32)

    return _with_sources(
        x,
        y,
        tail.astype(np.int32),
        head.astype(np.int32),
        ticks(slope),
        ticks(-slope),
        sources,
        rng,
    )


def _with_sources(x, y, tail, head, forward, backward, sources, rng) -> Case:
    share = np.array([20, 15, 12, 10, 10, 8, 8, 6, 5, 4, 2]) / 100
    return Case(
        x, y, tail, head, forward, backward,
        rng.integers(0, len(x), sources).astype(np.int32),
        rng.choice(CATEGORIES, sources, p=share).astype(np.int32),
        rng.integers(1, 300, sources).astype(float),
        rng.integers(0, 40, len(x)).astype(float), rng.integers(0, len(tail), 16),
    )  # fmt: skip


def _changing(lifts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Some lifts, or where there are none any edges."""
    some = np.flatnonzero(lifts)
    return rng.permutation(some if len(some) else np.arange(len(lifts)))[:16]


def origins(case: Case) -> np.ndarray:
    """Some nodes in the middle half of a network, to draw isochrones from."""
    inside = np.ones(len(case.x), dtype=bool)
    for values in (case.x, case.y):
        low, high = np.quantile(values, [0.25, 0.75])
        inside &= (values >= low) & (values <= high)
    return np.random.default_rng(0).choice(np.flatnonzero(inside), 20, replace=False)


def of_bundle(bundle: Path) -> Case:
    """A district's network for an adult, its facilities and people at their nearest nodes."""
    from scipy.spatial import KDTree

    import lifecircle
    from lifecircle.engine.network import walking_graph
    from lifecircle.engine.network.tags import Kind
    from lifecircle.moment import Moment

    district = lifecircle.read_district(bundle)
    network = lifecircle.network_of(district)
    standards = district.standards
    graph = walking_graph(network, standards.profiles["adult"], Moment.parse(district.moment))
    tree = KDTree(np.column_stack([network.nodes.x, network.nodes.y]))
    sites, homes = (
        tree.query(np.column_stack([table.x, table.y]))[1]
        for table in (district.facilities, district.demand)
    )
    known = [k for k, kind in enumerate(district.facilities.type) if kind in standards.types]
    categories = list(standards.categories)
    rng = np.random.default_rng(0)
    place = rng.permutation(graph.nodes)
    people = np.bincount(homes, district.demand.persons.sum(axis=1), graph.nodes)
    return Case(
        network.nodes.x[np.argsort(place)], network.nodes.y[np.argsort(place)],
        place[graph.tail].astype(np.int32), place[graph.head].astype(np.int32),
        graph.forward, graph.backward, place[sites[known]].astype(np.int32),
        np.array(
            [categories.index(standards.types[district.facilities.type[k]].category) for k in known],
            dtype=np.int32,
        ),
        np.nan_to_num(district.facilities.capacity[known], nan=1.0), people[np.argsort(place)],
        _changing(network.edges.kind == Kind.LIFT, rng),
    )  # fmt: skip


def shared_data() -> Path:
    return Path(os.environ.get("LIFECIRCLE_SHARED_DATA", "../shared/data"))


def real_yuzhong(folder: Path) -> Path | None:
    """The real district as a bundle in `folder`; None without the real data."""
    import lifecircle

    data = shared_data() / "yuzhong"
    if not data.is_dir():
        return None
    lifecircle.new_bundle(
        folder, osm=data / "yuzhong.osm.pbf", elevation=data / "yuzhong_srtm30_utm48n.tif",
        boundary=data / "yuzhong_500103_osm_wgs84.geojson", name_zh="渝中区", code="500103",
        population=576300, names=data, synthesise=frozenset({"places", "population", "facilities"}),
    )  # fmt: skip
    return folder


def sao_paulo(folder: Path) -> Path | None:
    """Hexagons with people, schools and clinics; None without the real data."""
    import lifecircle

    data = shared_data() / "sao_paulo"
    if not data.is_dir():
        return None
    lifecircle.new_bundle(
        folder, osm=data / "spo_osm.pbf", people=data / "spo_hexgrid.csv",
        counts={"schools": "primary_school", "healthcare": "clinic"}, name_zh="圣保罗",
        name_en="São Paulo", synthesise=frozenset({"places", "facilities"}),
    )  # fmt: skip
    return folder


def make(name: str, folder: Path) -> Path | None:
    """The arrays of a named network, made once and kept in `folder`."""
    import lifecircle

    path = folder / f"{name}.npz"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    if name == "city":
        case = synthetic(300_000, 10_000)
    elif name == "metropolis":
        case = synthetic(1_500_000, 60_000)
    elif name in {"yuzhong", "sao_paulo"}:
        bundle = {"yuzhong": real_yuzhong, "sao_paulo": sao_paulo}[name](folder / name)
        if bundle is None:
            return None
        case = of_bundle(bundle)
    else:
        lifecircle.make_demo(folder / "demo")
        case = of_bundle(folder / "demo")
    case.save(path)
    return path
