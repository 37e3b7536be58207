"""Devices as they have to be: each message is sent again until it is acknowledged by the hub, not by the broker."""

import itertools
import json
import threading
import time

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion


class Fleet:
    """Many devices on one connection, of a user of the broker who may speak for all (for tests only)."""

    AGAIN_S = 4.0

    def __init__(self, port, user, key, *, host="127.0.0.1", resends=True):
        self.waiting: dict[tuple[str, str, int], tuple[float, bytes]] = {}
        self.first: dict[tuple[str, str, int], float] = {}
        self.took: list[float] = []
        self.outcomes: dict[str, int] = {}
        self._lock, self._over = threading.Lock(), threading.Event()
        self._client = client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=user, protocol=paho.MQTTv5
        )
        client.username_pw_set(user, key)
        client.reconnect_delay_set(1, 1)
        client.max_queued_messages_set(0)
        client.max_inflight_messages_set(1000)
        client.on_connect = lambda *_: client.subscribe("lc/+/ack", qos=0)
        client.on_message = self._acknowledged
        client.connect_async(host, port, keepalive=5)
        client.loop_start()
        if resends:
            threading.Thread(target=self._again, daemon=True).start()

    def say(self, ref, boot, seq, **message):
        body = json.dumps({"boot": boot, "seq": seq, **message}).encode()
        now = time.monotonic()
        with self._lock:
            self.waiting[ref, boot, seq] = (now, body)
            self.first[ref, boot, seq] = now
        self._client.publish(f"lc/{ref}/up", body, qos=1)

    def handed_over(self):
        """Wait until the broker has everything."""
        while self._client._out_messages:
            time.sleep(0.05)

    def wait(self, seconds):
        """Until everything is acknowledged; what is not after so long."""
        until = time.monotonic() + seconds
        while self.waiting and time.monotonic() < until:
            time.sleep(0.1)
        return len(self.waiting)

    def end(self):
        self._over.set()
        self._client.disconnect()
        self._client.loop_stop()

    def _acknowledged(self, _client, _data, message):
        said = json.loads(message.payload)
        self.outcomes[said["outcome"]] = self.outcomes.get(said["outcome"], 0) + 1
        if said["outcome"] not in ("new", "again"):
            return
        key = message.topic.split("/")[1], said["boot"], said["seq"]
        with self._lock:
            if self.waiting.pop(key, None) is not None:
                self.took.append(time.monotonic() - self.first[key])

    def _again(self):
        while not self._over.wait(0.5):
            before = time.monotonic() - self.AGAIN_S
            with self._lock:
                late = [(key, body) for key, (at, body) in self.waiting.items() if at < before]
                for key, body in itertools.islice(late, 2000):
                    self.waiting[key] = (time.monotonic(), body)
            for (ref, _, _), body in late[:2000]:
                self._client.publish(f"lc/{ref}/up", body, qos=1)
