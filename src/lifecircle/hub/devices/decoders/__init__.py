"""What devices say, in one form: a decoder a format, each a small file with one function."""

from __future__ import annotations

from collections.abc import Callable

from lifecircle.hub.devices.decoders import chirpstack, ctwing, onenet, own, senml
from lifecircle.hub.devices.decoders.message import Message, RefusedError

DECODERS: dict[str, Callable[[bytes], Message]] = {
    "own": own.decode, "chirpstack": chirpstack.decode, "senml": senml.decode,
    "ctwing": ctwing.decode, "onenet": onenet.decode,
}  # fmt: skip

__all__ = ["DECODERS", "Message", "RefusedError"]
