"""What our programs and the broker say to each other, byte by byte: in any pieces, from a broker that lies, dies or falls silent."""

import contextlib
import socket
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from lifecircle.hub.devices import mqtt

pytestmark = pytest.mark.one_database  # of none

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
PUBLISHED = st.fixed_dictionaries(
    {},
    optional={
        "PayloadFormatIndicator": st.integers(0, 1), "MessageExpiryInterval": st.integers(0, 2**32 - 1), "ContentType": TEXT,
        "ResponseTopic": TEXT, "CorrelationData": st.binary(max_size=300), "SubscriptionIdentifier": st.integers(1, 268_435_455),
        "TopicAlias": st.integers(1, 65535), "UserProperty": st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=3),
    },
)  # fmt: skip
MESSAGES = st.tuples(
    TEXT, st.binary(max_size=400), st.integers(0, 1), st.integers(1, 65535), PUBLISHED
)


def number(value):
    """A variable byte integer as the standard's own algorithm writes it (1.5.5)."""
    made = b""
    while True:
        value, low = divmod(value, 128)
        made += bytes([low | 128 if value else low])
        if not value:
            return made


def packet(first, body):
    return bytes([first]) + number(len(body)) + body


def published(topic, payload, qos, identifier, named):
    """A PUBLISH whose properties paho packs."""
    properties = Properties(PacketTypes.PUBLISH)
    for name, value in named.items():
        for one in value if name == "UserProperty" else [value]:
            setattr(properties, name, one)
    name = topic.encode()
    head = len(name).to_bytes(2) + name + (identifier.to_bytes(2) if qos else b"")
    return packet(0x30 | qos << 1, head + properties.pack() + payload)


@given(st.lists(MESSAGES, max_size=12), st.data())
@settings(max_examples=150, deadline=None)
def test_messages_are_read_whole_in_whatever_pieces_they_come(messages, data):
    said = b"".join(published(*one) + b"\xd0\x00" for one in messages)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)), max_size=20)))
    reader, found = mqtt.Reader(), []
    for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True):
        found += reader.feed(said[start:end])
    expected = []
    for topic, payload, qos, identifier, named in messages:
        expected.append(
            mqtt.Heard(topic, payload, identifier if qos else 0, named.get("CorrelationData"))
        )
        expected.append(mqtt.Control(mqtt.PINGRESP, b""))
    assert found == expected


@given(st.lists(st.binary(max_size=60), max_size=8))
@settings(max_examples=300, deadline=None)
def test_what_is_no_mqtt_is_refused_in_one_way(pieces):
    reader = mqtt.Reader()
    with contextlib.suppress(mqtt.BrokenError):
        for piece in pieces:
            reader.feed(piece)


@given(MESSAGES, st.data())
@settings(max_examples=150, deadline=None)
def test_a_message_with_a_wrong_byte_is_another_message_or_none(message, data):
    said = bytearray(published(*message))
    said[data.draw(st.integers(0, len(said) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(mqtt.BrokenError):
        assert all(
            isinstance(one, mqtt.Heard | mqtt.Control) for one in mqtt.Reader().feed(bytes(said))
        )


def test_a_packet_that_would_fill_the_memory_is_not_waited_for():
    with pytest.raises(mqtt.BrokenError, match="packet of 268435455 bytes"):
        mqtt.Reader().feed(b"\x30" + number(268_435_455))


@pytest.mark.parametrize("size", [0, 127, 128, 16_383, 16_384, 70_000])
def test_what_we_publish_is_read_as_it_was_said(size):
    ours = mqtt._packet(0x30, mqtt._text("lc/a/up") + mqtt._properties(b"\1\2") + b"x" * size)
    assert ours == published("lc/a/up", b"x" * size, 0, 0, {"CorrelationData": b"\1\2"})


class Fake:
    """A broker of one connection that says what it was told to, each thing after the next that it hears."""

    def __init__(self, *says):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.where = mqtt.address_of(f"mqtt://127.0.0.1:{self._listener.getsockname()[1]}")
        self.heard = []
        threading.Thread(target=self._serve, args=(says,), daemon=True).start()

    def _serve(self, says):
        with self._listener:
            line, _ = self._listener.accept()
        with line, contextlib.suppress(ConnectionError):
            for one in says:
                self.heard.append(line.recv(4096))
                if one is None:
                    return
                line.sendall(one)
            while piece := line.recv(4096):
                self.heard.append(piece)


@pytest.fixture
def connected():
    """Connect to a broker that says what it is told to; closed after the test."""
    with contextlib.ExitStack() as lines:

        def connect(broker, **named):
            line = mqtt.Connection(broker.where, "me", "secret", **named)
            lines.callback(line.close)
            return line

        yield connect


WELCOME = b"\x20\x03\x00\x00\x00"
LISTENS = b"\x90\x04\x00\x01\x00\x01"


def test_the_greeting_is_as_the_standard_says(connected):
    broker = Fake(WELCOME)
    connected(broker, kept_s=60, window=7, keepalive_s=20).close()
    properties = b"\x11\0\0\0\x3c" + b"\x21\0\x07" + b"\x27\0\x10\0\0"
    expected = (
        b"\0\4MQTT\5\xc0\0\x14" + bytes([len(properties)]) + properties + b"\0\2me\0\2me\0\6secret"
    )
    assert broker.heard[0] == packet(0x10, expected)


def test_a_broker_that_refuses_is_heard_with_its_reason(connected):
    with pytest.raises(mqtt.RefusedError, match="0x86") as refused:
        connected(Fake(b"\x20\x03\x00\x86\x00"))
    assert refused.value.code == 0x86
    line = connected(Fake(WELCOME, b"\x90\x04\x00\x01\x00\x87"))
    with pytest.raises(mqtt.RefusedError, match="0x87"):
        line.subscribe("lc/+/up")


def test_a_broker_that_answers_nothing_or_ends_it_is_not_waited_for(connected, monkeypatch):
    monkeypatch.setattr(mqtt, "_TIMEOUT_S", 0.3)
    with pytest.raises(mqtt.BrokenError, match="does not answer"):
        connected(Fake(b""))
    with pytest.raises(OSError):  # noqa: PT011  (reset, or ended)
        connected(Fake(None))
    line = connected(Fake(WELCOME, b"\xe0\x02\x8e\x00"))
    with pytest.raises(mqtt.RefusedError, match="0x8e"):  # another took the session over
        line.subscribe("lc/+/up")


def test_a_broker_that_falls_silent_is_noticed_and_one_that_answers_pings_is_not(connected):
    broker = Fake(WELCOME, LISTENS, b"\xd0\x00", b"\xd0\x00", b"\xd0\x00")
    line = connected(broker, keepalive_s=1)
    line.subscribe("lc/+/up")
    start = time.monotonic()
    with pytest.raises(mqtt.BrokenError, match="silent"):
        while True:
            assert line.hear(10, 0.1) == []
            assert time.monotonic() - start < 6
    assert time.monotonic() - start > 2
    assert broker.heard.count(b"\xc0\x00") >= 4


def test_the_broker_says_how_long_silence_may_last(connected):
    broker = Fake(b"\x20\x06\x00\x00\x03\x13\x00\x01", LISTENS, b"\xd0\x00")
    line = connected(broker, keepalive_s=600)
    line.subscribe("lc/+/up")
    until = time.monotonic() + 1
    while time.monotonic() < until:
        line.hear(10, 0.1)
    assert b"\xc0\x00" in broker.heard


@pytest.mark.parametrize(
    "body",
    [
        b"\x00\x00\xff\xff\xff\xff",
        b"\x00\x00\x03\x13\x00",
        b"\x00\x00\x02\x7f\x00",
        b"\x00\x00\x09\x27",
    ],
)
def test_a_welcome_that_makes_no_sense_is_refused_in_words(connected, body):
    with pytest.raises(mqtt.BrokenError, match="no MQTT 5"):
        connected(Fake(packet(0x20, body)))


def test_nothing_longer_than_the_broker_takes_is_said(connected):
    broker = Fake(packet(0x20, b"\x00\x00\x05\x27\x00\x00\x00\x40"))
    line = connected(broker)
    line.publish("lc/a/ack", b"short", b"\1" * 8)
    line.publish("lc/a/ack", b"long", b"\1" * 80)
    line.flush()
    line.close()
    short = published("lc/a/ack", b"short", 0, 0, {"CorrelationData": b"\1" * 8})
    long = published("lc/a/ack", b"long", 0, 0, {})
    assert all_of(broker) == short + long + b"\xe0\x00"


def test_a_connection_that_is_over_says_no_goodbye(connected):
    broker = Fake(WELCOME, b"\xe0\x01\x8b")  # it is shutting down
    line = connected(broker)
    with pytest.raises(mqtt.RefusedError):
        line.subscribe("lc/+/up")
    line.close()
    time.sleep(0.2)
    assert len(broker.heard) == 2


def all_of(broker):
    """Everything that a broker heard after the greeting, once it has heard a goodbye."""
    until = time.monotonic() + 5
    while not broker.heard[-1].endswith(b"\xe0\x00") and time.monotonic() < until:
        time.sleep(0.01)
    return b"".join(broker.heard[1:])


def test_so_many_are_heard_at_once_and_acknowledged_in_one_write(connected):
    said = b"".join(published("lc/a/up", b"%d" % k, k % 2, k + 1, {}) for k in range(20))
    broker = Fake(WELCOME, LISTENS + said)
    line = connected(broker)
    line.subscribe("lc/+/up")
    heard = []
    while len(heard) < 20:
        batch = line.hear(8, 1)
        assert 0 < len(batch) <= 8
        heard += batch
    for one in heard:
        line.acknowledge(one)
    line.flush()
    line.close()
    acknowledged = b"".join(b"\x40\x02" + (k + 1).to_bytes(2) for k in range(1, 20, 2))
    assert all_of(broker).endswith(acknowledged + b"\xe0\x00")
