"""Rosters: planned in turns or by a workbook, all or none; holes are what the ladder would find, said a week ahead."""

import datetime as dt
import io
import json

import numpy as np
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lifecircle.hub.audit.models import Entry
from lifecircle.hub.duty import queries
from lifecircle.hub.duty.holes import holes
from lifecircle.hub.duty.models import Shift
from lifecircle.hub.people.models import Account
from lifecircle.hub.places.models import Place
from lifecircle.hub.stream.models import Event

from .conftest import make_account
from .test_cases import Clock

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2027, 6, 7)


@pytest.fixture
def clock(monkeypatch):
    """Wednesday 2 June 2027, ten o'clock."""
    return Clock(monkeypatch)


def plan(hub, who="worker1", **said):
    body = {
        "place": "C1", "usernames": ["grid1"], "starts": "08:00", "ends": "20:00", "since": "2027-06-07",
        "until": "2027-06-13", **said,
    }  # fmt: skip
    return hub.client(who).post("/api/v1/shifts/plan", body, "application/json")


def week(hub, who="worker1", place="C1", day="2027-06-09"):
    return hub.client(who).get("/api/v1/shifts/week", {"place": place, "day": day})


def workbook(*rows, header=("日期", "开始", "结束", "值班人")):
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def send(hub, content, who="worker1", place="C1", name="六月.xlsx"):
    file = SimpleUploadedFile(name, content)
    return hub.client(who).post("/api/v1/shifts/import", {"file": file, "place": place})


def faults(answer):
    return [
        (one["row"], one["column"]) for one in answer.json()["issues"] if one["severity"] == "error"
    ]


def test_a_week_is_planned_in_turns_and_read_with_its_nights_as_holes(hub, clock):
    assert plan(hub, usernames=["grid1", "worker1"]).json() == {"made": 7, "same": 0, "empty": 0}
    found = week(hub).json()
    assert [one["username"] for one in found["shifts"]] == ["grid1", "worker1"] * 3 + ["grid1"]
    assert {(one["starts"], one["ends"], one["state"]) for one in found["shifts"]} == {
        ("08:00", "20:00", "later")
    }
    assert found["monday"] == "2027-06-07"
    assert len(found["holes"]) == 14  # before and after each day's shift, cut at midnight
    assert [(one["day"], one["starts"], one["ends"]) for one in found["holes"][:3]] == [
        ("2027-06-07", "00:00", "08:00"), ("2027-06-07", "20:00", "24:00"), ("2027-06-08", "00:00", "08:00"),
    ]  # fmt: skip
    nights = plan(hub, usernames=["worker1"], starts="20:00", ends="08:00")
    assert nights.json()["made"] == 7
    left = week(hub).json()["holes"]
    assert [(one["day"], one["starts"], one["ends"]) for one in left] == [
        ("2027-06-07", "00:00", "08:00")
    ]
    assert Event.objects.filter(kind="duty").count() == 2
    assert Entry.objects.filter(action="duty.planned").count() == 2


def test_the_same_plan_again_changes_nothing_and_nobody_is_on_duty_twice_at_a_time(hub, clock):
    plan(hub)
    assert plan(hub).json() == {"made": 0, "same": 7, "empty": 0}
    longer = plan(hub, until="2027-06-20")
    assert longer.json() == {"made": 7, "same": 7, "empty": 0}
    before = Shift.objects.count()
    clash = plan(hub, starts="19:00", ends="21:00", until="2027-07-07")
    assert (clash.status_code, clash.json()["message_zh"]) == (409, "grid1 2027-06-07 已在此值班")
    assert Shift.objects.count() == before
    assert plan(hub, starts="08:00", ends="08:00", since="2027-07-01", until="2027-07-03").json()["made"] == 3  # fmt: skip


@pytest.mark.parametrize("said", [
    {"since": "2027-06-01"}, {"until": "2027-06-01"}, {"until": "2027-12-01"}, {"weekdays": [0], "since": "2027-06-08"},
    {"usernames": ["nobody"]}, {"usernames": ["resident"]}, {"usernames": ["expired"]}, {"starts": "25:00"},
    {"starts": "08:00+09:00"}, {"usernames": []}, {"weekdays": [7]},
    {"since": "2027-06-02", "until": "2027-06-02", "starts": "07:00", "ends": "09:00"},
])  # fmt: skip
def test_what_cannot_be_planned_is_refused_whole(hub, clock, said):
    assert plan(hub, **said).status_code == 422
    assert not Shift.objects.exists()


def test_only_who_plans_there_plans_and_the_next_street_sees_nothing(hub, clock):
    assert plan(hub, who="grid1").status_code == 403
    assert plan(hub, who="worker3").status_code == 404
    assert plan(hub, who="operator").json()["made"] == 7
    assert week(hub, who="worker3").status_code == 404
    found = week(hub, who="grid1").json()
    assert not found["may_plan"]
    own = {one["username"]: one["acts"] for one in found["shifts"]}
    assert own == {"grid1": ["substitute", "take_off"]}  # their own
    assert week(hub, who="council").json()["shifts"][0]["acts"] == []
    assert hub.client("grid1").get("/api/v1/shifts/people", {"place": "C1"}).status_code == 403
    assert hub.client("worker3").get("/api/v1/shifts/holes").json() == []


def test_holes_are_said_a_week_ahead_of_places_that_keep_a_roster(hub, clock):
    client = hub.client("operator")
    assert client.get("/api/v1/shifts/holes").json() == []  # their roles are told, as they want
    plan(hub, since="2027-06-02", until="2027-06-30", starts="08:00", ends="08:00")
    assert client.get("/api/v1/shifts/holes").json() == []
    for one in Shift.objects.filter(starts_at__day=5):
        one.delete()
    street = {"place": "S1", "usernames": ["street1"], "since": "2027-06-02", "until": "2027-06-04"}
    plan(hub, who="operator", starts="10:00", ends="10:00", **street)
    found = client.get("/api/v1/shifts/holes").json()
    assert [(one["place"], one["hours"], len(one["holes"])) for one in found] == [
        ("C1", 24.0, 1), ("S1", 96.0, 1),
    ]  # fmt: skip
    hole = found[0]["holes"][0]
    assert (hole["day"], hole["starts"], hole["ends_day"], hole["ends"]) == (
        "2027-06-05", "08:00", "2027-06-06", "08:00",
    )  # fmt: skip
    assert [one["place"] for one in client.get("/api/v1/shifts/holes", {"place": "C1"}).json()] == ["C1"]  # fmt: skip


def test_a_hole_is_where_the_ladder_finds_nobody_on_the_roster(hub, clock):
    """The oracle is `on_duty`, asked minute by minute; accounts that are locked or end are nobody."""
    place = Place.objects.get(code="C1")
    make_account("leaving", expires_at=clock.at + dt.timedelta(hours=30))
    make_account("locked")
    Account.objects.filter(username="locked").update(is_active=False)
    dice = np.random.default_rng(7)
    for _ in range(12):
        start = clock.at + dt.timedelta(hours=int(dice.integers(0, 61)))
        name, stands = str(dice.choice(["grid1", "leaving", "locked"])), str(dice.choice(["", "worker1", "locked"]))  # fmt: skip
        Shift.objects.create(
            place=place, account=Account.objects.get(username=name), starts_at=start,
            ends_at=start + dt.timedelta(hours=int(dice.integers(1, 10))),
            substitute=Account.objects.filter(username=stands).first(),
        )  # fmt: skip
    until = clock.at + dt.timedelta(hours=72)
    spans = holes(Shift.objects.select_related("account", "substitute"), clock.at, until)
    at = since = clock.at
    by_roles = {one.username for one in queries.by_role(place)}
    while at < until:
        clock.at = at
        there = Shift.objects.filter(starts_at__lte=at, ends_at__gt=at)
        somebody = any((one.substitute or one.account).is_usable for one in there)
        assert somebody != any(begin <= at < end for begin, end in spans), at - since
        told = {one.username for one in queries.on_duty(place, "community", at)}
        assert somebody or told == by_roles
        at += dt.timedelta(minutes=30)


def test_who_is_on_now_is_replaced_and_hands_over_and_the_screens_hear_of_it(hub, clock):
    plan(hub, since="2027-06-02", until="2027-06-03", starts="09:00", ends="17:00")
    now, later = week(hub).json()["shifts"] or week(hub, day="2027-06-02").json()["shifts"]
    client = hub.client("worker1")
    assert week(hub, day="2027-06-02").json()["on_now"] == ["grid1"]
    body = {"username": "worker1"}
    client.post(f"/api/v1/shifts/{now['id']}/substitute", body, "application/json")
    found = week(hub, day="2027-06-02").json()
    assert (found["on_now"], found["shifts"][0]["substitute_name"]) == (["worker1"], "worker1")
    assert found["shifts"][0]["acts"] == ["substitute", "hand_over"]
    client.post(f"/api/v1/shifts/{now['id']}/hand-over", {"note": "交接"}, "application/json")
    clock.go(minutes=5)
    found = week(hub, day="2027-06-02").json()
    assert (found["on_now"], found["shifts"][0]["handed_over"]) == ([], True)
    assert found["instead"]  # the roles of the community are told until the next begins
    assert client.delete(f"/api/v1/shifts/{later['id']}").status_code == 204
    said = list(Event.objects.filter(kind="duty").order_by("pk").values_list("data", flat=True))
    assert [one["what"] for one in said] == ["planned", "substituted", "handed_over", "taken_off"]
    assert plan(hub, since="2027-06-02", until="2027-06-02", starts="09:00", ends="17:00").json()["same"] == 1  # fmt: skip


def test_a_month_is_typed_in_a_workbook_by_names_and_may_come_again(hub, clock):
    Account.objects.filter(username="grid1").update(name="王敏")
    form = hub.client("worker1").get("/api/v1/shifts/form.xlsx", {"place": "C1", "month": "2027-06-09"})  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(form.content))
    sheet = book.worksheets[0]
    assert sheet.max_row == 61  # the header, thirty days and thirty nights
    assert "王敏" in [row[0] for row in book.worksheets[1].iter_rows(values_only=True)]
    for row in range(2, sheet.max_row + 1):
        if str(sheet.cell(row, 1).value) >= "2027-06-03":
            sheet.cell(row, 4).value = "王敏" if row % 2 else "worker1"
    made = io.BytesIO()
    book.save(made)
    assert send(hub, made.getvalue()).json() == {"made": 56, "same": 0, "empty": 4}
    assert send(hub, made.getvalue()).json() == {"made": 0, "same": 56, "empty": 4}
    assert week(hub).json()["holes"] == []
    assert Entry.objects.filter(action="duty.planned").count() == 1
    assert "王敏" not in json.dumps(list(Entry.objects.values_list("detail", flat=True)), ensure_ascii=False)  # fmt: skip


def test_days_and_times_as_spreadsheets_keep_them_are_read(hub, clock):
    rows = [
        (dt.datetime(2027, 6, 7), dt.time(8), dt.time(20), "grid1"),  # noqa: DTZ001  (a cell has no zone)
        ("2027/6/8", "8:00", "24:00", "grid1"),
        ("2027年6月9日", "8:00", "08:00:00", "grid1"),
    ]  # fmt: skip
    assert send(hub, workbook(*rows)).json()["made"] == 3
    found = week(hub).json()["shifts"]
    assert [(one["day"], one["starts"], one["ends_day"], one["ends"]) for one in found] == [
        ("2027-06-07", "08:00", "2027-06-07", "20:00"), ("2027-06-08", "08:00", "2027-06-09", "24:00"),
        ("2027-06-09", "08:00", "2027-06-10", "08:00"),
    ]  # fmt: skip


def test_every_fault_of_a_table_is_told_at_once_with_row_and_column_and_nothing_is_planned(
    hub, clock
):
    for name in ("twin1", "twin2"):
        make_account(name)
        from lifecircle.hub.actor import Actor
        from lifecircle.hub.people import actions as people

        people.grant(Actor.system("t"), username=name, role="grid_worker", place="C1")
        Account.objects.filter(username=name).update(name="双胞")
    header = ("日期", "开始", "结束", "值班人", "替班人", "地方代码", "备注")
    rows = [
        ("2027-06-07", "08:00", "20:00", "grid1", None, None, None),
        ("07.06.2027", "8点", "20:00", "grid1", None, None, None),
        ("2027-06-08", "08:00", "20:61", "双胞", None, None, None),
        ("2027-06-08", "08:00", "20:00", "grid1", "查无此人", "C3", "x" * 501),
        ("2027-06-07", "19:00", "21:00", "grid1", None, None, None),
        ("2027-06-01", "08:00", "20:00", "grid1", None, None, None),
        (None, "08:00", "20:00", "grid1", None, None, None),
        ("2027-06-09", "08:00", "20:00", "worker3", None, None, None),
    ]
    answer = send(hub, workbook(*rows, header=header))
    assert answer.status_code == 422
    assert faults(answer) == [
        (3, "日期"), (3, "开始"), (4, "结束"), (4, "值班人"), (5, "地方代码"), (5, "备注"), (6, "值班人"), (7, "日期"),
        (8, "日期"), (9, "值班人"),
    ]  # fmt: skip
    assert {one["file"] for one in answer.json()["issues"]} == {"六月.xlsx"}
    assert not Shift.objects.exists()


def test_a_row_that_names_another_substitute_than_the_roster_is_a_fault(hub, clock):
    header = ("日期", "开始", "结束", "值班人", "替班人")
    row = ("2027-06-07", "08:00", "20:00", "grid1")
    assert send(hub, workbook((*row, "worker1"), header=header)).json()["made"] == 1
    assert send(hub, workbook((*row, None), header=header)).json()["same"] == 1
    again = send(hub, workbook((*row, "street1"), header=header))
    assert (again.status_code, faults(again)) == (422, [(2, "替班人")])


@pytest.mark.parametrize(("content", "name"), [
    (b"not a workbook", "六月.xlsx"), (b"", "六月.csv"), (b"a,b\n1,2\n", "六月.csv"), (b"x", "六月.exe"),
])  # fmt: skip
def test_what_is_no_roster_is_refused_in_words(hub, clock, content, name):
    answer = send(hub, content, name=name)
    assert answer.status_code == 422
    assert answer.json()["message_zh"]


def test_a_table_is_for_who_plans_at_each_of_its_places(hub, clock):
    content = workbook(("2027-06-07", "08:00", "20:00", "grid1"))
    assert send(hub, content, who="grid1").status_code == 403
    assert send(hub, content, place="C3").status_code == 404
    assert hub.client("grid1").get("/api/v1/shifts/form.xlsx", {"place": "C1"}).status_code == 403
    assert timezone.localdate() == dt.date(2027, 6, 2)
