"""Logging in, roles, tokens, residents: what each may and may not."""

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

import totp
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit.models import Entry
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.people import actions, queries
from lifecircle.hub.people.models import Resident

from .conftest import PASSWORD, make_account

AUTH = "/_allauth/browser/v1/auth"


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


def log_in(client, username, password=PASSWORD, **more):
    return client.post(f"{AUTH}/login", json.dumps({"username": username, "password": password, **more}),
                       "application/json")  # fmt: skip


def test_a_password_lets_in_and_a_wrong_one_does_not(hub):
    client = hub.client()
    assert log_in(client, "planner", "wrong").status_code == 400
    assert client.get("/api/v1/me").status_code == 401
    assert log_in(client, "planner").status_code == 200
    me = client.get("/api/v1/me").json()
    assert (me["username"], me["rights"]["place.write"]) == ("planner", ["/D/"])
    client.delete(f"{AUTH}/session")
    assert client.get("/api/v1/me").status_code == 401


def test_after_five_wrong_passwords_even_the_right_one_waits(hub):
    client = hub.client()
    for _ in range(5):
        log_in(client, "planner", "wrong")
    assert log_in(client, "planner").status_code in {400, 429}
    assert client.get("/api/v1/me").status_code == 401
    assert log_in(hub.client(), "operator").status_code == 200  # others are not locked out


@pytest.mark.parametrize("how", ["locked", "expired"])
def test_who_is_locked_or_past_their_day_is_out_at_once(hub, how):
    client = hub.client()
    log_in(client, "planner")
    account = hub.account("planner")
    if how == "locked":
        actions.set_active(hub.actor("sysadmin"), "planner", active=False)
    else:
        account.expires_at = timezone.now() - dt.timedelta(seconds=1)
        account.save()
    assert client.get("/api/v1/me").status_code == 401
    assert log_in(hub.client(), "planner").status_code in {400, 401, 403}


def test_a_session_lasts_while_somebody_is_there_and_ends_when_nobody_is(hub, monkeypatch):
    from django.utils import timezone as clock

    client, start = hub.client(), timezone.now()
    log_in(client, "planner")
    for minutes in (0, 10, 20, 30):  # each within 15 minutes of the one before
        monkeypatch.setattr(clock, "now", lambda m=minutes: start + dt.timedelta(minutes=m))
        assert client.get("/api/v1/me").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(minutes=46))
    assert client.get("/api/v1/me").status_code == 401


def test_a_second_factor_is_asked_for_once_it_is_set_up(hub):
    client = hub.client()
    log_in(client, "planner")
    url = "/_allauth/browser/v1/account/authenticators/totp"
    secret = client.get(url).json()["meta"]["secret"]
    code = json.dumps({"code": totp.now(secret)})
    assert client.post(url, code, "application/json").status_code == 401  # the password once more
    client.post(f"{AUTH}/reauthenticate", json.dumps({"password": PASSWORD}), "application/json")
    done = client.post(url, code, "application/json")
    assert done.status_code == 200, done.content
    with connection.cursor() as cursor:  # it does not lie open in the database
        cursor.execute("SELECT data FROM mfa_authenticator")
        assert all(secret not in str(row) for row in cursor.fetchall())
    other = hub.client()
    assert log_in(other, "planner").status_code == 401
    assert other.get("/api/v1/me").status_code == 401
    wrong = other.post(
        f"{AUTH}/2fa/authenticate", json.dumps({"code": "000000"}), "application/json"
    )
    assert wrong.status_code == 400
    cache.clear()
    code = totp.now(secret, ahead=1)
    right = other.post(f"{AUTH}/2fa/authenticate", json.dumps({"code": code}), "application/json")
    assert right.status_code == 200, right.content
    assert other.get("/api/v1/me").status_code == 200


def test_writes_need_the_token_against_forgery(hub):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(
        hub.account("planner"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    body = {"name": "t", "scopes": ["card.read"], "days": 1}
    assert client.post("/api/v1/me/tokens", body, "application/json").status_code == 403
    client.get("/api/v1/me")
    token = client.cookies["csrftoken"].value
    done = client.post(
        "/api/v1/me/tokens", body, "application/json", headers={"x-csrftoken": token}
    )
    assert done.status_code == 201


def test_a_one_time_password_opens_nothing_but_its_own_change(hub):
    actions.create_account(
        Actor.system("t"), username="newcomer", name="n", kind="staff", password=PASSWORD
    )
    actions.grant(Actor.system("t"), username="newcomer", role="district_planner", place="D")
    client = hub.client("newcomer")
    assert client.get("/api/v1/me").json()["must_change_password"] is True
    assert client.get("/api/v1/places").json()["count"] == 0
    for new in ("short1A", "alllowercaseletters", "newcomer-newcomer", PASSWORD):
        answer = client.post(
            "/api/v1/me/password", {"old": PASSWORD, "new": new}, "application/json"
        )
        assert answer.status_code == 422, new
    done = client.post(
        "/api/v1/me/password", {"old": PASSWORD, "new": "Other-Horse-8"}, "application/json"
    )
    assert done.status_code == 204
    assert client.get("/api/v1/places").json()["count"] > 0


def test_system_security_and_audit_are_kept_apart(hub):
    security = hub.actor("secadmin")
    make_account("somebody")
    actions.grant(security, username="somebody", role="auditor")
    with pytest.raises(InvalidError, match="kept apart"):
        actions.grant(security, username="somebody", role="street_officer", place="S1")
    with pytest.raises(InvalidError, match="kept apart"):
        actions.grant(security, username="planner", role="system_administrator")
    with pytest.raises(ForbiddenError):
        actions.grant(security, username="secadmin", role="auditor")
    with pytest.raises(ForbiddenError):
        actions.create_account(security, username="x1", name="x", kind="staff", password=PASSWORD)
    with pytest.raises(ForbiddenError):
        actions.grant(hub.actor("sysadmin"), username="planner", role="street_officer", place="S1")
    with pytest.raises(InvalidError, match="a member of staff"):
        actions.grant(security, username="resident", role="street_officer", place="S1")
    with pytest.raises(ConflictError):
        actions.grant(security, username="planner", role="district_planner", place="D")


def test_a_role_ends_when_it_is_revoked_and_stays_known(hub):
    held = queries.current_grants(hub.account("worker1")).get()
    actions.revoke(hub.actor("secadmin"), held.pk)
    assert hub.actor("worker1").roles == ()
    assert hub.account("worker1").grants.get().until is not None
    assert hub.client("worker1").get("/api/v1/facilities").json()["count"] == 0


def test_a_token_works_until_it_is_taken_back_or_its_owner_is(hub):
    text = hub.token("planner", "place.read")
    header = {"authorization": f"Bearer {text}"}
    client = hub.client()
    assert client.get("/api/v1/places", headers=header).json()["count"] > 0
    assert client.get("/api/v1/facilities", headers=header).json()["count"] == 0
    number = queries.tokens(hub.actor("planner")).get().pk
    with pytest.raises(MissingError):
        actions.revoke_token(hub.actor("operator"), number)
    actions.revoke_token(hub.actor("planner"), number)
    assert client.get("/api/v1/places", headers=header).status_code == 401
    again = {"authorization": f"Bearer {hub.token('planner', 'place.read')}"}
    actions.set_active(hub.actor("sysadmin"), "planner", active=False)
    assert client.get("/api/v1/places", headers=again).status_code == 401


def test_a_token_cannot_make_tokens_or_change_the_password(hub):
    header = {"authorization": f"Bearer {hub.token('planner', *['place.read'])}"}
    client = hub.client()
    made = client.post("/api/v1/me/tokens", {"name": "x", "scopes": ["card.read"], "days": 1},
                       "application/json", headers=header)  # fmt: skip
    changed = client.post("/api/v1/me/password", {"old": PASSWORD, "new": "Other-Horse-8"},
                          "application/json", headers=header)  # fmt: skip
    assert (made.status_code, changed.status_code) == (403, 403)


def test_residents_are_masked_and_encrypted(hub):
    listed = hub.client("worker1").get("/api/v1/residents").json()["items"]
    assert [(r["name"], r["phone"], r["birth_decade"]) for r in listed] == [
        ("张**", "138******00", 1940)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT full_name, phone FROM people_resident")
        for row in cursor.fetchall():
            for value in row:
                assert b"1380013" not in bytes(value)
                assert "张".encode() not in bytes(value)


def test_a_look_at_a_resident_needs_consent_to_the_purpose_and_is_audited(hub):
    client = hub.client("worker1")
    number = queries.residents(hub.actor("worker1")).get().pk
    url = f"/api/v1/residents/{number}/reveal"
    shown = client.post(url, {"purpose": "service"}, "application/json")
    assert shown.json()["name"] == "张三丰"
    assert client.post(url, {"purpose": "statistics"}, "application/json").status_code == 403
    assert (
        hub.client("grid1").post(url, {"purpose": "service"}, "application/json").status_code == 403
    )
    assert (
        hub.client("worker3").post(url, {"purpose": "service"}, "application/json").status_code
        == 404
    )
    looks = Entry.objects.filter(action="resident.revealed", target=f"resident:{number}")
    assert [(e.name, e.allowed) for e in looks.order_by("pk")] == [
        ("worker1", True), ("worker1", False), ("grid1", False),
    ]  # fmt: skip
    assert all("张" not in str(e.detail) for e in looks)


def test_residents_whose_consent_is_over_are_forgotten(hub):
    one = queries.residents(hub.actor("worker1")).get()
    assert actions.erase_expired() == 0
    one.consents.update(keep_until=timezone.localdate() - dt.timedelta(days=1))
    assert actions.erase_expired() == 1
    one.refresh_from_db()
    assert (one.full_name, one.phone, one.birth_year, one.groups) == ("", None, None, [])
    assert Resident.objects.filter(erased_at__isnull=True).count() == 1
    with pytest.raises(MissingError):
        queries.resident(hub.actor("worker1"), one.pk)


def test_nobody_is_registered_without_consent(hub):
    body = {"place": "C1", "full_name": "王五", "consents": []}
    assert (
        hub.client("worker1").post("/api/v1/residents", body, "application/json").status_code == 422
    )
    assert Resident.objects.count() == 2


def test_who_has_to_change_their_password_makes_no_tokens_and_the_change_ends_those_there_were(hub):
    actions.create_account(
        Actor.system("t"), username="newcomer", name="n", kind="staff", password=PASSWORD
    )
    with pytest.raises(ForbiddenError):
        actions.create_token(hub.actor("newcomer"), name="x", scopes=["resident.reveal"], days=1)
    text = hub.token("planner", "place.read")
    hub.account("planner").__class__.objects.filter(username="planner").update(
        must_change_password=True
    )
    header = {"authorization": f"Bearer {text}"}
    body = {"name": "x", "scopes": ["facility.write"], "days": 1}
    made = hub.client().post("/api/v1/me/tokens", body, "application/json", headers=header)
    assert made.status_code == 403
    actions.change_password(hub.actor("planner"), old=PASSWORD, new="Other-Horse-8")
    assert hub.client().get("/api/v1/me", headers=header).status_code == 401


def test_failures_count_by_name_whatever_the_host_says(hub):
    from django.test import Client

    for port in range(1000, 1005):
        client = Client(headers={"host": f"localhost:{port}"})
        log_in(client, "planner", "wrong")
    client = Client(headers={"host": "localhost:1006"})
    assert log_in(client, "planner").status_code in {400, 429}


def test_the_door_is_audited(hub):
    client = hub.client()
    log_in(client, "planner", "wrong")
    log_in(client, "planner")
    client.delete(f"{AUTH}/session")
    found = Entry.objects.filter(target="account:planner").order_by("pk")
    assert [(e.action, e.allowed) for e in found][-3:] == [
        ("account.login", False), ("account.login", True), ("account.logout", True),
    ]  # fmt: skip
    assert all(PASSWORD not in str(e.detail) for e in found)


def test_a_role_for_a_time_ends_with_its_place_too(hub):
    from lifecircle.hub.places import actions as places

    make_account("temp")
    until = timezone.now() + dt.timedelta(days=100)
    actions.grant(
        Actor.system("t"), username="temp", role="community_worker", place="C2", until=until
    )
    places.merge(hub.actor("planner"), ["C2"], into="C1", on=timezone.localdate())
    assert hub.actor("temp").roles == ()
    with pytest.raises(InvalidError, match="ended on"):
        actions.grant(Actor.system("t"), username="temp", role="community_worker", place="C2")
