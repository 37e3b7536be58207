"""A canary in the message path: a P1 that nobody made walks all of it every minute, and tells nobody.

It is said by a device of its own, by MQTT where there is a broker, and has to be acknowledged, to be a case, to have climbed
the first rung and to be on the stream. Only then an address outside is called (`LIFECIRCLE_DEADMAN_URL`); that nobody calls it
for some minutes is the alarm, which no process of ours could raise about itself.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases import queries as open_cases
from lifecircle.hub.devices import keys, mqtt, raising
from lifecircle.hub.devices.ingesting import Sent, ingest
from lifecircle.hub.devices.models import Device, Path
from lifecircle.hub.devices.mosquitto import ACK, UP
from lifecircle.hub.devices.queries import PATH_GAP
from lifecircle.hub.places import queries as places
from lifecircle.hub.stream import calling
from lifecircle.hub.tokens import digest_of

REF = raising.CANARY
EVERY_S, LONGEST_S = 60.0, 20.0
_BROKER_HEARS_S = 3.0
"""Within this time the broker knows of a new device."""
_log = logging.getLogger(__name__)


def walk() -> Path | None:
    """Send one through, and note how long each step took; None where there is no district, or it did not arrive."""
    if not _registered():
        return None
    boot, start = uuid.uuid4().hex, time.monotonic()
    acknowledged_s = _said(boot)
    origin = raising.origin_of(REF, "help_call")
    told_s = (
        _until(lambda: open_cases.has_climbed(origin), start)
        if acknowledged_s is not None
        else None
    )
    screen_s = (
        _until(lambda: open_cases.is_on_stream(origin), start) if told_s is not None else None
    )
    with transaction.atomic():
        cases.end_canary(origin, at=timezone.now())
    if screen_s is None:
        _log.error("the canary did not arrive: acknowledged %s, told %s", acknowledged_s, told_s)
        return None
    found = _noted([acknowledged_s or 0.0, told_s or 0.0, screen_s])
    if settings.DEADMAN_URL:
        answer = calling.post(settings.DEADMAN_URL, b"", {"User-Agent": "lifecircle"})
        if not answer.startswith("2"):
            _log.error("the dead-man check: %s", answer)
    return found


def _registered() -> bool:
    """Whether its device is there; it is made where there is a district."""
    if Device.objects.filter(ref=REF).exists():
        return True
    top = places.top()
    if top is None:
        return False
    secret = _secret()  # follows from the server's own
    Device.objects.get_or_create(
        ref=REF, defaults={
            "kind": "button", "name": "金丝雀 canary", "place": top, "digest": digest_of(secret),
            "mqtt_hash": keys.mqtt_hash(secret),
        },
    )  # fmt: skip
    if settings.MQTT_URL:
        time.sleep(_BROKER_HEARS_S)
    return True


def _secret() -> str:
    return hmac.new(settings.MQTT_KEY.encode(), REF.encode(), hashlib.sha256).hexdigest()


def _said(boot: str) -> float | None:
    """Say it, by the way that devices go; seconds until it was acknowledged."""
    body, start = (
        json.dumps({"boot": boot, "seq": 1, "alarm": "help_call"}).encode(),
        time.monotonic(),
    )
    if not settings.MQTT_URL:
        return time.monotonic() - start if ingest([Sent(REF, body)])[0].outcome == "new" else None
    try:
        line = mqtt.Connection(
            mqtt.address_of(settings.MQTT_URL), REF, _secret(), ca=settings.MQTT_CA
        )
        try:
            line.subscribe(ACK.format(ref=REF))
            line.publish(UP.format(ref=REF), body, qos=1)
            line.flush()
            while time.monotonic() - start < LONGEST_S:
                if any(json.loads(one.payload)["boot"] == boot for one in line.hear(100, 0.5)):
                    return time.monotonic() - start
        finally:
            line.close()
    except OSError as error:
        _log.error("the canary found no broker: %s", error)
    return None


def _until(holds: Callable[[], bool], start: float) -> float | None:
    """Seconds from a start until something holds; None after too long."""
    while not holds():
        if time.monotonic() - start > LONGEST_S:
            return None
        time.sleep(0.05)
    return time.monotonic() - start


@transaction.atomic
def _noted(seconds: list[float]) -> Path:
    now = timezone.now()
    Path.objects.get_or_create(pk=1, defaults={"up_since": now, "at": now})
    one = Path.objects.select_for_update().get(pk=1)
    if abs(now - one.at) > PATH_GAP:
        one.up_since = now
    one.at = now
    one.acknowledged_ms, one.told_ms, one.screen_ms = (round(each * 1e3) for each in seconds)
    one.save()
    return one
