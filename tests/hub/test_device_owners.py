"""A device in a dwelling measures somebody's home: their readings with consent only, alarms always, who they are on request."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from lifecircle.hub.audit.models import Entry
from lifecircle.hub.cases.models import Case
from lifecircle.hub.devices import limits, upkeep
from lifecircle.hub.devices.ingesting import Sent, ingest
from lifecircle.hub.devices.models import Device, Hour, Latest, Reading, Receipt
from lifecircle.hub.places.models import Place

from .test_devices import DOOR, body, device

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def nobody_has_spoken():
    limits.forget()


def put(hub, values, ref="smoke-1", who="worker1"):
    version = Device.objects.get(ref=ref).version
    sent = {"version": version, "given": True, "on": TODAY().isoformat(), **values}
    return hub.client(who).put(
        f"/api/v1/devices/{ref}/consent", sent, content_type="application/json"
    )


def patch(hub, values, ref="smoke-1", who="worker1"):
    sent = {"version": Device.objects.get(ref=ref).version, "values": values}
    return hub.client(who).patch(f"/api/v1/devices/{ref}", sent, content_type="application/json")


def test_without_consent_no_reading_is_kept_and_an_alarm_is_raised_all_the_same(hub):
    device(hub, consent_on=None, silent_after_s=3600)
    taken = ingest(
        [Sent("smoke-1", body(1, "smoke", values={"ppm": 410}, battery=80, firmware="2.1"))]
    )
    assert taken[0].outcome == "new"
    assert Case.objects.get(source="device").door == DOOR
    assert (Reading.objects.count(), Latest.objects.count(), Receipt.objects.count()) == (0, 0, 1)
    one = Device.objects.get()
    assert (one.battery, one.firmware, one.heard_at is None) == (80, "2.1", False)


def test_with_consent_readings_are_kept_from_then_on_and_go_when_it_is_withdrawn(hub):
    device(hub, consent_on=None)
    ingest([Sent("smoke-1", body(1, values={"ppm": 1}))])
    made = put(hub, {"on": "2026-01-05"}).json()
    assert (made["consent_on"], made["consent_by"], made["withdrawn_on"]) == (
        "2026-01-05",
        "worker1",
        None,
    )
    ingest([Sent("smoke-1", body(2, values={"ppm": 2}))])
    ingest([Sent("smoke-1", body(1, values={"ppm": 1}))])  # told again: it was taken
    assert list(Reading.objects.values_list("value", flat=True)) == [2]
    Hour.objects.create(
        device_id=Device.objects.get().pk,
        name="ppm",
        at=timezone.now(),
        count=1,
        total=2,
        low=2,
        high=2,
    )
    assert put(hub, {"given": False}).json()["withdrawn_on"] == TODAY().isoformat()
    assert Reading.objects.count() + Latest.objects.count() + Hour.objects.count() == 0
    ingest([Sent("smoke-1", body(3, "smoke", values={"ppm": 3}))])
    assert Reading.objects.count() == 0
    assert Case.objects.filter(source="device").exists()
    assert put(hub, {"given": False}).status_code == 409
    assert [one.action for one in Entry.objects.filter(action__startswith="device.consent").order_by("pk")] == [
        "device.consented", "device.consent_withdrawn",
    ]  # fmt: skip


def test_consent_is_of_a_home_and_of_a_day_that_has_come(hub):
    device(hub, "lamp-1", "corridor_lamp", door=None, consent_on=None)
    device(hub, consent_on=None)
    tomorrow = (TODAY() + dt.timedelta(1)).isoformat()
    assert put(hub, {}, ref="lamp-1").status_code == 422
    assert put(hub, {"on": tomorrow}).status_code == 422
    assert put(hub, {"version": 9}).status_code == 409
    assert put(hub, {}, who="grid1").status_code == 403
    assert put(hub, {}, who="worker3").status_code == 404
    ingest([Sent("lamp-1", body(1, values={"lux": 3}))])
    assert Reading.objects.count() == 1  # a corridor is nobody's home


def test_a_device_whose_place_is_a_dwelling_is_in_a_home_without_a_door_too(hub):
    above = Place.objects.get(code="C1")
    Place.objects.create(
        code="C1-501",
        parent=above,
        level="dwelling",
        name_zh="501",
        lineage=f"{above.lineage}C1-501/",
        since=TODAY(),
    )
    device(hub, place="C1-501", door=None, consent_on=None)
    ingest([Sent("smoke-1", body(1, values={"ppm": 1}))])
    assert Reading.objects.count() == 0
    assert hub.client("worker1").get("/api/v1/devices/smoke-1").json()["in_dwelling"]
    assert put(hub, {}).status_code == 200
    ingest([Sent("smoke-1", body(2, values={"ppm": 1}))])
    assert Reading.objects.count() == 1


def test_in_another_home_the_owner_is_asked_anew_and_a_replacement_goes_on(hub):
    device(hub, owner="张三丰")
    assert patch(hub, {"name": "新名"}).json()["consent_on"] is not None
    sent = {"version": 2, "by": "smoke-2"}
    hub.client("worker1").post(
        "/api/v1/devices/smoke-1/replace", sent, content_type="application/json"
    )
    new = Device.objects.get(ref="smoke-2")
    assert (new.owner, new.consent_on, new.consent_by) == ("张三丰", TODAY(), "worker1")
    for seq, values in enumerate(({"door": "4栋101"}, {"owner": "李四"}, {"place": "C2"})):
        Device.objects.filter(ref="smoke-2").update(consent_on=TODAY())
        ingest([Sent("smoke-2", body(seq, values={"ppm": 1}))])
        assert Reading.objects.count() == 1
        assert patch(hub, values, ref="smoke-2", who="street1").json()["consent_on"] is None, values
        assert Reading.objects.count() == 0, values  # they find nothing of those before them


def test_a_lamp_that_is_put_elsewhere_keeps_what_it_measured(hub):
    device(hub, "lamp-1", "corridor_lamp", door=None, consent_on=None)
    ingest([Sent("lamp-1", body(1, values={"lux": 3}))])
    assert patch(hub, {"place": "C2"}, ref="lamp-1", who="street1").status_code == 200
    assert Reading.objects.count() == 1


def test_consent_is_withdrawn_of_what_retired_devices_measured_too(hub):
    device(hub)
    ingest([Sent("smoke-1", body(1, values={"ppm": 1}))])
    for old, new in (("smoke-1", "smoke-2"), ("smoke-2", "smoke-3")):
        sent = {"version": 1, "by": new}
        hub.client("worker1").post(
            f"/api/v1/devices/{old}/replace", sent, content_type="application/json"
        )
    assert put(hub, {}, ref="smoke-1").status_code == 409  # a retired one measures nothing more
    assert put(hub, {"given": False}, ref="smoke-3").status_code == 200
    assert Reading.objects.count() == 0
    assert Device.objects.filter(withdrawn_on=TODAY()).count() == 3
    device(hub, "gas-1", "gas")
    ingest([Sent("gas-1", body(1, values={"ppm": 1}))])
    hub.client("worker1").post(
        "/api/v1/devices/gas-1/replace",
        {"version": 1, "by": "gas-2"},
        content_type="application/json",
    )
    assert put(hub, {"given": False}, ref="gas-1").status_code == 200
    assert Reading.objects.count() == 0
    assert Device.objects.get(ref="gas-2").withdrawn_on is None


def test_owner_and_door_are_encrypted_in_no_list_and_every_look_is_noted(hub):
    device(hub, owner="张三丰")
    with connection.cursor() as cursor:
        cursor.execute("SELECT owner, door FROM devices_device")
        kept = b"".join(bytes(value) for value in cursor.fetchone())
    assert "张三丰".encode() not in kept
    assert DOOR.encode() not in kept
    client = hub.client("worker1")
    for path in ("devices", "devices/smoke-1", "devices/list.xlsx"):
        assert "张三丰" not in client.get(f"/api/v1/{path}").content.decode("utf-8", "replace")
    assert client.post("/api/v1/devices/smoke-1/owner").json() == {"door": DOOR, "owner": "张三丰"}
    assert hub.client("operator").post("/api/v1/devices/smoke-1/owner").status_code == 403
    assert hub.client("worker3").post("/api/v1/devices/smoke-1/owner").status_code == 404
    assert Entry.objects.filter(action="device.revealed").count() == 1
    assert Entry.objects.filter(allowed=False, target__contains="smoke-1").exists()
    patch(hub, {"owner": "李四"})
    done = client.get("/api/v1/devices/smoke-1/history").json()
    assert [(one["action"], one["name"]) for one in done] == [
        ("device.changed", "worker1"), ("device.revealed", "worker1"), ("device.registered", "worker1"),
    ]  # fmt: skip
    assert hub.client("worker3").get("/api/v1/devices/smoke-1/history").status_code == 404
    assert "李四" not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_silence_is_watched_without_consent(hub, monkeypatch):
    device(hub, consent_on=None, silent_after_s=3600)
    ingest([Sent("smoke-1", body(1))])
    later = timezone.now() + dt.timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert upkeep.silent() == 1


def test_the_list_says_which_batteries_are_low_and_of_which_a_case_is_open(hub):
    told = {"smoke-1": ("smoke", 90), "smoke-2": ("", 12), "smoke-3": ("", 20)}
    for ref, (alarm, battery) in told.items():
        device(hub, ref)
        ingest([Sent(ref, body(1, alarm, battery=battery))])
    client = hub.client("worker1")

    def refs(**asked):
        return [
            (one["ref"], one["alarm"])
            for one in client.get("/api/v1/devices", asked).json()["items"]
        ]

    assert refs(battery_low=True) == [("smoke-2", False)]
    assert refs(alarm=True) == [("smoke-1", True)]
    assert refs() == [("smoke-1", True), ("smoke-2", False), ("smoke-3", False)]
    assert client.get("/api/v1/devices/smoke-1").json()["alarm"]
