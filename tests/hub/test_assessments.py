"""Runs: watched, stopped, taken up again, compared, published; drafts are the engine's."""

import datetime as dt
import shutil

import pytest
from django.utils import timezone

import lifecircle
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import actions, queries, tasks, workbench, working
from lifecircle.hub.assessments.models import Card, Ground, Run
from lifecircle.hub.assessments.snapshot import write_snapshot
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError
from lifecircle.hub.facilities import actions as facilities

ON = dt.date(2026, 11, 20)


def colours(run):
    return {(c.place.code, c.scope, c.key): c.colour for c in run.cards.select_related("place")}


def test_cards_are_those_of_the_engine_for_the_same_bundle(hub, tmp_path):
    run = Run.objects.get(pk=hub.run)
    found = lifecircle.assess(run.folder / "bundle").cards.to_pylist()
    assert {(r["area"], r["scope"], r["key"]): r["colour"] for r in found} == colours(run)
    assert Card.objects.filter(run=run).count() == len(found)
    assert run.inputs["places.geojson"]


def test_a_snapshot_says_the_same_as_the_bundle_it_was_loaded_from(hub, tmp_path):
    ground = Ground.objects.get()
    write_snapshot(ground, tmp_path / "bundle")
    again, first = (
        lifecircle.assess(f).cards.to_pylist() for f in (tmp_path / "bundle", ground.folder)
    )
    key = lambda r: (r["area"], r["scope"], r["key"])  # noqa: E731
    for one, other in zip(sorted(again, key=key), sorted(first, key=key), strict=True):
        assert one["colour"] == other["colour"]
        assert one["score"] == pytest.approx(other["score"], abs=1e-6)


def test_a_change_turns_a_card_in_the_next_run_and_the_comparison_says_so(hub):
    planner = hub.actor("planner")
    assert not queries.is_stale(planner)
    facilities.create(
        planner, {"ref": "K9", "name": "幼儿园", "type": "kindergarten", "lon": 106.5618, "lat": 29.55,
                  "capacity": 300}, source="x", on=ON,
    )  # fmt: skip
    assert queries.is_stale(planner)
    client = hub.client("planner")
    made = client.post("/api/v1/runs", {"title": "新"}, "application/json").json()
    assert made["state"] == "queued"
    assert tasks.run_next()
    assert not tasks.run_next()
    found = client.get(f"/api/v1/runs/{hub.run}/compare/{made['id']}").json()
    assert found["rose"] > 0
    assert ("C3", "kindergarten") in {(i["area"], i["key"]) for i in found["items"]}
    seen = hub.client("worker1").get(f"/api/v1/runs/{hub.run}/compare/{made['id']}").json()
    assert {i["area"] for i in seen["items"]} <= {"C1"}


def test_only_one_run_waits_and_one_that_waits_can_be_stopped(hub):
    planner = hub.actor("planner")
    run = actions.request(planner)
    with pytest.raises(ConflictError):
        actions.request(planner)
    assert actions.cancel(planner, run.pk).state == "cancelled"
    assert not tasks.run_next()
    with pytest.raises(ConflictError):
        actions.cancel(planner, run.pk)


def test_a_run_that_is_being_done_stops_at_its_next_step(hub):
    run = actions.request(hub.actor("planner"))
    taken = tasks._taken()
    actions.cancel(hub.actor("planner"), run.pk)
    working.work(taken)
    run.refresh_from_db()
    assert (run.state, run.cards.count(), run.folder.exists()) == ("cancelled", 0, False)


def test_a_run_whose_worker_fell_silent_is_taken_up_again_with_its_own_snapshot(hub):
    run = actions.request(hub.actor("planner"))
    assert tasks._taken().pk == run.pk
    write_snapshot(Ground.objects.get(), run.folder / "bundle")
    (run.folder / "bundle" / ".complete").touch()
    facilities.remove(hub.actor("planner"), "F1", source="x", on=ON)
    assert not tasks.run_next()  # its worker may live
    Run.objects.filter(pk=run.pk).update(heard_at=timezone.now() - 2 * tasks.SILENT)
    assert tasks.run_next()
    run.refresh_from_db()
    assert (run.state, colours(run)) == ("done", colours(Run.objects.get(pk=hub.run)))


def test_a_run_that_takes_its_worker_with_it_is_given_up(hub):
    run = actions.request(hub.actor("planner"))
    silent = timezone.now() - 2 * tasks.SILENT
    for _ in range(tasks.MOST_ATTEMPTS):
        assert tasks._taken().pk == run.pk
        Run.objects.filter(pk=run.pk).update(heard_at=silent)
    assert tasks._taken() is None
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("failed", 3)
    assert actions.request(hub.actor("planner")).state == "queued"


def test_a_run_that_fails_says_why_and_leaves_the_earlier_one(hub):
    ground = Ground.objects.get()
    network = ground.folder / "network.osm.pbf"
    kept = network.read_bytes()
    run = actions.request(hub.actor("planner"))
    try:
        network.unlink()
        network.write_bytes(b"no map")
        assert tasks.run_next()
    finally:
        network.unlink()
        network.write_bytes(kept)
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.error["issues"][0]["file"]
    assert str(queries.run(hub.actor("planner")).pk) == hub.run


@pytest.mark.parametrize(
    "values", [{"draws": 2000}, {"moments": ["someday"]}, {"moments": ["Mo 10:00"] * 7}]
)
def test_what_cannot_be_asked_for_is_refused(hub, values):
    with pytest.raises(InvalidError):
        actions.request(hub.actor("planner"), **values)
    assert hub.client("planner").post("/api/v1/runs", values, "application/json").status_code == 422
    with pytest.raises(ForbiddenError):
        actions.request(hub.actor("operator"))


def test_a_drawing_is_graded_as_the_engine_grades_it_and_goes_on_from_what_it_has(hub):
    client = hub.client("planner")
    add = {"do": "add", "type": "kindergarten", "lon": 106.5618, "lat": 29.55, "capacity": 300}
    url = f"/api/v1/runs/{hub.run}/draft"
    one = client.post(url, {"changes": [add]}, "application/json").json()
    district = lifecircle.read_district(Run.objects.get(pk=hub.run).folder / "bundle")
    draft = lifecircle.Draft(district, lifecircle.network_of(district))
    done = draft.add_facility("kindergarten", 106.5618, 29.55, capacity=300)
    assert {(i["area"], i["key"], i["colour_after"]) for i in one["items"]} == {
        (c.area, c.key, c.colour_after) for c in done.cards
    }
    both = client.post(
        url, {"changes": [add, {"do": "remove", "ref": "F1"}]}, "application/json"
    ).json()
    assert len(both["items"]) > len(one["items"])
    again = client.post(url, {"changes": [add]}, "application/json").json()
    assert again["items"] == one["items"]
    way = {
        "do": "add_way",
        "kind": "path",
        "from_lon": 106.551,
        "from_lat": 29.55,
        "to_lon": 106.5618,
        "to_lat": 29.55,
    }
    assert client.post(url, {"changes": [way]}, "application/json").status_code == 200
    assert (
        client.post(url, {"changes": [{**way, "to_lon": 100}]}, "application/json").status_code
        == 422
    )
    assert client.post(url, {"changes": []}, "application/json").json()["items"] == []
    seen = hub.client("worker1").post(url, {"changes": [add]}, "application/json").json()
    assert {i["area"] for i in seen["items"]} <= {"C1"}


@pytest.mark.parametrize(
    "change",
    [{"do": "add", "type": "castle", "lon": 106.55, "lat": 29.55}, {"do": "remove", "ref": "none"},
     {"do": "close_way", "way": 7}, {"do": "fly"}, {"do": "add", "type": "toilet", "lon": 999, "lat": 0}],
)  # fmt: skip
def test_a_drawing_that_cannot_be_leaves_the_board_as_it_was(hub, change):
    client, url = hub.client("planner"), f"/api/v1/runs/{hub.run}/draft"
    add = {"do": "add", "type": "toilet", "lon": 106.5618, "lat": 29.55}
    first = client.post(url, {"changes": [add]}, "application/json").json()
    assert client.post(url, {"changes": [add, change]}, "application/json").status_code in {
        404,
        422,
    }
    assert (
        client.post(url, {"changes": [add]}, "application/json").json()["items"] == first["items"]
    )


def test_from_here_walks_as_the_engine_does(hub):
    asked = {"run": hub.run, "lon": 106.5525, "lat": 29.55, "minutes": [5, 10], "way": "back"}
    client = hub.client("worker1")
    found = client.get("/api/v1/map/reach", asked).json()
    bench = workbench.workbench(Run.objects.get(pk=hub.run))
    walker = bench.walker("adult", "Mo 10:00")
    expected = walker.isochrones((106.5525, 29.55), [5, 10], way="back")
    assert [f["properties"]["area_m2"] for f in found["features"]] == [
        one.area_m2 for one in expected
    ]
    assert client.get("/api/v1/map/reach", {**asked, "moment": "someday"}).status_code == 422
    assert client.get("/api/v1/map/reach", {**asked, "profile": "bird"}).status_code == 422
    assert client.get("/api/v1/map/reach", {**asked, "lon": 0, "lat": 0}).status_code == 404
    assert client.get("/api/v1/map/reach", {**asked, "minutes": [0]}).status_code == 422


def test_residents_read_what_is_published_and_nothing_else(hub):
    planner, nobody = hub.client("planner"), hub.client()
    url = "/api/v1/public/cards/S1"
    assert nobody.get(url).status_code == 404
    body = {"place": "S1", "keys": ["toilet"]}
    assert (
        planner.post(f"/api/v1/runs/{hub.run}/publish", body, "application/json").status_code == 201
    )
    found = nobody.get(url).json()
    assert {(c["area"], c["key"]) for c in found["cards"]} == {
        (a, "toilet") for a in ("S1", "C1", "C2")
    }
    assert nobody.get("/api/v1/public/cards/C1").status_code == 404
    bad = {"place": "S1", "keys": ["castle"]}
    assert (
        planner.post(f"/api/v1/runs/{hub.run}/publish", bad, "application/json").status_code == 422
    )
    worker = hub.client("worker1")
    assert (
        worker.post(
            f"/api/v1/runs/{hub.run}/publish", {**body, "place": "C1"}, "application/json"
        ).status_code
        == 403
    )
    assert planner.delete("/api/v1/publications/S1").status_code == 204
    assert nobody.get(url).status_code == 404


def test_the_base_map_has_the_streets(hub):
    import gzip

    import mapbox_vector_tile

    answer = hub.client("worker1").get("/api/v1/map/tiles/15/26083/13570")
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    tiles = Ground.objects.get().folder / "tiles"
    shutil.rmtree(tiles / "15", ignore_errors=True)
    import math

    n = 2**15
    x = int((106.5525 + 180) / 360 * n)
    y = int((1 - math.asinh(math.tan(math.radians(29.55))) / math.pi) / 2 * n)
    body = hub.client("worker1").get(f"/api/v1/map/tiles/15/{x}/{y}").content
    layers = mapbox_vector_tile.decode(gzip.decompress(body))
    assert {f["properties"]["kind"] for f in layers["street"]["features"]} == {"minor"}
    assert (tiles / "15" / str(x) / f"{y}.mvt.gz").read_bytes() == body
    assert Actor.nobody().lineages("card.read") == ()


def test_what_the_caller_may_not_see_cannot_be_drawn_either(hub):
    url = f"/api/v1/runs/{hub.run}/draft"
    for ref in ("F9", "nope"):
        body = {"changes": [{"do": "remove", "ref": ref}]}
        assert hub.client("worker1").post(url, body, "application/json").status_code == 404


def test_published_areas_stay_those_that_were_published(hub):
    from lifecircle.hub.places import actions as places

    planner, nobody = hub.client("planner"), hub.client()
    body = {"place": "S1", "keys": ["toilet"]}
    planner.post(f"/api/v1/runs/{hub.run}/publish", body, "application/json")
    places.move(hub.actor("planner"), "C3", parent="S1", on=ON)
    areas = {c["area"] for c in nobody.get("/api/v1/public/cards/S1").json()["cards"]}
    assert areas == {"S1", "C1", "C2"}
    planner.post(
        f"/api/v1/runs/{hub.run}/publish", {"place": "C1", "keys": ["toilet"]}, "application/json"
    )
    places.merge(hub.actor("planner"), ["C1"], into="C2", on=timezone.localdate())
    assert nobody.get("/api/v1/public/cards/C1").status_code == 404


def test_a_run_is_stopped_by_who_asked_for_it_or_by_a_planner(hub):
    run = actions.request(hub.actor("street1"))
    with pytest.raises(ForbiddenError):
        actions.cancel(hub.actor("street2"), run.pk)
    assert actions.cancel(hub.actor("planner"), run.pk).state == "cancelled"


def test_a_run_walks_to_what_changed_since_the_last_one(hub):
    planner = hub.actor("planner")
    for ref in ("K1", "K2"):
        values = {
            "ref": ref,
            "name": "幼儿园",
            "type": "kindergarten",
            "lon": 106.5618,
            "lat": 29.55,
        }
        facilities.create(planner, values, source="x", on=ON)
        run = actions.request(planner)
        assert tasks.run_next()
    run.refresh_from_db()
    assert run.walked == 1
    anew = lifecircle.assess(run.folder / "bundle").cards.to_pylist()
    assert {(r["area"], r["scope"], r["key"]): r["colour"] for r in anew} == colours(run)


def test_an_assessment_follows_changes_once_all_is_quiet(hub, monkeypatch):
    planner, client = hub.actor("planner"), hub.client("planner")
    assert client.get("/api/v1/runs/upkeep").json() == {"upkeep_min": None}
    asked = {"upkeep_min": 10}
    refused = hub.client("street1").put("/api/v1/runs/upkeep", asked, "application/json")
    assert refused.status_code == 403
    assert client.put("/api/v1/runs/upkeep", asked, "application/json").json() == asked
    assert tasks.keep_up() == 0  # nothing has changed
    one = facilities.create(
        planner, {"ref": "K9", "name": "x", "type": "toilet", "lon": 106.55, "lat": 29.55},
        source="x", on=ON,
    )  # fmt: skip
    assert tasks.keep_up() == 0  # somebody may still be at it
    later = timezone.now() + dt.timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert tasks.keep_up() == 1
    assert tasks.keep_up() == 0  # it waits already
    assert tasks.run_next()
    run = Run.objects.first()
    assert (run.state, run.automatic) == ("done", True)
    assert tasks.keep_up() == 0
    facilities.change(planner, one.ref, {"capacity": 3}, version=1, source="x", on=ON)
    client.put("/api/v1/runs/upkeep", {"upkeep_min": None}, "application/json")
    much_later = later + dt.timedelta(minutes=30)
    monkeypatch.setattr(timezone, "now", lambda: much_later)
    assert tasks.keep_up() == 0


def test_old_automatic_runs_go_but_those_that_were_published_or_asked_for_stay(hub, monkeypatch):
    monkeypatch.setattr(tasks, "KEPT_AUTOMATIC", 1)
    place, planner = Run.objects.get(pk=hub.run).place, hub.actor("planner")
    made = [
        Run.objects.create(place=place, number=10 + k, state="done", automatic=True, requested_by="system")
        for k in range(3)
    ]  # fmt: skip
    for run in made:
        (run.folder / "bundle").mkdir(parents=True)
    Card.objects.create(
        run=made[0], place=place, scope="type", key="toilet", colour="red", detail={}
    )
    actions.publish(planner, made[0].pk, place="D", keys=["toilet"])
    assert tasks.prune() == 1
    assert [run.folder.exists() for run in made] == [True, False, True]
    assert set(Run.objects.values_list("pk", flat=True)) == {
        made[0].pk, made[2].pk, Run.objects.get(number=1).pk
    }  # fmt: skip


def test_places_have_a_class_with_its_reasons_the_worst_first(hub):
    client = hub.client("planner")
    rows = client.get(f"/api/v1/runs/{hub.run}/classes?level=community").json()
    assert {row["area"] for row in rows} == {"C1", "C2", "C3", "C4"}
    order = ["red", "orange", "yellow", "blue", "green", "grey"]
    found = [order.index(row["colour"]) for row in rows]
    assert found == sorted(found)
    acts = {"red": "立项", "orange": "优先", "yellow": "补短板", "blue": "提质", "green": "保持"}
    for row in rows:
        assert acts.get(row["colour"], "") in row["act_zh"]
        assert len(row["reasons"]) == min(row["held"], 6)
        cards = client.get(
            f"/api/v1/runs/{hub.run}/cards?place={row['area']}&scope=type&limit=100"
        ).json()["items"]
        held = {one["key"] for one in cards if one["colour"] in {"red", "orange"}}
        assert row["held"] == len(held)
        assert {reason["key"] for reason in row["reasons"]} <= held
        themes = client.get(f"/api/v1/runs/{hub.run}/cards?place={row['area']}&scope=theme").json()[
            "items"
        ]
        assert row["themes"] == {one["key"]: one["colour"] for one in themes}
    mine = hub.client("worker1").get(f"/api/v1/runs/{hub.run}/classes?level=community").json()
    assert [row["area"] for row in mine] == ["C1"]
