"""Grids with their Party branch and team, and homes down to the dwelling."""

import datetime as dt

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from lifecircle.hub.errors import ForbiddenError, InvalidError
from lifecircle.hub.people import actions as people
from lifecircle.hub.places import actions, queries, teams

pytestmark = pytest.mark.one_database

ON = localdate() + dt.timedelta(days=3)


@pytest.fixture
def grid(hub):
    return actions.create(
        hub.actor("planner"), parent="C1", code="G1", level="grid", name_zh="网格一", on=ON
    )


def put(client, members, code="G1"):
    body = {"members": members, "on": str(ON)}
    return client.put(f"/api/v1/places/{code}/team", body, "application/json")


def member(username, role="full_time"):
    return {"username": username, "role": role}


def team(hub, who="worker1"):
    return hub.client(who).get("/api/v1/places/G1").json()["team"]


def test_a_team_is_named_and_named_anew_and_its_past_stays(hub, grid):
    client = hub.client("planner")
    assert put(client, [member("grid1", "head"), member("worker1")]).status_code == 200
    assert team(hub) == [
        {"role": "head", "name": "grid1"},
        {"role": "full_time", "name": "worker1"},
    ]
    assert [one["username"] for one in team(hub, "planner")] == ["grid1", "worker1"]
    assert put(client, [member("worker1", "head")]).status_code == 200
    assert team(hub) == [{"role": "head", "name": "worker1"}]
    past = [one for one in client.get("/api/v1/places/G1/history").json() if one["kind"] == "team"]
    assert [one["after"]["team"] for one in past] == [
        [{"role": "head", "name": "grid1"}, {"role": "full_time", "name": "worker1"}],
        [{"role": "head", "name": "worker1"}],
    ]
    said = hub.client("auditor").get("/api/v1/audit?limit=50").json()["items"]
    assert [one["action"] for one in said].count("place.team") == 2


@pytest.mark.parametrize(
    "members",
    [[member("nobody")], [member("resident")], [member("expired "), member("grid1")],
     [member("grid1", "head"), member("worker1", "head")], [member("grid1"), member("grid1", "guide")],
     [member("grid1", "king")]],
)  # fmt: skip
def test_a_team_that_cannot_be_is_refused_as_a_whole(hub, grid, members):
    client = hub.client("planner")
    put(client, [member("worker1")])
    answer = put(client, members)
    assert answer.status_code == 422, answer.content
    assert answer.json()["message_zh"]
    assert team(hub) == [{"role": "full_time", "name": "worker1"}]


def test_a_locked_account_and_a_place_that_is_no_grid_are_refused(hub, grid):
    people.set_active(hub.actor("sysadmin"), "grid1", active=False)
    client = hub.client("planner")
    assert put(client, [member("grid1")]).status_code == 422
    assert put(client, [], code="C1").status_code == 422


def test_a_party_branch_is_named_with_its_history(hub, grid):
    planner = hub.actor("planner")
    teams.set_branch(planner, "G1", party_branch=" 第一党支部 ", on=ON)
    assert (
        hub.client("worker1").get("/api/v1/places/G1").json()["place"]["party_branch"]
        == "第一党支部"
    )
    event = queries.history(grid).last()
    assert (event.kind, event.before, event.after) == (
        "branch", {"party_branch": ""}, {"party_branch": "第一党支部"},
    )  # fmt: skip
    with pytest.raises(ForbiddenError):
        teams.set_branch(hub.actor("worker1"), "G1", party_branch="x", on=ON)


def place(client, parent, code, level):
    body = {"parent": parent, "code": code, "level": level, "name_zh": code, "on": str(ON)}
    return client.post("/api/v1/places", body, "application/json")


def resident(client, place, **values):
    today = timezone.localdate()
    consent = {
        "purpose": "service", "given_on": today.isoformat(),
        "keep_until": (today + dt.timedelta(days=30)).isoformat(),
    }  # fmt: skip
    body = {"place": place, "full_name": "王小二", "consents": [consent], **values}
    return client.post("/api/v1/residents", body, "application/json")


def test_residents_are_registered_at_a_dwelling_of_a_building(hub, grid):
    planner, worker = hub.client("planner"), hub.client("worker1")
    assert place(planner, "G1", "B1", "building").status_code == 201
    assert place(planner, "B1", "B1-301", "dwelling").status_code == 201
    assert place(planner, "B1-301", "B2", "building").status_code == 422
    first = resident(worker, "B1-301")
    assert first.status_code == 201, first.content
    home = first.json()["household"]
    second = resident(worker, "B1-301", household=home)
    assert (second.status_code, second.json()["household"]) == (201, home)
    listed = hub.client("grid1").get("/api/v1/residents").json()["items"]
    assert [one["place"] for one in listed].count("B1-301") == 2
    assert (
        hub.client("worker3").delete(f"/api/v1/residents/{first.json()['id']}").status_code == 404
    )


def test_a_dwelling_moves_with_its_community_and_its_residents(hub, grid):
    planner = hub.client("planner")
    place(planner, "G1", "B1", "building")
    place(planner, "B1", "B1-301", "dwelling")
    resident(hub.client("worker1"), "B1-301")
    actions.move(hub.actor("planner"), "C1", parent="S2", on=ON)
    assert queries.place(hub.actor("planner"), "B1-301").lineage == "/D/S2/C1/G1/B1/B1-301/"
    listed = hub.client("street2").get("/api/v1/residents").json()["items"]
    assert "B1-301" in [one["place"] for one in listed]


def test_a_resident_joins_no_household_of_another_place(hub, grid):
    worker = hub.client("worker1")
    home = resident(worker, "C1").json()["household"]
    answer = resident(worker, "G1", household=home)
    assert answer.status_code == 422
    with pytest.raises(InvalidError, match="lives at G1"):
        people.register(
            hub.actor("worker1"), place="G1", full_name="x", phone=None, birth_year=None, groups=[],
            household=home, consents=[{"purpose": "service", "given_on": ON, "keep_until": ON}],
        )  # fmt: skip
