"""Idle spaces: what they may become, what may be shared when, and who may say so."""

import csv
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.facilities import queries, spaces
from lifecircle.hub.facilities.models import Space

pytestmark = pytest.mark.one_database

C1 = {"lon": 106.552, "lat": 29.55}
C3 = {"lon": 106.5618, "lat": 29.55}
ROOM = {"ref": "R1", "name": "旧仓库", "area_m2": 120, **C1}


@pytest.fixture
def room(hub):
    return spaces.create(hub.actor("worker1"), ROOM)


def test_a_space_is_entered_changed_and_taken_off_with_its_trace(hub, room):
    worker = hub.actor("worker1")
    assert (room.place.code, room.version) == ("C1", 1)
    values = {"allowed_types": ["toilet", "厕所", "clinic"], "shared_hours": "Sa-Su 09:00-17:00"}
    with pytest.raises(InvalidError) as refused:
        spaces.change(worker, "R1", values, version=1)
    assert [issue.column for issue in refused.value.issues] == ["allowed_types"]
    values["allowed_types"] = ["toilet", "公共厕所", "clinic"]
    one = spaces.change(worker, "R1", values, version=1)
    assert (one.allowed_types, one.shared_hours, one.version) == (
        ["toilet", "clinic"],
        "Sa-Su 09:00-17:00",
        2,
    )
    spaces.remove(worker, "R1")
    with pytest.raises(MissingError):
        queries.space(worker, "R1")
    audit = hub.client("auditor").get("/api/v1/audit?limit=20").json()["items"]
    said = [one["action"] for one in audit if one["target"] == "space:R1"]
    assert said == ["space.removed", "space.changed", "space.created"]


@pytest.mark.parametrize(
    ("values", "column"),
    [({"area_m2": 0}, "area_m2"), ({"shared_hours": "whenever"}, "shared_hours"), ({"lon": 200}, "lon"),
     ({"allowed_types": ["castle"]}, "allowed_types"), ({"allowed_types": ["toilet;castle"]}, "allowed_types"),
     ({"cost_cny": -5}, "cost_cny"), ({"name": ""}, "name"), ({"lon": 0.0, "lat": 0.0}, "")],
)  # fmt: skip
def test_a_value_that_is_none_for_its_field_is_named(hub, room, values, column):
    body = {"version": 1, "values": values}
    answer = hub.client("planner").patch("/api/v1/spaces/R1", body, "application/json")
    assert answer.status_code == 422, answer.content
    said = answer.json()
    assert said["message_zh"]
    assert column in " ".join(issue["column"] for issue in said["issues"])
    assert queries.space(hub.actor("planner"), "R1").version == 1


def test_who_saw_an_older_version_is_refused(hub, room):
    worker = hub.actor("worker1")
    spaces.change(worker, "R1", {"area_m2": 130}, version=1)
    with pytest.raises(ConflictError, match="version 2"):
        spaces.change(worker, "R1", {"area_m2": 140}, version=1)
    assert queries.space(worker, "R1").area_m2 == 130


def test_a_taken_ref_is_refused_and_a_missing_one_is_made(hub, room):
    worker = hub.actor("worker1")
    with pytest.raises(InvalidError, match="not taken"):
        spaces.create(worker, ROOM)
    assert spaces.create(worker, {**ROOM, "ref": None}).ref.startswith("hub-")


def test_nobody_writes_a_space_of_the_next_street_or_moves_one_there(hub, room):
    with pytest.raises(ForbiddenError):
        spaces.change(hub.actor("worker1"), "R1", C3, version=1)
    with pytest.raises(ForbiddenError):
        spaces.create(hub.actor("worker1"), {**ROOM, "ref": "R2", **C3})
    for who in ("worker3", "street2"):
        answer = hub.client(who).delete("/api/v1/spaces/R1")
        assert answer.status_code == 404
    assert hub.client("grid1").delete("/api/v1/spaces/R1").status_code == 403


def test_a_department_that_writes_some_categories_only_writes_no_space(hub, room):
    from lifecircle.hub.actor import Actor
    from lifecircle.hub.people import actions as people

    people.grant(
        Actor.system("tests"), username="provider", role="department_officer", place="D",
        categories=["education"],
    )  # fmt: skip
    with pytest.raises(ForbiddenError):
        spaces.remove(hub.actor("provider"), "R1")


def test_a_null_takes_a_value_away_and_never_the_position(hub, room):
    planner = hub.actor("planner")
    spaces.change(planner, "R1", {"cost_cny": 9000, "shared_hours": "Mo-Fr 18:00-21:00"}, version=1)
    one = spaces.change(planner, "R1", {"cost_cny": None, "shared_hours": None}, version=2)
    assert (one.cost_cny, one.shared_hours) == (None, "")
    for name in ("name", "lon", "area_m2"):
        with pytest.raises(InvalidError):
            spaces.change(planner, "R1", {name: None}, version=3)


def test_the_list_is_narrowed_by_place_type_and_text(hub, room):
    client = hub.client("planner")
    spaces.change(hub.actor("planner"), "R1", {"allowed_types": ["toilet"]}, version=1)
    counts = {
        query: client.get(f"/api/v1/spaces?{query}").json()["count"]
        for query in ("place=C1", "place=C3", "type=toilet", "type=clinic", "text=仓库", "text=nothing")
    }  # fmt: skip
    assert list(counts.values()) == [1, 0, 1, 0, 1, 0]


def test_what_is_exported_holds_the_hours_and_is_no_formula(hub, room):
    worker = hub.actor("worker1")
    spaces.change(worker, "R1", {"name": "=1+1", "shared_hours": "Sa 09:00-12:00"}, version=1)
    client = hub.client("worker1")
    text = client.get("/api/v1/spaces/export?format=csv").content.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["id"], row["name"], row["shared_hours"]) == ("R1", "'=1+1", "Sa 09:00-12:00")
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/api/v1/spaces/export?format=xlsx").content)
    )
    assert book.active["B2"].data_type == "s"


def test_a_screen_hears_of_it(hub):
    from lifecircle.hub.stream.models import Event

    before = Event.objects.count()
    spaces.create(hub.actor("worker1"), ROOM)
    assert [one.kind for one in Event.objects.order_by("pk")[before:]] == ["space.created"]
    assert Space.objects.get(ref="R1").place.code == "C1"


def listed():
    """The spaces on the list: the fields, without versions."""
    rows = Space.objects.filter(removed_at__isnull=True).order_by("ref").select_related("place")
    return {one.ref: (one.place.code, spaces.values_of(one)) for one in rows}


def upload(client, text, name="s.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    said = {"source": "普查", "on": "2026-11-20", "table": "spaces"}
    return client.post("/api/v1/imports", {"file": SimpleUploadedFile(name, data), **said})


HEAD = "id,name,area_m2,floor,cost_cny,allowed_types,shared_hours,free_from,lon,lat\n"


def test_a_table_is_previewed_with_every_bad_row_applied_and_undone(hub, room):
    client, before = hub.client("street1"), listed()
    text = HEAD + (
        "R1,旧仓库,150,,,公共厕所;clinic,,,106.552,29.55\n"
        "R2,新房,80,-1,9000,,Sa 09:00-12:00,2027,106.5525,29.55\n"
        "R3,没面积,,,,,,,106.5525,29.55\n"
        "R4,坏类型,50,,,castle,,,106.5525,29.55\n"
        "R5,坏时间,50,,,,whenever,,106.5525,29.55\n"
        "R6,别的街道,50,,,,,,106.5618,29.55\n"
        "R7,远方,50,,,,,,0,0\n"
        "R2,又一次,50,,,,,,106.5525,29.55\n"
    )
    found = upload(client, text).json()
    assert (found["table"], found["new"], found["changed"], found["refused"]) == ("spaces", 1, 1, 6)
    errors = {(i["row"], i["column"]) for i in found["issues"] if i["severity"] == "error"}
    assert errors >= {
        (4, "area_m2"),
        (5, "allowed_types"),
        (6, "shared_hours"),
        (7, "id"),
        (9, "id"),
    }
    assert {change["ref"]: change["before"] for change in found["changes"]} == {
        "R1": {"area_m2": 120, "allowed_types": []}, "R2": {},
    }  # fmt: skip
    assert listed() == before
    assert client.post(f"/api/v1/imports/{found['id']}/apply").json()["state"] == "applied"
    after = listed()
    assert (after["R1"][1]["allowed_types"], after["R1"][1]["area_m2"]) == (
        ["toilet", "clinic"],
        150,
    )
    assert after["R2"][1] | {"lon": 0, "lat": 0} == {
        "name": "新房", "lon": 0, "lat": 0, "area_m2": 80, "floor": -1, "cost_cny": 9000, "allowed_types": [],
        "shared_hours": "Sa 09:00-12:00", "free_from": 2027,
    }  # fmt: skip
    assert client.post(f"/api/v1/imports/{found['id']}/apply").status_code == 409
    assert client.post(f"/api/v1/imports/{found['id']}/undo").json()["state"] == "undone"
    assert listed() == before
    again = upload(client, text).json()
    assert (5, "id") not in {(i["row"], i["column"]) for i in again["issues"]}
    assert "R2" in {i["value"] for i in again["issues"]}, (
        "a ref that was taken off is not used again"
    )


def test_a_table_over_a_space_that_changed_meanwhile_is_refused_whole(hub, room):
    client = hub.client("street1")
    text = HEAD + "R1,旧仓库,150,,,,,,106.552,29.55\nR2,新房,80,,,,,,106.5525,29.55\n"
    number = upload(client, text).json()["id"]
    spaces.change(hub.actor("worker1"), "R1", {"area_m2": 99}, version=1)
    answer = client.post(f"/api/v1/imports/{number}/apply")
    assert (answer.status_code, answer.json()["message_en"]) == (
        409,
        "changed since the preview: R1",
    )
    assert listed().keys() == {"R1"}
    again = upload(client, text).json()["id"]
    client.post(f"/api/v1/imports/{again}/apply")
    spaces.change(hub.actor("worker1"), "R2", {"area_m2": 81}, version=1)
    assert client.post(f"/api/v1/imports/{again}/undo").status_code == 409
    assert (listed()["R1"][1]["area_m2"], listed()["R2"][1]["area_m2"]) == (150, 81)


def test_what_is_exported_is_imported_again_and_changes_nothing(hub, room):
    worker, client = hub.actor("worker1"), hub.client("worker1")
    values = {"allowed_types": ["toilet", "clinic"], "shared_hours": "Sa 09:00-12:00", "floor": 2}
    spaces.change(worker, "R1", {**values, "free_from": 2028, "cost_cny": 5}, version=1)
    for format_ in ("csv", "xlsx"):
        data = client.get(f"/api/v1/spaces/export?format={format_}").content
        found = upload(client, data, f"spaces.{format_}").json()
        assert (found["changes"], found["refused"]) == ([], 0), found


def test_nobody_imports_for_the_next_street_or_over_its_spaces(hub, room):
    text = HEAD + "R1,抢来的,150,,,,,,106.5618,29.55\nR9,自己的,80,,,,,,106.5618,29.55\n"
    found = upload(hub.client("worker3"), text).json()
    assert ([c["ref"] for c in found["changes"]], found["refused"]) == (["R9"], 1)
    assert "旧仓库" not in str(found)
    assert upload(hub.client("grid1"), text).status_code == 403
    number = upload(hub.client("street1"), HEAD + "R2,新,80,,,,,,106.5525,29.55\n").json()["id"]
    assert hub.client("street2").post(f"/api/v1/imports/{number}/apply").status_code == 404
