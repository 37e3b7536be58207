"""Files of projects, the monthly report as PDF, and OC4IDS out and in."""

import datetime as dt
import io
import json

import jsonschema_rs
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfReader

from hub.pictures import jpeg
from lifecircle.hub.planning import actions, attachments, goals
from lifecircle.hub.planning.models import Attachment, Project

pytestmark = pytest.mark.one_database


def project(hub, who="worker1", **values):
    today = timezone.localdate()
    given = {
        "name": "石油路社区食堂", "about": "利用闲置用房", "place": "C1", "kind": "new", "facility_type": "elder_canteen",
        "lon": 106.552, "lat": 29.55, "department": "区民政局", "supporting": ["区住建委"], "starts_on": today,
        "due_on": today + dt.timedelta(90), **values,
    }  # fmt: skip
    one = actions.create(hub.actor(who), given)
    lines = [
        {"year": today.year, "source": s, "planned_cny": n, "spent_cny": n / 2}
        for s, n in (("区级财政", 2e5), ("社会资本", 1e5))
    ]
    return actions.set_budget(hub.actor(who), one.ref, lines, version=one.version)


def upload(client, ref, name, body, title=""):
    file = SimpleUploadedFile(name, body)
    return client.post(f"/api/v1/projects/{ref}/files", {"file": file, "title": title})


def test_documents_and_photos_are_kept_served_and_taken_away(hub):
    one, client = project(hub), hub.client("worker1")
    assert upload(client, one.ref, "可研报告.pdf", b"%PDF-1.7 x", "可行性研究").status_code == 201
    photo = upload(client, one.ref, "现场.jpg", jpeg()).json()
    assert photo["kind"] == "photo"
    listed = client.get(f"/api/v1/projects/{one.ref}/files").json()
    assert [(f["name"], f["title"], f["kind"]) for f in listed] == [
        ("可研报告.pdf", "可行性研究", "document"),
        ("现场.jpg", "", "photo"),
    ]
    answer = client.get(f"/api/v1/projects/{one.ref}/files/{listed[0]['id']}")
    assert answer.content == b"%PDF-1.7 x"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    small = client.get(f"/api/v1/projects/{one.ref}/files/{photo['id']}?small=true")
    assert small["Content-Type"] == "image/jpeg"
    assert small.content[:2] == b"\xff\xd8"
    assert client.delete(f"/api/v1/projects/{one.ref}/files/{photo['id']}").status_code == 204
    assert client.get(f"/api/v1/projects/{one.ref}/files/{photo['id']}").status_code == 404
    assert Attachment.objects.count() == 2
    said = [e["what"] for e in client.get(f"/api/v1/projects/{one.ref}/history").json()]
    assert said[:3] == ["file.removed", "file.added", "file.added"]


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [("a.exe", b"MZ", 422), ("a.html", b"<script>", 422), ("a.svg", b"<svg/>", 422), ("a.pdf", b"", 422), ("a.jpg", b"no picture", 422)],
)  # fmt: skip
def test_what_is_no_document_is_refused(hub, name, body, status):
    one = project(hub)
    assert upload(hub.client("worker1"), one.ref, name, body).status_code == status
    assert not Attachment.objects.exists()


def test_the_same_file_twice_too_many_and_strangers_are_refused(hub, monkeypatch):
    one, client = project(hub), hub.client("worker1")
    assert upload(client, one.ref, "a.pdf", b"x").status_code == 201
    assert upload(client, one.ref, "b.pdf", b"x").status_code == 409
    monkeypatch.setattr(attachments, "MOST", 1)
    assert upload(client, one.ref, "c.pdf", b"y").status_code == 409
    number = Attachment.objects.get().pk
    for who, status in (("worker3", 404), ("grid1", 403)):
        assert upload(hub.client(who), one.ref, "d.pdf", b"z").status_code == status
    assert (
        hub.client("worker3").get(f"/api/v1/projects/{one.ref}/files/{number}").status_code == 404
    )
    monkeypatch.setattr(attachments, "MOST_BYTES", 3)
    assert upload(client, one.ref, "e.pdf", b"12345").status_code == 422


def test_the_monthly_report_is_a_pdf_that_can_be_read(hub):
    today = timezone.localdate()
    one = project(hub, due_on=today + dt.timedelta(60))
    steps = [{"name": "开工", "due_on": today - dt.timedelta(3), "done_on": None}]
    actions.set_milestones(hub.actor("worker1"), one.ref, steps, version=one.version)
    goals.create(
        hub.actor("planner"), place="C1", owner="",
        values={"name": "就业服务站", "unit": "处", "target": 3.0, "starts_on": today, "due_on": today + dt.timedelta(9)},
    )  # fmt: skip
    answer = hub.client("planner").get("/api/v1/projects/export?format=pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for words in ("石油路社区食堂", "区级财政", "开工", "就业服务站", "300,000", "逾期"):
        assert words in text, words
    other = hub.client("worker3").get("/api/v1/projects/export?format=pdf")
    assert "石油路社区食堂" not in "".join(
        p.extract_text() for p in PdfReader(io.BytesIO(other.content)).pages
    )


MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$"}
PERIOD = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"startDate": MOMENT, "endDate": MOMENT, "durationInDays": {"type": "integer"}},
}
VALUE = {
    "type": "object",
    "required": ["amount", "currency"],
    "properties": {"amount": {"type": "number"}, "currency": {"enum": ["CNY"]}},
}
STATUS = ["identification", "preparation", "implementation", "completion", "completed", "cancelled"]
TEXT = {"type": "string", "minLength": 1}


def listed(properties, *required):
    return {
        "type": "array",
        "minItems": 1,
        "uniqueItems": True,
        "items": {"type": "object", "required": list(required), "properties": properties},
    }


PACKAGE = {
    "type": "object", "required": ["uri", "publisher", "publishedDate", "projects", "version"],
    "properties": {
        "uri": {"type": "string", "pattern": "^https?://"}, "publishedDate": MOMENT, "version": {"pattern": r"^\d+\.\d+$"},
        "publisher": {"type": "object", "required": ["name"]},
        "projects": listed({
            "id": TEXT, "title": TEXT, "description": TEXT, "updated": MOMENT, "status": {"enum": STATUS}, "period": PERIOD,
            "type": {"enum": ["construction", "rehabilitation", "replacement"]}, "sector": {"type": "array", "items": TEXT},
            "locations": listed({"id": TEXT, "geometry": {"properties": {"type": {"enum": ["Point"]}, "coordinates": {
                "type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}}}}, "id"),
            "budget": {"type": "object", "properties": {"amount": VALUE, "approvalDate": MOMENT, "budgetBreakdown": listed(
                {"id": TEXT, "amount": VALUE, "period": PERIOD, "sourceParty": {"required": ["id", "name"]}}, "id")}},
            "parties": listed({"id": TEXT, "name": TEXT, "roles": {"type": "array", "items": TEXT}}, "id"),
            "documents": listed({"id": TEXT, "documentType": TEXT, "datePublished": MOMENT}, "id"),
            "completion": {"type": "object", "properties": {"endDate": MOMENT, "finalValue": VALUE}},
        }, "id"),
    },
}  # fmt: skip
"""What OC4IDS 0.9 asks of the fields that are written (project-schema.json, project-package-schema.json), in our words."""


def package(client, **query):
    answer = client.get("/api/v1/projects/oc4ids", query)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def send(client, content, place="C1"):
    file = SimpleUploadedFile(
        "p.json", content if isinstance(content, bytes) else json.dumps(content).encode()
    )
    return client.post("/api/v1/projects/oc4ids", {"file": file, "place": place})


def test_projects_go_out_as_the_standard_says(hub, settings):
    settings.OC4IDS_PREFIX = "oc4ids-abc123-"
    client = hub.client("worker1")
    assert client.get("/api/v1/projects/oc4ids").status_code == 422  # a package has a project
    one = project(hub)
    upload(client, one.ref, "可研.pdf", b"x")
    Project.objects.filter(ref=one.ref).update(state="accepted", accepted_on=timezone.localdate())
    project(
        hub,
        name="无坐标",
        lon=None,
        lat=None,
        facility_type=None,
        kind="other",
        starts_on=None,
        about=None,
    )
    found = package(client)
    jsonschema_rs.validate(PACKAGE, found)
    first = found["projects"][0]
    assert first["id"] == f"oc4ids-abc123-{one.ref}"
    assert (first["status"], first["sector"]) == ("completed", ["health"])
    assert first["budget"]["amount"] == {"amount": 300000.0, "currency": "CNY"}
    assert {p["name"] for p in first["parties"]} == {"区民政局", "区住建委", "区级财政", "社会资本"}
    assert first["completion"]["finalValue"]["amount"] == 150000.0
    assert "/file" not in json.dumps(found)
    with pytest.raises(AssertionError):
        package(hub.client("worker3"))


def test_a_package_comes_in_as_ideas_once_and_what_is_ours_stays(hub):
    client = hub.client("worker1")
    one = project(hub)
    found = package(client)
    ours = send(client, found).json()
    assert (ours["made"], ours["known"]) == ([], [one.ref])
    found["projects"][0]["id"] = "oc4ids-elsewhere-77"
    made = send(client, found).json()["made"]
    assert len(made) == 1
    same = (
        "name",
        "about",
        "place",
        "facility_type",
        "lon",
        "lat",
        "department",
        "starts_on",
        "due_on",
        "planned_cny",
    )
    mine = client.get(f"/api/v1/projects/{one.ref}").json()
    assert {k: made[0][k] for k in same} == {k: mine[k] for k in same}
    assert made[0]["state"] == "idea"
    assert send(client, found).json()["known"] == ["oc4ids-elsewhere-77"]
    assert Project.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (b"{no json", {""}),
        ({"projects": []}, {"projects"}),
        ({"projects": [{"title": "x"}, {"id": "a", "period": {"startDate": "soon"}}]}, {"projects/0/id", "projects/1/period/startDate"}),
        ([{"id": "a", "budget": {"budgetBreakdown": [{"amount": {"amount": 5, "currency": "EUR"}}, {"amount": {"amount": -1}}]}}],
         {"projects/0/budget/budgetBreakdown/0/amount/currency", "projects/0/budget/budgetBreakdown/1/amount/amount"}),
        ([{"id": "a", "locations": [{"id": "1", "geometry": {"type": "Point", "coordinates": [29.5, 106.5]}}]}],
         {"projects/0/locations/0/geometry/coordinates"}),
        ([[]], {"projects/0/id"}),
    ],
)  # fmt: skip
def test_a_package_that_is_wrong_is_refused_whole_with_every_place_named(hub, content, columns):
    answer = send(hub.client("worker1"), content)
    assert answer.status_code == 422
    assert {issue["column"] for issue in answer.json()["issues"]} == columns
    assert not Project.objects.exists()
