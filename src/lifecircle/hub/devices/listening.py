"""Listening to a broker by MQTT 5: what is taken is acknowledged after the commit, to the broker and to the device.

Ingesters share one subscription under fixed client ids: the broker keeps the share of one that is away until it is back.
"""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import paho.mqtt.client as paho
from django.db import InterfaceError, OperationalError, connection
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from lifecircle.hub.devices.ingesting import Sent, Taken, ingest
from lifecircle.hub.devices.mosquitto import ACK, EVERY_UP, address_of

_log = logging.getLogger(__name__)
_BATCH = 500
_WINDOW = 2000
"""Messages that the broker hands over before the first of them is acknowledged."""
_KEPT_S = 14 * 86400
_WAIT_S, _LONGEST_S = 0.2, 5.0


class _Heard(NamedTuple):
    """A message as it came, and on which connection: its number means nothing on another."""

    sent: Sent
    mid: int
    qos: int
    correlation: bytes | None
    connection: int


class Ingester:
    """One of a group: `name` is its user and client id, never used by two at a time."""

    def __init__(self, url: str, name: str, *, key: str, ca: str = "") -> None:
        where = address_of(url)
        self._waiting: queue.SimpleQueue[_Heard] = queue.SimpleQueue()
        self._connections = 0
        self._client = client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=name, protocol=paho.MQTTv5, manual_ack=True,
            transport=where.transport,
        )  # fmt: skip
        client.username_pw_set(name, key)
        where.secure(client, ca)
        client.reconnect_delay_set(1, 5)
        client.on_connect, client.on_message = self._connected, self._heard
        kept = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        kept.SessionExpiryInterval, kept.ReceiveMaximum = _KEPT_S, _WINDOW
        client.connect_async(
            where.host, where.port, keepalive=20, clean_start=False, properties=kept
        )

    def run(self, over: threading.Event, beat: Callable[[], None] = lambda: None) -> None:
        """Take what comes until told to stop; `beat` is called between batches and while nothing comes."""
        self._client.loop_start()
        try:
            while not over.is_set():
                if batch := self._batch():
                    self._take(batch, over)
                beat()
        finally:
            self._client.disconnect()
            self._client.loop_stop()

    def _batch(self) -> list[_Heard]:
        """What has come since; a moment's wait for the first, none for the others."""
        try:
            found = [self._waiting.get(timeout=0.5)]
        except queue.Empty:
            return []
        with contextlib.suppress(queue.Empty):
            while len(found) < _BATCH:
                found.append(self._waiting.get_nowait())
        return found

    def _take(self, batch: Sequence[_Heard], over: threading.Event) -> None:
        """Take a batch, however long the database is away; then acknowledge it."""
        pause = _WAIT_S
        while True:
            try:
                taken = ingest([one.sent for one in batch])
                break
            except (OperationalError, InterfaceError):
                _log.warning("the database is away; %d messages wait", len(batch))
                connection.close()
                if over.wait(pause):
                    return  # nothing was acknowledged: they come again
                pause = min(pause * 2, _LONGEST_S)
        for one, result in zip(batch, taken, strict=True):
            if one.qos and one.connection == self._connections:
                self._client.ack(one.mid, one.qos)
            self._tell(one, result)

    def _tell(self, one: _Heard, result: Taken) -> None:
        said: dict[str, Any] = {"outcome": result.outcome, "boot": result.boot, "seq": result.seq}
        if result.why:
            said["why"] = result.why
        properties = None
        if one.correlation is not None:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.CorrelationData = one.correlation
        self._client.publish(
            ACK.format(ref=one.sent.ref), json.dumps(said), qos=0, properties=properties
        )

    def _connected(
        self, client: paho.Client, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        self._connections += 1
        if reason.is_failure:
            _log.error("the broker refuses %s: %s", client._client_id, reason)  # noqa: SLF001
            return
        client.subscribe(f"$share/ingest/{EVERY_UP}", qos=1)

    def _heard(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        ref = message.topic.split("/")[1]
        if message.qos == 0 and self._waiting.qsize() > _WINDOW * 5:
            return  # sent to be lost; what matters is sent with an acknowledgement asked for
        correlation = getattr(message.properties, "CorrelationData", None)
        self._waiting.put(
            _Heard(
                Sent(ref, bytes(message.payload)),
                message.mid,
                message.qos,
                correlation,
                self._connections,
            )
        )
