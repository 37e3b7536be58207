"""Events: told once committed, in one order, to who may see them; screens resume; webhooks are signed."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction

from lifecircle.hub.errors import InvalidError
from lifecircle.hub.facilities import actions as facilities
from lifecircle.hub.stream import actions, queries
from lifecircle.hub.stream.models import Event, Webhook

from .test_facilities import ON


def kinds(actor, after=0):
    return [(e.kind, e.data.get("ref")) for e in queries.after(actor, after, most=100)]


@pytest.fixture
def now(hub):
    while actions.number():
        pass
    return queries.newest()


def change(hub, who, ref, capacity):
    version = facilities.queries.facility(hub.actor(who), ref).version
    facilities.change(
        hub.actor(who), ref, {"capacity": capacity}, version=version, source="x", on=ON
    )


def test_an_event_is_numbered_after_its_change_and_seen_by_who_may(hub, now):
    change(hub, "planner", "F1", 5)
    change(hub, "planner", "F7", 5)
    assert kinds(hub.actor("planner"), now) == []
    assert actions.number() == 2
    assert kinds(hub.actor("planner"), now) == [
        ("facility.changed", "F1"),
        ("facility.changed", "F7"),
    ]
    assert kinds(hub.actor("worker1"), now) == [("facility.changed", "F1")]
    assert kinds(hub.actor("auditor"), now) == []
    listed = hub.client("worker1").get("/api/v1/events", {"after": now}).json()
    assert [(e["kind"], e["place"]) for e in listed] == [("facility.changed", "C1")]


def test_what_is_rolled_back_was_never_told(hub, now):
    with pytest.raises(RuntimeError), transaction.atomic():
        change(hub, "planner", "F1", 5)
        raise RuntimeError
    actions.number()
    assert kinds(hub.actor("planner"), now) == []


def test_positions_rise_without_a_gap_whatever_order_the_ids_have(hub, now):
    for number in (9_000_002, 9_000_001):  # the later one is committed first
        Event.objects.create(pk=number, kind="x", right="place.read", lineage="/D/")
        actions.number()
    assert list(Event.objects.filter(pk__gt=9_000_000).values_list("pk", "position")) == [
        (9_000_002, now + 1), (9_000_001, now + 2),
    ]  # fmt: skip


def test_who_stands_before_what_is_kept_is_told_so(hub, now):
    change(hub, "planner", "F1", 5)
    actions.number()
    Event.objects.filter(position__lte=now).delete()
    assert not queries.is_too_old(now)
    assert queries.is_too_old(now - 1) or now == 0


class Listener:
    """A program that is told of events; it refuses as many as it is asked to."""

    def __init__(self):
        self.heard, self.refuse = [], 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if outer.refuse:
                    outer.refuse -= 1
                    self.send_response(503)
                else:
                    outer.heard.append((dict(self.headers), body))
                    self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?a=1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def listener(settings):
    settings.WEBHOOKS_ANYWHERE = True
    found = Listener()
    yield found
    found.close()


def test_a_webhook_hears_what_its_owner_may_see_signed_and_in_order(hub, now, listener):
    hook, secret = actions.add_webhook(
        hub.actor("worker1"), url=listener.url, kinds=["facility.changed"]
    )
    for ref, capacity in (("F1", 5), ("F7", 6), ("F2", 7)):
        change(hub, "planner", ref, capacity)
    actions.number()
    assert actions.deliver() == 2
    told = [json.loads(body) for _, body in listener.heard]
    assert [one["data"]["ref"] for one in told] == ["F1", "F2"]
    for headers, body in listener.heard:
        assert headers["X-Lifecircle-Signature"] == actions.signature(secret, body)
    assert actions.deliver() == 0
    assert bytes(str(Webhook.objects.get().pk), "ascii")
    assert hook.position == now


def test_a_webhook_that_fails_is_told_again_and_misses_nothing(hub, now, listener):
    actions.add_webhook(hub.actor("planner"), url=listener.url, kinds=[])
    listener.refuse = 1
    change(hub, "planner", "F1", 5)
    change(hub, "planner", "F2", 6)
    actions.number()
    assert actions.deliver() == 0
    hook = Webhook.objects.get()
    assert (hook.failures, hook.last_answer[:3]) == (1, "503")
    assert actions.deliver() == 0  # not before its time
    Webhook.objects.update(retry_at=None)
    assert actions.deliver() == 2
    assert [json.loads(b)["data"]["ref"] for _, b in listener.heard] == ["F1", "F2"]


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "https://127.0.0.1/", "https://localhost:8000/", "https://[::1]/", "https://10.0.0.8/x",
     "https://169.254.169.254/latest", "file:///etc/passwd", "https://", "nonsense", "https://0.0.0.0/"],
)  # fmt: skip
def test_a_webhook_does_not_lead_into_our_own_network(hub, url):
    with pytest.raises(InvalidError):
        actions.add_webhook(hub.actor("planner"), url=url, kinds=[])
    body = {"url": url, "kinds": []}
    assert (
        hub.client("planner").post("/api/v1/webhooks", body, "application/json").status_code == 422
    )
