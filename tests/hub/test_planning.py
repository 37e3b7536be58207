"""Projects: from a gap to acceptance, nothing skipped, nobody overwritten, and what they changed."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.utils import timezone

from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.facilities import queries as register
from lifecircle.hub.facilities import spaces
from lifecircle.hub.planning import accepting, actions, listing, queries
from lifecircle.hub.planning.models import Project

pytestmark = pytest.mark.one_database

C1 = {"lon": 106.552, "lat": 29.55}
SCORES = {name: {"score": 4, "reason": "座谈会"} for name in ("need", "basis", "fit", "landing")}


def day(after: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(after)


def year() -> int:
    return timezone.localdate().year


def made(hub, who="worker1", **values):
    given = {
        "name": "社区食堂",
        "place": "C1",
        "kind": "new",
        "facility_type": "elder_canteen",
        **C1,
        **values,
    }
    return actions.create(hub.actor(who), given)


def ready(hub, who="worker1", **values):
    """A project in the reserve that could go on a list."""
    actor = hub.actor(who)
    one = made(hub, who, scores=SCORES, horizon="near", due_on=day(100), **values)
    line = {"year": year(), "source": "区级财政", "planned_cny": 2e5, "spent_cny": 0.0}
    one = actions.set_budget(actor, one.ref, [line], version=one.version)
    return actions.move(actor, one.ref, "reserve", version=one.version)


def approved(hub, *projects):
    planner = hub.actor("planner")
    one = listing.create(planner, place="D", year=year(), title="年度清单")
    one = listing.set_projects(planner, one.pk, [p.ref for p in projects], version=one.version)
    return listing.approve(planner, one.pk, version=one.version)


def building(hub, **values):
    """A project that is built, with its milestones done."""
    planner = hub.actor("planner")
    approved(hub, ready(hub, responsible="worker1", **values))
    one = Project.objects.latest("pk")
    steps = [{"name": "开工", "due_on": day(-5), "done_on": day(-4)}]
    one = actions.set_milestones(planner, one.ref, steps, version=one.version)
    return actions.move(planner, one.ref, "building", version=one.version)


def assess():
    from lifecircle.hub.assessments.tasks import run_next

    assert run_next()


def test_a_project_is_born_from_a_card_and_keeps_what_it_was_born_from(hub):
    client = hub.client("worker1")
    card = {"run": hub.run, "area": "C1", "key": "elder_canteen"}
    answer = client.post(
        "/api/v1/projects", {"name": "食堂", "place": "C1", "card": card}, "application/json"
    )
    assert answer.status_code == 201, answer.content
    one = answer.json()
    assert one["ref"] == f"P-{year()}-0001"
    assert (one["facility_type"], one["state"], one["version"]) == ("elder_canteen", "idea", 1)
    assert one["evidence"]["card"]["area"] == "C1"
    assert one["evidence"]["card"]["colour"] in {"red", "orange", "yellow", "blue", "green", "grey"}
    again = made(hub)
    assert again.ref == f"P-{year()}-0002"
    assert [e["what"] for e in client.get(f"/api/v1/projects/{one['ref']}/history").json()] == [
        "created"
    ]
    other = {**card, "area": "C3"}
    body = {"name": "别处", "place": "C1", "card": other}
    assert client.post("/api/v1/projects", body, "application/json").status_code == 404


def test_no_gate_is_passed_before_what_it_asks_for_is_there(hub):
    worker, planner = hub.actor("worker1"), hub.actor("planner")
    one = made(hub)
    with pytest.raises(InvalidError) as error:
        actions.move(worker, one.ref, "reserve", version=1)
    assert [issue.column for issue in error.value.issues] == ["scored"]
    one = actions.change(worker, one.ref, {"scores": SCORES}, version=1)
    one = actions.move(worker, one.ref, "reserve", version=one.version)
    annual = listing.create(planner, place="D", year=year(), title="清单")
    with pytest.raises(InvalidError) as error:
        listing.set_projects(planner, annual.pk, [one.ref], version=1)
    assert {issue.column for issue in error.value.issues} == {"near", "funded", "dated"}
    assert Project.objects.get(ref=one.ref).state == "reserve"
    for to in ("approved", "listed", "accepted"):
        with pytest.raises(ConflictError):
            actions.move(planner, one.ref, to, version=one.version)
    with pytest.raises(ConflictError, match="does not go to"):
        actions.move(planner, one.ref, "building", version=one.version)
    with pytest.raises(InvalidError):
        actions.move(worker, one.ref, "dropped", version=one.version)
    gone = actions.move(worker, one.ref, "dropped", version=one.version, note="选址被占用")
    assert gone.state == "dropped"
    assert queries.events(gone).first().note == "选址被占用"
    assert actions.move(worker, one.ref, "idea", version=gone.version).state == "idea"


def test_who_saw_an_older_version_is_refused_and_nothing_is_lost(hub):
    worker = hub.actor("worker1")
    one = made(hub)
    actions.change(worker, one.ref, {"name": "先改的"}, version=1)
    for late in (
        lambda: actions.change(worker, one.ref, {"name": "后改的"}, version=1),
        lambda: actions.set_milestones(worker, one.ref, [], version=1),
        lambda: actions.move(worker, one.ref, "dropped", version=1, note="x"),
    ):
        with pytest.raises(ConflictError, match="version 2"):
            late()
    assert queries.project(worker, one.ref).name == "先改的"


def test_a_list_approved_by_two_at_once_is_approved_once_and_frozen(hub):
    planner = hub.actor("planner")
    one = ready(hub)
    annual = listing.create(planner, place="D", year=year(), title="清单")
    annual = listing.set_projects(planner, annual.pk, [one.ref], version=1)
    assert queries.project(planner, one.ref).state == "listed"
    with pytest.raises(ConflictError):
        listing.create(planner, place="D", year=year(), title="又一份")
    with pytest.raises(MissingError):
        listing.approve(hub.actor("worker1"), annual.pk, version=annual.version)
    seen = annual.version
    listing.approve(planner, annual.pk, version=seen)
    with pytest.raises(ConflictError):
        listing.approve(planner, annual.pk, version=seen)
    annual = queries.annual(planner, annual.pk)
    assert (annual.state, annual.approved_by, annual.frozen[0]["ref"]) == (
        "approved",
        "planner",
        one.ref,
    )
    assert annual.frozen[0]["budget"] == [
        {"year": year(), "source": "区级财政", "planned_cny": 2e5}
    ]
    with pytest.raises(ConflictError, match="frozen"):
        listing.set_projects(planner, annual.pk, [], version=annual.version)
    now = queries.project(planner, one.ref)
    with pytest.raises(ConflictError, match="cannot change"):
        actions.change(planner, one.ref, {"facility_type": "toilet"}, version=now.version)
    line = {"year": year(), "source": "区级财政", "planned_cny": 9e9, "spent_cny": 0.0}
    with pytest.raises(ConflictError, match="fixed by the approval"):
        actions.set_budget(planner, one.ref, [line], version=now.version)
    spent = actions.set_budget(
        planner, one.ref, [{**line, "planned_cny": 2e5, "spent_cny": 5e4}], version=now.version
    )
    assert spent.budget.get().spent_cny == 5e4


def test_taken_off_the_draft_a_project_goes_back_to_the_reserve_and_on_one_list_only(hub):
    planner = hub.actor("planner")
    one, two = ready(hub), ready(hub)
    annual = listing.create(planner, place="D", year=year(), title="清单")
    annual = listing.set_projects(planner, annual.pk, [one.ref, two.ref], version=1)
    street = listing.create(planner, place="S1", year=year(), title="街道清单")
    with pytest.raises(ConflictError, match="another list"):
        listing.set_projects(planner, street.pk, [one.ref], version=1)
    annual = listing.set_projects(planner, annual.pk, [two.ref], version=annual.version)
    assert queries.project(planner, one.ref).state == "reserve"
    assert listing.set_projects(planner, street.pk, [one.ref], version=1).projects.count() == 1
    other = listing.create(planner, place="S2", year=year(), title="别的街道")
    with pytest.raises((InvalidError, ConflictError)):
        listing.set_projects(planner, other.pk, [two.ref], version=1)
    with pytest.raises(MissingError):
        listing.set_projects(planner, other.pk, ["P-1900-0001"], version=1)
    with pytest.raises(InvalidError, match="a project or more"):
        listing.approve(planner, other.pk, version=1)


def test_acceptance_changes_the_register_and_the_next_assessment_proves_it(hub):
    planner = hub.actor("planner")
    spaces.create(planner, {"ref": "R1", "name": "旧仓库", "area_m2": 300, **C1})
    one = building(
        hub, space="R1", planned={"floor_area_m2": 120, "capacity": 90}, promised={"people": 500}
    )
    with pytest.raises(ForbiddenError):
        accepting.accept(hub.actor("worker1"), one.ref, {}, version=one.version, on=day())
    before = len(list(register.facilities(planner)))
    one = accepting.accept(planner, one.ref, {"capacity": 80}, version=one.version, on=day())
    assert one.state == "accepted"
    new = register.facility(planner, one.facility)
    assert (new.type, new.capacity, new.floor_area_m2, new.place.code) == (
        "elder_canteen",
        80,
        120,
        "C1",
    )
    assert len(list(register.facilities(planner))) == before + 1
    assert register.space(planner, "R1").area_m2 == 180
    client = hub.client("planner")
    waiting = client.get(f"/api/v1/projects/{one.ref}/proof").json()
    assert (waiting["before"], waiting["after"], waiting["figures"]) == (1, 2, {})
    assess()
    proof = client.get(f"/api/v1/projects/{one.ref}/proof").json()
    figures = proof["figures"]
    assert figures["promised"] == {"people": 500}
    assert figures["planned_cny"] == 2e5
    areas = {(c["area"], c["scope"]) for c in figures["cards"]}
    assert areas >= {("C1", "type"), ("S1", "category"), ("D", "overall")}
    card = next(c for c in figures["cards"] if (c["area"], c["scope"]) == ("D", "type"))
    assert figures["newly_reached"] == pytest.approx(
        card["before"]["uncovered"] - card["after"]["uncovered"]
    )
    assert figures["newly_reached"] >= 0
    assert [p["project"] for p in client.get("/api/v1/proofs").json()] == [one.ref]
    with pytest.raises(ConflictError):
        accepting.accept(planner, one.ref, {}, version=one.version, on=day())


def test_what_cannot_be_accepted_leaves_everything_as_it_was(hub):
    planner = hub.actor("planner")
    one = building(hub)
    steps = [{"name": "验收准备", "due_on": day(3), "done_on": None}]
    one = actions.set_milestones(planner, one.ref, steps, version=one.version)
    with pytest.raises(InvalidError) as error:
        accepting.accept(planner, one.ref, {}, version=one.version, on=day())
    assert [issue.column for issue in error.value.issues] == ["finished"]
    one = actions.set_milestones(planner, one.ref, [], version=one.version)
    with pytest.raises(InvalidError):
        accepting.accept(planner, one.ref, {"capacity": -5}, version=one.version, on=day())
    assert queries.project(planner, one.ref).state == "building"
    assert register.facilities(planner).filter(name="社区食堂").count() == 0


def test_an_enlarged_facility_is_changed_and_the_whole_of_a_space_leaves_the_list(hub):
    planner = hub.actor("planner")
    known = register.facilities(planner).filter(type="clinic").first()
    one = building(
        hub, kind="enlarge", facility=known.ref, facility_type="clinic", planned={"capacity": 500}
    )
    accepting.accept(planner, one.ref, {}, version=one.version, on=day())
    assert register.facility(planner, known.ref).capacity == 500
    spaces.create(planner, {"ref": "R2", "name": "小屋", "area_m2": 60, **C1})
    Project.objects.filter(ref=one.ref).update(annual=None)
    from lifecircle.hub.planning.models import AnnualList

    AnnualList.objects.all().delete()
    two = building(hub, space="R2", lon=None, lat=None)
    accepting.accept(planner, two.ref, {}, version=two.version, on=day())
    with pytest.raises(MissingError):
        register.space(planner, "R2")


def test_delays_show_themselves(hub):
    worker, client = hub.actor("worker1"), hub.client("worker1")
    one = made(hub, due_on=day(-3))
    other = made(hub, due_on=day(30))
    steps = [
        {"name": "立项", "due_on": day(-10), "done_on": None},
        {"name": "开工", "due_on": day(5), "done_on": None},
    ]
    actions.set_milestones(worker, other.ref, steps, version=other.version)
    found = client.get("/api/v1/projects?late=true").json()["items"]
    assert {p["ref"]: p["late_days"] for p in found} == {one.ref: 3, other.ref: 10}
    summary = client.get("/api/v1/projects/summary").json()
    assert [late["ref"] for late in summary["late"]] == [other.ref, one.ref]
    assert summary["states"] == {"idea": 2}


def test_a_pilot_is_copied_to_other_places_without_its_money(hub):
    planner = hub.actor("planner")
    one = made(hub, pilot=True, scores=SCORES, supporting=["民政局"])
    with pytest.raises(ConflictError):
        actions.copy(planner, made(hub).ref, ["C2"])
    copies = actions.copy(planner, one.ref, ["C2", "C4", "C2"])
    assert [(c.place.code, c.state, c.copied_from.ref, c.scores) for c in copies] == [
        ("C2", "idea", one.ref, {}), ("C4", "idea", one.ref, {}),
    ]  # fmt: skip
    with pytest.raises(MissingError):
        actions.copy(hub.actor("worker1"), one.ref, ["C3"])


def test_nobody_reads_or_writes_projects_of_the_next_street(hub):
    one = made(hub)
    for who in ("worker3", "street2"):
        assert hub.client(who).get(f"/api/v1/projects/{one.ref}").status_code == 404
        assert hub.client(who).get("/api/v1/projects").json()["count"] == 0
        with pytest.raises(MissingError):
            actions.change(hub.actor(who), one.ref, {"name": "x"}, version=1)
    with pytest.raises(ForbiddenError):
        actions.change(hub.actor("grid1"), one.ref, {"name": "x"}, version=1)
    with pytest.raises((ForbiddenError, MissingError)):
        made(hub, "worker1", place="C3")
    assert hub.client("provider").get("/api/v1/projects").json()["count"] == 0


def test_a_department_writes_projects_of_its_categories_only(hub):
    from lifecircle.hub.actor import Actor
    from lifecircle.hub.people import actions as people

    people.grant(
        Actor.system("tests"), username="provider", role="department_officer", place="D",
        categories=[register.standards().types["kindergarten"].category],
    )  # fmt: skip
    officer = hub.actor("provider")
    one = made(hub, "provider", facility_type="kindergarten")
    with pytest.raises(ForbiddenError):
        made(hub, "provider")
    with pytest.raises(ForbiddenError):
        actions.change(officer, one.ref, {"facility_type": "elder_canteen"}, version=1)


@pytest.mark.parametrize(
    "values",
    [{"kind": "magic"}, {"facility_type": "castle"}, {"space": "nowhere"}, {"facility": "nothing"}, {"lon": 1.0, "lat": None},
     {"starts_on": day(5), "due_on": day(1)}, {"scores": {"need": {"score": 9, "reason": "x"}}},
     {"scores": {"need": {"score": 3, "reason": " "}}}, {"responsible": "resident"}, {"wrong": 1}],
)  # fmt: skip
def test_a_value_that_is_none_for_its_field_is_refused(hub, values):
    with pytest.raises((InvalidError, MissingError)):
        made(hub, **values)
    assert Project.objects.count() == 0


def test_budget_lines_come_once(hub):
    one = made(hub)
    line = {"year": 2027, "source": "市级", "planned_cny": 1.0}
    with pytest.raises(InvalidError, match="once"):
        actions.set_budget(hub.actor("worker1"), one.ref, [line, line], version=1)
    body = {"version": 1, "lines": [{**line, "planned_cny": -1}]}
    answer = hub.client("worker1").put(
        f"/api/v1/projects/{one.ref}/budget", body, "application/json"
    )
    assert answer.status_code == 422


def test_the_report_holds_every_project_and_no_formula(hub):
    one = ready(hub, name="=1+1")
    actions.set_risks(
        hub.actor("worker1"),
        one.ref,
        [{"text": "产权不清", "likelihood": 3, "impact": 4}],
        version=one.version,
    )
    client = hub.client("worker1")
    rows = list(
        csv.DictReader(
            io.StringIO(
                client.get("/api/v1/projects/export?format=csv").content.decode("utf-8-sig")
            )
        )
    )
    assert (rows[0]["ref"], rows[0]["name"], rows[0]["planned_cny"]) == (
        one.ref,
        "'=1+1",
        "200000.0",
    )
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/v1/projects/export").content))
    assert book.sheetnames == [
        "项目 Projects",
        "资金 Money",
        "节点 Milestones",
        "延误 Late",
        "风险 Risks",
    ]
    assert book["项目 Projects"]["B2"].data_type == "s"
    assert book["风险 Risks"]["C2"].value == "产权不清"
    assert book["资金 Money"]["C2"].value == 200000


def test_projects_follow_a_place_that_is_merged(hub):
    one = made(hub)
    body = {"codes": ["C1"], "on": day().isoformat()}
    answer = hub.client("planner").post("/api/v1/places/C2/merge", body, "application/json")
    assert answer.status_code == 200, answer.content
    assert queries.project(hub.actor("planner"), one.ref).place.code == "C2"
