"""Messages that a platform pushes by HTTP: whose they are is shown by its token or signature, and then they are as any other.

A platform that is answered with an error stops pushing for a while, all its devices alike: what is wrong with one message is
counted and answered with 200, and only what is not the platform's at all is refused.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import timezone

from lifecircle.hub.devices import ingesting, queries, storing
from lifecircle.hub.devices.decoders import RefusedError, onenet
from lifecircle.hub.devices.decoders.message import milliseconds, parsed
from lifecircle.hub.errors import ForbiddenError, MissingError

_EARLIEST_S, _LATEST_S = -86400, 600
"""A message that a platform stamped longer ago is a replay, or of no use: receipts know the others."""


def token_of(platform: str) -> str:
    """The token that we share with a platform.

    Raises
    ------
    MissingError
        There is none: its pushes are off.
    """
    found: str = settings.PUSH_TOKENS.get(platform, "")
    if not found:
        name = f"LIFECIRCLE_PUSH_{platform.upper()}"
        raise MissingError(f"pushes are off: set {name}", f"推送未启用: 请设置 {name}")
    return found


def onenet_signature(token: str, nonce: str, msg: str) -> str:
    """OneNET's signature: the MD5 of token, nonce and message, in base64."""
    made = hashlib.md5(f"{token}{nonce}{msg}".encode("utf-8", "replace"), usedforsecurity=False)
    return base64.b64encode(made.digest()).decode()


def handshake(msg: str, nonce: str, signature: str) -> str:
    """Answer OneNET's question whether an address is ours.

    Raises
    ------
    ForbiddenError
        It was not signed with our token.
    """
    token = token_of("onenet")
    # a plus that was not escaped comes as a space
    if not _same(signature.replace(" ", "+"), onenet_signature(token, nonce, msg)):
        raise _forged()
    return msg


def take(platform: str, body: bytes, token: str = "") -> ingesting.Taken:
    """Take what a platform pushed; what is returned is committed.

    Raises
    ------
    ForbiddenError
        It does not come from the platform.
    MissingError
        Pushes of this platform are off.
    """
    about, payload, stamp = _READ[platform](token_of(platform), token, body)
    ref = queries.of_platform(platform, about)
    if not ref:
        ingesting.unknown()
        return ingesting.Taken("refused", why="no such device")
    try:
        age_s = timezone.now().timestamp() - stamp(payload) / 1000
    except RefusedError as error:
        age_s, why = None, str(error)
    if age_s is None or not -_LATEST_S <= age_s <= -_EARLIEST_S:
        why = why if age_s is None else "its moment is over a day ago, or to come"
        storing.refuse(ref, why)
        return ingesting.Taken("refused", why=why)
    return ingesting.ingest([ingesting.Sent(ref, payload)])[0]


_Found = tuple[str, bytes, Callable[[bytes], int]]
"""The platform's number of the device, its message, and what reads the platform's stamp (ms) of that."""


def _of_ctwing(own: str, token: str, body: bytes) -> _Found:
    """CTWing posts to the address that it was given, the token in it."""
    if not _same(token, own):
        raise _forged()
    said = _object(body)
    return (
        str(said.get("deviceId", "")),
        body,
        lambda it: milliseconds(_object(it).get("timestamp")),
    )


def _of_onenet(own: str, _token: str, body: bytes) -> _Found:
    """OneNET signs `msg` as it stands in the body; `signature`, on the older platform `msg_signature`."""
    said, msg = _object(body), _as_written(body, "msg")
    signature = said.get("signature") or said.get("msg_signature") or ""
    if not _same(str(signature), onenet_signature(own, str(said.get("nonce", "")), msg)):
        raise _forged()
    told = _object(msg.encode("utf-8", "replace"))
    about = f"{told.get('productId', '')}/{told['deviceName']}" if "deviceName" in told else str(told.get("dev_id", ""))  # fmt: skip
    return about, msg.encode("utf-8", "replace"), lambda it: onenet.decode(it).seq


_READ: dict[str, Callable[[str, str, bytes], _Found]] = {"ctwing": _of_ctwing, "onenet": _of_onenet}


def _object(body: bytes) -> dict[str, Any]:
    """A body that is an object; an empty one for any other."""
    try:
        found = parsed(body)
    except RefusedError:
        return {}
    return found if isinstance(found, dict) else {}


def _as_written(body: bytes, name: str) -> str:
    """A member of an object as it was written, or what stands in it where it is text; "" where there is none."""
    text, decoder, at = body.decode("utf-8", "replace"), json.JSONDecoder(), 0
    try:
        at = text.index("{") + 1
        while True:
            key, at = decoder.raw_decode(text, _after_space(text, at))
            start = _after_space(text, text.index(":", at) + 1)
            value, at = decoder.raw_decode(text, start)
            if key == name:
                return value if isinstance(value, str) else text[start:at]
            at = text.index(",", at) + 1
    except (ValueError, RecursionError):
        return ""


def _after_space(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip(" \t\r\n"))


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def _forged() -> ForbiddenError:
    ingesting.unknown()
    return ForbiddenError("not the platform's token or signature", "令牌或签名不符")
