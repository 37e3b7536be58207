"""Work goals: what is to be reached by when, measured by hand or by accepted projects."""

import datetime as dt

import pytest
from django.utils import timezone

from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.places import actions as places
from lifecircle.hub.planning import goals
from lifecircle.hub.planning.models import Project

pytestmark = pytest.mark.one_database


def day(after):
    return timezone.localdate() + dt.timedelta(after)


def made(hub, who="worker1", place="C1", owner="", **values):
    given = {
        "name": "增加公共停车位",
        "unit": "个",
        "target": 100.0,
        "starts_on": day(-50),
        "due_on": day(50),
        **values,
    }
    return goals.create(hub.actor(who), place=place, owner=owner, values=given)


def test_a_goal_is_reported_and_says_whether_it_is_in_time(hub):
    worker = hub.actor("worker1")
    one = made(hub, owner="worker1", department="住建委", place_on_screen=1)
    assert goals.told(one)["standing"] == "behind"
    one = goals.report(worker, one.pk, on=day(0), value=45, note="两处挖潜")
    told = goals.told(one)
    assert (told["value"], told["done"], told["standing"], told["owner_name"]) == (
        45,
        0.45,
        "on_track",
        "worker1",
    )
    one = goals.report(worker, one.pk, on=day(0), value=100, note="")
    assert goals.told(one)["standing"] == "done"
    late = made(hub, starts_on=day(-90), due_on=day(-1))
    assert goals.told(late)["standing"] == "overdue"
    down = made(hub, name="减少积水点", start=10.0, target=2.0)
    down = goals.report(worker, down.pk, on=day(0), value=6, note="")
    assert goals.told(down)["done"] == pytest.approx(0.5)
    with pytest.raises(InvalidError, match="has come"):
        goals.report(worker, down.pk, on=day(1), value=5, note="")


def test_a_goal_that_counts_projects_measures_itself(hub):
    one = made(hub, name="社区食堂", unit="处", target=2.0, counts="elder_canteen")
    place = one.place
    for k, (state, on) in enumerate(
        (("accepted", day(-3)), ("accepted", day(-60)), ("building", None))
    ):
        Project.objects.create(
            ref=f"P-{k}", name="x", place=place, kind="new", facility_type="elder_canteen", state=state,
            accepted_on=on, created_by="x",
        )  # fmt: skip
    assert goals.told(one)["value"] == 1
    with pytest.raises(ConflictError):
        goals.report(hub.actor("worker1"), one.pk, on=day(0), value=2, note="")


def test_who_may_not_sees_no_goal_and_second_writers_are_told(hub):
    one = made(hub)
    with pytest.raises(MissingError):
        goals.goal(hub.actor("worker3"), one.pk)
    with pytest.raises(MissingError):
        made(hub, "worker1", "C3")
    with pytest.raises(ForbiddenError):
        goals.end(hub.actor("grid1"), one.pk)
    worker = hub.actor("worker1")
    goals.change(worker, one.pk, {"target": 120.0}, version=one.version)
    with pytest.raises(ConflictError, match="newer"):
        goals.change(worker, one.pk, {"target": 130.0}, version=one.version)
    for wrong in ({"due_on": day(-60)}, {"target": 0.0}, {"counts": "spaceport"}):
        with pytest.raises(InvalidError):
            made(hub, **wrong)
    with pytest.raises(InvalidError):
        made(hub, owner="nobody")


def test_ended_goals_are_kept_and_goals_follow_the_tree(hub):
    planner = hub.actor("planner")
    one, other = made(hub), made(hub, "planner", "C2", name="另一项")
    goals.end(planner, one.pk)
    assert [goal.pk for goal in goals.goals(planner)] == [other.pk]
    assert goals.goals(planner, ended=True).count() == 2
    places.merge(planner, ["C2"], into="C1", on=day(0))
    assert goals.goal(planner, other.pk).place.code == "C1"
    client = hub.client("planner")
    assert [g["name"] for g in client.get("/api/v1/goals?place=C1").json()] == ["另一项"]
