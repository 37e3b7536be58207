"""Closed pages are told by push: by the standards, of nothing personal, one's own browsers only; whatever a push service does."""

import datetime as dt
import hashlib
import json
import socket
import threading
import zoneinfo
from email.utils import format_datetime

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from hub.pushing import Browser, PushService, b64, un64
from hub.test_mqtt import certificate
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit.models import Entry
from lifecircle.hub.cases import actions, ladder
from lifecircle.hub.cases.actions import Report
from lifecircle.hub.cases.models import Case
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.notify import actions as notify
from lifecircle.hub.notify import push, webpush
from lifecircle.hub.notify.models import Notice, PushSubscription
from lifecircle.hub.people import actions as people
from lifecircle.hub.places import actions as places
from lifecircle.hub.places import queries as tree
from lifecircle.hub.stream import calling

pytestmark = pytest.mark.django_db
START = dt.datetime(2027, 6, 2, 10, tzinfo=zoneinfo.ZoneInfo("Asia/Shanghai"))
RECEIPTS = "/api/v1/public/receipts/push"


class Clock:
    """The one clock, set by hand; as it goes, ladders climb and browsers are told."""

    def __init__(self, monkeypatch):
        self.at = START
        monkeypatch.setattr(timezone, "now", lambda: self.at)

    def go(self, **span):
        self.at += dt.timedelta(**span)
        ladder.climb()
        return notify.send("push")


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def service(settings):
    settings.WEBPUSH, settings.WEBHOOKS_ANYWHERE = "mailto:desk@example.cn", True
    found = PushService()
    yield found
    found.close()


def added(hub, service, name, who="grid1"):
    return push.add(hub.actor(who), **service.subscribe(name), name=name)


def raised(kind="help_call", place="C1", **more):
    at = tree.by_code([place])[place]
    return actions.raise_case(at, Report(kind=kind, source="device", **more), by="device")[0]


def pushed():
    return list(Notice.objects.filter(channel="push").values_list("state", flat=True))


def test_what_is_written_is_the_example_of_the_standard_to_the_byte():
    """RFC 8291, section 5; and our reader of the tests reads it."""

    def key(text):
        return ec.derive_private_key(int.from_bytes(un64(text), "big"), ec.SECP256R1())

    reader = Browser(
        key("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), un64("BTBZMqHH6r4Tts7J_aSIgg")
    )
    words = b"When I grow up, I want to be a watermelon"
    body = webpush.encrypted(
        webpush.Browser("https://push.example.net/", **reader.keys), words,
        salt=un64("DGv6ra1nlYgDCS1FRnbzlw"), key=key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )  # fmt: skip
    assert b64(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w"
        "EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert reader.read(body) == words


def test_a_token_is_for_one_push_service_and_not_for_long(clock, service):
    token = webpush.token("https://push.example.net:8443/a?b")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), un64(webpush.public_key()))
    where, options = "https://push.example.net:8443", {"verify_exp": False}
    claims = jwt.decode(token, key, algorithms=["ES256"], audience=where, options=options)
    assert 0 < claims["exp"] - clock.at.timestamp() <= 24 * 3600
    assert jwt.get_unverified_header(token) == {"typ": "JWT", "alg": "ES256"}


def test_a_closed_page_is_told_of_what_many_may_read_and_says_that_it_has_shown_it(hub, clock, service):  # fmt: skip
    added(hub, service, "phone")
    added(hub, service, "tablet")
    added(hub, service, "elsewhere", who="worker3")
    system, on = Actor.system("test"), START.date()
    places.create(system, parent="C1", code="B1", level="building", name_zh="三号楼", on=on)
    places.create(system, parent="B1", code="H1", level="dwelling", name_zh="五零一室", on=on)
    one = raised(
        place="H1", title="五零一室张三丰呼叫", about="张三丰 13900000001", door="3栋501", reporter="张三丰",
        contacts=json.dumps([{"who": "resident", "phone": "13900000001"}]),
    )  # fmt: skip
    assert clock.go(seconds=1) == 2
    assert service.wrong == []
    assert {name for name, _, _ in service.took} == {"phone", "tablet"}
    for _, said, headers in service.took:
        names = [tree.by_code([code])[code].name_zh for code in ("S1", "C1")]
        assert said["title"] == "[P1] 一键呼叫 Help call"
        assert said["body"] == f"{' '.join(names)} · {one.ref}"
        assert (said["ref"], said["urgent"], headers["Urgency"]) == (one.ref, True, "high")
        assert not any(word in str(said) for word in ("张", "139", "501", "五零一", "三号楼"))
        assert one.ref not in str(headers)
    assert len({headers["Topic"] for _, _, headers in service.took}) == 1
    assert pushed() == ["sent", "sent"]
    stranger = hub.client()
    first = {"receipt": service.took[0][1]["receipt"], "ok": True}
    for body, status in ((first, 204), (first, 204), ({"receipt": "1:x", "ok": True}, 404)):
        assert stranger.post(RECEIPTS, body, "application/json").status_code == status
    assert sorted(pushed()) == ["delivered", "sent"]
    listed = hub.client("operator").get(f"/api/v1/cases/{one.ref}/told").json()
    assert [row["state"] for row in listed if row["channel"] == "push"].count("delivered") == 1


def test_what_is_not_urgent_is_pushed_so_and_what_is_of_no_case_says_nothing_of_it(hub, clock, service):  # fmt: skip
    added(hub, service, "phone")
    raised("repair")
    clock.go(hours=2)
    assert service.took[0][2]["Urgency"] == "normal"
    account = hub.account("grid1")
    place = tree.by_code(["C1"])["C1"]
    notify.broadcast(place, [account], text="三号楼张三丰家集合", channels=("app",))
    clock.go(seconds=1)
    assert "张三丰" not in str(service.took)
    assert service.took[-1][1]["ref"] == ""


def test_nobody_is_woken_for_a_case_that_is_answered_or_over(hub, clock, service):
    added(hub, service, "phone")
    one = raised()
    clock.at += dt.timedelta(seconds=1)
    ladder.climb()
    assert pushed() == ["queued"]
    actions.move(hub.actor("worker1"), one.ref, "accept", version=Case.objects.get(pk=one.pk).version)  # fmt: skip
    assert clock.go(seconds=1) == 0
    other = raised("repair")
    clock.at += dt.timedelta(hours=2)
    ladder.climb()
    Case.objects.filter(pk=other.pk).update(state="merged")
    clock.go(seconds=1)
    assert (pushed(), service.asked) == (["off", "failed"], 0)


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten_and_the_others_are_told(hub, clock, service, status):
    added(hub, service, "old")
    added(hub, service, "new")
    service.answers = [(status, {})]
    raised()
    assert clock.go(seconds=1) == 1
    assert [one.name for one in PushSubscription.objects.all()] == ["new"]
    assert sorted(pushed()) == ["failed", "sent"]
    assert str(status) in Notice.objects.get(channel="push", state="failed").error


@pytest.mark.parametrize("as_date", [False, True])
def test_who_is_told_to_wait_waits_so_long_and_holds_up_no_other(hub, clock, service, as_date):
    busy = added(hub, service, "busy")
    added(hub, service, "other")
    raised()
    clock.at += dt.timedelta(seconds=1)
    until = clock.at + dt.timedelta(seconds=90)
    text = format_datetime(until.astimezone(dt.UTC), usegmt=True) if as_date else "90"
    service.answers = [(429, {"Retry-After": text})]
    ladder.climb()
    assert notify.send("push") == 1
    assert [name for name, _, _ in service.took] == ["other"]
    raised("lift_trapped")
    clock.at += dt.timedelta(seconds=60)
    ladder.climb()
    notify.send("push")
    assert "busy" not in [name for name, _, _ in service.took]
    clock.go(seconds=31)
    assert [name for name, _, _ in service.took].count("busy") == 2
    busy.refresh_from_db()
    assert (busy.took_it, busy.answer) == (True, "201 Created")


def test_a_service_in_trouble_is_tried_again_and_one_that_refuses_is_not(hub, clock, service):
    one = added(hub, service, "phone")
    service.answers = [(503, {}), (500, {})]
    case = raised("repair")
    clock.go(hours=2)
    assert pushed() == ["queued"]
    clock.go(seconds=10)
    clock.go(seconds=10)
    assert pushed() == ["sent"]
    for status in (400, 403, 413, 301):
        service.answers = [(status, {"Location": "http://127.0.0.1:9/"})]
        notify.tell(case, [one.account], channels=("app",))
        assert notify.send("push") == 0
        failed = Notice.objects.filter(channel="push").last()
        assert (failed.state, str(status) in failed.error) == ("failed", True)
    one.refresh_from_db()
    assert (one.took_it, "301" in one.answer) == (False, True)


class Dripping:
    """Says something, then one byte at a time, as long as anybody listens; `mute`, it answers nothing."""

    def __init__(self, *, mute=False, first=b"x"):
        self.socket, self.mute, self.calls = socket.create_server(("127.0.0.1", 0)), mute, 0
        self.first = first
        self.over = threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while not self.over.is_set():
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            threading.Thread(target=self.drip, args=(line,), daemon=True).start()

    def drip(self, line):
        try:
            line.sendall(b"" if self.mute else self.first)
            while not self.over.wait(0.02):
                if not self.mute:
                    line.sendall(b"x")
        except OSError:
            pass
        line.close()

    def close(self):
        self.over.set()
        self.socket.close()


SLOW = {
    "silent": ("http", {"mute": True}), "dripping": ("http", {}),
    "dripping head": ("http", {"first": b"HTTP/1.1 201 Created\r\nA: "}),
    "silent before TLS": ("https", {"mute": True}),
    "dripping TLS": ("https", {"first": b"\x16\x03\x03\x3f\x00\x02\x00\x3e\xfc"}),
}  # fmt: skip


@pytest.mark.parametrize("how", SLOW)
def test_a_silent_or_dripping_service_holds_up_nobody_else(hub, clock, service, monkeypatch, how):
    monkeypatch.setattr(calling, "_TIMEOUT_S", 0.3)
    monkeypatch.setattr(calling, "_WHOLE_S", 0.6)
    scheme, values = SLOW[how]
    slow = Dripping(**values)
    port = slow.socket.getsockname()[1]
    for name in ("a", "b", "c"):
        given = {**service.subscribe(name), "endpoint": f"{scheme}://127.0.0.1:{port}/{name}"}
        push.add(hub.actor("grid1"), **given)
    added(hub, service, "phone")
    raised()
    assert clock.go(seconds=1) == 1
    assert [name for name, _, _ in service.took] == ["phone"]
    assert slow.calls == 1  # the others of that service did not wait for it again
    slow.close()


def test_it_goes_by_tls_and_to_nobody_whose_certificate_is_not_known(hub, clock, service, monkeypatch, tmp_path):  # fmt: skip
    cert, key, _ = certificate(tmp_path)
    secured = PushService((cert, key))
    added(hub, secured, "phone")
    raised()
    assert clock.go(seconds=1) == 0
    assert Notice.objects.get(channel="push").error == "localhost: SSLCertVerificationError"
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    assert clock.go(seconds=5) == 1
    assert (len(secured.took), secured.wrong) == (1, [])
    secured.close()


def test_a_service_that_never_answers_is_given_up_in_the_end(hub, clock, service):
    given = {**service.subscribe("dead"), "endpoint": "http://127.0.0.1:9/dead"}
    one = push.add(hub.actor("grid1"), **given)
    raised("repair")
    clock.go(hours=2)
    for _ in range(12):
        clock.go(minutes=4)
    assert pushed() == ["failed"]
    one.refresh_from_db()
    assert (one.took_it, one.answer) == (False, "127.0.0.1: ConnectionRefusedError")


def test_a_browser_is_its_owners_and_whoever_has_it_in_hand_owns_it(hub, clock, service):
    mine = added(hub, service, "mine")
    other = added(hub, service, "other", who="worker3")
    client = hub.client("grid1")
    listed = client.get("/api/v1/me/push").json()
    assert (listed["on"], listed["key"]) == (True, webpush.public_key())
    assert [one["id"] for one in listed["items"]] == [mine.pk]
    given = service.subscribe("fresh")
    assert given["endpoint"] not in str(listed)
    assert client.delete(f"/api/v1/me/push/{other.pk}").status_code == 404
    with pytest.raises(MissingError):
        push.remove(hub.actor("grid1"), other.pk)
    assert PushSubscription.objects.count() == 2
    again = push.add(hub.actor("grid1"), **given)
    assert again.mark == hashlib.sha256(given["endpoint"].encode()).hexdigest()
    assert push.add(hub.actor("grid1"), **given).pk == again.pk
    taken = push.add(hub.actor("worker3"), **given)  # the phone is handed on
    assert not PushSubscription.objects.filter(pk=again.pk).exists()
    assert taken.account.username == "worker3"
    assert client.delete(f"/api/v1/me/push/{mine.pk}").status_code == 204
    raised()
    assert clock.go(seconds=1) == 0
    said = Entry.objects.filter(target=f"push:{mine.pk}").order_by("pk")
    assert list(said.values_list("action", flat=True)) == ["push.added", "push.removed"]
    assert given["endpoint"] not in str(list(Entry.objects.values("detail")))


def test_nothing_that_reaches_a_browser_lies_open_in_the_database(hub, service):
    given = service.subscribe("phone")
    push.add(hub.actor("grid1"), **given)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notify_pushsubscription")
        rows = " ".join(
            str(bytes(one) if isinstance(one, (bytes, memoryview)) else one)
            for one in cursor.fetchone()
        )
    assert not any(text in rows for text in given.values())


def test_browsers_end_with_the_account_that_is_locked_and_with_a_new_password(hub, clock, service):
    for who in ("grid1", "worker1"):
        added(hub, service, who, who=who)
    raised()
    clock.at += dt.timedelta(seconds=1)
    ladder.climb()
    people.set_active(hub.actor("sysadmin"), "grid1", active=False)
    people.reset_password(hub.actor("sysadmin"), "worker1", "Quiet-Lanes-2027")
    assert PushSubscription.objects.count() == 0
    assert notify.send("push") == 0
    assert service.asked == 0


def test_an_account_that_has_run_out_is_not_told(hub, clock, service):
    one = added(hub, service, "phone")
    account = one.account
    raised()
    clock.at += dt.timedelta(seconds=1)
    ladder.climb()
    type(account).objects.filter(pk=account.pk).update(expires_at=clock.at)
    assert notify.send("push") == 0
    assert service.asked == 0


def test_so_many_browsers_an_account_and_no_tokens(hub, service):
    for k in range(push.MOST):
        added(hub, service, f"b{k}")
    with pytest.raises(InvalidError, match="at most 5"):
        added(hub, service, "one more")
    token = hub.token("planner", "case.read")
    refused = hub.client().post(
        "/api/v1/me/push", service.subscribe("by token"), "application/json",
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip
    assert refused.status_code == 403
    with pytest.raises(ForbiddenError):
        push.add(Actor.system("test"), **service.subscribe("nobody's"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://93.184.216.34/x"}, {"endpoint": "https://127.0.0.1/x"}, {"endpoint": "https://[::1]/x"},
        {"endpoint": "https://10.1.2.3/x"}, {"endpoint": "https://169.254.169.254/x"}, {"endpoint": "file:///etc/passwd"},
        {"endpoint": "https://93.184.216.34@127.0.0.1/x"}, {"endpoint": "https://user:word@93.184.216.34/x"},
        {"endpoint": "https://93.184.216.34/" + "x" * 1000}, {"endpoint": "nonsense"}, {"endpoint": "https://推送.例/x"},
        {"p256dh": ""}, {"p256dh": b64(b"\x04" + b"\x01" * 64)}, {"p256dh": "不是密钥"}, {"p256dh": b64(b"\x00")},
        {"auth": b64(b"short")}, {"auth": b64(b"x" * 17)}, {"auth": "!!"},
    ],
)  # fmt: skip
def test_what_is_no_browser_or_leads_into_our_own_network_is_refused(hub, service, settings, wrong):
    settings.WEBHOOKS_ANYWHERE = False
    body = {**Browser().keys, "endpoint": "https://93.184.216.34/push/1", **wrong}
    client = hub.client("grid1")
    assert client.post("/api/v1/me/push", body, "application/json").status_code == 422
    assert not PushSubscription.objects.exists()
    body = {**body, **Browser().keys, "endpoint": "https://93.184.216.34/push/1"}
    assert client.post("/api/v1/me/push", body, "application/json").status_code == 201


def test_an_address_that_leads_into_our_own_network_later_is_not_called(hub, clock, service, settings):  # fmt: skip
    added(hub, service, "phone")
    settings.WEBHOOKS_ANYWHERE = False
    raised()
    assert clock.go(seconds=1) == 0
    assert (pushed(), service.asked) == (["queued"], 0)


def test_push_is_off_until_somebody_who_runs_the_server_switches_it_on(hub, clock, service, settings):  # fmt: skip
    added(hub, service, "phone")
    settings.WEBPUSH = ""
    client = hub.client("grid1")
    listed = client.get("/api/v1/me/push").json()
    assert (listed["on"], listed["key"], len(listed["items"])) == (False, "", 1)
    with pytest.raises(ConflictError, match="LIFECIRCLE_WEBPUSH"):
        added(hub, service, "another")
    raised()
    clock.go(seconds=1)
    assert pushed() == []
    assert client.delete(f"/api/v1/me/push/{listed['items'][0]['id']}").status_code == 204


def test_a_page_that_is_closed_is_told_long_after_its_session_is_over(hub, clock, service):
    added(hub, service, "phone")
    Session.objects.all().delete()
    clock.at += dt.timedelta(days=9)
    raised()
    assert clock.go(seconds=1) == 1
