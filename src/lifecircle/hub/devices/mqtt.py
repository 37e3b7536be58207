"""The part of MQTT 5 (OASIS standard, 7 March 2019) that our own programs speak to the broker, section numbers in brackets.

Blocking, on one thread: whoever reads also stores, and what was stored is acknowledged in one write. A general client wakes
a thread and makes a system call a packet, which cost as much as storing its readings (ADR 10).
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

CONNECT, CONNACK, PUBLISH, PUBACK = 1, 2, 3, 4
SUBSCRIBE, SUBACK, PINGREQ, PINGRESP, DISCONNECT = 8, 9, 12, 13, 14
MOST_BYTES = 1 << 20
"""Of a packet; the broker is told, and one that is longer is no packet of its."""
_TIMEOUT_S = 10.0
"""For a greeting to be answered, and for the broker to take what is written."""
_CHUNK = 1 << 18
_CORRELATION, _KEEPALIVE, _MOST = 0x09, 0x13, 0x27
_FIXED = {
    0x01: 1, 0x02: 4, 0x0B: 0, 0x11: 4, _KEEPALIVE: 2, 0x17: 1, 0x19: 1, 0x21: 2, 0x22: 2, 0x23: 2, 0x24: 1, 0x25: 1, _MOST: 4,
    0x28: 1, 0x29: 1, 0x2A: 1,
}  # fmt: skip
"""How long values of properties are (2.2.2.2); 0: a variable byte integer."""
_TEXTS = {
    0x03: 1,
    0x08: 1,
    _CORRELATION: 1,
    0x12: 1,
    0x15: 1,
    0x16: 1,
    0x1A: 1,
    0x1C: 1,
    0x1F: 1,
    0x26: 2,
}
"""Of how many texts others are, each with its length before it."""


class BrokenError(ConnectionError):
    """The connection is over: it was lost, the broker ended it, or what came is no MQTT 5."""


class RefusedError(BrokenError):
    """The broker does not let us in, or does not let us listen: `code` is its reason code (2.4)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the broker refuses: reason code 0x{code:02x}")
        self.code = code


class Heard(NamedTuple):
    """A message as it came; `packet` is what it is acknowledged by, 0 where nobody asks for that."""

    topic: str
    payload: bytes
    packet: int
    correlation: bytes | None


class Control(NamedTuple):
    """Any other packet."""

    kind: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Address:
    """Where a broker is: `mqtt://host:1883`, `mqtts://host:8883`, `unix:///path`."""

    host: str
    port: int
    is_local: bool = False
    is_secure: bool = False


def address_of(url: str) -> Address:
    """Read the address of a broker."""
    where = urlsplit(url)
    if where.scheme == "unix":
        return Address(where.path, 0, is_local=True)
    secure = where.scheme == "mqtts"
    return Address(
        where.hostname or "localhost", where.port or (8883 if secure else 1883), is_secure=secure
    )


class Reader:
    """Takes packets out of bytes that come in pieces."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> list[Heard | Control]:
        """Whole packets that a piece completes.

        Raises
        ------
        BrokenError
            It is no MQTT 5, or a packet is longer than `MOST_BYTES`.
        """
        data, at, found = self._rest + piece, 0, []
        try:
            while (whole := _size(data, at)) is not None:
                start, end = whole
                if end > len(data):
                    break
                first = data[at]
                is_message = first >> 4 == PUBLISH
                found.append(
                    _heard(first, data, start, end)
                    if is_message
                    else Control(first >> 4, data[start:end])
                )
                at = end
        except (IndexError, struct.error, UnicodeDecodeError) as error:
            raise BrokenError("what the broker says is no MQTT 5") from error
        self._rest = data[at:]
        return found


class Connection:
    """A connection to a broker that lets us in.

    Parameters
    ----------
    name
        User and client id.
    key
        Its secret.
    ca
        File of the authority that signed the broker's certificate; by default those of this machine.
    kept_s
        How long the broker keeps our session, and what comes for it, while we are away.
    window
        Messages that the broker hands over before the first of them is acknowledged.

    Raises
    ------
    OSError
        There is no broker.
    RefusedError
        It does not let us in.
    """

    def __init__(
        self, where: Address, name: str, key: str, *, ca: str = "", kept_s: int = 0, window: int = 65535, keepalive_s: int = 30
    ) -> None:  # fmt: skip
        self._reader, self._out, self._heard = Reader(), bytearray(), deque[Heard]()
        self._socket, self._is_whole = _connected(where, ca), True
        try:
            self._said_at = self._heard_at = self._asked_at = time.monotonic()
            self._write(_greeting(name, key, kept_s, window, keepalive_s))
            answer = self._answer(CONNACK)
            _check(answer[1])
            asked = _asked(answer)
            self._keepalive_s = asked.get(_KEEPALIVE) or keepalive_s
            self._most = asked.get(_MOST, MOST_BYTES)
        except BaseException:
            self._socket.close()
            raise

    def subscribe(self, topic: str) -> None:
        """Hear a topic, each message until it is acknowledged; `RefusedError` where we may not."""
        self._write(_packet(SUBSCRIBE << 4 | 2, b"\0\1\0" + _text(topic) + b"\1"))
        _check(self._answer(SUBACK)[-1])

    def hear(self, most: int, seconds: float) -> list[Heard]:
        """What has come, `most` messages at most; the first is waited for so long, the others not at all."""
        heard, before = self._heard, -1
        if not heard:
            self._read(seconds)
            self.keep_alive()
        while before < len(heard) < most:  # by TLS one comes at a time
            before = len(heard)
            self._read(0.0)
        return [heard.popleft() for _ in range(min(most, len(heard)))]

    def publish(
        self, topic: str, payload: bytes, correlation: bytes | None = None, *, qos: Literal[0, 1] = 0
    ) -> None:  # fmt: skip
        """Say something when `flush` is called; that the broker has it is not waited for.

        A correlation that makes it longer than the broker takes is left out: it would end the connection.
        """
        head = _text(topic) + (b"\0\1" if qos else b"")
        said = _packet(PUBLISH << 4 | qos << 1, head + _properties(correlation) + payload)
        if len(said) > self._most and correlation is not None:
            said = _packet(PUBLISH << 4 | qos << 1, head + _properties(None) + payload)
        self._out += said

    def acknowledge(self, one: Heard) -> None:
        """Acknowledge a message when `flush` is called."""
        if one.packet:
            self._out += bytes([PUBACK << 4, 2]) + one.packet.to_bytes(2)

    def flush(self) -> None:
        """Say what there is to say."""
        if self._out:
            said, self._out = self._out, bytearray()
            self._write(said)

    def keep_alive(self) -> None:
        """Say that we are here, where we were silent for a while; `BrokenError` where the broker is."""
        now = time.monotonic()
        if now - max(min(self._said_at, self._heard_at), self._asked_at) < self._keepalive_s / 2:
            return
        self._read(0.0)
        if now - self._heard_at > self._keepalive_s * 1.5:
            raise BrokenError("the broker is silent")
        self._write(bytes([PINGREQ << 4, 0]))
        self._asked_at = now

    def close(self) -> None:
        """Say goodbye, unless it is over already; what was not acknowledged comes again."""
        with contextlib.suppress(OSError):
            if self._is_whole:
                self._write(bytes([DISCONNECT << 4, 0]))
        self._socket.close()

    def _write(self, data: bytes | bytearray) -> None:
        self._socket.settimeout(_TIMEOUT_S)
        try:
            self._socket.sendall(data)
        except OSError:
            self._is_whole = False
            raise
        self._said_at = time.monotonic()

    def _read(self, seconds: float) -> list[Control]:
        """Take what has come, and wait so long for it; what is no message is the answer."""
        self._socket.settimeout(seconds)
        try:
            piece = self._socket.recv(_CHUNK)
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError):
            return []
        except OSError:
            self._is_whole = False
            raise
        self._heard_at = time.monotonic()
        try:
            return self._understood(piece)
        except BrokenError:
            self._is_whole = False
            raise

    def _understood(self, piece: bytes) -> list[Control]:
        if not piece:
            raise BrokenError("the broker ended the connection")
        other: list[Control] = []
        for one in self._reader.feed(piece):
            if isinstance(one, Heard):
                self._heard.append(one)
            elif one.kind == DISCONNECT:
                raise RefusedError(one.body[0] if one.body else 0)
            else:
                other.append(one)
        return other

    def _answer(self, kind: int) -> bytes:
        """The body of the packet that answers ours."""
        until = time.monotonic() + _TIMEOUT_S
        while (left := until - time.monotonic()) > 0:
            for one in self._read(left):
                if one.kind == kind and len(one.body) >= 2:
                    return one.body
        raise BrokenError("the broker does not answer")


def _check(code: int) -> None:
    if code & 0x80:
        raise RefusedError(code)


def _connected(where: Address, ca: str) -> socket.socket:
    if where.is_local:
        local = socket.socket(socket.AF_UNIX)
        try:
            local.settimeout(_TIMEOUT_S)
            local.connect(where.host)
        except BaseException:
            local.close()
            raise
        return local
    plain = socket.create_connection((where.host, where.port), timeout=_TIMEOUT_S)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not where.is_secure:
            return plain
        context = ssl.create_default_context(cafile=ca or None)
        return context.wrap_socket(plain, server_hostname=where.host)
    except BaseException:
        plain.close()
        raise


def _greeting(name: str, key: str, kept_s: int, window: int, keepalive_s: int) -> bytes:
    """CONNECT (3.1): a session that goes on where it is to be kept, user and password."""
    flags = 0xC0 | (0 if kept_s else 0x02)
    properties = struct.pack(">BIBHBI", 0x11, kept_s, 0x21, window, _MOST, MOST_BYTES)
    head = (
        _text("MQTT")
        + bytes([5, flags])
        + keepalive_s.to_bytes(2)
        + _length(len(properties))
        + properties
    )
    return _packet(CONNECT << 4, head + _text(name) + _text(name) + _text(key))


def _asked(answer: bytes) -> dict[int, int]:
    """What a broker asks for when it lets us in (3.2.2.3), as whole numbers by property."""
    try:
        length, at = _number(answer, 2) if len(answer) > 2 else (0, 2)
        return {name: int.from_bytes(value) for name, value in _each(answer[at : at + length])}
    except IndexError as error:
        raise BrokenError("what the broker says is no MQTT 5") from error


def _heard(first: int, data: bytes, at: int, end: int) -> Heard:
    """PUBLISH (3.3)."""
    size = data[at] << 8 | data[at + 1]
    topic = data[at + 2 : at + 2 + size].decode()
    at += 2 + size
    packet = 0
    if first & 0x06:
        packet = data[at] << 8 | data[at + 1]
        at += 2
    correlation = None
    if data[at]:
        length, at = _number(data, at)
        start, at = at, at + length
        for name, value in _each(data[start:at]):
            if name == _CORRELATION:
                correlation = value
    else:
        at += 1
    if at > end:
        raise IndexError
    return Heard(topic, data[at:end], packet, correlation)


def _each(properties: bytes) -> Iterator[tuple[int, bytes]]:
    """Properties, each with its value (2.2.2); texts without their lengths."""
    at = 0
    while at < len(properties):
        name, at = properties[at], at + 1
        if name in _TEXTS:
            for _ in range(_TEXTS[name]):
                size = properties[at] << 8 | properties[at + 1]
                start, at = at + 2, at + 2 + size
        elif name in _FIXED:
            start, at = at, at + (_FIXED[name] or _number(properties, at)[1] - at)
        else:
            raise IndexError
        if at > len(properties):
            raise IndexError
        yield name, properties[start:at]


def _size(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the body of the packet that begins there begins and ends; None while that has not come."""
    for k in range(at + 1, at + 5):
        if k >= len(data):
            return None
        if data[k] < 0x80:
            length, start = _number(data, at + 1)
            if length > MOST_BYTES:
                raise BrokenError(f"the broker says a packet of {length} bytes")
            return start, start + length
    raise IndexError


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A variable byte integer (1.5.5), and where it ends."""
    found = shift = 0
    for k in range(at, at + 4):
        found |= (data[k] & 0x7F) << shift
        if data[k] < 0x80:
            return found, k + 1
        shift += 7
    raise IndexError


def _length(value: int) -> bytes:
    made = bytearray()
    while value >= 0x80:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


def _packet(first: int, body: bytes) -> bytes:
    return bytes([first]) + _length(len(body)) + body


def _text(value: str) -> bytes:
    encoded = value.encode()
    return len(encoded).to_bytes(2) + encoded


def _properties(correlation: bytes | None) -> bytes:
    if correlation is None:
        return b"\0"
    found = bytes([_CORRELATION]) + len(correlation).to_bytes(2) + correlation
    return _length(len(found)) + found
