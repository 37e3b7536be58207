"""Keys and hazards of homes: with consent, encrypted, shown with the door to who holds the case, gone when withdrawn."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit.models import Entry
from lifecircle.hub.cases.models import Case
from lifecircle.hub.people import dwelling_notes
from lifecircle.hub.people.actions import inherit
from lifecircle.hub.people.models import DwellingNote
from lifecircle.hub.people.queries import at_home
from lifecircle.hub.places.models import Place

from .test_cases import moved, reported

pytestmark = pytest.mark.django_db
DOOR = "3栋2单元501"
HOME = {"door": DOOR, "resident": "赵一", "key_held": "网格站, 3号钥匙箱", "hazards": ["dog", "oxygen"], "note": "听力不好"}  # fmt: skip


def days(given=0, kept=365):
    today = timezone.localdate()
    return {
        "consent_on": (today + dt.timedelta(given)).isoformat(),
        "keep_until": (today + dt.timedelta(kept)).isoformat(),
    }


def enter(hub, who="worker1", place="C1", **said):
    body = {"place": place, **HOME, **days(), **said}
    return hub.client(who).post("/api/v1/dwelling-notes", body, "application/json")


def change(hub, number, version=1, who="worker1", **said):
    body = {**HOME, **days(), "version": version, **said}
    return hub.client(who).put(
        f"/api/v1/dwelling-notes/{number}", body, content_type="application/json"
    )


def below(parent, code, level):
    above = Place.objects.get(code=parent)
    return Place.objects.create(
        code=code, parent=above, level=level, name_zh=code, lineage=f"{above.lineage}{code}/", since=timezone.localdate()
    )  # fmt: skip


def look(hub, one, who="grid1"):
    return hub.client(who).post(f"/api/v1/cases/{one.ref}/door")


def held(hub, who="grid1", door=DOOR):
    one = reported(hub, "help_call", door=door)
    moved(hub, one, "accept", who=who)
    return one


def test_who_holds_the_case_sees_where_the_key_is_and_what_is_dangerous_and_every_look_is_on_record(
    hub,
):
    number = enter(hub).json()["id"]
    answer = look(hub, held(hub)).json()
    today = timezone.localdate().isoformat()
    assert answer["home"] == {
        "key_held": "网格站, 3号钥匙箱", "hazards": ["oxygen", "dog"], "note": "听力不好", "consent_on": today,
    }  # fmt: skip
    entry = Entry.objects.get(action="dwelling_note.shown")
    assert (entry.name, entry.target) == ("grid1", f"dwelling_note:{number}")
    assert entry.detail["for"] == f"case:{Case.objects.get().ref}"
    kept = json.dumps(list(Entry.objects.values_list("detail", "target")), ensure_ascii=False)
    assert not any(word in kept for word in (DOOR, "赵一", "钥匙箱", "听力", "oxygen"))


def test_nobody_else_sees_it_and_after_the_case_nobody_does(hub):
    enter(hub)
    one = held(hub)
    other = reported(hub, "help_call", door="7栋101")
    moved(hub, other, "accept", who="worker1")
    for who, status in (("worker1", 403), ("operator", 403), ("council", 403), ("worker3", 404), ("provider", 404)):  # fmt: skip
        assert look(hub, one, who).status_code == status, who
    assert look(hub, other, "worker1").json()["home"] is None  # a responder of another case
    assert not Entry.objects.filter(action="dwelling_note.shown").exists()
    moved(hub, one, "arrive", who="grid1")
    assert look(hub, one).json()["home"]["key_held"]
    moved(hub, one, "resolve", who="grid1", note="已处理")
    assert look(hub, one).status_code == 403
    for name in ("verify", "close"):
        moved(hub, one, name)
        assert look(hub, one).status_code == 403
    assert Entry.objects.filter(action="dwelling_note.shown").count() == 1
    whole = hub.client("grid1").get(f"/api/v1/cases/{one.ref}")
    assert "钥匙箱" not in whole.content.decode()


def test_a_withdrawn_consent_deletes_it_at_once_also_for_who_is_on_the_way(hub):
    number = enter(hub).json()["id"]
    one = held(hub)
    assert hub.client("grid1").delete(f"/api/v1/dwelling-notes/{number}").status_code == 403
    assert hub.client("worker1").delete(f"/api/v1/dwelling-notes/{number}").status_code == 204
    assert not DwellingNote.objects.exists()
    assert look(hub, one).json()["home"] is None
    assert hub.client("worker1").delete(f"/api/v1/dwelling-notes/{number}").status_code == 404
    assert Entry.objects.filter(action="dwelling_note.withdrawn").count() == 1


def test_a_consent_that_has_run_out_is_shown_to_nobody_and_deleted(hub):
    number = enter(hub, **days(kept=0)).json()["id"]
    assert dwelling_notes.delete_expired() == 0
    DwellingNote.objects.update(keep_until=timezone.localdate() - dt.timedelta(1))
    assert look(hub, held(hub)).json()["home"] is None
    assert hub.client("worker1").post(f"/api/v1/dwelling-notes/{number}/reveal").status_code == 404
    assert enter(hub).status_code == 201  # asked anew
    assert dwelling_notes.delete_expired() == 1
    assert DwellingNote.objects.count() == 1
    assert Entry.objects.get(action="dwelling_note.expired").name == "system: retention"


@pytest.mark.parametrize("said", [
    {"door": ""}, {"resident": " "}, {"key_held": "", "hazards": [], "note": ""}, {"hazards": ["ghosts"]},
    days(given=1), days(kept=-1), days(kept=4 * 366),
])  # fmt: skip
def test_without_consent_door_or_anything_to_know_nothing_is_kept(hub, said):
    assert enter(hub, **said).status_code == 422
    assert not DwellingNote.objects.exists()


def test_who_keeps_residents_enters_changes_and_reveals_and_a_list_names_neither_home_nor_hazard(
    hub,
):
    assert enter(hub, who="grid1").status_code == 403
    assert enter(hub, who="worker3").status_code == 404
    made = enter(hub).json()
    assert enter(hub, door="3栋 2单元 501室").status_code == 409  # the same home, written otherwise
    client = hub.client("worker1")
    listed = client.get("/api/v1/dwelling-notes", {"place": "C1"})
    (row,) = listed.json()["items"]
    assert (row["door"], row["has_key"], row["hazards"]) == ("3栋2单****", True, 2)
    for word in (DOOR, "赵一", "钥匙箱", "oxygen"):
        assert word not in listed.content.decode()
    assert hub.client("worker3").get("/api/v1/dwelling-notes").json()["count"] == 0
    assert hub.client("operator").get("/api/v1/dwelling-notes").json()["count"] == 0
    assert change(hub, made["id"], key_held="邻居李家, 301").json()["version"] == 2
    assert change(hub, made["id"]).status_code == 409  # somebody was faster
    assert change(hub, made["id"], version=2, who="grid1").status_code == 403
    assert enter(hub, door="3栋2单元502").status_code == 201
    assert (
        change(hub, made["id"], version=2, door="3栋2单元502").status_code == 409
    )  # another's home
    assert change(hub, made["id"], version=2, door="").status_code == 422
    hub.client("worker1").delete(f"/api/v1/dwelling-notes/{DwellingNote.objects.last().pk}")
    whole = client.post(f"/api/v1/dwelling-notes/{made['id']}/reveal").json()
    assert (whole["door"], whole["resident"], whole["key_held"]) == (DOOR, "赵一", "邻居李家, 301")
    assert hub.client("grid1").post(f"/api/v1/dwelling-notes/{made['id']}/reveal").status_code == 403  # fmt: skip
    assert Entry.objects.filter(action="dwelling_note.revealed", allowed=True).count() == 1


def test_everything_about_a_home_is_encrypted_in_the_database(hub):
    enter(hub)
    with connection.cursor() as cursor:
        cursor.execute("SELECT door, resident, key_held, hazards, note FROM people_dwellingnote")
        kept = b"".join(bytes(value) for value in cursor.fetchone())
    for word in (DOOR, "赵一", "钥匙箱", "oxygen", "听力"):
        assert word.encode() not in kept


@pytest.mark.parametrize(("noted", "told", "same"), [
    (DOOR, "3栋 2单元501室", True), (DOOR, "3栋2单元501", True), (DOOR, "3栋2单元502", False),
    ("3-501", "35-01", False), ("3-501", "3 501", True), ("3-501", "", False), (DOOR, None, False), ("B1-A", "b1-a", True),
])  # fmt: skip
def test_a_door_is_the_same_however_it_is_written_and_another_is_another(hub, noted, told, same):
    enter(hub, door=noted)
    place = Place.objects.get(code="C1")
    assert (at_home(Actor.system("t"), place, told, about="t") is not None) == same


def test_the_home_next_door_never_answers_for_this_one(hub):
    """A door without its house may be in any house; the same one in two houses, or in another community, is nobody's."""
    system = Actor.system("t")
    first, second = (below("C1", f"C1-G{k}", "grid") for k in (1, 2))
    community, other = (Place.objects.get(code=code) for code in ("C1", "C2"))
    enter(hub, place="C1-G1", door="501")
    assert at_home(system, first, "501", about="t")
    assert at_home(system, community, "501", about="t") is None
    enter(hub, place="C1-G1")
    assert at_home(system, community, DOOR, about="t")
    assert at_home(system, second, DOOR, about="t") is None
    assert at_home(system, other, DOOR, about="t") is None
    assert at_home(system, Place.objects.get(code="S1"), DOOR, about="t") is None
    enter(hub, place="C1-G2")
    assert at_home(system, community, DOOR, about="t") is None
    assert at_home(system, second, DOOR, about="t")
    flat = below("C1-G1", "C1-501", "dwelling")
    assert enter(hub, place="C1-501", door=None).status_code == 201
    assert at_home(system, flat, None, about="t")


def test_a_note_follows_the_tree(hub):
    enter(hub, place="C1")
    heir = Place.objects.get(code="C2")
    inherit(Place.objects.get(code="C1"), [heir])
    assert DwellingNote.objects.get().place == heir


def test_contacts_are_shown_with_the_door_and_to_nobody_else(hub):
    contacts = [{"who": "family", "phone": "13900000000"}]
    one = reported(hub, "help_call", door=DOOR, contacts=json.dumps(contacts))
    assert look(hub, one).status_code == 403
    moved(hub, one, "accept", who="grid1")
    assert look(hub, one).json()["contacts"] == contacts
    assert look(hub, one, "worker1").status_code == 403
    moved(hub, one, "arrive", who="grid1")
    moved(hub, one, "resolve", who="grid1", note="好了")
    assert look(hub, one).status_code == 403
    looks = Entry.objects.filter(action="case.door").order_by("pk").values_list("allowed", flat=True)  # fmt: skip
    assert list(looks) == [False, True, False, False]
