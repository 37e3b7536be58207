"""The register: every value with its source, imports with preview and undo, nothing lost."""

import csv
import datetime as dt
import io

import openpyxl
import pyogrio
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lifecircle.hub.errors import ConflictError, ForbiddenError, MissingError
from lifecircle.hub.facilities import actions, queries
from lifecircle.hub.facilities.models import Facility

ON = dt.date(2026, 11, 20)
C1 = {"lon": 106.552, "lat": 29.55}
C3 = {"lon": 106.5618, "lat": 29.55}


def register():
    """What is in the register: the fields, without versions."""
    rows = Facility.objects.filter(removed_at__isnull=True).order_by("ref")
    return {one.ref: (one.place.code, queries.row_of(one)) for one in rows.select_related("place")}


def upload(client, text, name="f.csv", **values):
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(
        "/api/v1/imports",
        {"file": SimpleUploadedFile(name, data), "source": "普查", "on": "2026-11-20", **values},
    )


def test_every_value_keeps_its_source_and_day(hub):
    worker = hub.actor("worker1")
    one = actions.create(
        worker,
        {"ref": "N1", "name": "新厕所", "type": "toilet", **C1, "capacity": 4},
        source="实地",
        on=ON,
    )
    assert (one.place.code, one.version) == ("C1", 1)
    actions.change(worker, "N1", {"capacity": 6}, version=1, source="改造", on=ON + dt.timedelta(1))
    said = [(v.value, v.source, v.on) for v in queries.values(one).filter(field="capacity")]
    assert said == [(6, "改造", dt.date(2026, 11, 21)), (4, "实地", ON)]


def test_who_saw_an_older_version_is_refused(hub):
    worker = hub.actor("worker1")
    actions.change(worker, "F1", {"capacity": 50}, version=1, source="x", on=ON)
    with pytest.raises(ConflictError, match="version 2"):
        actions.change(worker, "F1", {"capacity": 60}, version=1, source="x", on=ON)
    assert queries.facility(worker, "F1").capacity == 50


def test_a_facility_cannot_be_moved_where_the_caller_may_not_write(hub):
    with pytest.raises(ForbiddenError):
        actions.change(hub.actor("worker1"), "F1", C3, version=1, source="x", on=ON)
    assert queries.facility(hub.actor("planner"), "F1").place.code == "C1"


@pytest.mark.parametrize(
    "values",
    [{"type": "castle"}, {"capacity": -1}, {"condition": 9}, {"hours": "whenever"}, {"lon": 200},
     {"lon": 0.0, "lat": 0.0}, {"name": ""}],
)  # fmt: skip
def test_a_value_that_is_none_for_its_field_is_named(hub, values):
    before = register()
    body = {"version": 1, "values": values, "said": {"source": "x", "on": "2026-11-20"}}
    answer = hub.client("planner").patch("/api/v1/facilities/F1", body, "application/json")
    if "hours" in values:  # hours that cannot be read are a warning in a bundle too
        assert answer.status_code in {200, 422}
        return
    assert answer.status_code == 422, answer.content
    assert answer.json()["message_zh"]
    assert register() == before


def test_a_department_writes_its_own_categories_only(hub):
    from lifecircle.hub.actor import Actor
    from lifecircle.hub.people import actions as people

    from .conftest import make_account

    make_account("education")
    category = queries.standards().types["kindergarten"].category
    people.grant(
        Actor.system("t"), username="education", role="department_officer", place="D", categories=[category]
    )  # fmt: skip
    officer = hub.actor("education")
    kindergarten = Facility.objects.filter(type="kindergarten").first()
    actions.change(officer, kindergarten.ref, {"capacity": 99}, version=1, source="x", on=ON)
    with pytest.raises(ForbiddenError):
        actions.change(officer, "F1", {"capacity": 99}, version=1, source="x", on=ON)
    with pytest.raises(ForbiddenError):
        actions.change(officer, kindergarten.ref, {"type": "toilet"}, version=2, source="x", on=ON)


def test_a_removed_facility_is_gone_and_its_past_is_not(hub):
    planner = hub.actor("planner")
    actions.remove(planner, "F1", source="拆除", on=ON)
    with pytest.raises(MissingError):
        queries.facility(planner, "F1")
    assert Facility.objects.get(ref="F1").values.last().value is True


def test_an_import_is_previewed_applied_and_undone(hub):
    client, before = hub.client("street1"), register()
    text = (
        "id,name,type,lon,lat,capacity\n"
        f"F1,设施1,toilet,{before['F1'][1]['lon']},{before['F1'][1]['lat']},77\n"
        "N1,新幼儿园,幼儿园,106.5525,29.55,120\n"
        "N2,坏,castle,106.5525,29.55,1\n"
        "N3,外面,toilet,106.5618,29.55,1\n"
        "F7,别人的,toilet,106.5525,29.55,1\n"
    )
    found = upload(client, text).json()
    assert (found["new"], found["changed"], found["refused"]) == (1, 1, 3)
    assert {(i["row"], i["code"]) for i in found["issues"] if i["severity"] == "error"} >= {
        (5, "scope"), (6, "scope"),
    }  # fmt: skip
    assert {i["file"] for i in found["issues"]} == {"f.csv"}
    assert register() == before
    assert client.post(f"/api/v1/imports/{found['id']}/apply").json()["state"] == "applied"
    after = register()
    assert after["F1"][1]["capacity"] == 77
    assert after["N1"][1]["type"] == "kindergarten"
    assert after.keys() - before.keys() == {"N1"}
    assert client.post(f"/api/v1/imports/{found['id']}/apply").status_code == 409
    assert client.post(f"/api/v1/imports/{found['id']}/undo").json()["state"] == "undone"
    assert register() == before


def test_an_import_over_what_changed_meanwhile_is_refused_whole(hub):
    client, before = hub.client("street1"), register()
    row = before["F1"][1]
    text = f"id,name,type,lon,lat,capacity\nF1,设施1,toilet,{row['lon']},{row['lat']},77\nN1,新,toilet,106.5525,29.55,1\n"
    number = upload(client, text).json()["id"]
    actions.change(hub.actor("worker1"), "F1", {"capacity": 5}, version=1, source="x", on=ON)
    answer = client.post(f"/api/v1/imports/{number}/apply")
    assert (answer.status_code, answer.json()["message_en"]) == (
        409,
        "changed since the preview: F1",
    )
    assert "N1" not in register()
    again = upload(client, text).json()["id"]
    client.post(f"/api/v1/imports/{again}/apply")
    actions.change(hub.actor("worker1"), "F1", {"capacity": 6}, version=3, source="x", on=ON)
    assert client.post(f"/api/v1/imports/{again}/undo").status_code == 409
    assert register()["F1"][1]["capacity"] == 6


@pytest.mark.parametrize(
    ("name", "content"),
    [("f.exe", b"MZ"), ("f.xlsx", b"not a zip"), ("f.csv", b"\xff\xfe\x00"), ("f.csv", b""),
     ("f.geojson", b"[]"), ("f.gpkg", b"SQLite"), ("f.parquet", b"PAR1"), ("../../x.csv", b"a\n1\n")],
)  # fmt: skip
def test_an_upload_that_is_no_table_is_refused_in_words(hub, name, content):
    answer = upload(hub.client("planner"), content, name)
    refused = answer.status_code == 422 or answer.json()["new"] == 0
    assert refused, answer.content


def test_an_upload_larger_than_allowed_is_refused(hub, settings):
    settings.MOST_UPLOAD_BYTES = 100
    assert upload(hub.client("planner"), b"x" * 101).status_code == 422


def test_what_looks_like_a_formula_goes_out_as_text(hub):
    evil = '=HYPERLINK("http://x")'
    actions.change(hub.actor("planner"), "F1", {"name": evil}, version=1, source="x", on=ON)
    client = hub.client("planner")
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get("/api/v1/facilities/export?format=xlsx").content)
    ).active
    cell = next(row[1] for row in sheet.iter_rows() if row[0].value == "F1")
    assert (cell.value, cell.data_type) == (evil, "s")
    text = client.get("/api/v1/facilities/export?format=csv").content.decode("utf-8-sig")
    assert next(r for r in csv.reader(io.StringIO(text)) if r[0] == "F1")[1] == f"'{evil}"


def test_exports_hold_the_same_rows_in_every_format(hub, tmp_path):
    client = hub.client("street1")
    refs = {ref for ref, (place, _) in register().items() if place in {"C1", "C2"}}
    for ending in ("geojson", "gpkg", "parquet"):
        path = tmp_path / f"f.{ending}"
        path.write_bytes(client.get(f"/api/v1/facilities/export?format={ending}").content)
        if ending == "parquet":
            import geopandas

            frame = geopandas.read_parquet(path)
        else:
            frame = pyogrio.read_dataframe(path)
        assert set(frame["id"]) == refs, ending
        assert frame.crs.to_epsg() == 4326


def test_the_form_for_phones_is_valid_and_its_answers_are_imported(hub, tmp_path):
    from pyxform.xls2xform import convert

    path = tmp_path / "form.xlsx"
    path.write_bytes(hub.client("worker1").get("/api/v1/facilities/form").content)
    found = convert(str(path), validate=False)
    assert found.warnings == []
    assert "<h:title>设施调查 Facilities</h:title>" in found.xform
    # What ODK hands out of one answer: a column a question, the position as it is and as calculated.
    answers = (
        "SubmissionDate,id,name,type,spot-Latitude,spot-Longitude,lat,lon,capacity,operating,condition\n"
        "2026-11-20T10:00:00,N1,新厕所,toilet,29.55,106.552,29.55,106.552,4,yes,4\n"
    )
    done = upload(hub.client("worker1"), answers).json()
    assert (done["new"], done["refused"]) == (1, 0)
    assert done["changes"][0]["after"]["condition"] == 4


def test_facilities_that_nobody_checked_are_stale(hub):
    client = hub.client("planner")
    assert client.get("/api/v1/facilities?stale=true").json()["count"] == len(register())
    actions.change(
        hub.actor("planner"), "F1", {"capacity": 1}, version=1, source="x", on=timezone.localdate()
    )
    assert client.get("/api/v1/facilities/F1").json()["stale"] is False


def test_a_department_does_not_take_over_another_s_facility_by_a_table(hub):
    from lifecircle.hub.actor import Actor
    from lifecircle.hub.people import actions as people

    from .conftest import make_account

    make_account("education")
    category = queries.standards().types["kindergarten"].category
    people.grant(
        Actor.system("t"), username="education", role="department_officer", place="D", categories=[category]
    )  # fmt: skip
    row = register()["F1"][1]
    text = f"id,name,type,lon,lat\nF1,mine,kindergarten,{row['lon']},{row['lat']}\n"
    done = upload(hub.client("education"), text).json()
    assert (done["changed"], done["refused"]) == (0, 1)


def test_an_import_sees_a_no_where_nothing_was_known(hub):
    client, row = hub.client("planner"), register()["F1"][1]
    text = f"id,name,type,lon,lat,barrier_free\nF1,设施1,toilet,{row['lon']},{row['lat']},yes\n"
    number = upload(client, text).json()["id"]
    actions.change(
        hub.actor("worker1"), "F1", {"barrier_free": False}, version=1, source="x", on=ON
    )
    assert client.post(f"/api/v1/imports/{number}/apply").status_code == 409


def test_what_a_colleague_added_to_an_imported_facility_is_not_undone(hub):
    client = hub.client("planner")
    number = upload(client, "id,name,type,lon,lat\nN1,新,toilet,106.5525,29.55\n").json()["id"]
    client.post(f"/api/v1/imports/{number}/apply")
    actions.change(hub.actor("worker1"), "N1", {"capacity": 9}, version=1, source="x", on=ON)
    assert client.post(f"/api/v1/imports/{number}/undo").status_code == 409
    assert "N1" in register()


def test_a_token_reads_an_import_only_with_the_right_to_write(hub):
    number = upload(
        hub.client("planner"), "id,name,type,lon,lat\nN1,新,toilet,106.5525,29.55\n"
    ).json()["id"]
    header = {"authorization": f"Bearer {hub.token('planner', 'audit.read')}"}
    assert hub.client().get(f"/api/v1/imports/{number}", headers=header).status_code == 403
