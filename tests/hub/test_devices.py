"""Devices: every message once, none of another's, storms in a few cases, nonsense refused and counted."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecircle.hub.audit.models import Entry
from lifecircle.hub.cases import figures
from lifecircle.hub.cases.models import Case, CaseEvent
from lifecircle.hub.devices import actions, limits, months, storing, upkeep
from lifecircle.hub.devices.decoders import DECODERS, Message, RefusedError
from lifecircle.hub.devices.ingesting import Sent, ingest
from lifecircle.hub.devices.models import Device, Latest, Reading, Receipt, Refusal
from lifecircle.hub.places.models import Place
from lifecircle.hub.tokens import digest_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_spoken():
    limits.forget()


DOOR = "3栋2单元501"


def device(hub, ref="smoke-1", kind="smoke", place="C1", who="worker1", **more):
    values = {
        "kind": kind, "name": f"{ref}号", "door": DOOR, "consent_on": timezone.localdate(), **more
    }  # fmt: skip
    return actions.register(hub.actor(who), place=place, ref=ref, values=values)


def body(seq, alarm="", boot="b1", **more):
    return json.dumps({"boot": boot, "seq": seq, "alarm": alarm, **more}).encode()


def many(place, count, kind="smoke", start=0):
    rows = [
        Device(ref=f"{kind}-{place}-{k}", kind=kind, name=f"{k}", place=Place.objects.get(code=place), digest="x", mqtt_hash="x")
        for k in range(start, start + count)
    ]  # fmt: skip
    return Device.objects.bulk_create(rows)


def test_a_message_that_is_told_again_is_taken_once(hub):
    device(hub)
    sent = Sent("smoke-1", body(1, "smoke", values={"t": 21.5}))
    assert [one.outcome for one in ingest([sent, sent])] == ["new", "again"]
    assert ingest([sent])[0].outcome == "again"
    assert Case.objects.filter(source="device").count() == 1
    assert Reading.objects.count() == Receipt.objects.count() == 1


def test_an_alarm_that_goes_on_is_one_case(hub):
    device(hub)
    for seq in range(3):
        assert ingest([Sent("smoke-1", body(seq, "smoke"))])[0].outcome == "new"
    one = Case.objects.get(source="device")
    assert (one.priority, one.place.code, one.door) == ("P1", "C1", DOOR)
    assert CaseEvent.objects.filter(case=one, what="again").count() == 2


def test_a_restart_begins_a_new_count(hub):
    device(hub)
    assert ingest([Sent("smoke-1", body(1))])[0].outcome == "new"
    assert ingest([Sent("smoke-1", body(1, boot="b2"))])[0].outcome == "new"


def test_what_nobody_answered_stays_open_when_the_smoke_clears_and_a_leak_that_ends_is_resolved(
    hub,
):
    device(hub)
    device(hub, "leak-1", "water_leak")
    ingest([Sent("smoke-1", body(1, "smoke")), Sent("leak-1", body(1, "leak"))])
    ingest([Sent("smoke-1", body(2, "smoke", on=False)), Sent("leak-1", body(2, "leak", on=False))])
    states = dict(Case.objects.filter(source="device").values_list("kind", "state"))
    assert states["water_leak"] == "resolved"
    assert states["smoke"] == "received"
    assert CaseEvent.objects.filter(case__kind="smoke", what="cleared").count() == 1


def test_a_leak_that_comes_back_before_the_case_is_closed_is_told_again(hub):
    device(hub, "leak-1", "water_leak")
    for seq, on in enumerate((True, False, True)):
        ingest([Sent("leak-1", body(seq, "leak", on=on))])
    one = Case.objects.get(source="device")
    assert (one.state, one.resolved_at) == ("received", None)
    assert one.rungs.filter(fired_at=None, off_at=None).exists()


def test_a_reading_that_comes_late_is_kept_and_is_not_the_latest(hub):
    device(hub)
    now = timezone.now()
    for seq, minutes, value in ((2, 0, 20), (1, 5, 10)):
        at = (now - dt.timedelta(minutes=minutes)).isoformat()
        ingest([Sent("smoke-1", body(seq, values={"t": value}, at=at))])
    ingest(
        [Sent("smoke-1", body(3, values={"t": 30}, at="2100-01-01T00:00:00Z"))]
    )  # a clock gone wrong
    assert Latest.objects.get().value == 30
    ingest([Sent("smoke-1", body(4, values={"t": 40}))])
    assert Latest.objects.get().value == 40
    assert Reading.objects.count() == 4


def test_a_drill_walks_the_path_and_is_in_no_figure(hub):
    device(hub)
    ingest([Sent("smoke-1", body(1, "smoke", test=True))])
    one = Case.objects.get(source="device")
    assert one.drill
    now = timezone.now()
    span = {"since": now - dt.timedelta(1), "until": now + dt.timedelta(1)}
    assert figures.figures(hub.actor("worker1"), **span)["received"] == 0


def test_a_real_alarm_is_no_drill_though_one_is_open_and_storms_count_none(hub):
    device(hub)
    ingest([Sent("smoke-1", body(1, "smoke", test=True))])
    ingest([Sent("smoke-1", body(2, "smoke"))])
    assert sorted(Case.objects.filter(source="device").values_list("drill", flat=True)) == [
        False,
        True,
    ]
    ingest([Sent("smoke-1", body(3, "smoke", on=False))])
    found = many("C1", 6, "water_leak")
    ingest([Sent(one.ref, body(1, "leak", test=True)) for one in found])
    device(hub, "leak-9", "water_leak")
    ingest([Sent("leak-9", body(1, "leak"))])
    assert Case.objects.get(about="leak-9").door == DOOR  # its own case, not a storm's


def test_a_device_in_maintenance_measures_and_alarms_nobody(hub):
    one, _ = device(hub)
    actions.change(hub.actor("worker1"), one.ref, version=1, values={"state": "maintenance"})
    ingest([Sent("smoke-1", body(1, "smoke", values={"t": 70}))])
    assert not Case.objects.filter(source="device").exists()
    assert Latest.objects.get().value == 70


def test_silence_is_a_case_that_ends_when_the_device_speaks(hub, monkeypatch):
    device(hub, silent_after_s=3600)
    device(hub, "never-heard", silent_after_s=3600)
    ingest([Sent("smoke-1", body(1))])
    assert upkeep.silent() == 0
    later = timezone.now() + dt.timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert upkeep.silent() == 1
    assert upkeep.silent() == 0  # the same silence
    assert Case.objects.get(source="device").kind == "device_silent"
    ingest([Sent("smoke-1", body(2))])
    assert Case.objects.get(source="device").state == "resolved"


def test_a_power_cut_is_a_few_cases_and_every_device_of_it_is_named(hub):
    found = [one for place in ("C1", "C2", "C3") for one in many(place, 120)]
    for at in range(0, len(found), 60):
        ingest([Sent(one.ref, body(1, "power")) for one in found[at : at + 60]])
    rows = Case.objects.filter(source="device")
    assert rows.count() < 20
    named = set(CaseEvent.objects.filter(case__in=rows).values_list("by", flat=True))
    assert {one.ref for one in found} <= named


def test_five_fires_are_five_cases_whatever_else_is_going_on(hub):
    found = many("C1", 30)
    ingest([Sent(one.ref, body(1, "smoke")) for one in found])
    assert Case.objects.filter(kind="smoke").count() == 30


def test_a_clock_that_is_far_off_is_marked_and_the_alarm_counts_from_when_it_came(hub):
    device(hub)
    ingest([Sent("smoke-1", body(1, "smoke", at="2010-01-01T00:00:00Z", values={"t": 1}))])
    assert Reading.objects.get().skewed
    assert timezone.now() - Case.objects.get(source="device").opened_at < dt.timedelta(minutes=1)


def test_one_message_that_breaks_does_not_hold_up_the_others(hub, monkeypatch):
    device(hub)
    device(hub, "leak-1", "water_leak")
    real = storing.keep

    def breaks(told):
        if any(one.value == 13 for one in told):
            raise ValueError("broken")
        real(told)

    monkeypatch.setattr(storing, "keep", breaks)
    found = ingest(
        [Sent("smoke-1", body(1, "smoke")), Sent("leak-1", body(1, "leak", values={"t": 13}))]
    )
    assert [one.outcome for one in found] == ["new", "failed"]  # not acknowledged: it comes again
    assert Case.objects.get(source="device").kind == "smoke"
    monkeypatch.setattr(storing, "keep", real)
    assert ingest([Sent("leak-1", body(1, "leak"))])[0].outcome == "new"


def test_forged_names_and_nonsense_are_refused_and_counted(hub):
    device(hub)
    bodies = [
        b"\xff\xfe",
        b"x" * 20_000,
        b"[" * 9000,
        b"{}",
        b'{"boot":"b","seq":true}',
        body(1, "\x00"),
        body(2**70),
    ]
    assert {one.outcome for one in ingest([Sent("smoke-1", each) for each in bodies])} == {
        "refused"
    }
    ingest([Sent(f"forged-{k}", body(1, "smoke")) for k in range(20)])
    assert Refusal.objects.get(ref="smoke-1").count == len(bodies)
    assert Refusal.objects.get(ref="").count == 20
    assert not Case.objects.filter(source="device").exists()
    assert ingest([Sent("smoke-1", body(1))])[0].outcome == "new"


def test_a_flood_of_one_device_is_refused_and_the_others_are_heard(hub, monkeypatch):
    monkeypatch.setattr(limits, "A_SECOND", 0.0)  # however slow this machine is
    device(hub)
    device(hub, "leak-1", "water_leak")
    flood = [Sent("smoke-1", body(k, values={"t": k})) for k in range(limits.BURST + 200)]
    taken = ingest([*flood, Sent("smoke-1", body(9000, "smoke")), Sent("leak-1", body(1, "leak"))])
    assert taken[-2].outcome == "new"  # an alarm does not wait behind a backlog
    assert [one.outcome for one in taken].count("new") == limits.BURST + 2
    assert taken[-1].outcome == "new"
    assert Refusal.objects.get(ref="smoke-1").why.startswith("too many")


def test_what_a_device_said_in_one_batch_is_acted_on_in_its_order(hub):
    device(hub, "leak-1", "water_leak")
    ingest([Sent("leak-1", body(2, "leak", on=False)), Sent("leak-1", body(1, "leak"))])
    assert Case.objects.get(source="device").state == "resolved"


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50)
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=8
)  # fmt: skip
names = [
    "boot",
    "seq",
    "at",
    "alarm",
    "on",
    "values",
    "battery",
    "fCnt",
    "time",
    "object",
    "devAddr",
    "n",
    "v",
    "vs",
    "bt",
    "t",
    "messageType",
    "timestamp",
    "payload",
    "notifyType",
    "data",
    "type",
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(DECODERS)),
    st.binary(max_size=200)
    | (trees | st.dictionaries(st.sampled_from(names), trees) | st.lists(st.dictionaries(st.sampled_from(names), leaves), max_size=3)).map(
        lambda tree: json.dumps(tree).encode()
    ),
)  # fmt: skip
def test_a_decoder_reads_a_message_or_refuses_it(decoder, payload):
    try:
        found = DECODERS[decoder](payload)
    except RefusedError:
        return
    assert isinstance(found, Message)
    assert 0 <= found.seq < 2**62
    assert found.boot.isprintable()


RECORDED = {
    "own": (
        {"boot": "7f3a", "seq": 12, "at": "2026-11-28T08:00:00+08:00", "alarm": "smoke", "values": {"ppm": 410}, "battery": 81},
        ("7f3a", 12, "smoke", {"ppm": 410.0}, 81.0),
    ),
    "chirpstack": (
        {"deduplicationId": "3ac7", "time": "2026-11-28T00:00:00.5+00:00", "devAddr": "01ab23cd", "fCnt": 4, "fPort": 2,
         "deviceInfo": {"devEui": "24e124136d151234"}, "object": {"battery": 97, "temperature": 19.5, "alarm_leak": True}},
        ("01ab23cd@1795824000", 4, "leak", {"temperature": 19.5}, 97.0),
    ),
    "ctwing": (
        {"upPacketSN": -1, "upDataSN": -1, "topic": "v1/up/ad19prof", "timestamp": 1795824000277, "tenantId": "10461180",
         "serviceId": "", "protocol": "lwm2m", "productId": "15014772", "messageType": "dataReport", "deviceType": "",
         "payload": {"serviceId": "notification", "serviceData": {"TData": 30, "RSRP": 114, "IMEI": "860374051096202",
                     "Battery_Level": 100, "alarm_smoke": True}},
         "deviceId": "acf7baaee65e431eadfb8f5fe50e8b81", "assocAssetId": "", "IMSI": "undefined", "IMEI": "860374051096202"},
        (None, 1795824000277, "smoke", {"TData": 30.0, "RSRP": 114.0}, 100.0),
    ),
    "onenet": (
        {"projectId": "990909090", "productId": "00001", "deviceName": "iot-0001", "messageType": "notify",
         "notifyType": "property", "data": {"id": "12345", "params": {
             "Power": {"value": "on", "time": 1795824000123}, "WF": {"value": 23.6, "time": 1795824000122},
             "alarm_leak": {"value": True, "time": 1795824000122}}}},
        (None, 1795824000123, "leak", {"WF": 23.6}, None),
    ),
    "senml": (
        [{"bn": "urn:dev:ow:10e2073a01080063", "bt": 1795824000, "n": "seq", "v": 9}, {"n": "temp", "u": "Cel", "v": 23.1},
         {"n": "alarm", "vs": "gas"}],
        ("urn:dev:ow:10e2073a01080063@1795824000", 9, "gas", {"temp": 23.1}, None),
    ),
}  # fmt: skip


@pytest.mark.parametrize("decoder", sorted(DECODERS))
def test_payloads_as_they_come_from_the_field_are_read(decoder):
    payload, expected = RECORDED[decoder]
    found = DECODERS[decoder](json.dumps(payload).encode())
    boot, *rest = expected
    assert found.boot == boot or (boot is None and len(found.boot) == 40)  # known by its content
    assert [found.seq, found.alarm, found.values, found.battery] == rest
    assert found.at is not None
    assert found.at.year == 2026


def told(hub, secret, payload, ref="smoke-1"):
    headers = {"X-Device-Key": secret}
    return hub.client("").post(
        f"/api/v1/public/devices/{ref}/messages",
        payload,
        content_type="application/json",
        headers=headers,
    )


def test_a_device_shows_its_secret_and_is_told_what_is_in_the_database(hub):
    _, secret = device(hub)
    assert told(hub, secret, body(1, "smoke")).json() == {"outcome": "new", "boot": "b1", "seq": 1}
    assert told(hub, secret, body(1, "smoke")).json()["outcome"] == "again"
    assert told(hub, secret, b"\xff").status_code == 422
    wrong, unknown = told(hub, "x", body(2)), told(hub, "x", body(2), ref="smoke-2")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert Refusal.objects.get(ref="").count == 2
    assert Case.objects.filter(source="device").count() == 1


def test_a_new_secret_ends_the_old_one_and_a_replaced_device_keeps_what_it_said(hub):
    one, old = device(hub)
    ingest([Sent("smoke-1", body(1, values={"t": 20}))])
    client = hub.client("worker1")
    secret = client.post("/api/v1/devices/smoke-1/secret").json()["secret"]
    assert told(hub, old, body(2)).status_code == 401
    assert told(hub, secret, body(2)).status_code == 200
    sent = {"version": 2, "by": "smoke-9"}
    made = client.post(
        "/api/v1/devices/smoke-1/replace", sent, content_type="application/json"
    ).json()
    assert told(hub, secret, body(3)).status_code == 401
    assert told(hub, made["secret"], body(1), ref="smoke-9").status_code == 200
    assert len(client.get("/api/v1/devices/smoke-1/readings").json()) == 1
    assert client.get("/api/v1/devices/smoke-1").json()["replaced_by"] == "smoke-9"
    assert Device.objects.get(ref="smoke-9").door == DOOR
    assert secret not in str(list(Entry.objects.values_list("detail", flat=True)))
    assert one.digest == digest_of(old)


def test_neither_the_door_nor_a_secret_is_in_any_list_and_the_next_street_sees_nothing(hub):
    _, secret = device(hub)
    ingest([Sent("smoke-1", body(1, values={"t": 20}))])
    own, next_ = hub.client("worker1"), hub.client("worker3")
    for path in (
        "devices",
        "devices/latest",
        "devices/smoke-1",
        "devices/smoke-1/readings",
        "devices/refused",
    ):
        text = own.get(f"/api/v1/{path}").content.decode()
        assert DOOR not in text
        assert secret not in text
    assert next_.get("/api/v1/devices").json()["count"] == 0
    assert next_.get("/api/v1/devices/latest").json()["count"] == 0
    assert next_.get("/api/v1/devices/smoke-1").status_code == 404
    assert own.get("/api/v1/devices/latest").json()["items"][0]["value"] == 20


def test_readings_are_rolled_up_to_hours_once_whenever_they_come(hub, monkeypatch):
    device(hub)
    start = timezone.now().replace(minute=10, second=0, microsecond=0)
    told = [(0, 1.0), (20, 5.0), (-30, 9.0)]  # minutes: two of this hour, one of the last

    def say(seq, minutes, value):
        at = start + dt.timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda: at)
        ingest([Sent("smoke-1", body(seq, values={"t": value}, at=at.isoformat()))])

    for seq, (minutes, value) in enumerate(told):
        say(seq, minutes, value)
    monkeypatch.setattr(timezone, "now", lambda: start + dt.timedelta(minutes=40))
    assert upkeep.roll_up() == 2
    assert upkeep.roll_up() == 0
    late = (start + dt.timedelta(minutes=5)).isoformat()
    ingest([Sent("smoke-1", body(9, values={"t": -2}, at=late))])  # it comes half an hour later
    ingest(
        [Sent("smoke-1", body(10, values={"t": 7}, at="2010-01-01T00:00:00Z"))]
    )  # a clock gone wrong
    monkeypatch.setattr(timezone, "now", lambda: start + dt.timedelta(minutes=60))
    assert upkeep.roll_up() == 1
    rows = hub.client("worker1").get("/api/v1/devices/smoke-1/hours").json()
    assert [(one["count"], one["mean"], one["low"], one["high"]) for one in rows] == [
        (4, 11 / 4, -2, 7), (1, 9, 9, 9),
    ]  # fmt: skip


def test_a_month_of_readings_has_a_table_of_its_own_and_goes_as_one(hub, monkeypatch):
    device(hub)
    ingest([Sent("smoke-1", body(1, values={"t": 20}))])  # before there is one
    now = timezone.now()
    made = months.make(now)
    assert months.make(now) == 0
    ingest([Sent("smoke-1", body(2, values={"t": 21}))])
    assert Reading.objects.count() == 2
    if connection.vendor == "postgresql":
        assert made == 3
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {months.tables()[0]}")  # noqa: S608
            assert cursor.fetchone() == (2,)
            cursor.execute("SELECT count(*) FROM devices_reading_rest")
            assert cursor.fetchone() == (0,)
        assert months.drop(now) == 0
        next_month = now.replace(day=1) + dt.timedelta(days=32)
        assert months.drop(next_month) == 1
        assert Reading.objects.count() == 0


def test_old_receipts_and_readings_are_let_go(hub, monkeypatch):
    device(hub)
    ingest([Sent("smoke-1", body(1, values={"t": 20}))])
    upkeep.forget()
    assert (Reading.objects.count(), Receipt.objects.count()) == (1, 1)
    later = timezone.now() + dt.timedelta(days=800)
    monkeypatch.setattr(timezone, "now", lambda: later)
    upkeep.forget()
    assert (Reading.objects.count(), Receipt.objects.count()) == (0, 0)
    assert Latest.objects.count() == 1
