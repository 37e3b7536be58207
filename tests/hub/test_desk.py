"""What a worker's phone asks: their own list, and moves that are sent again and late."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from hub.test_cases import Clock
from lifecircle.hub.cases import actions, queries
from lifecircle.hub.cases.actions import Report
from lifecircle.hub.cases.models import Case, CaseEvent
from lifecircle.hub.errors import ConflictError, InvalidError

pytestmark = pytest.mark.django_db
AT = {"lon": 106.5508, "lat": 29.55}


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def case(hub, clock):
    return actions.report(hub.actor("worker1"), place="C1", told=Report("repair", "worker", **AT))


def move(hub, ref, name, who="grid1", **body):
    path = f"/api/v1/cases/{ref}/moves/{name}"
    return hub.client(who).post(path, body, "application/json")


def history(case):
    return list(CaseEvent.objects.filter(case=case).values_list("what", flat=True))


def desk(hub, who="grid1"):
    return [one["ref"] for one in hub.client(who).get("/api/v1/cases/desk").json()]


def test_a_move_that_is_sent_again_is_made_once(hub, case):
    body = {"version": 1, "key": str(uuid.uuid4())}
    answers = [move(hub, case.ref, "accept", **body) for _ in range(3)]
    assert [one.status_code for one in answers] == [200] * 3
    assert {(one.json()["state"], one.json()["version"]) for one in answers} == {("accepted", 2)}
    assert history(case) == ["received", "accept"]
    # Sent again after others have moved it on, it is still the one that was made.
    assert move(hub, case.ref, "arrive", version=2).status_code == 200
    late = move(hub, case.ref, "accept", **body)
    assert (late.status_code, late.json()["state"]) == (200, "on_site")


def test_a_key_is_of_one_move_of_one_person_on_one_case(hub, case):
    key = str(uuid.uuid4())
    move(hub, case.ref, "accept", version=1, key=key)
    other = actions.report(hub.actor("worker1"), place="C1", told=Report("lamp", "worker"))
    assert move(hub, case.ref, "arrive", version=2, key=key).status_code == 422
    assert move(hub, other.ref, "arrive", version=1, key=key).status_code == 422
    assert move(hub, case.ref, "accept", "worker1", version=1, key=key).status_code == 422
    assert move(hub, other.ref, "accept", version=1, key=key).status_code == 422
    assert history(other) == ["received"]


def test_who_was_slower_is_told_and_has_changed_nothing(hub, case):
    assert move(hub, case.ref, "accept", "worker1", version=1).status_code == 200
    answer = move(hub, case.ref, "accept", version=1, key=str(uuid.uuid4()))
    assert answer.status_code == 409
    assert Case.objects.get(pk=case.pk).holder.username == "worker1"
    assert history(case) == ["received", "accept"]


def test_arriving_and_resolving_count_from_when_they_happened_an_answer_from_when_it_is_heard(
    hub, case
):
    opened = timezone.now() - dt.timedelta(hours=3)
    Case.objects.filter(pk=case.pk).update(opened_at=opened)
    now, made = timezone.now(), opened + dt.timedelta(hours=1)
    move(hub, case.ref, "accept", version=1, made_at=made.isoformat())
    move(hub, case.ref, "arrive", version=2, made_at=made.isoformat())
    answer = move(hub, case.ref, "resolve", version=3, note="x", made_at=made.isoformat())
    one = Case.objects.get(pk=case.pk)
    assert answer.status_code == 200
    assert one.answered_at >= now
    assert (one.arrived_at, one.resolved_at) == (made, made)
    events = CaseEvent.objects.filter(case=case).order_by("pk")[1:]
    assert all(each.at >= now and each.detail["made_at"] == made.isoformat() for each in events)


@pytest.mark.parametrize("hours", [-1000, 1000])
def test_a_phone_whose_clock_is_wrong_neither_arrives_before_the_case_nor_after_now(
    hub, case, hours
):
    wrong = (timezone.now() + dt.timedelta(hours=hours)).isoformat()
    move(hub, case.ref, "accept", version=1)
    move(hub, case.ref, "arrive", version=2, made_at=wrong)
    one = Case.objects.get(pk=case.pk)
    assert one.opened_at <= one.arrived_at <= timezone.now()


def test_what_of_the_check_list_was_seen_to_stands_in_the_history(hub, case):
    move(hub, case.ref, "accept", version=1)
    wrong = move(hub, case.ref, "resolve", version=2, note="x", checked=["别的"])
    assert wrong.status_code == 422
    move(hub, case.ref, "resolve", version=2, note="已加固", checked=["拍照留存前后"])
    last = CaseEvent.objects.filter(case=case).last()
    assert (last.what, last.detail["checked"]) == ("resolve", ["拍照留存前后"])


def test_handed_up_it_goes_to_the_tier_above_at_once_and_off_the_desk(hub, clock, case):
    clock.go()
    assert desk(hub) == [case.ref]
    move(hub, case.ref, "accept", version=1)
    move(hub, case.ref, "arrive", version=2)
    assert move(hub, case.ref, "hand_up", version=3).status_code == 422  # a reason is needed
    assert move(hub, case.ref, "hand_up", version=3, note="须专业队伍").json()["state"] == "received"  # fmt: skip
    clock.go()
    one = Case.objects.get(pk=case.pk)
    assert (one.tier, one.holder) == ("community", None)
    assert desk(hub, "worker1") == [case.ref]


def test_a_desk_holds_what_is_mine_and_what_waits_for_me_the_most_urgent_first(hub, clock, case):
    later = actions.report(hub.actor("worker1"), place="C1", told=Report("smoke", "device"))
    actions.report(hub.actor("worker3"), place="C3", told=Report("smoke", "device"))
    clock.go(minutes=1)
    move(hub, case.ref, "accept", version=1)
    assert desk(hub) == [later.ref, case.ref]
    assert desk(hub, "worker1") == []
    clock.go(minutes=3)
    assert desk(hub, "worker1") == [later.ref]
    one = hub.client("grid1").get("/api/v1/cases/desk").json()[1]
    assert (one["spot"], one["spot_is_place"]) == ([AT["lon"], AT["lat"]], False)
    assert {each["name"] for each in one["moves"]} == {"decline", "hand_up", "arrive", "resolve"}
    place = hub.client("grid1").get("/api/v1/cases/desk").json()[0]
    assert place["spot_is_place"]
    assert place["spot"] is not None
    move(hub, case.ref, "resolve", version=2, note="x")
    assert desk(hub) == [later.ref]
    for who in ("planner", "council"):
        assert hub.client(who).get("/api/v1/cases/desk").status_code == 403


def test_a_report_that_is_sent_again_is_one_case(hub):
    body = {"place": "C1", "kind": "lamp", "title": "灯", "key": str(uuid.uuid4())}
    sent = [hub.client("grid1").post("/api/v1/cases", body, "application/json") for _ in range(2)]
    assert [one.status_code for one in sent] == [201, 201]
    assert sent[0].json()["ref"] == sent[1].json()["ref"]
    assert Case.objects.count() == 1
    other = hub.client("worker1").post("/api/v1/cases", body, "application/json")
    assert other.status_code == 422


def test_two_sendings_of_a_report_that_meet_are_one_case(hub, monkeypatch):
    told = Report("lamp", "worker", key=uuid.uuid4())
    first = actions.report(hub.actor("grid1"), place="C1", told=told)
    real, seen = actions.made_with, []

    def late(*values, **named):
        """The first look comes before the other has committed."""
        seen.append(values)
        return real(*values, **named) if len(seen) > 1 else None

    monkeypatch.setattr(actions, "made_with", late)
    assert actions.report(hub.actor("grid1"), place="C1", told=told) == first
    assert (Case.objects.count(), len(seen)) == (1, 2)


def test_the_same_move_at_the_same_moment_is_refused_or_made_once_never_twice(hub, case):
    key = uuid.uuid4()
    actions.move(hub.actor("grid1"), case.ref, "accept", version=1, key=key)
    with pytest.raises(ConflictError):
        actions.move(hub.actor("grid1"), case.ref, "accept", version=2, key=uuid.uuid4())
    with pytest.raises(InvalidError):
        actions.move(hub.actor("grid1"), case.ref, "resolve", version=2, key=key, values={"note": "x"})  # fmt: skip
    assert queries.case(hub.actor("grid1"), case.ref).version == 2
