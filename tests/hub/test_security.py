"""One's own factors and sessions: what is set up serves, what is taken away no longer does, all is audited."""

import json

import pytest
from django.core.cache import cache
from django.test import Client

import totp
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit.models import Entry
from lifecircle.hub.people import actions
from passkey import Passkey

from .conftest import PASSWORD

pytestmark = pytest.mark.one_database

ROOT = "/_allauth/browser/v1"
AUTH, FACTORS = f"{ROOT}/auth", f"{ROOT}/account/authenticators"


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


def send(client, method, path, body=None):
    if method == "get":
        return client.get(path)
    return getattr(client, method)(path, json.dumps(body or {}), "application/json")


def log_in(client, username):
    return send(client, "post", f"{AUTH}/login", {"username": username, "password": PASSWORD})


def confirm(client):
    return send(client, "post", f"{AUTH}/reauthenticate", {"password": PASSWORD})


def entered(hub, username="planner"):
    """A browser in which somebody has logged in, and said their password once more."""
    client = hub.client()
    assert log_in(client, username).status_code == 200
    assert confirm(client).status_code == 200
    return client


def add_totp(client):
    secret = client.get(f"{FACTORS}/totp").json()["meta"]["secret"]
    done = send(client, "post", f"{FACTORS}/totp", {"code": totp.now(secret)})
    assert done.status_code == 200, done.content
    cache.clear()
    return secret


def add_passkey(client, key=None, name="手机"):
    key = key or Passkey()
    options = client.get(f"{FACTORS}/webauthn?passwordless").json()["data"]["creation_options"]
    answer = send(
        client, "post", f"{FACTORS}/webauthn", {"name": name, "credential": key.made(options)}
    )
    return key, answer


def log_in_with(client, key):
    options = client.get(f"{AUTH}/webauthn/login").json()["data"]["request_options"]
    return send(client, "post", f"{AUTH}/webauthn/login", {"credential": key.signed(options)})


def audited(username, *, since=0):
    found = Entry.objects.filter(target=f"account:{username}", pk__gt=since).order_by("pk")
    return [(one.action, one.allowed, one.detail.get("type", "")) for one in found]


def newest():
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_an_authenticator_is_set_up_from_an_image_and_is_asked_for_from_then_on(
    hub, django_capture_on_commit_callbacks
):
    client = entered(hub)
    assert client.get("/api/v1/me/totp.svg").status_code == 404
    start = newest()
    with django_capture_on_commit_callbacks(execute=True):
        secret = client.get(f"{FACTORS}/totp").json()["meta"]["secret"]
        image = client.get("/api/v1/me/totp.svg")
        assert (image.status_code, image["Content-Type"]) == (200, "image/svg+xml")
        assert image["Cache-Control"] == "no-store"
        assert b"<path" in image.content
        assert b"style=" not in image.content  # which the content policy would refuse
        wrong = send(client, "post", f"{FACTORS}/totp", {"code": "000000"})
        assert wrong.status_code == 400
        right = send(client, "post", f"{FACTORS}/totp", {"code": totp.now(secret)})
        assert right.status_code == 200
    assert set(audited("planner", since=start)) == {
        ("account.factor.added", True, "totp"), ("account.factor.added", True, "recovery_codes"),
    }  # fmt: skip
    assert client.get("/api/v1/me/totp.svg").status_code == 404
    cache.clear()
    assert log_in(hub.client(), "planner").status_code == 401


def test_an_authenticator_that_is_taken_away_is_not_asked_for_and_its_codes_are_gone(hub):
    client = entered(hub)
    add_totp(client)
    codes = client.get(f"{FACTORS}/recovery-codes").json()["data"]["unused_codes"]
    start = newest()
    assert send(client, "delete", f"{FACTORS}/totp").status_code == 200
    assert client.get(FACTORS).json()["data"] == []
    assert audited("planner", since=start) == [
        ("account.factor.removed", True, "totp"), ("account.factor.removed", True, "recovery_codes"),
    ]  # fmt: skip
    other = hub.client()
    assert log_in(other, "planner").status_code == 200
    late = send(hub.client(), "post", f"{AUTH}/2fa/authenticate", {"code": codes[0]})
    assert late.status_code == 401


def test_recovery_codes_are_shown_once_serve_once_and_are_replaced_as_a_whole(
    hub, django_capture_on_commit_callbacks
):
    client = entered(hub)
    add_totp(client)
    codes = client.get(f"{FACTORS}/recovery-codes").json()["data"]["unused_codes"]
    assert len(set(codes)) == 10
    assert "unused_codes" not in client.get(f"{FACTORS}/recovery-codes").json()["data"]
    start = newest()
    for code, status in ((codes[0], 200), (codes[0], 400), ("12345678", 400), (codes[1], 200)):
        other = hub.client()
        log_in(other, "planner")
        answer = send(other, "post", f"{AUTH}/2fa/authenticate", {"code": code})
        assert answer.status_code == status, code
        cache.clear()
    used = [one for one in audited("planner", since=start) if one[0] == "account.factor.used"]
    assert used == [
        ("account.factor.used", True, "recovery_codes"), ("account.factor.used", False, "totp"),
        ("account.factor.used", False, "totp"), ("account.factor.used", True, "recovery_codes"),
    ]  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        fresh = send(client, "post", f"{FACTORS}/recovery-codes").json()["data"]["unused_codes"]
    assert not set(fresh) & set(codes)
    assert audited("planner")[-1] == ("account.factor.reset", True, "recovery_codes")
    other = hub.client()
    log_in(other, "planner")
    old = send(other, "post", f"{AUTH}/2fa/authenticate", {"code": codes[2]})
    assert old.status_code == 400
    assert all(code not in str(e.detail) for e in Entry.objects.all() for code in [*codes, *fresh])


def test_a_passkey_lets_in_by_itself_and_as_the_second_step(hub):
    client = entered(hub)
    start = newest()
    key, done = add_passkey(client)
    assert done.status_code == 200, done.content
    assert done.json()["meta"]["recovery_codes_generated"]
    assert ("account.factor.added", True, "webauthn") in audited("planner", since=start)
    other = hub.client()
    assert log_in_with(other, key).status_code == 200
    assert other.get("/api/v1/me").json()["username"] == "planner"
    start, third = newest(), hub.client()
    assert log_in(third, "planner").status_code == 401
    assert third.get("/api/v1/me").status_code == 401
    options = third.get(f"{AUTH}/webauthn/authenticate").json()["data"]["request_options"]
    answer = {"credential": key.signed(options)}
    assert send(third, "post", f"{AUTH}/webauthn/authenticate", answer).status_code == 200
    assert third.get("/api/v1/me").status_code == 200
    assert audited("planner", since=start) == [
        ("account.factor.used", True, "webauthn"), ("account.login", True, ""),
    ]  # fmt: skip


def test_a_passkey_is_renamed_and_once_removed_lets_nobody_in(hub):
    client = entered(hub)
    key, done = add_passkey(client)
    number, start = done.json()["data"]["id"], newest()
    for name in ("", "x" * 101, "a\0b"):
        refused = send(client, "put", f"{FACTORS}/webauthn", {"id": number, "name": name})
        assert refused.status_code in {400, 422}, name
    renamed = send(client, "put", f"{FACTORS}/webauthn", {"id": number, "name": "办公电脑"})
    assert renamed.json()["data"]["name"] == "办公电脑"
    removed = send(client, "delete", f"{FACTORS}/webauthn", {"authenticators": [number]})
    assert removed.status_code == 200
    assert [one[0] for one in audited("planner", since=start)] == [
        "account.factor.renamed", "account.factor.removed", "account.factor.removed",
    ]  # fmt: skip
    assert (
        Entry.objects.get(pk__gt=start, action="account.factor.renamed").detail["name"]
        == "办公电脑"
    )
    other = hub.client()
    assert log_in_with(other, key).status_code == 400
    assert other.get("/api/v1/me").status_code == 401
    assert Entry.objects.filter(pk__gt=start, action="account.login", allowed=False).count() == 1


@pytest.mark.parametrize(
    "key",
    [Passkey(origin="https://elsewhere.example"), Passkey(origin="http://testserver"),
     Passkey("elsewhere.example"), Passkey(verifies=False)],
    ids=["another origin", "no TLS", "another host", "its owner not verified"],
)  # fmt: skip
def test_a_passkey_of_elsewhere_or_of_anybody_who_holds_it_does_not_serve(hub, key):
    assert add_passkey(entered(hub), key)[1].status_code in {400, 422}


def test_who_is_locked_or_past_their_day_does_not_come_in_by_passkey(hub):
    key, _ = add_passkey(entered(hub))
    actions.set_active(hub.actor("sysadmin"), "planner", active=False)
    other = hub.client()
    assert log_in_with(other, key).status_code in {400, 401, 403}
    assert other.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "webauthn?passwordless"), ("post", "recovery-codes"), ("get", "recovery-codes"),
     ("delete", "totp"), ("delete", "webauthn"), ("put", "webauthn")],
)  # fmt: skip
def test_factors_change_only_once_the_password_was_said_again(hub, method, path):
    client = entered(hub)
    add_totp(client)
    _, done = add_passkey(client)
    session = client.session
    session["account_authentication_methods"] = []  # as five minutes later
    session.save()
    number = done.json()["data"]["id"]
    body = {"authenticators": [number], "id": number, "name": "another"}
    answer = send(client, method, f"{FACTORS}/{path}", body)
    assert answer.status_code == 401
    assert {one["id"] for one in answer.json()["data"]["flows"]} >= {"reauthenticate"}
    assert len(client.get(FACTORS).json()["data"]) == 3
    wrong = send(client, "post", f"{AUTH}/reauthenticate", {"password": "wrong"})
    assert wrong.status_code == 400
    assert confirm(client).status_code == 200
    assert send(client, method, f"{FACTORS}/{path}", body).status_code == 200


def test_a_session_that_is_ended_from_another_browser_is_over(hub):
    here, there = hub.client(), Client(headers={"user-agent": "A browser left open"})
    log_in(here, "planner")
    log_in(there, "planner")
    listed = here.get(f"{AUTH}/sessions").json()["data"]
    other = next(one for one in listed if not one["is_current"])
    assert (len(listed), other["user_agent"]) == (2, "A browser left open")
    start = newest()
    left = send(here, "delete", f"{AUTH}/sessions", {"sessions": [other["id"]]})
    assert [one["is_current"] for one in left.json()["data"]] == [True]
    assert there.get("/api/v1/me").status_code == 401
    assert here.get("/api/v1/me").status_code == 200
    entry = Entry.objects.get(pk__gt=start)
    assert (entry.action, entry.target) == ("account.session.ended", "account:planner")
    assert entry.detail["browser"] == "A browser left open"


def test_nobody_sees_or_ends_what_is_a_neighbours(hub):
    mine, theirs = entered(hub), entered(hub, "operator")
    key, done = add_passkey(theirs)
    number = done.json()["data"]["id"]
    session = theirs.get(f"{AUTH}/sessions").json()["data"][0]["id"]
    resident = hub.client()
    log_in(resident, "resident")
    for client in (mine, resident):
        assert len(client.get(f"{AUTH}/sessions").json()["data"]) == 1
        assert client.get(FACTORS).json()["data"] == []
        confirm(client)
        for method, path, body in (
            ("delete", f"{AUTH}/sessions", {"sessions": [session]}),
            ("delete", f"{FACTORS}/webauthn", {"authenticators": [number]}),
            ("put", f"{FACTORS}/webauthn", {"id": number, "name": "mine"}),
        ):
            assert send(client, method, path, body).status_code == 400, path
    assert theirs.get("/api/v1/me").status_code == 200
    assert log_in_with(hub.client(), key).status_code == 200


def test_who_has_to_change_their_password_sets_up_nothing_first(hub):
    actions.create_account(
        Actor.system("t"), username="fresh", name="f", kind="staff", password=PASSWORD
    )
    client = hub.client()
    assert log_in(client, "fresh").status_code == 200
    start = newest()
    for method, path in (
        ("get", FACTORS), ("get", f"{FACTORS}/totp"), ("get", f"{AUTH}/sessions"),
        ("post", f"{AUTH}/reauthenticate"), ("post", f"{FACTORS}/recovery-codes"),
        ("delete", f"{AUTH}/sessions"),
    ):  # fmt: skip
        assert send(client, method, path).status_code == 403, path
    assert client.get("/api/v1/me/totp.svg").status_code == 403
    assert not Entry.objects.filter(pk__gt=start, name="fresh", allowed=True).exists()
    assert client.delete(f"{AUTH}/session").status_code == 401  # a log-out is always open


def test_a_token_opens_none_of_it(hub):
    header = {"authorization": f"Bearer {hub.token('planner', 'place.read')}"}
    for path in (FACTORS, f"{FACTORS}/totp", f"{AUTH}/sessions", f"{FACTORS}/recovery-codes"):
        assert hub.client().get(path, headers=header).status_code == 401, path
    assert hub.client().get("/api/v1/me/totp.svg", headers=header).status_code == 403


@pytest.mark.parametrize("path", ["auth/signup", "auth/password/request", "auth/password/reset",
                                  "account/password/change", "account/email", "account/phone",
                                  "account/providers", "auth/webauthn/signup", "auth/email/verify"])  # fmt: skip
def test_doors_that_the_hub_has_not_are_closed(hub, path):
    client = entered(hub)
    for method in ("get", "post", "delete"):
        assert send(client, method, f"{ROOT}/{path}").status_code == 404


def test_ending_sessions_and_factors_needs_the_token_against_forgery(hub):
    client = Client(enforce_csrf_checks=True)
    client.force_login(hub.account("planner"), "allauth.account.auth_backends.AuthenticationBackend")  # fmt: skip
    assert send(client, "delete", f"{AUTH}/sessions", {"sessions": []}).status_code == 403
    assert send(client, "delete", f"{FACTORS}/totp").status_code == 403


HOSTILE = [
    {}, {"credential": {}}, {"credential": []}, {"credential": "x"}, {"credential": {"id": 1}},
    {"credential": {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}},
    {"credential": {"id": "AA", "rawId": "AA", "type": "public-key", "response": {
        "clientDataJSON": "AA", "attestationObject": "AA", "authenticatorData": "AA",
        "signature": "AA", "userHandle": "AA"}}},
    {"credential": {"id": "AA", "rawId": "AA", "type": "public-key", "response": {
        "clientDataJSON": "e30", "attestationObject": "oA", "userHandle": 7}}},
    {"sessions": "x"}, {"sessions": [10**40]}, {"sessions": ["a"]}, {"authenticators": [{}]},
    {"id": 10**40, "name": "x"}, {"code": 7}, {"code": None}, {"code": "1" * 10_000},
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_bodies_that_nobody_would_send_are_refused_without_a_failure(hub, body):
    client = entered(hub)
    client.get(f"{FACTORS}/webauthn?passwordless")
    stranger = hub.client()
    stranger.get(f"{AUTH}/webauthn/login")
    for who, method, path in (
        (client, "post", f"{FACTORS}/webauthn"), (client, "put", f"{FACTORS}/webauthn"),
        (client, "delete", f"{FACTORS}/webauthn"), (client, "post", f"{FACTORS}/totp"),
        (client, "delete", f"{AUTH}/sessions"), (client, "post", f"{AUTH}/webauthn/reauthenticate"),
        (stranger, "post", f"{AUTH}/webauthn/login"), (stranger, "post", f"{AUTH}/2fa/authenticate"),
    ):  # fmt: skip
        answer = send(who, method, path, body)
        assert answer.status_code in {200, 400, 401, 422}, (path, answer.status_code)
    for text in ("[" * 100_000, '{"name": "\\u0000"}', "\xff", "7"):
        answer = client.post(f"{FACTORS}/webauthn", text, "application/json")
        assert answer.status_code in {400, 422}, text[:20]
