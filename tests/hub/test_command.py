"""The command centre: figures by hand, the past as it was, who is nearest on foot; for each caller what is theirs."""

import datetime as dt
import io

import networkx as nx
import openpyxl
import pytest
from django.utils import timezone

from hub.test_cases import Clock, moved, reported
from lifecircle.engine.standards import default
from lifecircle.hub.assessments import workbench
from lifecircle.hub.assessments.models import Run
from lifecircle.hub.audit.models import Entry
from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases.actions import Report
from lifecircle.hub.cases.models import Case
from lifecircle.hub.command import queries, replaying, reporting
from lifecircle.hub.devices.models import Device, Path
from lifecircle.hub.duty import actions as duty
from lifecircle.hub.facilities import actions as facilities
from lifecircle.hub.notify.models import Notice
from lifecircle.hub.places import actions as places
from lifecircle.hub.places import queries as tree

METRE = 1 / 96_900.0


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def figures(hub, who="operator", place=""):
    return {one["key"]: one for one in queries.now(hub.actor(who), place)["figures"]}


def device(ref, place="C1", **values):
    made = {
        "kind": "smoke",
        "name": ref,
        "digest": ref,
        "mqtt_hash": "x",
        "state": "active",
        **values,
    }
    return Device.objects.create(ref=ref, place=tree.by_code([place])[place], **made)


def rostered(hub, clock, username, place, hours=8, by="street1"):
    now = clock.at
    return duty.put(
        hub.actor(by),
        place=place,
        username=username,
        starts_at=now,
        ends_at=now + dt.timedelta(hours=hours),
    )


def test_figures_of_the_day_are_those_counted_by_hand(hub, clock):
    """Ten o'clock: one answered in time, one late, one not at all; one of yesterday; a drill and a canary beside."""
    clock.at -= dt.timedelta(days=1)
    reported(hub, "lamp", title="昨天的")
    clock.at += dt.timedelta(days=1)
    quick, slow, waits = (reported(hub, "help_call", title=name) for name in ("快", "慢", "无人"))
    reported(hub, "help_call", title="演练", drill=True)
    cases.raise_case(
        tree.by_code(["C1"])["C1"], Report("smoke", "device", canary=True), by="canary"
    )
    clock.at += dt.timedelta(seconds=60)
    moved(hub, quick, "accept")
    clock.at += dt.timedelta(seconds=60)
    moved(hub, slow, "accept")
    moved(hub, quick, "arrive")
    moved(hub, quick, "resolve", note="平安")
    found = figures(hub)
    assert found["open"]["value"] == 3
    assert (found["open"]["detail"]["P1"], found["open"]["detail"]["P3"]) == (2, 1)
    assert (found["unanswered"]["value"], found["unanswered"]["detail"]["P1"]) == (2, 1)
    assert found["unanswered"]["good"] is False
    assert (found["late"]["value"], found["late"]["good"]) == (
        2,
        False,
    )  # who waits, and the lamp's answer
    assert found["received"]["value"] == 3
    assert (found["settled"]["value"], found["settled"]["detail"]["grid_share"]) == (1, 1.0)
    answered = found["answered_in_time"]
    assert answered["value"] == pytest.approx(1 / 3)
    assert (answered["detail"], answered["good"]) == ({"in_time": 1, "ended": 3}, False)
    assert found["arrived_in_time"]["detail"] == {"in_time": 1, "ended": 1}
    assert found["cards"]["detail"].keys() >= {"green", "red", "grey"}
    waits.refresh_from_db()
    shown = queries.now(hub.actor("operator"))["cases"]
    assert [one["title"] for one in shown if not one["drill"] and not one["canary"]] == [
        "无人",
        "慢",
        "昨天的",
    ]


def test_the_canary_is_as_old_as_it_is_and_none_is_not_made_up(hub, clock):
    found = figures(hub)["canary"]
    assert (found["value"], found["as_of"], found["good"]) == (None, None, False)
    Path.objects.create(up_since=clock.at, at=clock.at, screen_ms=420)
    clock.at += dt.timedelta(seconds=120)
    found = figures(hub)["canary"]
    assert (found["value"], found["good"], found["detail"]) == (120, True, {"screen_ms": 420})
    clock.at += dt.timedelta(seconds=1)
    assert figures(hub)["canary"]["good"] is False
    assert figures(hub)["answered_in_time"]["value"] is None


def test_devices_stand_as_they_were_heard_and_the_figure_is_as_old_as_the_last_word(hub, clock):
    now = clock.at
    heard = now - dt.timedelta(minutes=3)
    device("well", heard_at=heard, silent_after_s=600)
    device("quiet", heard_at=now - dt.timedelta(hours=2), silent_after_s=3600)
    device("repair", heard_at=now - dt.timedelta(hours=9), silent_after_s=3600, state="maintenance")
    device("new", silent_after_s=600)
    device("gone", state="retired", heard_at=now)
    device(
        "burning",
        heard_at=now - dt.timedelta(hours=5),
        silent_after_s=3600,
        lon=106.551,
        lat=29.5501,
    )
    device("far", "C3", heard_at=heard, silent_after_s=600)
    place = tree.by_code(["C1"])["C1"]
    cases.raise_case(place, Report("smoke", "device", origin="device:burning:smoke"), by="burning")
    cases.raise_case(
        place, Report("device_silent", "device", origin="device:quiet:device_silent"), by="quiet"
    )
    found = figures(hub, "worker1")["devices_heard"]
    counts = {"total": 5, "ok": 1, "alarm": 1, "maintenance": 1, "silent": 1, "never": 1}
    assert found["detail"] == counts
    assert found["value"] == pytest.approx(
        2 / 4
    )  # without the one in repair: the well one, and the one that burns
    assert found["as_of"] == heard
    drawn = queries.now(hub.actor("worker1"))["devices"]["features"]
    assert {one["id"]: one["properties"]["standing"] for one in drawn} == {
        "well": "ok", "quiet": "silent", "repair": "maintenance", "new": "never", "burning": "alarm",
    }  # fmt: skip
    assert next(one for one in drawn if one["id"] == "burning")["geometry"]["coordinates"] == [
        106.551,
        29.5501,
    ]
    assert "devices_heard" not in figures(hub, "council")


def test_the_screen_drills_from_the_district_down_as_far_as_the_caller_may(hub, clock):
    reported(hub, "lamp")
    reported(hub, "smoke", "worker3", "C3")
    rostered(hub, clock, "grid1", "C1")
    client = hub.client("operator")
    district = client.get("/api/v1/command/now").json()
    assert (district["place"]["code"], [one["code"] for one in district["ancestors"]]) == ("D", [])
    rows = [(one["place"], one["open"], one["urgent"], one["people"]) for one in district["below"]]
    assert rows == [("S2", 1, 1, 0), ("S1", 1, 0, 1)]
    street = client.get("/api/v1/command/now", {"place": "S1"}).json()
    assert [one["code"] for one in street["ancestors"]] == ["D"]
    assert [(one["place"], one["open"]) for one in street["below"]] == [("C1", 1), ("C2", 0)]
    community = client.get("/api/v1/command/now", {"place": "C1"}).json()
    assert {one["level"] for one in community["below"]} == {"building"}
    building = community["below"][0]["place"]
    assert client.get("/api/v1/command/now", {"place": building}).json()["below"] == []
    own = hub.client("worker1").get("/api/v1/command/now").json()
    assert (own["place"]["code"], own["ancestors"]) == ("C1", [])
    assert hub.client("worker1").get("/api/v1/command/now", {"place": "S1"}).status_code == 404
    assert hub.client("provider").get("/api/v1/command/now").status_code == 403


def test_cases_stand_at_their_own_point_else_inside_their_place_and_never_at_a_door(hub, clock):
    reported(hub, "lamp", title="有坐标", lon=106.5512, lat=29.5502, door="3栋2单元501")
    reported(hub, "lamp", title="无坐标", door="3栋2单元502")
    answer = hub.client("operator").get("/api/v1/command/now")
    assert "2单元" not in answer.content.decode()
    found = {one["title"]: one for one in answer.json()["cases"]}
    assert (found["有坐标"]["at"], found["有坐标"]["how"]) == ([106.5512, 29.5502], "own")
    assert found["无坐标"]["how"] == "centre"
    assert tree.place_at(hub.actor("operator"), *found["无坐标"]["at"], "community").code == "C1"


def test_the_past_day_is_replayed_as_it_was(hub, clock):
    """What the screen showed at each step, against what the history says of that moment later."""
    one, two, three = (reported(hub, kind) for kind in ("help_call", "lamp", "repair"))
    origin = "device:x:lamp"
    place = tree.by_code(["C1"])["C1"]
    four, _ = cases.raise_case(place, Report("lamp", "device", origin=origin), by="x", at=clock.at)
    steps = [
        lambda: moved(hub, one, "assign", assignee="grid1"), lambda: moved(hub, one, "decline", "grid1", note="不在"),
        lambda: moved(hub, one, "accept"), lambda: moved(hub, two, "accept", "grid1"),
        lambda: moved(hub, one, "arrive"), lambda: cases.settled_by_device(origin, at=clock.at),
        lambda: cases.raise_case(place, Report("lamp", "device", origin=origin), by="x", at=clock.at),
        lambda: moved(hub, one, "resolve", note="好"), lambda: moved(hub, one, "send_back", note="未好"),
        lambda: moved(hub, three, "hand_off", body="水务", note="管网"), lambda: moved(hub, three, "take_back", note="回来"),
        lambda: moved(hub, two, "resolve", "grid1", note="换灯"),
        lambda: cases.rate(hub.actor("worker1"), two.ref, "dissatisfied"),
        lambda: cases.settled_by_device(origin, at=clock.at), lambda: moved(hub, four, "verify"),
        lambda: moved(hub, four, "close"), lambda: moved(hub, four, "reopen", note="又坏"),
        lambda: cases.merge(hub.actor("worker1"), three.ref, two.ref, version=Case.objects.get(pk=three.pk).version),
    ]  # fmt: skip
    shown = []
    for step in steps:
        step()
        live = queries.open_cases(hub.actor("operator"), "")
        shown.append(
            (clock.at, {(c.ref, c.state, c.holder.username if c.holder else "") for c in live})
        )
        clock.go(minutes=7)
    for at, was in shown:
        found = replaying.day(hub.actor("operator"), "", at)["cases"]
        assert {(c["ref"], c["state"], c["holder"]) for c in found} == was, at
    assert hub.client("worker3").get("/api/v1/command/day").json()["cases"] == []
    marks = replaying.day(hub.actor("operator"), "", clock.at)["marks"]
    assert (len(marks), sum(m["count"] for m in marks), sum(m["urgent"] for m in marks)) == (
        48,
        4,
        1,
    )
    for at in (clock.at + dt.timedelta(minutes=1), clock.at - dt.timedelta(hours=25)):
        answer = hub.client("operator").get("/api/v1/command/day", {"at": at.isoformat()})
        assert answer.status_code == 422


def seconds_on_the_road(a: float, b: float) -> float:
    """Walking seconds by networkx between two points 5 m off the road, at metres along it."""
    speed = default().profiles["adult"].flat_mps.value
    road = nx.path_graph(range(-500, 2051))
    nx.set_edge_attributes(road, 1 / speed, "s")
    return nx.dijkstra_path_length(road, round(a), round(b), weight="s") + 10 / speed


def test_nobody_waits_for_the_walking_network_to_be_loaded(hub, clock, monkeypatch):
    """The first answer in a process comes at once, ordered as the crow flies; those after it are by the walk."""
    asked = []
    monkeypatch.setattr(workbench, "_kept", None)
    monkeypatch.setattr(workbench, "warm", asked.append)
    rostered(hub, clock, "worker1", "C1")
    rostered(hub, clock, "street1", "S1", by="operator")
    one = reported(hub, "help_call", lon=106.55 + 210 * METRE, lat=29.55)
    first = hub.client("operator").get(f"/api/v1/cases/{one.ref}/around").json()
    assert (first["walk"], len(asked)) == ("loading", 1)
    assert {row["seconds"] for row in first["responders"]} == {None}
    straight = [row["metres"] for row in first["responders"]]
    assert straight == sorted(straight)
    workbench.workbench(Run.objects.get(pk=hub.run))
    then = hub.client("operator").get(f"/api/v1/cases/{one.ref}/around").json()
    assert then["walk"] == "ok"
    assert all(row["seconds"] > 0 for row in then["responders"])


def test_who_is_nearest_is_told_by_the_walk_from_their_station(hub, clock):
    workbench.workbench(Run.objects.get(pk=hub.run))
    said = {"source": "x", "on": clock.at.date()}
    at = {"lat": 29.55 + 5 / 110_850}
    facilities.create(
        hub.actor("planner"),
        {
            "ref": "station",
            "name": "社区1服务站",
            "type": "community_station",
            "lon": 106.55 + 120 * METRE,
            **at,
        },
        **said,
    )
    facilities.create(
        hub.actor("planner"),
        {
            "ref": "fire",
            "name": "微型消防站",
            "type": "micro_fire",
            "lon": 106.55 + 250 * METRE,
            **at,
        },
        **said,
    )
    rostered(hub, clock, "worker1", "C1")
    rostered(hub, clock, "street1", "S1", by="operator")
    one = reported(hub, "help_call", lon=106.55 + 200 * METRE, **at)
    client = hub.client("operator")
    found = client.get(f"/api/v1/cases/{one.ref}/around").json()
    assert (found["walk"], found["how"]) == ("ok", "own")
    people = {row["username"]: row for row in found["responders"]}
    first = found["responders"][0]
    assert (first["username"], first["how"], first["station"]) == (
        "worker1",
        "station",
        "社区1服务站",
    )
    assert first["seconds"] == pytest.approx(seconds_on_the_road(120, 200), abs=2)
    assert (first["stairs"], first["length_m"]) == (0, pytest.approx(80, abs=12))
    assert people["street1"]["how"] == "centre"  # no station of its own
    assert people["grid1"]["rostered"] is False  # by role: the roster names nobody of a grid
    assert "worker3" not in people
    run = {
        "run": hub.run,
        "to_lon": 106.55 + 200 * METRE,
        "to_lat": at["lat"],
        "moment": "We 10:00",
    }
    lon, lat = people["street1"]["at"]
    walk = client.get("/api/v1/map/journey", {**run, "from_lon": lon, "from_lat": lat}).json()
    assert people["street1"]["seconds"] == pytest.approx(walk["seconds"], abs=0.2)
    fire = next(row for row in found["facilities"] if row["type"] == "micro_fire")
    assert fire["seconds"] == pytest.approx(seconds_on_the_road(250, 200), abs=2)
    assert {row["username"] for row in found["meeting"]} >= {"street1"}
    assert hub.client("worker3").get(f"/api/v1/cases/{one.ref}/around").status_code == 404
    own = hub.client("grid1").get(f"/api/v1/cases/{one.ref}/around").json()
    assert {row["place"] for row in own["responders"]} <= {"C1"}
    assert own["meeting"] == []


def test_hazards_and_devices_near_are_named(hub, clock):
    here = {"lon": 106.552, "lat": 29.55005}
    one = reported(hub, "help_call", **here)
    lift = reported(hub, "lift_fault", title="2号楼停梯", lon=106.5525, lat=29.55005)
    reported(hub, "lamp", title="远处的", lon=106.5538 + 0.004, lat=29.55005)
    reported(hub, "gas", title="演练燃气", drill=True, **here)
    device("gas-near", kind="gas", lon=106.5522, lat=29.55)
    device("gas-far", "C2", kind="gas", lon=106.5575, lat=29.55)
    found = hub.client("operator").get(f"/api/v1/cases/{one.ref}/around").json()
    assert [row["ref"] for row in found["hazards"]] == [lift.ref]
    assert found["hazards"][0]["metres"] == pytest.approx(0.0005 / METRE, rel=0.02)
    assert [(row["ref"], row["hazard"]) for row in found["devices"]] == [("gas-near", True)]


def test_departments_are_called_together_and_it_is_on_record(hub, clock):
    one = reported(hub, "facade")
    path = f"/api/v1/cases/{one.ref}/meeting"
    body = {"people": ["street1", "operator"], "note": "10:30 街道三楼会议室"}
    assert hub.client("grid1").post(path, body, "application/json").status_code == 403
    assert hub.client("worker3").post(path, body, "application/json").status_code == 404
    client = hub.client("operator")
    for people in ([], ["worker3"], ["nobody"]):
        assert client.post(path, {**body, "people": people}, "application/json").status_code == 422
    assert client.post(path, body, "application/json").status_code == 200
    event = one.events.last()
    assert (event.what, event.note, event.detail["told"]) == (
        "meeting",
        body["note"],
        ["street1", "operator"],
    )
    told = hub.client("street1").get("/api/v1/notices").json()[0]
    assert (told["case"], told["text"]) == (one.ref, body["note"])
    assert Entry.objects.filter(action="case.meeting", target=f"case:{one.ref}").exists()
    assert not Notice.objects.filter(account__username="worker1", text=body["note"]).exists()


def test_everybody_on_duty_below_a_place_is_told_once_and_nobody_else(hub, clock):
    body = {"place": "S1", "text": "暴雨红色预警, 请巡查低洼点", "urgent": True}
    client = hub.client("street1")
    assert client.post("/api/v1/command/broadcast", body, "application/json").status_code == 409
    rostered(hub, clock, "grid1", "C1")
    rostered(hub, clock, "grid1", "S1")
    rostered(hub, clock, "worker3", "C3", by="operator")
    assert hub.client("grid1").post(
        "/api/v1/command/broadcast", body, "application/json"
    ).status_code in {403, 404}
    assert (
        hub.client("street2")
        .post("/api/v1/command/broadcast", body, "application/json")
        .status_code
        == 404
    )
    told = client.post("/api/v1/command/broadcast", body, "application/json").json()
    assert told == {"told": 1, "names": ["grid1"]}
    mine = hub.client("grid1").get("/api/v1/notices").json()
    assert [(one["text"], one["case"]) for one in mine] == [(body["text"], "")]
    assert hub.client("worker3").get("/api/v1/notices").json() == []
    entry = Entry.objects.get(action="command.broadcast")
    assert (entry.name, entry.detail) == ("street1", {"told": 1, "urgent": True})


def test_the_report_of_a_shift_says_what_was_handed_on(hub, clock):
    before = reported(hub, "lamp", title="早班遗留")
    clock.at += dt.timedelta(hours=1)
    begin = clock.at
    shift = rostered(hub, clock, "grid1", "C1")
    urgent = reported(hub, "smoke", title="=SUM(A1)")
    clock.go(minutes=1)
    moved(hub, urgent, "accept")
    moved(hub, urgent, "resolve", note="误报")
    reported(hub, "repair", title="本班新增", who="worker3", place="C3")
    clock.go(minutes=30)
    duty.hand_over(hub.actor("grid1"), shift.pk, "早班遗留一件")
    found = reporting.report(hub.actor("operator"), "", begin, clock.at)
    assert (found["open_before"], found["open_after"], found["settled"]) == (1, 2, 1)
    assert found["figures"]["received"] == 2
    assert {one["title"] for one in found["left"]} == {"早班遗留", "本班新增"}
    assert [step["what"] for step in found["urgent"][0]["history"]][:1] == ["received"]
    assert {"accept", "resolve"} <= {step["what"] for step in found["urgent"][0]["history"]}
    assert [(one["name"], one["note"]) for one in found["people"]] == [("grid1", "早班遗留一件")]
    asked = {"since": begin.isoformat(), "until": clock.at.isoformat()}
    answer = hub.client("street1").get("/api/v1/command/shift-report/file", asked)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "=SUM(A1)" in cells
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert "本班新增" not in cells  # of the other street
    assert before.title in cells
    bad = hub.client("operator").get(
        "/api/v1/command/shift-report", {"since": (clock.at + dt.timedelta(1)).isoformat()}
    )
    assert bad.status_code == 422


def test_a_place_that_ends_hands_its_cases_on_and_the_screen_follows(hub, clock):
    reported(hub, "lamp")
    on = timezone.localdate()
    places.merge(hub.actor("planner"), ["C1"], into="C2", on=on)
    found = queries.now(hub.actor("operator"), "S1")
    assert [(one["place"], one["open"]) for one in found["below"]] == [("C2", 1)]
