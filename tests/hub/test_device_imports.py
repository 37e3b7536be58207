"""Devices by workbook: all or none, every fault at once, secrets shown once, and the same table again changes nothing."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lifecircle.hub.api import api
from lifecircle.hub.audit.models import Entry
from lifecircle.hub.devices import actions, imports
from lifecircle.hub.devices.ingesting import Sent, ingest
from lifecircle.hub.devices.models import Device
from lifecircle.hub.errors import ConflictError
from lifecircle.hub.tokens import digest_of

from .test_devices import DOOR, body, told

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 5)


def sheet(answer, title=None):
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [
        list(row)
        for row in (book[title] if title else book.worksheets[0]).iter_rows(values_only=True)
    ]


def workbook(*rows, header=("编号", "类型", "名称", "地方代码")):
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def send(hub, content, who="worker1", name="设备.xlsx"):
    return hub.client(who).post(
        "/api/v1/devices/import", {"file": SimpleUploadedFile(name, content)}
    )


def faults(answer):
    return [
        (one["row"], one["column"]) for one in answer.json()["issues"] if one["severity"] == "error"
    ]


def test_the_form_is_filled_in_and_every_device_of_it_speaks_with_the_secret_that_is_shown_once(
    hub,
):
    form = sheet(hub.client("worker1").get("/api/v1/devices/form.xlsx"))
    header = form[0]
    rows = {
        "smoke-1": ("烟感", DOOR, dt.datetime(2026, 1, 5, tzinfo=dt.UTC).replace(tzinfo=None)),
        "lamp-1": ("corridor_lamp", None, None),
    }
    filled = []
    for ref, (kind, door, day) in rows.items():
        said = {"编号": ref, "类型": kind, "名称": f"{ref}号", "地方代码": "C1", "门牌": door, "户主": door and "张三丰",
                "同意日期": day, "安装日期": "2026/01/06", "失联秒数": 86400}  # fmt: skip
        filled.append([said.get(name) for name in header])
    answer = send(hub, workbook(*filled, header=header))
    assert (answer.status_code, answer["X-Devices-New"], answer["X-Devices-Same"]) == (
        200,
        "2",
        "0",
    )
    assert answer["Cache-Control"] == "no-store"
    secrets = {row[0]: row[-1] for row in sheet(answer)[1:]}
    for ref in rows:
        assert told(hub, secrets[ref], body(1, values={"t": 1}), ref=ref).json()["outcome"] == "new"
    one = Device.objects.get(ref="smoke-1")
    assert (one.kind, one.door, one.owner, one.consent_on, one.consent_by) == (
        "smoke",
        DOOR,
        "张三丰",
        DAY,
        "worker1",
    )
    assert (one.installed_on, one.silent_after_s, one.digest) == (
        dt.date(2026, 1, 6),
        86400,
        digest_of(secrets["smoke-1"]),
    )
    noted = str(list(Entry.objects.values_list("target", "detail")))
    assert "device:lamp-1" in noted
    assert not any(secret in noted for secret in [*secrets.values(), "张三丰", DOOR])


def test_the_form_says_what_may_stand_in_it_in_both_languages(hub):
    client = hub.client("worker1")
    answer = client.get("/api/v1/devices/form.xlsx?language=en")
    assert sheet(answer)[0][:4] == ["ref", "kind", "name", "place"]
    allowed = {row[0]: row[3] for row in sheet(answer, "说明 allowed values")[1:]}
    assert set(allowed) == set(sheet(answer)[0])
    assert all(f"{kind}" in allowed["kind"] for kind in Device.KINDS)
    assert all(f"{name}" in allowed["decoder"] for name in Device.DECODERS)
    assert hub.client("grid1").get("/api/v1/devices/form.xlsx").status_code == 403


def test_every_fault_of_a_table_is_told_at_once_and_nothing_is_registered(hub):
    header = (
        "ref",
        "kind",
        "name",
        "place",
        "door",
        "consent_on",
        "lon",
        "silent_after_s",
        "decoder",
        "external_id",
        "acks",
        "more",
    )
    tomorrow = (timezone.localdate() + dt.timedelta(1)).isoformat()
    good = ("a0", "smoke", "x", "C1")
    answer = send(hub, workbook(
        good,
        ("a 1", "smoke", "x", "C1"), ("a2", "烟囱", "x", "C1"), ("a3", "smoke", None, "C1"), ("a4", "smoke", "x", "C3"),
        ("a5", "smoke", "x", "nowhere"), ("a0", "smoke", "x", "C1"), ("a7", "smoke", "x", "C1", None, "2026-01-05"),
        ("a8", "smoke", "x", "C1", DOOR, tomorrow), ("a9", "smoke", "x", "C1", DOOR, "5th of May"),
        ("b0", "smoke", "x", "C1", None, None, 181), ("b1", "smoke", "x", "C1", None, None, None, 5),
        ("b2", "smoke", "x", "C1", None, None, None, None, "ctwing"),
        ("b3", "smoke", "x", "C1", None, None, None, None, None, "id"), ("b4", "smoke", "x" * 201, "C1"),
        ("b5", "smoke", "x", "C1", None, None, None, None, None, None, "maybe"),
        header=header,
    ))  # fmt: skip
    assert answer.status_code == 422
    assert sorted(faults(answer)) == [
        (3, "ref"), (4, "kind"), (5, "name"), (6, "place"), (7, "place"), (8, "ref"), (9, "consent_on"), (10, "consent_on"),
        (11, "consent_on"), (12, "lon"), (13, "silent_after_s"), (14, "external_id"), (15, "external_id"), (16, "name"),
        (17, "acks"),
    ]  # fmt: skip
    one = next(issue for issue in answer.json()["issues"] if issue["row"] == 4)
    assert (one["file"], one["value"]) == ("设备.xlsx", "烟囱")
    assert "smoke" in one["expected"]
    assert "烟感" in one["expected_zh"]
    assert not Device.objects.exists()


def test_the_same_table_again_does_nothing_and_another_says_what_it_would_change(hub):
    header = ("ref", "kind", "name", "place", "door", "vendor")
    rows = [("a1", "smoke", "烟感", "C1", DOOR, "甲"), ("a2", "lift", "电梯", "C1", None, None)]
    assert send(hub, workbook(*rows, header=header)).status_code == 200
    before = list(Device.objects.values())
    again = send(hub, workbook(*rows, header=header))
    assert (again.status_code, again["X-Devices-New"], again["X-Devices-Same"]) == (204, "0", "2")
    listed = hub.client("worker1").get("/api/v1/devices/list.xlsx")
    assert DOOR not in str(sheet(listed))
    assert send(hub, listed.content)["X-Devices-Same"] == "2"
    more = [*rows, ("a3", "pump", "水泵", "C1", None, None)]
    assert send(hub, workbook(*more, header=header))["X-Devices-New"] == "1"
    other = send(hub, workbook(("a1", "gas", "烟感", "C1", "别处", "乙"), header=header))
    assert sorted(faults(other)) == [(2, "door"), (2, "kind"), (2, "vendor")]
    assert "'甲'" in next(
        one["expected"] for one in other.json()["issues"] if one["column"] == "vendor"
    )
    assert DOOR not in other.content.decode()
    assert list(Device.objects.exclude(ref="a3").values()) == before


def test_numbers_of_others_are_taken_whoever_they_are(hub):
    header = ("ref", "kind", "name", "place", "decoder", "external_id")
    send(hub, workbook(("a1", "smoke", "x", "C3", "ctwing", "e1"), header=header), who="worker3")
    answer = send(hub, workbook(
        ("a1", "smoke", "x", "C1", "ctwing", "e2"), ("a2", "smoke", "x", "C1", "天翼物联", "e1"),
        ("a3", "smoke", "x", "C1", "onenet", "e3"),
        header=header,
    ))  # fmt: skip
    assert sorted(faults(answer)) == [(2, "ref"), (3, "external_id")]
    assert "C3" not in answer.content.decode()


def test_who_may_not_register_and_files_that_are_none_are_refused(hub):
    content = workbook(("a1", "smoke", "x", "C1"))
    for who in ("grid1", "provider", "auditor"):
        assert send(hub, content, who=who).status_code == 403
    broken = [
        ("a.xlsx", b"PK\x03\x04nothing"), ("a.csv", b"\x00\xff\x00"), ("a.pdf", b"x"), ("a.geojson", b"{}"), ("a.xlsx", b""),
    ]  # fmt: skip
    for name, content in broken:
        answer = send(hub, content, name=name)
        assert answer.status_code == 422, name
    many = "ref,kind,name,place\n" + "".join(
        f"r{k},smoke,x,C1\n" for k in range(imports.MOST_ROWS + 1)
    )
    assert send(hub, many.encode(), name="a.csv").status_code == 422
    assert not Device.objects.exists()


def test_a_table_as_csv_does_as_well_and_a_hundred_devices_are_one_request(hub):
    text = "编号,类型,名称,地方代码\n" + "".join(f"r{k},烟感,烟感{k},C1\n" for k in range(100))
    answer = send(hub, text.encode("gb18030"), name="设备.csv")
    assert answer["X-Devices-New"] == "100"
    assert [one.outcome for one in ingest([Sent("r99", body(1, "smoke"))])] == ["new"]


def test_no_device_has_a_number_that_is_an_address(hub):
    paths = (path.removeprefix("/api/v1") for path in api.get_openapi_schema()["paths"])
    found = {path.split("/")[2] for path in paths if path.startswith("/devices/")}
    taken = {name for name in found if name.isidentifier()}
    assert taken
    assert taken <= Device.RESERVED
    rows = [(name, "smoke", "x", "C1") for name in sorted(Device.RESERVED)]
    assert faults(send(hub, workbook(*rows))) == [(k, "ref") for k in range(2, 2 + len(rows))]
    for name in Device.RESERVED:
        with pytest.raises(ConflictError):
            actions.register(
                hub.actor("worker1"), place="C1", ref=name, values={"kind": "smoke", "name": "x"}
            )
