"""Cases: one life, nothing lost, nobody skipped on the ladder, nobody woken for what is over; the door to its holder only."""

import datetime as dt
import http.server
import io
import json
import threading
import zoneinfo

import openpyxl
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecircle.hub import set_back
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit.models import Entry
from lifecircle.hub.cases import actions, clocks, evaluating, figures, ladder, queries
from lifecircle.hub.cases.actions import Report
from lifecircle.hub.cases.kinds import kinds, moves
from lifecircle.hub.cases.models import Case, CaseEvent, Rung
from lifecircle.hub.duty import actions as duty
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.notify import actions as notify
from lifecircle.hub.notify import gateways
from lifecircle.hub.notify.models import Notice
from lifecircle.hub.people.models import Grant
from lifecircle.hub.places import actions as places
from lifecircle.hub.places import queries as tree

pytestmark = pytest.mark.django_db
ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
START = dt.datetime(2027, 6, 2, 10, tzinfo=ZONE)  # a Wednesday, after every role was given


class Clock:
    """The one clock, set by hand."""

    def __init__(self, monkeypatch, at=START):
        self.at = at
        monkeypatch.setattr(timezone, "now", lambda: self.at)

    def go(self, **span):
        self.at += dt.timedelta(**span)
        ladder.climb()


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def reported(hub, kind="lamp", who="worker1", place="C1", **more):
    return actions.report(
        hub.actor(who), place=place, told=Report(kind=kind, source="worker", **more)
    )


def moved(hub, one, name, who="worker1", **values):
    return actions.move(
        hub.actor(who), one.ref, name, version=Case.objects.get(pk=one.pk).version, values=values
    )


def told(one):
    return [
        (n.account.username, n.channel, n.state)
        for n in Notice.objects.filter(case=one, who="").select_related("account")
    ]


def test_kinds_and_workflow_hold_together():
    states = set(Case.STATES)
    for step in moves().values():
        assert set(step.sources) <= states
        assert step.to in states
    assert {kind.priority for kind in kinds().values()} == set(clocks.NORMS)


def test_a_case_goes_its_whole_life_with_every_step_on_record(hub, clock):
    client = hub.client("worker1")
    body = {
        "place": "C1",
        "kind": "repair",
        "about": "栏杆松动",
        "door": "3栋2单元501",
        "reporter": "李先生 13800138000",
    }
    one = client.post("/api/v1/cases", body, "application/json").json()
    assert (one["state"], one["priority"], one["ref"]) == ("received", "P3", "C-20270602-0001")
    assert "13800138000" not in json.dumps(one)
    for name, extra in (
        ("accept", {}),
        ("arrive", {}),
        ("resolve", {"note": "已加固"}),
        ("verify", {}),
        ("close", {}),
    ):
        clock.go(minutes=10)
        path = f"/api/v1/cases/{one['ref']}/moves/{name}"
        answer = client.post(path, {"version": one["version"], **extra}, "application/json")
        assert answer.status_code == 200, answer.content
        one = answer.json()
    assert one["state"] == "closed"
    assert one["late"] == []
    history = client.get(f"/api/v1/cases/{one['ref']}/history").json()
    assert [e["what"] for e in history if e["by"] == "worker1"] == [
        "received",
        "accept",
        "arrive",
        "resolve",
        "verify",
        "close",
    ]
    again = client.post(
        f"/api/v1/cases/{one['ref']}/moves/accept", {"version": one["version"]}, "application/json"
    )
    assert again.status_code == 409


def test_what_a_move_needs_is_asked_for_and_second_writers_are_told(hub, clock):
    one = reported(hub)
    with pytest.raises(InvalidError, match="assignee"):
        moved(hub, one, "assign")
    with pytest.raises(InvalidError, match="works there"):
        moved(hub, one, "assign", assignee="worker3")
    with pytest.raises(InvalidError, match="staff"):
        moved(hub, one, "assign", assignee="nobody")
    with pytest.raises(ConflictError):
        moved(hub, one, "resolve", note="x")
    moved(hub, one, "assign", assignee="grid1")
    with pytest.raises(ConflictError, match="newer"):
        actions.move(hub.actor("grid1"), one.ref, "accept", version=1)
    with pytest.raises(ForbiddenError, match="somebody else"):
        moved(hub, one, "accept", who="worker1")
    moved(hub, one, "accept", who="grid1")
    with pytest.raises(ForbiddenError, match="who holds"):
        moved(hub, one, "arrive", who="worker1")
    with pytest.raises(ForbiddenError):
        moved(hub, one, "verify", who="grid1")
    with pytest.raises(InvalidError, match="one of"):
        moved(hub, one, "teleport")


def test_an_unanswered_p1_adds_a_tier_every_three_minutes_and_takes_none_away(hub, clock):
    one, _ = actions.raise_case(
        tree.by_code(["C1"])["C1"],
        Report(kind="help_call", source="device", origin="d1:call"),
        by="device",
    )
    clock.go(seconds=1)
    first = {name for name, _, _ in told(one)}
    assert first == {"grid1", "operator"}  # who is nearest, and the duty desk
    clock.go(minutes=3)
    assert {name for name, _, _ in told(one)} == {"grid1", "operator", "worker1"}
    clock.go(minutes=3)
    clock.go(minutes=3)
    everybody = {name for name, _, _ in told(one)}
    assert everybody == {"grid1", "worker1", "street1", "operator", "planner"}
    before = Notice.objects.filter(case=one, account__username="grid1").count()
    clock.go(minutes=3)
    assert Notice.objects.filter(case=one, account__username="grid1").count() == before + 1
    assert Case.objects.get(pk=one.pk).tier == "district"
    moved(hub, one, "accept", who="grid1")
    count = Notice.objects.filter(case=one).count()
    clock.go(hours=2)
    assert Notice.objects.filter(case=one).count() == count
    assert not Rung.objects.filter(case=one, fired_at__isnull=True, off_at__isnull=True).exists()


def test_a_clock_that_is_set_back_delays_nobody_and_is_told_again_where_telling_failed(hub, clock):
    one, _ = actions.raise_case(
        tree.by_code(["C1"])["C1"], Report(kind="help_call", source="device"), by="device"
    )
    lamp = reported(hub)
    slow = list(lamp.rungs.order_by("pk").values_list("due_at", flat=True))
    clock.go(seconds=60)
    failures = [RuntimeError("the database is away")]

    def then(by):
        if failures:
            raise failures.pop()
        ladder.set_back(by)

    watch = set_back.Clock(then)
    clock.at -= dt.timedelta(hours=1)
    with pytest.raises(RuntimeError):
        watch.look()
    assert watch.look()
    assert not watch.look()
    ladder.set_back(dt.timedelta(hours=1))  # a second worker says the same
    fired = []
    for _ in range(121):  # until three minutes after it was told
        clock.go(seconds=1)
        fired.append(one.rungs.filter(tier="community", fired_at__isnull=False).exists())
    assert fired.index(True) in range(118, 121)
    assert (
        list(lamp.rungs.order_by("pk").values_list("due_at", flat=True)) == slow
    )  # hours of work are the clock's


def test_an_empty_tier_passes_on_at_once_and_not_mine_jumps_up(hub, clock):
    one, _ = actions.raise_case(
        tree.by_code(["C2"])["C2"], Report(kind="smoke", source="device"), by="device"
    )
    clock.go(
        seconds=1
    )  # C2 has neither grid nor community worker: the street is told within a moment
    clock.go(seconds=1)
    clock.go(seconds=1)
    assert {name for name, _, _ in told(one)} == {"street1", "operator"}
    assert [e.what for e in queries.events(one)][:3] == ["received", "nobody", "nobody"]
    lamp = reported(hub, "repair")
    moved(hub, lamp, "assign", assignee="grid1")
    moved(hub, lamp, "decline", who="grid1", note="不属于网格事项")
    clock.go(seconds=1)
    assert Case.objects.get(pk=lamp.pk).tier == "community"
    assert ("worker1", "app", "sent") in told(lamp)


def test_the_roster_comes_before_roles_and_substitutes_before_those_they_stand_in_for(hub, clock):
    planner = hub.actor("operator")
    at = {
        "starts_at": clock.at - dt.timedelta(hours=1),
        "ends_at": clock.at + dt.timedelta(hours=8),
    }
    shift = duty.put(planner, place="C1", username="street1", **at)
    one, _ = actions.raise_case(
        tree.by_code(["C1"])["C1"], Report(kind="water_leak", source="device"), by="device"
    )
    clock.go(minutes=16)
    assert ("street1", "app", "sent") in told(one)
    assert "worker1" not in {name for name, _, _ in told(one)}
    duty.substitute(planner, shift.pk, "grid1")
    other, _ = actions.raise_case(
        tree.by_code(["C1"])["C1"],
        Report(kind="water_leak", source="device", title="二"),
        by="device",
    )
    clock.go(minutes=16)
    assert {name for name, _, _ in told(other)} == {"grid1"}
    duty.hand_over(planner, shift.pk, "一户漏水待复查")
    with pytest.raises(InvalidError):
        duty.hand_over(planner, shift.pk, "again")
    with pytest.raises(InvalidError):
        duty.put(planner, place="C1", username="grid1", starts_at=clock.at, ends_at=clock.at)
    with pytest.raises(ForbiddenError):
        duty.put(hub.actor("grid1"), place="C1", username="grid1", **at)


@pytest.mark.one_database
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(["grid1", "worker1", "street1", "operator"]), st.sampled_from(["C1", "C2", "S1", "D"]),
                          st.integers(-60, 60), st.integers(1, 90)), max_size=6),
       st.sampled_from(["C1", "C2", "C3"]), st.integers(0, 40), st.booleans())  # fmt: skip
def test_whatever_the_roster_an_unanswered_p1_reaches_somebody_and_nobody_is_woken_once_it_is_closed(
    hub, monkeypatch, roster, where, minutes, closed
):
    """Random rosters, with gaps, on a clock that is set by hand."""
    Notice.objects.all().delete()
    clock = Clock(monkeypatch)
    from lifecircle.hub.duty.models import Shift

    Shift.objects.all().delete()
    system = Actor.system("test")
    for who, place, begins, lasts in roster:
        starts = START + dt.timedelta(minutes=begins)
        duty.put(
            system,
            place=place,
            username=who,
            starts_at=starts,
            ends_at=starts + dt.timedelta(minutes=lasts),
        )
    one, _ = actions.raise_case(
        tree.by_code([where])[where], Report(kind="help_call", source="device"), by="device"
    )
    if closed:
        actions.move(system, one.ref, "accept", version=1)
    for _ in range(minutes + 12):
        clock.go(minutes=1)
    reached = Notice.objects.filter(case=one).count()
    assert reached == 0 if closed else reached > 0


def test_who_is_told_at_once_is_told_by_whoever_raises_the_case_with_no_worker(
    hub, clock, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        one, _ = actions.raise_case(
            tree.by_code(["C1"])["C1"], Report(kind="help_call", source="device"), by="device"
        )
    assert {name for name, _, _ in told(one)} == {"grid1", "operator"}
    rung = one.rungs.get(tier="grid")
    assert (rung.fired_at, rung.reached) == (clock.at, 2)
    assert one.rungs.filter(fired_at__isnull=True).count() == 3
    events = CaseEvent.objects.filter(case=one).order_by("pk")
    assert list(events.values_list("what", flat=True)) == ["received", "escalated"]
    assert ladder.climb() == 0  # not once more


def test_after_an_outage_everybody_is_told_once_though_several_steps_are_due(hub, clock):
    one, _ = actions.raise_case(
        tree.by_code(["C1"])["C1"], Report(kind="help_call", source="device"), by="device"
    )
    clock.go(minutes=4)  # nobody climbed meanwhile
    names = [name for name, _, _ in told(one)]
    assert sorted(names) == ["grid1", "operator", "worker1"]
    events = CaseEvent.objects.filter(case=one, what="escalated").order_by("pk")
    assert [each.detail["tier"] for each in events] == ["grid", "community"]


def test_where_nobody_is_at_the_first_tier_the_next_is_told_at_once_with_no_worker(
    hub, clock, django_capture_on_commit_callbacks
):
    Grant.objects.filter(account__username="grid1").delete()
    with django_capture_on_commit_callbacks(execute=True):
        one, _ = actions.raise_case(
            tree.by_code(["C1"])["C1"], Report(kind="water_leak", source="device"), by="device"
        )
    assert {name for name, _, _ in told(one)} == {"worker1"}


def test_an_alarm_that_comes_back_is_told_at_once_with_no_worker(
    hub, clock, django_capture_on_commit_callbacks
):
    alarm = Report(kind="help_call", source="device", origin="device:b1:help_call")
    one, _ = actions.raise_case(tree.by_code(["C1"])["C1"], alarm, by="device")
    for name in ("accept", "arrive", "resolve"):
        moved(hub, one, name, who="grid1", note="x")
    Case.objects.filter(pk=one.pk).update(holder=None)
    before = len(told(one))
    with django_capture_on_commit_callbacks(execute=True):
        again, is_new = actions.raise_case(tree.by_code(["C1"])["C1"], alarm, by="device")
    assert (again.pk, is_new) == (one.pk, False)
    assert {name for name, _, _ in told(one)[before:]} == {"grid1", "operator"}


def test_rungs_that_fail_hold_up_no_other_however_many_they_are(hub, clock, monkeypatch):
    cases = [
        actions.raise_case(
            tree.by_code(["C1"])["C1"],
            Report(kind="help_call", source="device", title=str(k)),
            by="device",
        )[0]
        for k in range(7)
    ]
    monkeypatch.setattr(ladder, "_BATCH", 2)
    broken, tell_all = {one.pk for one in cases[:5]}, ladder.notify.tell_all

    def tell(told):
        said = list(told)
        if any(case.pk in broken for case, _, _ in said):
            raise ZeroDivisionError
        tell_all(said)

    monkeypatch.setattr(ladder.notify, "tell_all", tell)
    assert ladder.climb() == 2
    assert [bool(told(one)) for one in cases] == [False] * 5 + [True] * 2


def test_an_alarm_is_raised_though_nobody_can_be_told_and_they_are_told_later(
    hub, clock, monkeypatch, django_capture_on_commit_callbacks
):
    with monkeypatch.context() as broken:
        broken.setattr(ladder.notify, "tell_all", lambda _: 1 / 0)
        with django_capture_on_commit_callbacks(execute=True):
            one, _ = actions.raise_case(
                tree.by_code(["C1"])["C1"], Report(kind="help_call", source="device"), by="device"
            )
    assert (Case.objects.filter(pk=one.pk).count(), told(one)) == (1, [])
    assert ladder.climb() == 1
    assert {name for name, _, _ in told(one)} == {"grid1", "operator"}


def test_the_door_shows_to_who_has_accepted_and_every_look_is_audited(hub, clock):
    one = reported(hub, "help_call", door="7栋1201", reporter="张三 139")
    looks = Entry.objects.filter(action="case.door")
    for who, status in (("worker1", 403), ("worker3", 404)):
        assert hub.client(who).post(f"/api/v1/cases/{one.ref}/door").status_code == status
    moved(hub, one, "accept", who="grid1")
    answer = hub.client("grid1").post(f"/api/v1/cases/{one.ref}/door").json()
    assert answer == {"door": "7栋1201", "reporter": "张三 139", "contacts": [], "home": None}
    assert [look.allowed for look in looks.order_by("pk")] == [False, True]
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_case")
        row = str([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    assert "1201" not in row


def test_the_same_alarm_twice_is_one_case_and_after_its_end_another(hub, clock):
    place = tree.by_code(["C1"])["C1"]
    alarm = Report(kind="water_leak", source="device", origin="dev-1:leak")
    one, fresh = actions.raise_case(place, alarm, by="device")
    same, again = actions.raise_case(place, alarm, by="device")
    assert (fresh, again, same.pk) == (True, False, one.pk)
    assert actions.settled_by_device("dev-1:leak", at=clock.at).state == "resolved"
    moved(hub, one, "verify")
    moved(hub, one, "close")
    other, fresh = actions.raise_case(place, alarm, by="device")
    assert fresh
    assert other.pk != one.pk
    alarm1 = Report(kind="help_call", source="device", origin="dev-2:call")
    actions.raise_case(place, alarm1, by="device")
    assert (
        actions.settled_by_device("dev-2:call", at=clock.at).state == "received"
    )  # somebody looks all the same


def test_duplicates_are_merged_matters_split_and_the_dissatisfied_heard(hub, clock):
    one, other = reported(hub, "repair"), reported(hub, "repair", title="同一处栏杆")
    actions.merge(hub.actor("worker1"), other.ref, one.ref, version=other.version)
    assert Case.objects.get(pk=other.pk).state == "merged"
    with pytest.raises(ConflictError):
        actions.merge(hub.actor("worker1"), one.ref, other.ref, version=one.version)
    parts = [Report(kind="lamp", source="worker"), Report(kind="noise", source="worker")]
    made = actions.split(hub.actor("worker1"), one.ref, parts, version=one.version)
    assert [each.kind for each in made] == ["lamp", "noise"]
    moved(hub, one, "accept", who="grid1")
    moved(hub, one, "resolve", who="grid1", note="修好")
    rated = actions.rate(hub.actor("worker1"), one.ref, "dissatisfied", note="又松了")
    assert (rated.state, rated.holder.username) == ("assigned", "grid1")
    moved(hub, one, "accept", who="grid1")
    moved(hub, one, "resolve", who="grid1", note="更换")
    assert actions.rate(hub.actor("worker1"), one.ref, "satisfied").state == "resolved"


def test_clocks_stand_still_with_a_reason_and_go_on_with_what_was_left(hub, clock):
    one = reported(hub, "repair")
    rest = clocks.left("P3", clock.at, one.close_due)
    one = actions.pause(hub.actor("worker1"), one.ref, version=1, note="等配件")
    clock.go(days=2)
    assert queries.late(one, clock.at) == []
    one = actions.resume(hub.actor("worker1"), one.ref, version=one.version)
    assert clocks.left("P3", clock.at, one.close_due) == pytest.approx(rest)
    urgent = reported(hub, "help_call")
    with pytest.raises(ConflictError, match="no P1"):
        actions.pause(hub.actor("worker1"), urgent.ref, version=1, note="x")


def minute_of_2026(number: int) -> dt.datetime:
    return dt.datetime(2026, 1, 1, tzinfo=ZONE) + dt.timedelta(minutes=number)


moments = st.integers(0, 360 * 24 * 60).map(minute_of_2026)


def working(at):
    """Whether a minute is one of work, as a person would say it."""
    local = at.astimezone(ZONE)
    if local.weekday() >= 5 or local.date().isoformat() == "2026-10-01":
        return False
    return 9 <= local.hour < 12 or 13 <= local.hour < 18


@pytest.mark.one_database
@settings(max_examples=40, deadline=None)
@given(moments, st.integers(1, 40 * 60))
def test_working_time_is_what_counting_minutes_says(start, minutes):
    from django.test import override_settings

    with override_settings(HOLIDAYS=frozenset({"2026-10-01"})):
        start = start.replace(second=0, microsecond=0)
        end = clocks.add_working(start, minutes * 60)
        assert clocks.working_between(start, end) == pytest.approx(minutes * 60)
        at, left = start, minutes
        while left:
            left -= working(at)
            at += dt.timedelta(minutes=1)
        assert at == end


def test_figures_are_settled_shares_and_times_without_drills(hub, clock):
    for who, kind in (("grid1", "lamp"), ("grid1", "repair"), ("worker1", "noise")):
        one = reported(hub, kind)
        clock.go(minutes=5)
        moved(hub, one, "accept", who=who)
        moved(hub, one, "resolve", who=who, note="x")
    drill = reported(hub, "help_call", drill=True)
    found = figures.figures(
        hub.actor("planner"), since=START - dt.timedelta(1), until=START + dt.timedelta(1)
    )
    assert (found["received"], found["settled_count"]) == (3, 3)
    assert found["settled"]["grid"] == 1.0
    assert found["answer"]["p50"] == pytest.approx(300)
    assert found["answer"]["in_time"] == 1.0
    assert drill.ref not in str(found)
    seen = hub.client("worker3").get("/api/v1/cases/figures").json()
    assert seen["received"] == 0


def test_places_are_evaluated_by_what_was_due_in_time_once_and_to_whose_satisfaction(hub, clock):
    quick, slow, never = reported(hub, "lamp"), reported(hub, "repair"), reported(hub, "noise")
    reported(hub, "help_call", drill=True)
    other = reported(hub, "lamp", who="street2", place="C3")
    for one in (quick, slow):
        moved(hub, one, "accept", who="grid1")
    moved(hub, quick, "resolve", who="grid1", note="x")
    moved(hub, quick, "send_back", note="又坏了")
    moved(hub, quick, "accept", who="grid1")
    moved(hub, quick, "resolve", who="grid1", note="x")
    actions.rate(hub.actor("worker1"), quick.ref, "satisfied")
    clock.go(days=10)
    moved(hub, slow, "resolve", who="grid1", note="x")
    span = {"since": START - dt.timedelta(1), "until": START + dt.timedelta(days=40)}
    found = evaluating.evaluation(hub.actor("planner"), **span, place="D")
    rows = {row["key"]: row for row in found["places"]}
    assert set(rows) == {"S1", "S2"}
    mine = rows["S1"]
    assert (mine["received"], mine["due"], mine["settled"]) == (
        3,
        3,
        2,
    )  # nobody did the third, and its time is over
    assert (mine["settled_share"], mine["in_time"]) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert (mine["once"], mine["satisfied"]) == (0.5, 1.0)
    expected = 100 * (0.25 * 2 / 3 + 0.35 / 3 + 0.2 * 0.5 + 0.2)
    assert mine["points"] == pytest.approx(expected, abs=0.05)
    assert (rows["S2"]["in_time"], rows["S2"]["once"], rows["S2"]["points"]) == (0.0, None, 0.0)
    assert [row["key"] for row in found["months"]] == ["2027-06"]
    assert {row["key"] for row in found["kinds"]} == {"lamp", "repair", "noise"}
    near = evaluating.evaluation(hub.actor("worker1"), **span)
    assert never.ref
    assert other.place.name_zh not in str(near)
    answer = hub.client("worker1").get("/api/v1/cases/evaluation.xlsx", {"since": "2027-06-01"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    titles = ["地方 places", "月份 months", "类别 kinds", "维修派单 orders"]
    assert [sheet.title for sheet in book] == titles
    assert [cell.value for cell in book.worksheets[0]["B"]][1:] == [3, 3]


class Gateway(http.server.BaseHTTPRequestHandler):
    taken: list = []  # noqa: RUF012
    failures = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if Gateway.failures:
            Gateway.failures -= 1
            self.send_error(503)
            return
        Gateway.taken.append(
            (json.loads(body), gateways.is_signed(body, self.headers["X-Signature"]))
        )
        answer = json.dumps({"receipt": f"r{len(Gateway.taken)}"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway(settings):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Gateway.taken, Gateway.failures = [], 0
    settings.GATEWAYS = {"sms": f"http://127.0.0.1:{server.server_port}/"}
    settings.GATEWAY_KEY = "shared-key"
    yield
    server.shutdown()
    server.server_close()


def test_gateways_are_tried_again_signed_and_say_when_it_arrived(hub, clock, gateway):
    one = reported(hub, "help_call", door="7栋1201")
    clock.go(seconds=1)
    Gateway.failures = 2
    for _ in range(4):
        notify.send("sms")
        clock.go(seconds=10)
    (message, signed), (_, _) = Gateway.taken  # the grid worker, and the duty desk
    assert signed
    assert message["case"] == one.ref
    assert "1201" not in json.dumps(message, ensure_ascii=False)
    assert ("grid1", "sms", "sent") in told(one)
    body = json.dumps({"receipt": "r1", "ok": True}).encode()
    client = hub.client()
    refused = client.post(
        "/api/v1/public/receipts/sms", body, "application/json", headers={"X-Signature": "0" * 64}
    )
    assert refused.status_code == 403
    taken = client.post(
        "/api/v1/public/receipts/sms",
        body,
        "application/json",
        headers={"X-Signature": gateways.sign(body)},
    )
    assert taken.status_code == 204
    assert ("grid1", "sms", "delivered") in told(one)
    late = reported(hub, "help_call")
    clock.go(seconds=1)
    moved(hub, late, "accept", who="grid1")
    notify.send("sms")
    assert len(Gateway.taken) == 2  # answered before it was sent: nobody is woken


def test_a_p1_calls_back_whom_it_names_at_once_by_voice_and_says_no_number_to_anybody_else(
    hub, clock, gateway, settings
):
    settings.GATEWAYS["voice"] = settings.GATEWAYS["sms"]
    contacts = [
        {"who": "resident", "phone": "13900000001"},
        {"who": "family", "phone": "13900000002"},
    ]
    report = Report(kind="help_call", source="device", contacts=json.dumps(contacts))
    one, _ = actions.raise_case(tree.by_code(["C1"])["C1"], report, by="device")
    clock.go(seconds=1)
    notify.send("voice")
    notify.send("sms")
    calls = [(m["who"], m["to"]) for m, _ in Gateway.taken if m["who"]]
    assert sorted(calls) == [
        ("family", "13900000002"),
        ("family", "13900000002"),
        ("resident", "13900000001"),
    ]
    clock.go(minutes=3)
    notify.send("voice")
    notify.send("sms")
    assert (
        len([1 for m, _ in Gateway.taken if m["who"]]) == 3
    )  # once: the ladder goes on with those on duty
    client = hub.client("grid1")
    for path in ("", "/told", "/events"):
        assert "1390000000" not in client.get(f"/api/v1/cases/{one.ref}{path}").content.decode()
    moved(hub, one, "accept", who="grid1")
    assert client.post(f"/api/v1/cases/{one.ref}/door").json()["contacts"] == contacts
    lamp, _ = actions.raise_case(
        tree.by_code(["C1"])["C1"],
        Report(kind="lamp", source="device", contacts=json.dumps(contacts)),
        by="device",
    )
    clock.go(seconds=1)
    assert not Notice.objects.filter(case=lamp).exclude(who="").exists()


def test_channels_without_a_gateway_are_off(hub, clock):
    one = reported(hub, "help_call")
    clock.go(seconds=1)
    assert {channel for _, channel, _ in told(one)} == {"app"}
    mine = hub.client("grid1").get("/api/v1/notices").json()
    assert [(n["case"], n["priority"]) for n in mine] == [(one.ref, "P1")]
    shown = hub.client("grid1").post(f"/api/v1/notices/{mine[0]['id']}/delivered")
    assert shown.json()["state"] == "delivered"
    assert (
        hub.client("worker1").post(f"/api/v1/notices/{mine[0]['id']}/delivered").status_code == 404
    )


def test_cases_follow_the_tree_and_history_is_never_shortened(hub, clock):
    one = reported(hub, place="C1")
    places.merge(hub.actor("planner"), ["C1"], into="C2", on=START.date())
    assert Case.objects.get(pk=one.pk).place.code == "C2"
    assert CaseEvent.objects.filter(case=one).count() == 1
    with pytest.raises(MissingError):
        queries.case(hub.actor("worker3"), one.ref)
