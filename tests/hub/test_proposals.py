"""Proposals: asked for, searched for by a worker, stopped, taken up again, and made into projects."""

import datetime as dt

import pytest
from django.utils import timezone

from lifecircle.hub.assessments import actions as assessments
from lifecircle.hub.assessments.tasks import prune, run_next
from lifecircle.hub.errors import ConflictError, InvalidError, MissingError
from lifecircle.hub.facilities import spaces
from lifecircle.hub.planning import proposing, queries, tasks
from lifecircle.hub.planning.models import Project, Proof, Proposal

pytestmark = pytest.mark.one_database

KINDS = ["elder_canteen", "health_station"]


@pytest.fixture
def ground(hub):
    """An assessment that knows three idle spaces: two in the first street, one in the second."""
    planner = hub.actor("planner")
    for ref, lon, cost in (("R1", 106.5515, 4e5), ("R2", 106.5550, None), ("R3", 106.5618, 3e5)):
        room = {
            "ref": ref,
            "name": f"空房{ref}",
            "area_m2": 400,
            "cost_cny": cost,
            "lon": lon,
            "lat": 29.55,
        }
        spaces.create(planner, {**room, "allowed_types": KINDS})
    assessments.request(planner)
    assert run_next()
    return hub


def ask(hub, who="planner", place="D", **asked):
    return proposing.ask(
        hub.actor(who), place=place, title="方案", asked={"kinds": KINDS, "seconds": 0.2, **asked}
    )


def test_a_proposal_says_what_to_build_for_whom_and_becomes_projects(ground):
    client = ground.client("planner")
    body = {
        "place": "D",
        "title": "明年",
        "budgets": [4e5],
        "kinds": KINDS,
        "seconds": 0.2,
        "from_year": 2031,
    }
    answer = client.post("/api/v1/proposals", body, "application/json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == "queued"
    assert tasks.solve_next()
    assert not tasks.solve_next()
    one = client.get(f"/api/v1/proposals/{answer.json()['id']}").json()
    assert (one["state"], one["error"]) == ("done", None)
    result = one["result"]
    assert result["builds"]
    assert sum(result["cost_by_year"]) <= 4e5
    assert {b["space"] for b in result["builds"]} <= {"R1", "R3"}  # R2 has no cost
    assert "R2" in str(result["notes"])
    assert result["value"] <= result["bound"]
    assert {s["place"] for s in result["shares"]} == {"C1", "C2", "C3", "C4"}
    made = client.post(
        f"/api/v1/proposals/{one['id']}/projects", {"builds": [0, 0]}, "application/json"
    )
    assert made.status_code == 201, made.content
    project, build = made.json()[0], result["builds"][0]
    assert len(made.json()) == 1
    assert (project["space"], project["facility_type"], project["horizon"]) == (
        build["space"],
        build["kind"],
        "near",
    )
    assert project["promised"] == {"people": round(build["serves"])}
    assert project["budget"][0]["year"] == 2031
    assert project["budget"][0]["planned_cny"] == pytest.approx(build["cost_cny"])
    assert project["evidence"]["proposal"] == one["id"]
    with pytest.raises(InvalidError):
        proposing.to_projects(ground.actor("planner"), one["id"], [999])


def test_a_street_plans_with_its_own_spaces_and_sees_its_own_communities(ground):
    one = ask(ground, "street1", "S1")
    assert tasks.solve_next()
    result = queries.proposal(ground.actor("street1"), one.pk).result
    assert {b["space"] for b in result["builds"]} <= {"R1", "R2"}
    assert {s["place"] for s in result["shares"]} == {"C1", "C2"}
    assert {t["area"] for t in result["turned"]} <= {"S1", "C1", "C2"}
    for who in ("street2", "worker3"):
        with pytest.raises(MissingError):
            queries.proposal(ground.actor(who), one.pk)
    with pytest.raises(MissingError):
        ask(ground, "street1", "S2")


def test_where_nothing_can_be_built_the_condition_to_relax_is_said(ground):
    one = ask(ground, kinds=["kindergarten"])
    assert tasks.solve_next()
    found = queries.proposal(ground.actor("planner"), one.pk)
    assert found.state == "failed"
    assert "Relax: allow a wanted type" in found.error["issues"][0]["expected"]
    with pytest.raises(ConflictError):
        proposing.to_projects(ground.actor("planner"), one.pk, [0])
    with pytest.raises(InvalidError):
        ask(ground, kinds=["castle"])
    poor = ask(ground, budgets=[1.0])
    assert tasks.solve_next()
    found = queries.proposal(ground.actor("planner"), poor.pk)
    assert "fit into a year's budget" in found.error["issues"][0]["expected"]


def test_a_search_is_stopped_before_and_while_it_runs_and_keeps_what_it_found(ground, monkeypatch):
    planner = ground.actor("planner")
    one = ask(ground)
    assert proposing.cancel(planner, one.pk).state == "cancelled"
    assert not tasks.solve_next()
    with pytest.raises(ConflictError):
        proposing.cancel(planner, one.pk)
    other = ask(ground, seconds=60.0)
    plan = tasks.plan

    def told(*args, watch, **more):
        def stop(now):
            proposing.cancel(planner, other.pk)
            return watch(now)

        return plan(*args, watch=stop, **more)

    monkeypatch.setattr(tasks, "plan", told)
    assert tasks.solve_next()
    found = queries.proposal(planner, other.pk)
    assert found.state == "cancelled"
    assert found.result["builds"]


def test_what_a_dead_worker_left_is_taken_up_again_and_given_up_after_a_while(ground):
    one = ask(ground)
    silent = timezone.now() - dt.timedelta(hours=1)
    Proposal.objects.filter(pk=one.pk).update(state="running", heard_at=silent, attempts=1)
    assert tasks.solve_next()
    assert Proposal.objects.get(pk=one.pk).state == "done"
    other = ask(ground)
    Proposal.objects.filter(pk=other.pk).update(state="running", heard_at=silent, attempts=3)
    assert not tasks.solve_next()
    assert Proposal.objects.get(pk=other.pk).state == "failed"


def test_runs_that_projects_are_proved_by_are_not_pruned(ground):
    from lifecircle.hub.assessments.models import Run

    first = Run.objects.first()
    before = Run.objects.count()
    proved, *_ = (
        Run.objects.create(place=first.place, number=first.number + k, state="done", automatic=True)
        for k in range(1, 24)
    )
    project = Project.objects.create(
        ref="P-1", name="x", place=first.place, kind="new", created_by="x"
    )
    Proof.objects.create(project=project, before=proved)
    prune()
    assert Run.objects.filter(pk=proved.pk).exists()
    assert Run.objects.count() == before + 21


def test_the_drawing_board_is_open_before_the_next_proposal_where_proposals_are_asked_for(hub):
    from lifecircle.hub.assessments import queries as runs
    from lifecircle.hub.assessments import workbench
    from lifecircle.hub.planning.tasks import get_ready

    run = runs.run(hub.actor("planner"))
    workbench._kept = None
    assert not get_ready()
    assert not workbench.is_ready(run)
    proposing.ask(hub.actor("planner"), place="D", title="x", asked={})
    assert get_ready()
    assert workbench.is_ready(run)
