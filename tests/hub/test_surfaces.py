"""A measure at every home: the engine's, as walked again by other means, and only where one may look."""

import networkx as nx
import numpy as np
import pytest
from shapely.geometry import Point, Polygon

from lifecircle.engine.runs import Run as Results
from lifecircle.engine.standards import default
from lifecircle.hub.assessments import tasks, workbench
from lifecircle.hub.assessments.models import Run

pytestmark = pytest.mark.one_database

URL = "/api/v1/map/surface"
SITES = {"kindergarten": {450: 33.0, 1200: 38.0}, "clinic": {300: 32.0, 1050: 37.0}}
"""Metres along the road, and capacity, as the district's fixture writes them."""
HOMES = [400 * c + 100 * b for c in range(4) for b in (1, 2, 3)]


def ask(hub, user="planner", **asked):
    return hub.client(user).get(URL, {"run": hub.run, **asked})


def walks_s(key: str, profile: str) -> np.ndarray:
    """Seconds from homes (rows) to a type's sites (columns) by networkx: both stand 5 m off the road."""
    speed = default().profiles[profile].flat_mps.value
    road = nx.path_graph(range(-500, 2050, 50))
    nx.set_edge_attributes(road, 50 / speed, "s")
    length = dict(nx.all_pairs_dijkstra_path_length(road, weight="s"))
    return np.array([[10 / speed + length[h][s] for s in SITES[key]] for h in HOMES])


def gaussian(seconds, limit):
    weight = (np.exp(-0.5 * (seconds / limit) ** 2) - np.exp(-0.5)) / (1 - np.exp(-0.5))
    return np.where(seconds < limit, weight, 0.0)


def by_home(found) -> np.ndarray:
    return np.array([v for _, v in sorted(zip(found["lon"], found["value"], strict=True))])


def test_gravity_is_the_sum_of_capacities_by_distance(hub):
    found = ask(hub, key="clinic", measure="gravity").json()
    weight = gaussian(walks_s("clinic", "adult"), default().types["clinic"].walk_s)
    expected = weight @ np.array(list(SITES["clinic"].values()))
    assert by_home(found) == pytest.approx(expected, rel=0.01, abs=0.05)
    slow = ask(hub, key="clinic", measure="gravity", profile="elder_75").json()
    assert sum(slow["value"]) < sum(found["value"])


def test_supply_a_head_is_shared_among_those_who_walk_there(hub):
    standard = default()
    found = ask(hub, key="kindergarten", measure="supply").json()
    band = list(standard.bands).index("age_3_5")
    demand = workbench.workbench(Run.objects.get(pk=hub.run)).district.demand
    people = demand.persons[np.argsort(demand.x), band]
    weight = gaussian(walks_s("kindergarten", "stroller"), standard.types["kindergarten"].walk_s)
    ratio = np.array(list(SITES["kindergarten"].values())) / (people @ weight)
    assert by_home(found) == pytest.approx(1000 * (weight @ ratio), rel=0.03, abs=0.05)
    scale = ask(hub, key="kindergarten", measure="scale").json()
    norm = standard.types["kindergarten"].norm.value
    assert by_home(found) / norm == pytest.approx(by_home(scale), abs=1e-3)
    got = np.array(found["value"]) / 1000 @ people[np.argsort(np.argsort(found["lon"]))]
    assert got == pytest.approx(sum(SITES["kindergarten"].values()), rel=1e-3)


@pytest.mark.parametrize("minutes", [5, 10])
def test_connectivity_is_the_street_within_a_walk(hub, minutes):
    found = ask(hub, measure="street", minutes=minutes).json()
    reach = 1.2 * 60 * minutes - 5
    expected = [(min(h + reach, 2050) - max(h - reach, -500)) / 1000 for h in HOMES]
    assert by_home(found) == pytest.approx(expected, rel=0.01)
    ground = ask(hub, measure="ground", minutes=minutes).json()
    assert min(ground["value"]) > 0


def test_hexagons_hold_their_homes_and_the_mean_over_residents(hub):
    table = Results.open(Run.objects.get(pk=hub.run).folder / "results").table("buildings")
    near = table.to_pandas().dropna(subset=["toilet_s"])
    mean = (near["toilet_s"] / 60 * near["residents"]).sum() / near["residents"].sum()
    homes = ask(hub, key="toilet", by="building").json()
    cells = ask(hub, key="toilet", by="hexagon").json()
    for found in (homes, cells):
        pairs = zip(found["value"], found["residents"], found["beyond"], strict=True)
        weights = [(v, p - b) for v, p, b in pairs if v is not None]
        total = sum(p for _, p in weights)
        assert sum(v * p for v, p in weights) / total == pytest.approx(mean, rel=0.02)
    assert sum(cells["residents"]) == pytest.approx(4000, rel=0.01)
    polygons = [Polygon(ring) for ring in cells["ring"]]
    centres = zip(polygons, cells["lon"], cells["lat"], strict=True)
    assert all(polygon.contains(Point(lon, lat)) for polygon, lon, lat in centres)
    for lon, lat in zip(homes["lon"], homes["lat"], strict=True):
        assert sum(p.buffer(1e-7).contains(Point(lon, lat)) for p in polygons) == 1
    assert set(cells["community"]) <= {"C1", "C2", "C3", "C4"}


def test_homes_from_which_none_is_near_are_shown_as_such(hub):
    planner = hub.client("planner")
    assert planner.delete("/api/v1/facilities/F8?source=x").status_code == 204
    made = planner.post("/api/v1/runs", {}, "application/json").json()
    assert tasks.run_next()
    far = ask(hub, key="kindergarten", run=made["id"]).json()
    none = [k for k, value in enumerate(far["value"]) if value is None]
    assert {far["community"][k] for k in none} >= {"C4"}
    assert all(far["beyond"][k] == far["residents"][k] > 0 for k in none)
    assert all(b == 0 for b, v in zip(far["beyond"], far["value"], strict=True) if v is not None)


@pytest.mark.parametrize("measure", ["minutes", "gravity", "supply", "street", "ground"])
@pytest.mark.parametrize("by", ["building", "hexagon"])
def test_a_surface_ends_where_the_caller_may_look(hub, measure, by):
    everywhere = ask(hub, key="toilet", measure=measure, by=by).json()
    mine = ask(hub, "worker1", key="toilet", measure=measure, by=by).json()
    assert set(mine["community"]) == {"C1"}
    assert 0 < sum(mine["residents"]) < sum(everywhere["residents"])


def test_what_is_not_measured_is_refused(hub):
    assert ask(hub, key="castle").status_code == 404
    assert ask(hub, key="market").status_code == 404  # there is none in the whole district
    assert ask(hub, key="castle", measure="gravity").status_code == 404
    assert ask(hub, key="castle", measure="supply").status_code == 404
    assert ask(hub, key="toilet", measure="gravity", profile="bird").status_code == 404
    assert ask(hub, measure="street", minutes=90).status_code == 422
    assert ask(hub, measure="height").status_code == 422
