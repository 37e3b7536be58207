"""Alarms while every part is killed in turn, several times: none is lost, none doubled, nobody told late or twice."""

import contextlib
import os
import threading
import time

import psycopg
import pytest
from django.utils import timezone

import postgres

from .fleet import Fleet
from .system import Network, System, fake_clock, mosquitto, small_disk

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(postgres.binaries() is None, reason="no PostgreSQL is installed"),
    pytest.mark.skipif(mosquitto() is None, reason="no Mosquitto is installed"),
]
ALARMS = int(os.environ.get("FAULTS_ALARMS", "1000"))
"""The whole of it: FAULTS_ALARMS=10000."""
A_SECOND = int(os.environ.get("FAULTS_RATE", "200"))
"""Alarms a second, and as many second steps of ladders."""
PARTS = ("ingester", "broker", "database", "web", "worker")
FILLED = f"""
from lifecircle.hub.actor import Actor
from lifecircle.hub.devices.models import Device
from lifecircle.hub.people import actions as people
from lifecircle.hub.places.models import Place
d = Place.objects.create(code="D", level="district", name_zh="区", lineage="/D/")
s = Place.objects.create(code="S", level="street", name_zh="街", lineage="/D/S/", parent=d)
c = Place.objects.create(code="C", level="community", name_zh="社区", lineage="/D/S/C/", parent=s)
system = Actor.system("faults")
for role, place in (("grid_worker", "C"), ("community_worker", "C"), ("street_officer", "S"), ("command_operator", "D")):
    people.create_account(
        system, username=role, name=role, kind="staff", password=serving.one_time_password(), must_change_password=False
    )
    people.grant(system, username=role, role=role, place=place)
Device.objects.bulk_create(
    Device(ref=f"b{{k}}", kind="button", name=f"b{{k}}", place=c, digest="x", mqtt_hash="$7$1000$AAAA$AAAA") for k in range({ALARMS})
)
"""


@pytest.fixture(scope="module")
def system():
    found = System(FILLED)
    found.start_all()
    yield found
    found.end()


@pytest.fixture
def fleet(system):
    found = Fleet(system.mqtt, *system.bridge)
    yield found
    found.end()


@pytest.mark.parametrize("part", ["broker", "ingester", "database"])
def test_no_reading_is_lost_while_a_part_answers_nobody(system, fleet, part):
    with system.frozen(part):
        for n in range(100):
            fleet.say(f"b{n}", part, 1, values={"t": n})
        time.sleep(6)  # longer than a device waits: it says all of it again
    assert fleet.wait(60) == 0, (system.log("ingester")[-3000:], fleet.outcomes)
    told = system.database.ask(
        "select count(*), count(distinct device_id) from devices_receipt where boot = %s", part
    )
    assert told == [(100, 100)]


def test_no_alarm_is_lost_or_doubled_and_nobody_told_late_whatever_is_killed(
    system, fleet, record_property
):
    rounds = [*PARTS, *PARTS]
    each, ask, outages = ALARMS // len(rounds), system.database.ask, []
    with hurried(ask):
        for k, part in enumerate(rounds):
            for n in range(k * each, (k + 1) * each):
                fleet.say(f"b{n}", "killed", 1, alarm="help_call", values={"killed": n})
                if n == k * each + each // 2:
                    killed = timezone.now().timestamp()
                    system.kill(part)
                time.sleep(1 / A_SECOND)
            system.again(part)
            outages.append((part, killed, timezone.now().timestamp()))
        assert fleet.wait(120 + ALARMS / 20) == 0, (system.log("ingester")[-3000:], fleet.outcomes)
        said = each * len(rounds)
        until = time.monotonic() + 60
        while ask(f"select count(*) from {SECOND} and fired_at is not null") != [(said,)]:  # noqa: S608
            assert time.monotonic() < until, system.log("worker")[-3000:]
            time.sleep(0.2)
    assert ask(
        "select count(*), count(distinct origin) from cases_case where source = 'device' and not canary"
    ) == [(said, said)]
    assert ask(
        "select count(*), count(distinct device_id) from devices_receipt where boot = 'killed'"
    ) == [(said, said)]
    assert ask(
        "select count(*), count(distinct device_id) from devices_reading where name = 'killed'"
    ) == [(said, said)]
    late, back = lateness(ask, outages)
    assert max(late.values()) < 20  # how late is measured; here it is not forever
    twice = ask(
        "select count(*) from (select case_id, account_id, channel, created_at from notify_notice "
        "group by 1, 2, 3, 4 having count(*) > 1) as again"
    )
    assert twice == [(0,)]
    while ask("select 1 from stream_event where position is null limit 1"):
        assert time.monotonic() < until, system.log("worker")[-3000:]
        time.sleep(0.2)
    positions = ask("select count(*), max(position) - min(position) + 1 from stream_event")
    assert positions[0][0] == positions[0][1]  # told to every screen in one order, with no gap
    record_property("alarms", said)
    record_property("acknowledged_p50_s", round(sorted(fleet.took)[said // 2], 2))
    for tier, seconds in late.items():
        record_property(f"{tier}_late_s", round(seconds, 2))
    record_property("worker_back_s", round(back, 2))


def lateness(ask, outages):
    """Seconds by which the first two steps were told late at most, and within which a worker that was started climbed again.

    Late is what passed from when a step was due until it was told, less the time for which the database or the worker was away:
    until the one answers, until the other climbs.
    """
    rows = ask(
        "select r.tier, extract(epoch from due_at)::float8, extract(epoch from fired_at)::float8 "
        "from cases_rung r join cases_case c on c.id = r.case_id and not c.canary where fired_at is not null"
    )
    steps = {
        tier: [(due, fired) for each, due, fired in rows if each == tier]
        for tier in ("grid", "community")
    }
    away = [(killed, started) for part, killed, started in outages if part == "database"]
    took = []
    for part, killed, started in outages:
        if part == "worker":
            climbs = min(fired for _, fired in steps["community"] if fired > started)
            away.append((killed, climbs))
            took.append(climbs - started)
    late = {
        tier: max(fired - due - sum(max(0.0, min(fired, end) - max(due, since)) for since, end in away) for due, fired in found)
        for tier, found in steps.items()
    }  # fmt: skip
    return late, max(took)


SECOND = (
    "cases_rung r join cases_case c on c.id = r.case_id and not c.canary where r.tier = 'community'"
)


@contextlib.contextmanager
def hurried(ask):
    """Have the second step of every ladder be due within two seconds instead of after minutes, whatever happens meanwhile."""
    over = threading.Event()

    def hurry():
        while not over.wait(0.3):
            with contextlib.suppress(psycopg.Error):
                ask(
                    "update cases_rung set due_at = clock_timestamp() + random() * interval '2 seconds' where id in (select id "
                    "from cases_rung where tier = 'community' and fired_at is null and due_at > clock_timestamp() + interval "
                    "'30 seconds' for update skip locked) returning 1"
                )  # fmt: skip

    thread = threading.Thread(target=hurry)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_no_alarm_is_lost_when_the_disk_is_full():
    with small_disk(200) as disk:
        system = System(FILLED, disk)
        try:
            system.start_all()
            fleet = Fleet(system.mqtt, *system.bridge)
            system.fill(disk)
            for n in range(300):
                fleet.say(f"b{n}", "full", 1, alarm="help_call", values={"t": n})
            time.sleep(5)
            waiting = len(fleet.waiting)
            (disk / "ballast").unlink()
            if not system.database.is_running():
                system.again("database")
            assert fleet.wait(90) == 0, (system.log("ingester")[-3000:], fleet.outcomes)
            fleet.end()
            assert waiting > 0  # it was full indeed
            told = system.database.ask(
                "select count(*), count(distinct origin) from cases_case where source = 'device' and not canary"
            )
            assert told == [(300, 300)]
        finally:
            system.end()


def test_no_alarm_is_lost_or_doubled_while_the_ingesters_cable_is_pulled():
    network = Network()
    system = System(FILLED, host=network.HOST, elsewhere=network.command)
    try:
        system.start_all()
        fleet = Fleet(system.mqtt, *system.bridge, host=network.HOST)
        for n in range(300):
            fleet.say(f"b{n}", "cable", 1, alarm="help_call", values={"cut": n})
            if n == 100:
                network.pull()
            if n == 200:
                time.sleep(20)  # longer than it waits for a database that says nothing
                waiting = len(fleet.waiting)
                network.plug_in()
            time.sleep(0.005)
        assert fleet.wait(60) == 0, (system.log("ingester")[-3000:], fleet.outcomes)
        fleet.end()
        assert waiting >= 100
        for count in (
            "cases_case where source = 'device' and not canary",
            "devices_reading where name = 'cut'",
            "devices_receipt where boot = 'cable'",
        ):
            assert system.database.ask(f"select count(*) from {count}") == [(300,)]  # noqa: S608
    finally:
        system.end()
        network.end()


@pytest.mark.skipif(fake_clock() is None, reason="no libfaketime is installed")
def test_nobody_is_told_late_when_the_clock_jumps():
    system = System(FILLED)
    try:
        system.set_clock(0)
        system.start_all()
        fleet, ask = Fleet(system.mqtt, *system.bridge), system.database.ask
        for k, jump in enumerate(
            (-3600, 7200, -86400 * 40)
        ):  # more than a month: another table of readings
            boot, first = f"jump{k}", k * 40
            for n in range(first, first + 20):
                fleet.say(f"b{n}", boot, 1, alarm="help_call", values={"jumped": n})
            assert fleet.wait(20) == 0
            fired_within(ask, first, "grid", 5)
            # the next tier is due in five seconds by the clock as it is; then it jumps
            ask(
                "update cases_rung set due_at = due_at - interval '175 seconds' where tier = 'community' and fired_at is null "
                "returning 1"
            )  # fmt: skip
            due = time.monotonic() + 5
            system.set_clock(jump)
            for n in range(first + 20, first + 40):
                fleet.say(f"b{n}", boot, 1, alarm="help_call", values={"jumped": n})
            assert fleet.wait(20) == 0
            fired_within(ask, first + 20, "grid", 5)
            fired_within(ask, first, "community", due - time.monotonic() + 2)
            time.sleep(3)  # every process has looked at its clock before that jumps again
        fleet.end()
        for count in (
            "cases_case where source = 'device' and not canary",
            "devices_reading where name = 'jumped'",
        ):
            assert ask(f"select count(*) from {count}") == [(120,)]  # noqa: S608
    finally:
        system.end()


def fired_within(ask, first, tier, seconds):
    """Within so long the rungs of a tier of twenty devices' cases are fired."""
    origins = [f"device:b{n}:help_call" for n in range(first, first + 20)]
    query = (
        "select count(distinct case_id) from cases_rung r join cases_case c on c.id = r.case_id "
        "where r.tier = %s and r.fired_at is not null and c.origin = any(%s)"
    )
    until = time.monotonic() + seconds
    while ask(query, tier, origins)[0][0] < 20:
        assert time.monotonic() < until, (tier, ask(query, tier, origins))
        time.sleep(0.1)
