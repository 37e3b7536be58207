"""The canary: a P1 that nobody made walks the whole path, wakes nobody, is in no list; and is missed when it does not come."""

import datetime as dt
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from lifecircle.hub.cases import figures, ladder
from lifecircle.hub.cases.models import Case, CaseEvent, Count
from lifecircle.hub.devices import canary, ingesting, limits, upkeep
from lifecircle.hub.devices.models import Device, Path
from lifecircle.hub.errors import ConflictError
from lifecircle.hub.notify.models import Notice
from lifecircle.hub.stream import actions as stream

from .test_devices import Sent, body, device

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anew(settings, monkeypatch):
    limits.forget()
    settings.MQTT_URL = settings.DEADMAN_URL = ""
    monkeypatch.setattr(canary, "LONGEST_S", 0.3)


@pytest.fixture
def working(monkeypatch):
    """The worker's threads, when the canary waits for them."""

    def waits(_):
        ladder.climb()
        while stream.number():
            pass

    monkeypatch.setattr(canary.time, "sleep", waits)


def test_it_walks_the_whole_path_wakes_nobody_and_is_in_no_list_or_figure(hub, working):
    found = canary.walk()
    assert found.screen_ms >= found.told_ms >= found.acknowledged_ms
    one = Case.objects.get(canary=True)
    assert (one.state, one.priority, one.ref[:2]) == ("closed", "P1", "K-")
    what = list(CaseEvent.objects.filter(case=one).values_list("what", flat=True))
    assert what == ["received", "nobody", "close"]
    assert not Notice.objects.filter(case=one).exists()
    assert not Count.objects.exists()  # it takes no number of a day
    assert hub.client("operator").get("/api/v1/cases").json()["count"] == 0
    assert hub.client("operator").get("/api/v1/devices").json()["count"] == 0
    now = timezone.now()
    span = {"since": now - dt.timedelta(1), "until": now + dt.timedelta(1)}
    assert figures.figures(hub.actor("operator"), **span)["received"] == 0
    assert canary.walk() is not None
    assert Case.objects.filter(canary=True).count() == 2


def test_nobody_registers_a_device_in_its_name(hub):
    with pytest.raises(ConflictError):
        device(hub, "canary")


def test_when_the_ladder_stands_still_it_does_not_arrive_and_nobody_outside_is_called(hub, outside):
    assert canary.walk() is None
    assert outside.called == 0
    assert not Path.objects.exists()
    assert not Case.objects.filter(canary=True).exclude(state="closed").exists()


class Outside:
    def __init__(self):
        self.called = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                outer.called += 1
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def outside(settings):
    found = Outside()
    settings.WEBHOOKS_ANYWHERE = True
    settings.DEADMAN_URL = f"http://127.0.0.1:{found.server.server_port}/"
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_each_that_arrives_is_told_outside(hub, working, outside):
    canary.walk()
    canary.walk()
    assert outside.called == 2


def test_devices_that_could_not_speak_while_the_path_was_down_get_their_time_again(
    hub, working, monkeypatch
):
    canary.walk()
    device(hub, silent_after_s=3600)
    ingesting.ingest([Sent("smoke-1", body(1))])
    after = timezone.now() + dt.timedelta(hours=3)
    monkeypatch.setattr(timezone, "now", lambda: after)
    canary.walk()  # nothing came through for three hours, not even this
    assert upkeep.silent() == 0
    later = after + dt.timedelta(minutes=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert upkeep.silent() == 0  # no canary for an hour: the path is down, and nobody can speak
    Path.objects.update(at=later)  # one came every minute
    assert upkeep.silent() == 1


def test_old_canaries_are_let_go(hub, working, monkeypatch):
    canary.walk()
    later = timezone.now() + dt.timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    upkeep.forget()
    assert not Case.objects.filter(canary=True).exists()
    assert Device.objects.filter(ref="canary").exists()
