"""Life circles: drawn in one piece, graded like places, accepted by check list and card; targets; check lists of places."""

import datetime as dt

import pytest
from django.utils import timezone

from lifecircle.hub.assessments import queries as assessments
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.places import actions as places
from lifecircle.hub.places import queries as tree
from lifecircle.hub.planning import checking, circles
from lifecircle.hub.planning.models import Check

pytestmark = pytest.mark.one_database


def drawn(hub, *members, name="石油路生活圈"):
    return circles.draw(hub.actor("planner"), name_zh=name, members=members or ("C1", "C2"))


def every_item_met(hub, code, name="life_circle"):
    planner = hub.actor("planner")
    for item in checking.checked(planner, code, name)["items"]:
        checking.say(planner, code, name, item["id"], found=True, note="现场核对")


def assess(hub):
    from lifecircle.hub.assessments import actions as runs
    from lifecircle.hub.assessments.tasks import run_next

    runs.request(hub.actor("planner"))
    assert run_next()


def test_a_circle_is_drawn_of_communities_in_one_piece_each_in_one_circle(hub):
    planner = hub.actor("planner")
    one = drawn(hub)
    assert (one["code"], one["members"], one["state"]) == ("circle-1", ["C1", "C2"], "planned")
    assert tree.place(planner, "circle-1").lineage == "/D/S1/circle-1/"
    with pytest.raises(ConflictError, match="circle-1 already"):
        drawn(hub, "C2", "C3")
    with pytest.raises(InvalidError, match="2 pieces"):
        circles.redraw(planner, "circle-1", ["C1", "C4"])
    with pytest.raises(InvalidError, match="communities or grids"):
        drawn(hub, "S2")
    with pytest.raises(MissingError):
        drawn(hub, "nowhere")
    other = drawn(hub, "C3", "C4", name="大坪生活圈")
    assert other["code"] == "circle-2"
    again = circles.redraw(planner, "circle-1", ["C1"])
    assert again["members"] == ["C1"]
    both = circles.redraw(planner, "circle-2", ["C2", "C3", "C4"])
    assert tree.place(planner, "circle-2").lineage == "/D/circle-2/"
    assert both["members_zh"][0]


def test_a_division_is_adopted_whole_or_not_at_all(hub):
    planner = hub.actor("planner")
    good = {"name_zh": "一圈", "members": ["C1", "C2"]}
    with pytest.raises(ConflictError):
        circles.adopt(planner, [good, {"name_zh": "二圈", "members": ["C2", "C3"]}])
    assert circles.circles(planner) == []
    made = circles.adopt(planner, [good, {"name_zh": "二圈", "members": ["C3", "C4"]}])
    assert [one["code"] for one in made] == ["circle-1", "circle-2"]


def test_the_engine_proposes_divisions_of_the_district_as_it_is(hub):
    client = hub.client("planner")
    body = {"count": 2, "least": 10, "most": 100000}
    found = client.post("/api/v1/circles/divisions", body, "application/json").json()
    assert found
    for one in found:
        members = [code for circle in one["circles"] for code in circle["members"]]
        assert sorted(members) == ["C1", "C2", "C3", "C4"]
    picked = [{"name_zh": c["name_zh"], "members": c["members"]} for c in found[0]["circles"]]
    assert (
        client.post("/api/v1/circles", {"circles": picked}, "application/json").status_code == 201
    )
    none = client.post("/api/v1/circles/divisions", {"least": 1e6, "most": 2e6}, "application/json")
    assert none.status_code == 422
    assert (
        hub.client("worker1")
        .post("/api/v1/circles/divisions", body, "application/json")
        .status_code
        == 403
    )


def test_circles_are_graded_like_places(hub):
    drawn(hub)
    assess(hub)
    planner = hub.actor("planner")
    card = assessments.card(planner, assessments.run(planner), "circle-1", "overall", "overall")
    assert card.detail["level"] == "circle"
    [one] = circles.circles(planner)
    assert one["colour"] == card.detail["colour"]
    client = hub.client("planner")
    shapes = client.get("/api/v1/places/shapes?level=circle").json()["features"]
    assert [shape["properties"]["code"] for shape in shapes] == ["circle-1"]
    people = {c: card_people(hub, c) for c in ("C1", "C2", "circle-1")}
    assert people["circle-1"] == pytest.approx(people["C1"] + people["C2"])


def card_people(hub, code):
    planner = hub.actor("planner")
    return assessments.card(planner, assessments.run(planner), code, "type", "toilet").detail[
        "people"
    ]


def test_acceptance_names_every_item_that_is_not_met_and_the_card(hub):
    planner = hub.actor("planner")
    drawn(hub)
    one = circles.move(planner, "circle-1", "building", version=1)
    with pytest.raises(InvalidError) as error:
        circles.move(planner, "circle-1", "accepted", version=one["version"])
    named = {issue.column for issue in error.value.issues}
    assert {"overall", "walkable", "residents"} <= named
    with pytest.raises(ConflictError, match="does not go"):
        circles.move(planner, "circle-1", "demonstration", version=one["version"])
    with pytest.raises(InvalidError, match="a reason"):
        circles.move(planner, "circle-1", "planned", version=one["version"])
    with pytest.raises(ConflictError, match="newer"):
        circles.move(planner, "circle-1", "planned", version=1, note="重来")


def test_a_circle_is_accepted_and_counts_towards_the_targets(hub, monkeypatch):
    planner, today = hub.actor("planner"), timezone.localdate()
    drawn(hub)
    monkeypatch.setitem(
        circles._FIT, "accepted", frozenset({"green", "blue", "yellow", "orange", "red", "grey"})
    )
    assess(hub)
    rows = [
        {"on": today + dt.timedelta(days), "circles": n} for days, n in ((-1, 0), (0, 1), (400, 11))
    ]
    circles.set_targets(planner, "D", rows)
    every_item_met(hub, "circle-1")
    one = circles.move(planner, "circle-1", "building", version=1)
    with pytest.raises(ForbiddenError):
        circles.move(hub.actor("street1"), "circle-1", "accepted", version=one["version"])
    one = circles.move(planner, "circle-1", "accepted", version=one["version"])
    assert one["state"] == "accepted"
    told = hub.client("planner").get("/api/v1/circles/targets").json()
    assert [(row["circles"], row["accepted"]) for row in told] == [(0, 0), (1, 1), (11, 1)]
    with pytest.raises(ConflictError, match="accepted"):
        circles.dissolve(planner, "circle-1")
    steps = circles.steps(planner, "circle-1")
    assert [step.state for step in steps] == ["accepted", "building", "planned"]
    assert steps[0].detail["met"] == 13
    with pytest.raises(InvalidError):
        circles.set_targets(planner, "D", [rows[1], {**rows[2], "circles": 0}])


def test_a_dissolved_circle_leaves_its_members_free_and_a_merged_community_leaves_its_circle(hub):
    planner, today = hub.actor("planner"), timezone.localdate()
    drawn(hub)
    circles.dissolve(planner, "circle-1")
    assert circles.circles(planner) == []
    again = drawn(hub)
    assert again["code"] == "circle-2"
    places.merge(planner, ["C2"], into="C1", on=today)
    assert circles.circle(planner, "circle-2")["members"] == ["C1"]
    assess(hub)


def test_a_street_sees_circles_within_it_and_no_others(hub):
    drawn(hub)
    drawn(hub, "C3", "C4", name="外街生活圈")
    seen = hub.client("street1").get("/api/v1/circles").json()
    assert [one["code"] for one in seen] == ["circle-1"]
    assert hub.client("street1").get("/api/v1/circles/circle-2").status_code == 404


def test_a_place_on_a_check_list_is_judged_by_the_register_and_by_people(hub):
    worker = hub.actor("worker1")
    found = checking.checked(worker, "C1", "complete_community")
    assert len(found["items"]) == 20
    by_id = {item["id"]: item for item in found["items"]}
    assert by_id["culture"]["met"] is None
    assert by_id["nursery"]["met"] is False
    said = checking.say(
        worker, "C1", "complete_community", "nursery", found=True, note="楼下新开托育点"
    )
    assert said["met"] == found["met"] + 1
    assert {item["id"]: item["by"] for item in said["items"]}["nursery"] == "worker1"
    back = checking.say(worker, "C1", "complete_community", "nursery", found=None, note="搬走了")
    assert back["met"] == found["met"]
    with pytest.raises(MissingError):
        checking.say(worker, "C3", "complete_community", "nursery", found=True, note="x")
    with pytest.raises(MissingError):
        checking.checked(worker, "C1", "no_list")
    with pytest.raises(ForbiddenError):
        checking.say(
            hub.actor("grid1"), "C1", "complete_community", "nursery", found=True, note="x"
        )


def test_what_people_found_goes_with_a_merged_place(hub):
    planner = hub.actor("planner")
    checking.say(planner, "C2", "complete_community", "culture", found=True, note="公约已订")
    places.merge(planner, ["C2"], into="C1", on=timezone.localdate())
    assert Check.objects.get().place.code == "C1"
