"""The audit: what was done is written down, cannot be changed, and a change shows."""

import pytest
from django.db import DatabaseError, connection, transaction

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions, queries
from lifecircle.hub.audit.models import Entry, Seal, SealedEntry


@pytest.fixture
def sealed(hub, django_capture_on_commit_callbacks):
    actions.anchors().unlink(missing_ok=True)
    for k in range(5):
        actions.record(Actor.system("test"), "test", f"thing:{k}")
    with django_capture_on_commit_callbacks(execute=True):
        while actions.seal():
            pass
    return Seal.objects.count()


def test_every_write_and_every_refusal_is_there_for_the_auditor_alone(hub):
    planner = hub.client("planner")
    values = {"version": 1, "values": {"capacity": 3}, "said": {"source": "x", "on": "2026-11-20"}}
    assert planner.patch("/api/v1/facilities/F1", values, "application/json").status_code == 200
    assert (
        hub.client("operator")
        .patch("/api/v1/facilities/F1", values, "application/json")
        .status_code
        == 403
    )
    listed = hub.client("auditor").get("/api/v1/audit", {"limit": 20}).json()["items"]
    found = [one for one in listed if one["action"] != "account.login"][:2]
    assert [(e["name"], e["action"], e["allowed"]) for e in found] == [
        ("operator", "denied.patch", False), ("planner", "facility.changed", True),
    ]  # fmt: skip
    assert found[0]["address"] == "127.0.0.1"
    for who in ("planner", "sysadmin", "secadmin"):
        assert hub.client(who).get("/api/v1/audit").status_code == 403


def test_what_a_refused_act_would_have_written_is_not_there(hub):
    before = Entry.objects.filter(action="facility.created").count()
    body = {"ref": "F1", "name": "x", "type": "toilet", "lon": 106.552, "lat": 29.55,
            "said": {"source": "x", "on": "2026-11-20"}}  # fmt: skip
    assert (
        hub.client("planner").post("/api/v1/facilities", body, "application/json").status_code
        == 422
    )
    assert Entry.objects.filter(action="facility.created").count() == before


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET name = 'x'", "DELETE FROM audit_entry"]
)
def test_the_database_itself_refuses_to_change_an_entry(sealed, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(queries.broken_seals()) == []


def _without_guard(statement):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_entry_unchanged")
            cursor.execute("DROP TRIGGER audit_entry_kept")
        else:
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_guard")
        cursor.execute(statement)


def test_an_entry_changed_behind_the_database_shows(sealed):
    one = SealedEntry.objects.latest("pk").entry_id
    _without_guard(f"UPDATE audit_entry SET name = 'nobody' WHERE id = {one}")  # noqa: S608
    assert [line.split(":")[0] for line in queries.broken_seals()] == [
        f"seal {Seal.objects.latest('pk').pk}"
    ]


def test_a_chain_made_anew_shows_by_its_anchor(sealed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.record(Actor.system("test"), "test", "thing:9")
        actions.seal()
    last = Seal.objects.latest("pk")
    link = last.entries.get()
    _without_guard(f"UPDATE audit_entry SET name = 'nobody' WHERE id = {link.entry_id}")  # noqa: S608
    entry = Entry.objects.get(pk=link.entry_id)
    Seal.objects.filter(pk=last.pk).update(digest=actions.digest_of(last.previous, [entry]))
    assert list(queries.broken_seals()) == [
        f"seal {last.pk}: not as it was anchored / 与库外锚点不符"
    ]


def test_anchors_that_are_gone_are_missed(sealed):
    actions.anchors().unlink()
    assert list(queries.broken_seals()) == [
        "audit-anchors.log: the file is gone / 库外锚点文件缺失"
    ]
