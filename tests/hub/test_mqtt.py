"""Devices by MQTT 5 through a real Mosquitto: each its own topics, acknowledged after the commit, nobody else harmed."""

import datetime as dt
import json
import shutil
import ssl
import subprocess
import threading
import time

import paho.mqtt.client as paho
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from lifecircle.errors import LifecircleError
from lifecircle.hub.cases.models import Case
from lifecircle.hub.devices import actions, limits, listening, mosquitto
from lifecircle.hub.devices.models import Device, Reading, Receipt, Refusal

from .test_devices import device
from .test_serving import free_port

PROGRAM = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/opt/homebrew/sbin")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(PROGRAM is None, reason="no Mosquitto is installed"),
]


class Broker:
    """A Mosquitto with the credentials of the devices that there are."""

    def __init__(self, folder, **tls):
        self.folder, self.port = folder / "mosquitto", free_port()
        folder.mkdir(exist_ok=True)
        listener = mosquitto.Listener("127.0.0.1", self.port, **tls)
        self.process = subprocess.Popen([PROGRAM, "-c", mosquitto.written(self.folder, listener)])
        self.url = f"unix://{self.folder / mosquitto.SOCKET}"
        for _ in range(100):
            if (self.folder / mosquitto.SOCKET).exists():
                break
            time.sleep(0.05)
        first = self.ingester()  # from now on the broker keeps its share
        listen(first, lambda: first.is_listening)

    def ingester(self, *, key="", ca=""):
        return listening.Ingester(
            self.url, mosquitto.INGESTERS[0], key=key or settings.MQTT_KEY, ca=ca
        )

    def end(self):
        self.process.terminate()
        self.process.wait(10)


class Client:
    """A device's own connection, and what it was told."""

    def __init__(self, broker, user, secret, listens=None, ca=None, client_id="", shows=None):
        self.told, self.refused, self.connected = [], [], threading.Event()
        self._client = client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id or user, protocol=paho.MQTTv5
        )
        if secret:
            client.username_pw_set(user, secret)
        if ca:
            own = {"certfile": str(shows[0]), "keyfile": str(shows[1])} if shows else {}
            client.tls_set(ca_certs=str(ca), cert_reqs=ssl.CERT_REQUIRED, **own)
        self.ended = 0
        client.on_disconnect = self._disconnected
        client.on_connect = self._connected
        client.on_message = lambda *given: self.told.append(given[2])
        self.topic = listens or f"lc/{user}/ack"
        client.connect("localhost" if ca else "127.0.0.1", broker.port + (1 if shows else 0))
        client.loop_start()

    def _connected(self, client, _data, _flags, reason, _properties):
        if reason.is_failure:
            self.refused.append(str(reason))
            client.disconnect()
        else:
            client.subscribe(self.topic, qos=1)
        self.connected.set()

    def _disconnected(self, *_):
        self.ended += 1

    def say(self, topic, message, qos=1, correlation=None):
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        properties = Properties(PacketTypes.PUBLISH)
        if correlation:
            properties.CorrelationData = correlation
        return self._client.publish(topic, body, qos=qos, properties=properties)

    def said(self):
        return [json.loads(one.payload) for one in self.told]

    def end(self):
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture(autouse=True)
def nobody_has_spoken():
    limits.forget()


@pytest.fixture
def started(tmp_path):
    """Start brokers and clients that end with the test."""
    running = []

    def start(kind, *given, **named):
        running.append(kind(*given, **named))
        return running[-1]

    start.folder = tmp_path
    yield start
    for one in reversed(running):
        one.end()


def listen(ingester, until, seconds=10.0, settle=0.0):
    """Let an ingester work, in this thread, until something holds, and a moment longer."""
    over, start, held = threading.Event(), time.monotonic(), []

    def beat():
        if until() and not held:
            held.append(time.monotonic())
        if (held and time.monotonic() - held[0] >= settle) or time.monotonic() - start > seconds:
            over.set()

    ingester.run(over, beat)
    assert held, "it never came to that"


def test_a_device_is_acknowledged_with_its_correlation_once_it_is_in_the_database(hub, started):
    _, secret = device(hub)
    broker = started(Broker, started.folder)
    mine = started(Client, broker, "smoke-1", secret)
    assert mine.connected.wait(5)
    message = {"boot": "b", "seq": 1, "alarm": "smoke", "values": {"ppm": 410}}
    mine.say("lc/smoke-1/up", message, correlation=b"\x07\x08")
    mine.say("lc/smoke-1/up", message)
    mine.say("lc/smoke-1/up", b"\xff")
    listen(broker.ingester(), lambda: len(mine.told) == 3)
    assert [one["outcome"] for one in mine.said()] == ["new", "again", "refused"]
    assert mine.told[0].properties.CorrelationData == b"\x07\x08"
    assert (Case.objects.filter(source="device").count(), Reading.objects.count()) == (1, 1)


def test_what_was_said_while_no_ingester_listened_waits_for_it(hub, started):
    _, secret = device(hub)
    broker = started(Broker, started.folder)
    listen(
        broker.ingester(), lambda: True, settle=0.5
    )  # it has been there once: the broker keeps its share
    mine = started(Client, broker, "smoke-1", secret)
    assert mine.connected.wait(5)
    for seq in range(50):
        mine.say("lc/smoke-1/up", {"boot": "b", "seq": seq, "values": {"t": seq}}).wait_for_publish(
            5
        )
    assert Receipt.objects.count() == 0
    listen(broker.ingester(), lambda: len(mine.told) == 50)
    assert Receipt.objects.count() == 50


def test_a_device_speaks_and_listens_for_itself_only(hub, started):
    _, secret = device(hub)
    _, other = device(hub, "leak-1", "water_leak")
    broker = started(Broker, started.folder)
    theirs = started(Client, broker, "leak-1", other)
    assert theirs.connected.wait(5)
    mine = started(Client, broker, "smoke-1", secret, listens="lc/#", client_id="leak-1")
    assert mine.connected.wait(5)
    mine.say("lc/leak-1/up", {"boot": "b", "seq": 1, "alarm": "leak"})  # a forged name
    mine.say("lc/leak-1/ack", {"outcome": "new"})  # a forged acknowledgement
    mine.say("lc/smoke-1/up", {"boot": "b", "seq": 1})
    theirs.say("lc/leak-1/up", {"boot": "b", "seq": 1})
    listen(broker.ingester(), lambda: bool(theirs.told), settle=0.5)
    assert [one["outcome"] for one in theirs.said()] == ["new"]
    assert theirs.ended == 0  # nobody who says that they are it ends its session
    assert {one.topic for one in mine.told} <= {"lc/smoke-1/ack"}
    assert not Case.objects.filter(source="device").exists()


def test_strangers_wrong_secrets_and_other_ingesters_are_not_let_in(hub, started):
    _, secret = device(hub)
    broker = started(Broker, started.folder)
    clients = [
        started(Client, broker, *each)
        for each in (("smoke-1", "wrong"), ("nobody", secret), ("", ""), (mosquitto.INGESTERS[0], secret))
    ]  # fmt: skip
    for one in clients:
        assert one.connected.wait(5)
        assert one.refused


def test_a_payload_that_is_too_long_ends_its_own_connection_and_no_other(hub, started):
    _, secret = device(hub)
    _, other = device(hub, "leak-1", "water_leak")
    broker = started(Broker, started.folder)
    mine, theirs = (
        started(Client, broker, "smoke-1", secret),
        started(Client, broker, "leak-1", other),
    )
    assert mine.connected.wait(5)
    assert theirs.connected.wait(5)
    mine.say("lc/smoke-1/up", b"x" * 10_000_000, qos=0)
    theirs.say("lc/leak-1/up", {"boot": "b", "seq": 1, "alarm": "leak"})
    listen(broker.ingester(), lambda: bool(theirs.told))
    assert theirs.said()[0]["outcome"] == "new"
    assert broker.process.poll() is None


def test_a_new_secret_and_a_new_device_are_known_to_the_broker_at_once_and_a_retired_one_is_not(
    hub, started
):
    _, old = device(hub)
    broker = started(Broker, started.folder)
    in_step = mosquitto.InStep(broker.folder)
    in_step.look()
    assert not in_step.look()
    _, new = actions.renew(hub.actor("worker1"), "smoke-1")
    _, fresh = device(hub, "smoke-2")
    assert in_step.look()
    time.sleep(0.5)
    late, renewed, second = (
        started(Client, broker, *each) for each in (("smoke-1", old), ("smoke-1", new), ("smoke-2", fresh))
    )  # fmt: skip
    for one in (late, renewed, second):
        assert one.connected.wait(5)
    assert (bool(late.refused), bool(renewed.refused), bool(second.refused)) == (True, False, False)
    actions.replace(hub.actor("worker1"), "smoke-2", version=1, by="smoke-3")
    device(hub, "smoke-4")
    Device.objects.filter(ref="smoke-4").update(mqtt_hash="")  # by HTTP only
    assert in_step.look()
    assert "smoke-4:" not in (broker.folder / "passwords").read_text()
    assert "smoke-2:" not in (broker.folder / "passwords").read_text()
    assert (broker.folder / "passwords").stat().st_mode & 0o077 == 0


def certificate(folder, name="localhost", signer=None):
    """A certificate and its key: of localhost, signed by itself, or of a device, signed by another's."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signing = signer or (subject, key)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now).not_valid_after(now + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .sign(signing, hashes.SHA256())
    )  # fmt: skip
    cert, secret = folder / f"{name}.pem", folder / f"{name}.key"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return cert, secret, (subject, key)


def test_with_a_certificate_devices_speak_tls(hub, started):
    _, secret = device(hub)
    cert, key, _ = certificate(started.folder)
    broker = started(Broker, started.folder, certificate=str(cert), key=str(key))
    mine = started(Client, broker, "smoke-1", secret, ca=cert)
    assert mine.connected.wait(5)
    mine.say("lc/smoke-1/up", {"boot": "b", "seq": 1})
    listen(broker.ingester(), lambda: bool(mine.told))
    assert mine.said()[0]["outcome"] == "new"
    assert not Refusal.objects.exists()


def test_the_ingester_speaks_tls_to_a_broker_that_it_can_trust_and_to_no_other(
    hub, started, caplog
):
    _, secret = device(hub)
    cert, key, _ = certificate(started.folder)
    stranger, _, _ = certificate(started.folder, "stranger")
    broker = started(Broker, started.folder, certificate=str(cert), key=str(key))
    mine = started(Client, broker, "smoke-1", secret, ca=cert)
    assert mine.connected.wait(5)
    mine.say("lc/smoke-1/up", {"boot": "b", "seq": 1})
    broker.url = f"mqtts://localhost:{broker.port}"
    betrayed, over = broker.ingester(ca=str(stranger)), threading.Event()
    betrayed.run(over, over.set)
    assert not betrayed.is_listening
    assert "certificate verify failed" in caplog.text
    listen(broker.ingester(ca=str(cert)), lambda: bool(mine.told))
    assert mine.said()[0]["outcome"] == "new"


def test_by_tls_too_what_waits_is_taken_together(hub, started, monkeypatch):
    _, secret = device(hub)
    cert, key, _ = certificate(started.folder)
    broker = started(Broker, started.folder, certificate=str(cert), key=str(key))
    mine = started(Client, broker, "smoke-1", secret, ca=cert)
    assert mine.connected.wait(5)
    for seq in range(100):
        mine.say("lc/smoke-1/up", {"boot": "b", "seq": seq}).wait_for_publish(5)
    broker.url = f"mqtts://localhost:{broker.port}"
    batches, ingest = [], listening.ingest
    monkeypatch.setattr(
        listening, "ingest", lambda batch: (batches.append(len(batch)), ingest(batch))[1]
    )
    listen(broker.ingester(ca=str(cert)), lambda: len(mine.told) == 100)
    assert sum(batches) == 100
    assert len(batches) < 50


def test_a_device_that_asks_for_more_than_the_broker_takes_harms_nobody(hub, started):
    _, secret = device(hub)
    broker = started(Broker, started.folder)
    mine = started(Client, broker, "smoke-1", secret)
    assert mine.connected.wait(5)
    mine.say("lc/smoke-1/up", {}, correlation=b"x" * 16_860)
    mine.say("lc/smoke-1/up", {"boot": "b", "seq": 1}, correlation=b"short")
    ingester, beats = broker.ingester(), []
    listen(ingester, lambda: beats.append(ingester.is_listening) or len(mine.told) == 2)
    assert [one["outcome"] for one in mine.said()] == ["refused", "new"]
    assert [getattr(one.properties, "CorrelationData", None) for one in mine.told] == [
        None,
        b"short",
    ]
    assert all(beats[beats.index(True) : -1])  # it was never thrown out


def test_an_ingester_with_a_wrong_key_says_so_and_tries_again(hub, started, caplog):
    broker = started(Broker, started.folder)
    over, beats = threading.Event(), []

    def beat():
        beats.append(1)
        if len(beats) == 3:
            over.set()

    broker.ingester(key="wrong").run(over, beat)
    assert caplog.text.count("the broker refuses: reason code 0x87") == 3


def test_what_was_heard_and_not_acknowledged_comes_again(hub, started, monkeypatch):
    _, secret = device(hub)
    broker = started(Broker, started.folder)
    mine = started(Client, broker, "smoke-1", secret)
    assert mine.connected.wait(5)
    for seq in range(20):
        mine.say("lc/smoke-1/up", {"boot": "b", "seq": seq})
    with monkeypatch.context() as killed:
        killed.setattr(listening, "ingest", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            broker.ingester().run(threading.Event())
    assert Receipt.objects.count() == 0
    listen(broker.ingester(), lambda: len(mine.told) == 20)
    assert sorted(one["seq"] for one in mine.said()) == list(range(20))


def test_a_device_shows_a_certificate_and_one_that_was_retired_says_nothing_more(hub, started):
    cert, key, _ = certificate(started.folder)
    ca, _, signer = certificate(started.folder, "devices-ca")
    device(hub, certificate=True)
    device(hub, "leak-1", "water_leak", certificate=True)
    device(hub, "gas-1", "gas")
    broker = started(Broker, started.folder, certificate=str(cert), key=str(key), device_ca=str(ca))

    def shown(name, by=signer):
        return certificate(started.folder, name, by)[:2]

    def client(name, shows):
        one = started(Client, broker, name, "", ca=cert, shows=shows)
        one.connected.wait(3)
        return one

    mine, their = shown("smoke-1"), shown("leak-1")
    one = client("smoke-1", mine)
    one.say("lc/smoke-1/up", {"boot": "b", "seq": 1})
    one.say("lc/leak-1/up", {"boot": "b", "seq": 1, "alarm": "leak"})  # a forged name
    client("gas-1", shown("gas-1")).say(
        "lc/gas-1/up", {"boot": "b", "seq": 1, "alarm": "gas"}
    )  # it has a secret
    boss = client(mosquitto.INGESTERS[1], shown(mosquitto.INGESTERS[1]))
    boss.say("lc/smoke-1/ack", {"outcome": "forged"})
    listen(broker.ingester(), lambda: bool(one.told), settle=0.5)
    assert [said["outcome"] for said in one.said()] == ["new"]
    assert Receipt.objects.count() == 1
    in_step = mosquitto.InStep(broker.folder)
    in_step.look()
    actions.replace(hub.actor("worker1"), "leak-1", version=1, by="leak-2")
    assert in_step.look()
    time.sleep(0.5)
    late = client("leak-1", their)
    late.say("lc/leak-1/up", {"boot": "b", "seq": 1, "alarm": "leak"})
    one.say("lc/smoke-1/up", {"boot": "b", "seq": 2})
    listen(broker.ingester(), lambda: len(one.told) == 2, settle=0.5)
    assert late.told == []
    assert not Case.objects.filter(source="device").exists()
    assert not Refusal.objects.exists()  # it did not even come as far as the ingester


def test_certificates_of_others_and_none_at_all_are_not_let_in(hub, started):
    cert, key, _ = certificate(started.folder)
    ca, _, _ = certificate(started.folder, "devices-ca")
    _, _, stranger = certificate(started.folder, "strangers-ca")
    _, secret = device(hub, certificate=True)
    broker = started(Broker, started.folder, certificate=str(cert), key=str(key), device_ca=str(ca))
    forged = certificate(started.folder, "smoke-1", stranger)[:2]
    try:
        one = started(Client, broker, "smoke-1", "", ca=cert, shows=forged)
    except OSError:
        pass  # refused while they greet each other
    else:
        assert not one.connected.wait(2) or one.refused
    plain = started(
        Client, broker, "smoke-1", secret, ca=cert
    )  # its secret is of no use to the broker
    assert plain.connected.wait(5)
    assert plain.refused


def test_two_devices_that_call_themselves_the_same_are_two_sessions(hub, started):
    _, secret = device(hub)
    _, other = device(hub, "leak-1", "water_leak")
    broker = started(Broker, started.folder)
    mine = started(Client, broker, "smoke-1", secret, client_id="same")
    assert mine.connected.wait(5)
    theirs = started(Client, broker, "leak-1", other, client_id="same")
    assert theirs.connected.wait(5)
    dropped = threading.Event()
    mine._client.on_disconnect = lambda *_: dropped.set()
    assert not dropped.wait(1)


def test_a_broker_opens_no_port_that_it_was_not_told_to(hub, started):
    _, secret = device(hub)
    brokers = [started(Broker, started.folder / name) for name in ("one", "two")]
    for broker in brokers:  # a port of Mosquitto's own they could not both have
        mine = started(Client, broker, "smoke-1", secret)
        assert mine.connected.wait(5)
        assert broker.process.poll() is None
        assert not mine.refused
    listeners = [
        line for line in (brokers[0].folder / "mosquitto.conf").read_text().splitlines()
        if line.startswith("listener ")
    ]  # fmt: skip
    assert listeners == [
        f"listener 0 {brokers[0].folder / mosquitto.SOCKET}", f"listener {brokers[0].port} 127.0.0.1",
    ]  # fmt: skip


def test_certificates_of_devices_without_one_of_the_broker_are_refused_in_words(hub, tmp_path):
    with pytest.raises(LifecircleError, match="LIFECIRCLE_MQTT_CERTIFICATE"):
        mosquitto.written(tmp_path, mosquitto.Listener("127.0.0.1", 1883, device_ca="ca.pem"))


def test_without_mosquitto_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(LifecircleError, match="apt-get install mosquitto"):
        mosquitto.program()
