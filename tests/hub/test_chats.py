"""Group chats: told what many may read, by whoever may say who is told; a key is never shown again."""

import datetime as dt
import email
import http.server
import json
import logging
import socketserver
import threading
import zoneinfo

import pytest
from django.db import connection
from django.utils import timezone

from hub.bot import KEY, WeCom
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit.models import Entry
from lifecircle.hub.cases import actions, ladder
from lifecircle.hub.cases.actions import Report
from lifecircle.hub.cases.models import Case
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.notify import actions as notify
from lifecircle.hub.notify import chats, services
from lifecircle.hub.notify.models import Chat, Notice
from lifecircle.hub.places import actions as places
from lifecircle.hub.places import queries as tree

pytestmark = pytest.mark.django_db
START = dt.datetime(2027, 6, 2, 10, tzinfo=zoneinfo.ZoneInfo("Asia/Shanghai"))


class Clock:
    """The one clock, set by hand; as it goes, ladders climb and chats are told."""

    def __init__(self, monkeypatch):
        self.at = START
        monkeypatch.setattr(timezone, "now", lambda: self.at)

    def go(self, **span):
        self.at += dt.timedelta(**span)
        ladder.climb()
        notify.send("chat")


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def robot(settings):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), WeCom)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    WeCom.said, WeCom.busy = [], 0
    home = f"http://127.0.0.1:{server.server_port}"
    settings.CHATS = frozenset({"wecom"})
    settings.BOTS = {**settings.BOTS, "wecom": home}
    settings.URL = "https://qu.example.cn"
    yield f"{home}/cgi-bin/webhook/send?key="
    server.shutdown()
    server.server_close()


def added(hub, address, *, who="operator", place="C1", **more):
    values = {"name": f"{place}工作群", "kind": "wecom", "address": address, **more}
    return chats.add(hub.actor(who), place=place, **values)


def raised(kind="help_call", place="C1", **more):
    at = tree.by_code([place])[place]
    return actions.raise_case(at, Report(kind=kind, source="device", **more), by="device")[0]


def told():
    rows = Notice.objects.filter(channel="chat").select_related("chat__place")
    return [(one.chat.place.code, one.state) for one in rows]


def test_a_chat_is_told_at_its_tier_of_what_many_may_read_and_nothing_else(hub, clock, robot):
    community, street = added(hub, robot + KEY), added(hub, robot + KEY, place="S1")
    added(hub, robot + KEY, place="S2")
    system, on = Actor.system("test"), START.date()
    places.create(system, parent="C1", code="B1", level="building", name_zh="三号楼", on=on)
    places.create(system, parent="B1", code="H1", level="dwelling", name_zh="五零一室", on=on)
    one = raised(
        place="H1", title="五零一室张三丰呼叫", about="张三丰 13900000001", door="3栋501", reporter="张三丰",
        contacts=json.dumps([{"who": "resident", "phone": "13900000001"}]),
    )  # fmt: skip
    clock.go(seconds=1)
    assert told() == []  # the grid's tier, and there is no chat of a grid
    clock.go(minutes=3)
    assert told() == [("C1", "sent")]
    clock.go(minutes=3)
    assert told() == [("C1", "sent"), ("S1", "sent")]
    for said in WeCom.said:
        names = {tree.by_code(["C1"])["C1"].name_zh, tree.by_code(["S1"])["S1"].name_zh}
        assert all(name in said for name in names)
        assert "[P1] 一键呼叫" in said
        assert f"{one.ref} 待接" in said
        assert f"https://qu.example.cn/cases/{one.ref}" in said
        assert not any(word in said for word in ("张", "139", "501", "五零一", "三号楼"))
    row = Notice.objects.get(chat=street)
    assert (row.receipt, row.sent_at, row.account) == ("0 ok", clock.at, None)
    listed = hub.client("operator").get(f"/api/v1/cases/{one.ref}/told").json()
    assert [r["name"] for r in listed if r["channel"] == "chat"] == [community.name, street.name]


def test_an_hour_passes_before_a_chat_hears_of_the_same_case_again(hub, clock, robot):
    added(hub, robot + KEY, place="D")
    raised()
    clock.go(seconds=1)
    for _ in range(30):
        clock.go(minutes=3)
    assert len(WeCom.said) == 2


def test_a_department_hears_at_once_and_a_chat_only_of_its_priorities(hub, clock, robot):
    property_ = added(hub, robot + KEY, place="S1", department="物业")
    urgent = added(hub, robot + KEY, place="C1", up_to="P1")
    lamp, other = raised("lamp"), raised("lamp", "C3")
    clock.go(seconds=1)
    assert list(Notice.objects.filter(channel="chat").values_list("chat", "case")) == [
        (property_.pk, lamp.pk)
    ]
    clock.go(days=30)
    assert not urgent.notices.exists()
    assert not Notice.objects.filter(channel="chat", case=other).exists()


def test_what_is_answered_before_it_is_sent_is_not_said(hub, clock, robot):
    added(hub, robot + KEY)
    one = raised("repair")
    clock.at += dt.timedelta(hours=2)
    ladder.climb()
    assert told() == [("C1", "queued")]
    actions.move(
        hub.actor("worker1"), one.ref, "accept", version=Case.objects.get(pk=one.pk).version
    )
    clock.go(hours=1)
    assert (told(), WeCom.said) == ([("C1", "off")], [])


def test_a_busy_robot_is_left_alone_for_a_minute_and_then_told_all_of_it(hub, clock, robot):
    one = added(hub, robot + KEY)
    WeCom.busy = 1
    for _ in range(3):
        raised("repair")
    clock.at += dt.timedelta(hours=2)
    ladder.climb()
    for _ in range(5):
        notify.send("chat")
    assert WeCom.busy == 0
    assert not WeCom.said  # after the first refusal it was asked for nothing more
    one.refresh_from_db()
    assert (one.took_it, one.answer) == (False, "wecom: 45009 api freq out of limit")
    clock.at += dt.timedelta(seconds=61)
    notify.send("chat")
    assert len(WeCom.said) == 3
    assert [state for _, state in told()] == ["sent"] * 3


def test_a_dead_chat_holds_up_no_other_and_is_given_up_in_the_end(hub, clock, robot, settings):
    settings.BOTS = {**settings.BOTS, "dingtalk": "http://127.0.0.1:9"}
    settings.CHATS = frozenset({"wecom", "dingtalk"})
    dead = added(hub, "http://127.0.0.1:9/robot/send?access_token=0123456789", kind="dingtalk")
    added(hub, robot + KEY)
    raised("repair")
    raised("repair")
    clock.at += dt.timedelta(hours=2)
    ladder.climb()
    assert notify.send("chat") == 2
    assert len(WeCom.said) == 2
    attempts = dead.notices.values_list("attempts", flat=True)
    assert list(attempts) == [1, 0]  # its second message did not wait for it again
    for _ in range(40):
        clock.at += dt.timedelta(minutes=3)
        notify.send("chat")
    assert set(dead.notices.values_list("state", "attempts")) == {("failed", 8)}
    assert "Connection refused" in dead.notices.first().error


def test_a_wrong_key_is_given_up_at_once_and_stands_in_no_answer_log_or_audit(
    hub, clock, robot, caplog
):
    caplog.set_level(logging.DEBUG)
    wrong = "00000000-dead-4bc4-97a0-0ec2sifa5bbb"
    client = hub.client("operator")
    body = {"place": "C1", "name": "x", "kind": "wecom", "address": robot + wrong}
    made = client.post("/api/v1/chats", body, "application/json")
    assert made.status_code == 201
    number = made.json()["id"]
    tested = client.post(f"/api/v1/chats/{number}/test").json()
    assert (tested["took_it"], tested["answer"][:12]) == (False, "wecom: 93000")
    raised("repair")
    clock.go(hours=2)
    clock.go(hours=2)
    assert told() == [("C1", "failed")]
    listed = client.get("/api/v1/chats").content.decode()
    history = json.dumps(list(Entry.objects.values("action", "target", "detail")))
    notices = json.dumps(list(Notice.objects.values("text", "error", "receipt")))
    for text in (made.content.decode(), str(tested), listed, caplog.text, history, notices):
        assert wrong not in text
    actions_done = Entry.objects.filter(target=f"chat:{number}").order_by("pk")
    assert list(actions_done.values_list("action", flat=True)) == ["chat.added", "chat.tested"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM notify_chat")
        kept = [bytes(row[0]) for row in cursor.fetchall()]
    assert all(wrong.encode() not in one for one in kept)
    client = hub.client("operator")  # the session of hours ago is over
    ended = client.delete(f"/api/v1/chats/{number}")
    assert ended.json()["ended_at"]
    assert Chat.objects.get(pk=number).address is None
    assert client.post(f"/api/v1/chats/{number}/test").status_code == 409
    assert client.delete(f"/api/v1/chats/{number}").status_code == 409


class Odd(http.server.BaseHTTPRequestHandler):
    """Answers what no robot answers."""

    answers: list = []  # noqa: RUF012

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = Odd.answers.pop(0)
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def test_whatever_a_robot_answers_the_others_are_told(hub, clock, robot, settings):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}"
    settings.CHATS = frozenset({"wecom", "feishu"})
    settings.BOTS = {**settings.BOTS, "feishu": home}
    odd = added(hub, f"{home}/open-apis/bot/v2/hook/0123456789", kind="feishu")
    added(hub, robot + KEY)
    Odd.answers = [
        b"", b"[]", b"null", b'{"code": "x"}', b'{"code": 1e999}', b"[" * 9000, b"\xff" * 20_000, b'{"msg": "ok"}',
    ]  # fmt: skip
    raised("repair")
    clock.at += dt.timedelta(hours=2)
    ladder.climb()
    for _ in range(8):
        notify.send("chat")
        clock.at += dt.timedelta(minutes=4)
    assert len(WeCom.said) == 1
    assert odd.notices.get().state == "failed"
    assert not Odd.answers
    Odd.answers = [b'{"code": 0, "msg": "success"}']
    assert chats.test(hub.actor("operator"), odd.pk).answer == "0 success"
    server.shutdown()
    server.server_close()


def test_chats_are_off_until_somebody_who_runs_the_server_says_which_there_may_be(
    hub, clock, settings
):
    settings.CHATS = frozenset()
    with pytest.raises(ConflictError, match="LIFECIRCLE_CHATS names none"):
        added(hub, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + KEY)
    settings.CHATS = frozenset({"wecom"})
    one = added(hub, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + KEY)
    with pytest.raises(ConflictError, match="of this kind are off"):
        added(hub, "json://127.0.0.1/", kind="json")
    settings.CHATS = frozenset()
    raised()
    clock.go(minutes=9)
    assert told() == []
    assert hub.client("operator").post(f"/api/v1/chats/{one.pk}/test").status_code == 409


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/cgi-bin/webhook/send?key=" + KEY,
        "https://qyapi.weixin.qq.com@elsewhere.example/cgi-bin/webhook/send?key=" + KEY,
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + KEY + "&x=/../../admin",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
        "file:///etc/passwd", KEY, " ",
    ],
)  # fmt: skip
def test_an_address_leads_where_the_settings_say_and_nowhere_else(hub, settings, address):
    settings.CHATS = frozenset({"wecom"})
    with pytest.raises(InvalidError, match="begins with https://qyapi") as refused:
        added(hub, address)
    assert KEY not in str(refused.value)


def test_who_may_say_who_is_told_adds_tests_and_ends_chats_of_their_own_places_only(hub, robot):
    with pytest.raises(ForbiddenError):
        added(hub, robot + KEY, who="grid1")
    with pytest.raises(MissingError):
        added(hub, robot + KEY, who="worker1", place="C3")
    with pytest.raises(InvalidError, match="one of"):
        added(hub, robot + KEY, department="没有的部门")
    one = added(hub, robot + KEY, who="worker3", place="C3")
    for act in (chats.test, chats.end):
        with pytest.raises(MissingError):
            act(hub.actor("worker1"), one.pk)
    client = hub.client("worker1")
    assert client.get("/api/v1/chats").json() == {"kinds": ["wecom"], "items": []}
    assert hub.client("grid1").get("/api/v1/chats").status_code == 403
    assert chats.test(hub.actor("street2"), one.pk).took_it
    assert WeCom.said == [f"生活圈 测试消息 test message\n{one.place.name_zh}: {one.name}"]


class Json(http.server.BaseHTTPRequestHandler):
    """What apprise's `json://` speaks to: takes what it is given, or refuses with a status."""

    taken: list = []  # noqa: RUF012
    status = 200

    def do_POST(self):
        Json.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(Json.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def test_whatever_apprise_speaks_is_a_chat_too_and_says_why_it_failed(hub, clock, settings, caplog):
    caplog.set_level(logging.DEBUG)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Json)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Json.taken, Json.status = [], 200
    settings.CHATS = frozenset({"json"})
    assert services.is_installed()
    with pytest.raises(InvalidError, match="an address of apprise, json://"):
        added(hub, "mailto://me:secret@example.org", kind="json")
    with pytest.raises(InvalidError):
        added(hub, "json://", kind="json")
    one = added(hub, f"json://robot:top-secret@127.0.0.1:{server.server_port}/in", kind="json")
    assert chats.test(hub.actor("operator"), one.pk).answer == "taken"
    assert "测试消息" in Json.taken[0]["message"]
    Json.status = 503
    failed = chats.test(hub.actor("operator"), one.pk)
    assert (failed.took_it, "error=503" in failed.answer) == (False, True)
    server.shutdown()
    server.server_close()
    failed = chats.test(hub.actor("operator"), one.pk)
    assert failed.answer.startswith("json: ")
    assert "top-secret" not in failed.answer + caplog.text


class Mail(socketserver.StreamRequestHandler):
    """As much SMTP as it takes to be sent a message."""

    lines: list = []  # noqa: RUF012

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        inside = False
        for line in self.rfile:
            Mail.lines.append(line.decode().rstrip())
            if inside and line != b".\r\n":
                continue
            inside = line.upper().startswith(b"DATA")
            self.wfile.write(b"354 go on\r\n" if inside else b"250 ok\r\n")
            if line.upper().startswith(b"QUIT"):
                return


def test_a_mailing_list_is_a_chat_too(hub, clock, settings):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Mail.lines = []
    settings.CHATS = frozenset({"mailto"})
    address = f"mailto://127.0.0.1:{server.server_address[1]}/?smtp=127.0.0.1&mode=insecure&from=hub@qu.example.cn&to=duty@qu.example.cn"
    one = added(hub, address, kind="mailto", place="D", department="微型消防站")
    case = raised("smoke")
    clock.go(seconds=1)
    assert one.notices.get().state == "sent"
    assert "rcpt TO:<duty@qu.example.cn>" in Mail.lines
    letter = email.message_from_string("\n".join(Mail.lines[Mail.lines.index("data") + 1 :]))
    body = letter.get_payload(decode=True) or letter.get_payload(0).get_payload(decode=True)
    assert case.ref in body.decode()
    server.shutdown()
    server.server_close()


def test_chats_of_a_place_that_ended_go_to_the_one_that_goes_on(hub, clock, robot):
    one = added(hub, robot + KEY, place="C1")
    places.merge(Actor.system("test"), ["C1"], into="C2", on=START.date())
    one.refresh_from_db()
    assert one.place.code == "C2"
