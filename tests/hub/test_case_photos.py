"""Photos of cases: nothing hidden kept, once each, seen by who sees the case, taken away by who took them while it is open."""

import uuid

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from hub.pictures import jpeg, opened
from hub.test_photos import HOSTILE
from lifecircle.hub.cases import actions, photos
from lifecircle.hub.cases.actions import Report
from lifecircle.hub.cases.models import Case, CaseEvent, CasePhoto

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.DATA = tmp_path


@pytest.fixture
def case(hub):
    return actions.report(hub.actor("worker1"), place="C1", told=Report("repair", "worker"))


def send(hub, case, body=None, who="grid1", name="p.jpg", **values):
    file = SimpleUploadedFile(name, jpeg() if body is None else body)
    return hub.client(who).post(f"/api/v1/cases/{case.ref}/photos", {"file": file, **values})


def files():
    return sorted(path.name for path in settings.DATA.rglob("*.jpg"))


def move(hub, case, name, who="worker1", **values):
    version = Case.objects.get(pk=case.pk).version
    return actions.move(hub.actor(who), case.ref, name, version=version, values=values)


def test_a_photo_is_kept_without_position_camera_or_comment_and_told_in_the_history(hub, case):
    made = send(hub, case, jpeg(taken="2026:11:20 09:30:00"), when="before").json()
    assert (made["when"], made["taken_on"], made["added_by"], made["may_remove"]) == (
        "before", "2026-11-20", "grid1", True,
    )  # fmt: skip
    for query in ("", "?small=true"):
        answer = hub.client("council").get(f"/api/v1/cases/{case.ref}/photos/{made['id']}{query}")
        assert answer["Content-Type"] == "image/jpeg"
        assert not opened(answer.content).getexif()
        assert b"Secret" not in answer.content
    last = CaseEvent.objects.filter(case=case).last()
    assert (last.what, last.by) == ("photo", "grid1")
    assert last.detail == {"state": "received", "photo": made["id"], "when": "before"}
    assert (
        Case.objects.get(pk=case.pk).version == case.version
    )  # a move that waits is not in its way
    others = hub.client("worker1").get(f"/api/v1/cases/{case.ref}/photos").json()
    assert others == [{**made, "may_remove": False}]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_photo_is_refused_and_leaves_nothing(hub, case, name):
    body, file_name = HOSTILE[name]
    assert send(hub, case, body, name=file_name).status_code == 422
    assert files() == []
    assert not CasePhoto.objects.exists()
    assert list(CaseEvent.objects.filter(case=case).values_list("what", flat=True)) == ["received"]


def test_a_photo_that_is_sent_again_is_the_one_that_there_is(hub, case):
    key = str(uuid.uuid4())
    first, again = (send(hub, case, key=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert files() == ["large.jpg", "small.jpg"]
    assert send(hub, case).status_code == 409  # the same picture, as if it were another
    assert send(hub, case, jpeg((50, 50)), who="worker1", key=key).status_code == 422
    assert len(files()) == 2


def test_two_sendings_of_a_photo_that_meet_are_one(hub, case, monkeypatch):
    key = str(uuid.uuid4())
    first = send(hub, case, key=key).json()
    real, seen = photos._known, []

    def late(*values):
        """The first look comes before the other has committed."""
        seen.append(values)
        return real(*values) if len(seen) > 1 else None

    monkeypatch.setattr(photos, "_known", late)
    assert send(hub, case, jpeg((70, 70)), key=key).json() == first
    assert files() == ["large.jpg", "small.jpg"]


def test_the_key_of_anothers_photo_neither_changes_nor_shows_it(hub, case):
    key = str(uuid.uuid4())
    mine = send(hub, case, key=key).json()
    before = hub.client("grid1").get(f"/api/v1/cases/{case.ref}/photos/{mine['id']}").content
    far = actions.report(hub.actor("worker3"), place="C3", told=Report("repair", "worker"))
    assert send(hub, far, jpeg((90, 90)), who="worker3", key=key).status_code == 422
    assert hub.client("grid1").get(f"/api/v1/cases/{case.ref}/photos/{mine['id']}").content == before  # fmt: skip


def test_a_case_has_at_most_nine_photos_and_none_once_it_is_over(hub, case):
    for k in range(photos.MOST):
        assert send(hub, case, jpeg((20 + k, 20))).status_code == 201
    answer = send(hub, case, jpeg((99, 20)))
    assert (answer.status_code, "9" in answer.json()["message_zh"]) == (409, True)
    for name, extra in (("accept", {}), ("resolve", {"note": "x"}), ("verify", {}), ("close", {})):
        move(hub, case, name, **extra)
    number = CasePhoto.objects.first().pk
    assert hub.client("grid1").delete(f"/api/v1/cases/{case.ref}/photos/{number}").status_code == 409  # fmt: skip
    assert send(hub, case, jpeg((99, 20))).status_code == 409
    assert len(files()) == 2 * photos.MOST


def test_only_who_took_it_takes_it_away_and_that_there_was_one_stays(
    hub, case, django_capture_on_commit_callbacks
):
    path = f"/api/v1/cases/{case.ref}/photos/{send(hub, case).json()['id']}"
    assert hub.client("worker1").delete(path).status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        assert hub.client("grid1").delete(path).status_code == 204
    assert hub.client("grid1").get(path).status_code == 404
    assert hub.client("grid1").delete(path).status_code == 404
    assert files() == []
    said = CaseEvent.objects.filter(case=case).values_list("what", flat=True)
    assert list(said) == ["received", "photo", "photo_removed"]


@pytest.mark.parametrize(("who", "reads", "writes"), [
    ("operator", 200, 201), ("street1", 200, 201), ("grid1", 200, 201), ("planner", 200, 403), ("council", 200, 403),
    ("worker3", 404, 404), ("street2", 404, 404), ("resident", 404, 404), ("auditor", 404, 404), ("", 401, 401),
])  # fmt: skip
def test_photos_are_seen_by_who_sees_the_case_and_added_by_who_acts_there(
    hub, case, who, reads, writes
):
    number = send(hub, case, who="worker1").json()["id"]
    client, path = hub.client(who), f"/api/v1/cases/{case.ref}/photos"
    assert client.get(path).status_code == reads
    assert client.get(f"{path}/{number}").status_code == reads
    assert send(hub, case, jpeg((50, 50)), who=who).status_code == writes
    assert client.delete(f"{path}/{number}").status_code == (403 if reads == 200 else reads)


def test_a_photo_is_reached_by_its_own_case_only(hub, case):
    number = send(hub, case).json()["id"]
    other = actions.report(hub.actor("worker1"), place="C1", told=Report("lamp", "worker"))
    for path in (f"{other.ref}/photos/{number}", f"nothing/photos/{number}"):
        assert hub.client("grid1").get(f"/api/v1/cases/{path}").status_code == 404
        assert hub.client("grid1").delete(f"/api/v1/cases/{path}").status_code == 404
