"""Listening to a broker by MQTT 5: what is taken is acknowledged after the commit, to the broker and to the device.

Ingesters share one subscription under fixed client ids: the broker keeps the share of one that is away until it is back.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from lifecircle.hub.devices import mqtt
from lifecircle.hub.devices.ingesting import Sent, Taken, ingest
from lifecircle.hub.devices.mosquitto import ACK, EVERY_UP

_log = logging.getLogger(__name__)
_BATCH = 500
_WINDOW = 2000
"""Messages that the broker hands over before the first of them is acknowledged."""
_KEPT_S = 14 * 86400
_WAIT_S, _LONGEST_S = 0.2, 5.0
_LOOK_S = 0.5


class Ingester:
    """One of a group: `name` is its user and client id, never used by two at a time."""

    def __init__(self, url: str, name: str, *, key: str, ca: str = "") -> None:
        self._where, self._name, self._key, self._ca = mqtt.address_of(url), name, key, ca
        self.is_listening = False

    def run(self, over: threading.Event, beat: Callable[[], None] = lambda: None) -> None:
        """Take what comes until told to stop; `beat` is called between batches and while nothing comes."""
        pause = _WAIT_S
        while not over.is_set():
            began = time.monotonic()
            try:
                self._listen(over, beat)
            except mqtt.RefusedError as error:
                _log.error("%s: %s", self._name, error)
            except OSError as error:
                _log.warning("%s: %s", self._name, error)
            self.is_listening = False
            is_well = time.monotonic() - began > _LONGEST_S
            pause = _WAIT_S if is_well else min(pause * 2, _LONGEST_S)
            beat()
            over.wait(pause)

    def _listen(self, over: threading.Event, beat: Callable[[], None]) -> None:
        line = mqtt.Connection(
            self._where, self._name, self._key, ca=self._ca, kept_s=_KEPT_S, window=_WINDOW
        )
        try:
            line.subscribe(f"$share/ingest/{EVERY_UP}")
            self.is_listening = True
            while not over.is_set():
                if batch := line.hear(_BATCH, _LOOK_S):
                    self._take(line, batch, over)
                beat()
        finally:
            line.close()

    @staticmethod
    def _take(line: mqtt.Connection, batch: Sequence[mqtt.Heard], over: threading.Event) -> None:
        """Take a batch, however long the database is away; then acknowledge it."""
        sent = [Sent(one.topic.split("/")[1], one.payload) for one in batch]
        pause = _WAIT_S
        while True:
            try:
                taken = ingest(sent)
                break
            except (OperationalError, InterfaceError):
                _log.warning("the database is away; %d messages wait", len(batch))
                connection.close()
                if over.wait(pause):
                    return  # nothing was acknowledged: they come again
                line.keep_alive()
                pause = min(pause * 2, _LONGEST_S)
        for heard, mine, result in zip(batch, sent, taken, strict=True):
            line.acknowledge(heard)
            line.publish(ACK.format(ref=mine.ref), _said(result), heard.correlation)
        line.flush()


def _said(result: Taken) -> bytes:
    """What a device is told of its message."""
    said: dict[str, Any] = {"outcome": result.outcome, "boot": result.boot, "seq": result.seq}
    if result.why:
        said["why"] = result.why
    return json.dumps(said).encode()
