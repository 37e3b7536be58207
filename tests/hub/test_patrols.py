"""Patrols: due once a period, entered once, each finding one open case, figures by a slow count; neighbours see nothing."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases.kinds import kinds
from lifecircle.hub.cases.models import Case, CaseEvent
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.patrols import actions, queries
from lifecircle.hub.patrols.actions import Found
from lifecircle.hub.patrols.checklists import checklist, checklists
from lifecircle.hub.patrols.models import Answer, Patrol, Plan
from lifecircle.hub.patrols.periods import period
from lifecircle.hub.places import actions as places
from lifecircle.hub.stream.models import Event

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2027, 6, 7)
ZONE = dt.timezone(dt.timedelta(hours=8))


class Clock:
    """The one clock, set by hand."""

    def __init__(self, monkeypatch):
        self.to(MONDAY)
        monkeypatch.setattr(timezone, "now", lambda: self.at)

    def to(self, day):
        self.at = dt.datetime.combine(day, dt.time(10), ZONE)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def answers(name="stairs", **wrong):
    """All in order but some, each with what is said of it."""
    items = [one.id for one in checklist(name).items]
    assert set(wrong) <= set(items)
    return [Found(item, "not_ok" if item in wrong else "ok", wrong.get(item, "")) for item in items]


def entered(hub, who="grid1", place="C1", name="stairs", on=None, key=None, **wrong):
    return actions.enter(
        hub.actor(who), key=key or uuid.uuid4(), place=place, checklist_=name,
        on=on or timezone.localdate(), found=answers(name, **wrong),
    )  # fmt: skip


def planned(hub, who="worker1", place="C1", name="stairs", **values):
    return actions.plan(hub.actor(who), place=place, checklist_=name, **values)


def the_due(hub, who="grid1"):
    return [(one["place"], one["checklist"], one["done_on"], one["missed"]) for one in queries.due(hub.actor(who))]  # fmt: skip


def test_check_lists_lead_to_kinds_that_there_are_and_name_no_point_twice():
    for one in checklists().values():
        assert {item.kind for item in one.items} <= set(kinds())
        assert len({item.id for item in one.items}) == len(one.items)


def test_what_is_not_in_order_becomes_one_case_however_often_it_is_sent(hub, clock):
    key = uuid.uuid4()
    body = {"key": str(key), "place": "C1", "checklist": "stairs", "on": str(MONDAY), "answers": [
        {"item": one.item, "answer": one.answer, "note": one.note} for one in answers(handrail="三层松动", light="")]}  # fmt: skip
    first, again = (hub.client("grid1").post("/api/v1/patrols", body, "application/json") for _ in range(2))  # fmt: skip
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Patrol.objects.count() == 1
    found = {one["item"]: one["case"] for one in first.json()["answers"] if one["answer"] == "not_ok"}  # fmt: skip
    raised = Case.objects.order_by("pk")
    assert [(one.ref, one.kind, one.source, one.place.code) for one in raised] == [
        (found["handrail"], "repair", "inspection", "C1"), (found["light"], "lamp", "inspection", "C1"),
    ]  # fmt: skip
    assert raised[0].about == "三层松动"
    assert "梯道与栏杆" in raised[0].title
    assert Event.objects.filter(kind="patrol").count() == 1


def test_found_again_it_is_told_in_the_open_case_and_is_a_new_one_once_that_is_over(hub, clock):
    first = entered(hub, handrail="松动").answers.get(item="handrail").case
    clock.to(MONDAY + dt.timedelta(7))
    assert entered(hub, handrail="仍松动").answers.get(item="handrail").case == first
    assert CaseEvent.objects.filter(case=first, what="again").count() == 1
    for name in ("accept", "resolve", "verify", "close"):
        version = Case.objects.get(pk=first.pk).version
        cases.move(hub.actor("worker1"), first.ref, name, version=version, values={"note": "x"})
    other = entered(hub, handrail="又松动").answers.get(item="handrail").case
    assert other != first
    assert Case.objects.get(pk=first.pk).state == "closed"


def test_every_point_is_answered_and_no_other_and_the_day_is_of_the_last_week(hub, clock):
    whole = answers()
    for found in (whole[1:], [*whole, whole[0]], [*whole[1:], Found("nothing", "ok")]):
        with pytest.raises(InvalidError):
            actions.enter(hub.actor("grid1"), key=uuid.uuid4(), place="C1", checklist_="stairs", on=MONDAY, found=found)  # fmt: skip
    for days in (-8, 1):
        with pytest.raises(InvalidError):
            entered(hub, on=MONDAY + dt.timedelta(days))
    with pytest.raises(InvalidError):
        actions.enter(hub.actor("grid1"), key=uuid.uuid4(), place="C1", checklist_="x", on=MONDAY, found=whole)  # fmt: skip
    assert not Patrol.objects.exists()
    assert entered(hub, on=MONDAY - dt.timedelta(7)).pk


def test_a_key_of_anothers_patrol_is_refused(hub, clock):
    key = uuid.uuid4()
    entered(hub, key=key)
    with pytest.raises(InvalidError):
        entered(hub, who="worker1", key=key)
    with pytest.raises(InvalidError):
        entered(hub, who="worker3", place="C3", key=key)


def test_two_sendings_of_a_patrol_that_meet_are_one(hub, clock, monkeypatch):
    key = uuid.uuid4()
    first = entered(hub, key=key, handrail="x")
    real, seen = actions._known, []

    def late(*values):
        """The first look comes before the other has committed."""
        seen.append(values)
        return real(*values) if len(seen) > 1 else None

    monkeypatch.setattr(actions, "_known", late)
    assert entered(hub, key=key, handrail="x") == first
    assert (Patrol.objects.count(), Answer.objects.count(), Case.objects.count()) == (1, 5, 1)
    assert not CaseEvent.objects.filter(what="again").exists()


def test_a_patrol_is_due_once_a_period_and_what_was_missed_comes_first(hub, clock):
    planned(hub)
    planned(hub, name="lifts")
    planned(hub, name="gas", starts_on=MONDAY + dt.timedelta(1))
    assert the_due(hub) == [("C1", "stairs", None, False), ("C1", "lifts", None, False)]
    entered(hub)
    assert the_due(hub) == [("C1", "lifts", None, False), ("C1", "stairs", MONDAY, False)]
    clock.to(MONDAY + dt.timedelta(14))  # a week without
    assert the_due(hub)[0] == ("C1", "stairs", None, True)
    clock.to(dt.date(2027, 7, 1))  # June began before the plan did
    assert ("C1", "lifts", None, False) in the_due(hub)


def test_a_plan_is_there_once_ends_and_begins_anew(hub, clock):
    one = planned(hub)
    with pytest.raises(ConflictError):
        planned(hub, who="street1")
    actions.end(hub.actor("worker1"), one.pk)
    assert the_due(hub) == []
    planned(hub, every="day")
    assert hub.client("worker1").get("/api/v1/patrols/plans").json()[0]["every"] == "day"


@given(st.dates(dt.date(2020, 1, 1), dt.date(2032, 12, 31)), st.sampled_from(["day", "week", "month"]))  # fmt: skip
def test_periods_are_the_calendars(day, every):
    one = period(every, day)
    assert one.first <= day <= one.last
    name = {"day": "%Y-%m-%d", "week": "%G-%V", "month": "%Y-%m"}[every]
    days = [day + dt.timedelta(k) for k in range(-40, 41)]
    alike = [each for each in days if each.strftime(name) == day.strftime(name)]
    assert (one.first, one.last) == (min(alike), max(alike))


def test_figures_are_those_of_a_slow_count(hub, clock):
    planned(hub)
    planned(hub, name="elder_visit", every="day", starts_on=MONDAY + dt.timedelta(2))
    done = {"stairs": (0, 1, 15, 22), "elder_visit": (2, 3, 3, 10)}
    for name, days in done.items():
        for k in days:
            clock.to(MONDAY + dt.timedelta(k))
            entered(hub, name=name)
    ended = MONDAY + dt.timedelta(20)
    clock.to(ended)
    actions.end(hub.actor("worker1"), Plan.objects.get(checklist="elder_visit").pk)
    until = MONDAY + dt.timedelta(27)
    clock.to(until)
    weeks = [range(7 * k, 7 * k + 7) for k in range(4)]
    wanted = [any(day in week for day in done["stairs"]) for week in weeks]
    wanted += [k in done["elder_visit"] for k in range(2, 20)]
    got = queries.figures(hub.actor("worker1"), since=MONDAY, until=until)
    assert (got["due"], got["done_in_time"], got["patrols"]) == (len(wanted), sum(wanted), 8)
    assert got["share"] == pytest.approx(sum(wanted) / len(wanted))


def test_a_finding_is_open_until_its_case_is_settled(hub, clock):
    case = entered(hub, handrail="x", light="y").answers.get(item="handrail").case
    clock.to(MONDAY + dt.timedelta(1))
    entered(hub, handrail="x")  # the same finding

    def counted():
        got = queries.figures(hub.actor("worker1"), since=MONDAY, until=MONDAY + dt.timedelta(1))
        return got["findings"], got["open_findings"]

    assert counted() == (3, 2)
    for name in ("accept", "resolve"):
        version = Case.objects.get(pk=case.pk).version
        cases.move(hub.actor("worker1"), case.ref, name, version=version, values={"note": "x"})
    assert counted() == (3, 1)


def test_who_may_plan_look_and_see(hub, clock):
    for who in ("grid1", "planner", "council"):
        with pytest.raises(ForbiddenError):
            planned(hub, who=who)
    for who in ("planner", "council"):
        with pytest.raises(ForbiddenError):
            entered(hub, who=who)
    one, made = planned(hub), entered(hub)
    for who in ("worker3", "street2", "auditor"):
        stranger = hub.actor(who)
        with pytest.raises(MissingError):
            queries.plan(stranger, one.pk)
        with pytest.raises(MissingError):
            queries.patrol(stranger, made.pk)
        with pytest.raises(MissingError):
            entered(hub, who=who)
        assert (queries.due(stranger), list(queries.patrols(stranger))) == ([], [])
        assert queries.figures(stranger, since=MONDAY, until=MONDAY)["patrols"] == 0
    assert queries.patrol(hub.actor("council"), made.pk) == made


def test_plans_and_patrols_follow_a_place_that_ends(hub, clock):
    planned(hub)
    planned(hub, who="street1", place="C2")
    planned(hub, name="gas")
    entered(hub)
    places.merge(hub.actor("planner"), ["C1"], into="C2", on=MONDAY)
    assert [(one.place.code, one.checklist) for one in Plan.objects.filter(ended_on__isnull=True)] == [
        ("C2", "stairs"), ("C2", "gas"),
    ]  # fmt: skip
    assert Patrol.objects.get().place.code == "C2"
    assert Answer.objects.count() == 5
