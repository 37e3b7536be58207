"""Web Push: a message that only one browser can read (RFC 8291), handed to its push service (RFC 8030) in our name (RFC 8292).

By the primitives of `cryptography`: the libraries for it bring an HTTP client of their own, which would follow an address
anywhere; ours goes only where an address of somebody else's may lead.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import os
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import timezone

from lifecircle.hub.errors import InvalidError
from lifecircle.hub.notify.gateways import GatewayError
from lifecircle.hub.stream import calling

_CURVE = ec.SECP256R1()
_TOKEN_LASTS = dt.timedelta(hours=12)
_RECORD = 4096
_AUTH_BYTES = 16
_LONGEST_WAIT_S = 3600


class UnreachableError(GatewayError):
    """A push service did not answer at all: nobody else of it is tried for a while."""


class GoneError(GatewayError):
    """There is no such browser any more, says its push service."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a browser is reached, its public key (P-256, uncompressed) and the secret that it shares with us."""

    endpoint: str
    p256dh: str
    auth: str


def check(browser: Browser) -> None:
    """Raise `InvalidError` unless a browser can be written to, at an address that may be called."""
    refused = InvalidError("a push subscription as the browser gave it", "浏览器给出的推送订阅")
    try:
        _point(browser.p256dh)
        whole = len(decoded(browser.auth)) == _AUTH_BYTES
        whole = whole and "@" not in urlsplit(browser.endpoint).netloc
    except ValueError as error:
        raise refused from error
    if not whole:
        raise refused
    calling.target_of(browser.endpoint)


def post(browser: Browser, body: bytes, *, ttl_s: int, urgent: bool, topic: str) -> str:
    """Hand a message to a browser's push service; the status and where the message is kept there.

    Parameters
    ----------
    ttl_s
        It is of no use after so many seconds.
    topic
        A later one of the same topic takes its place while it waits; at most 32 characters of URL-safe base64.

    Raises
    ------
    GatewayError
        It cannot be reached (`UnreachableError`), knows the browser no more (`GoneError`), or refuses.
    """
    headers = {
        "Authorization": f"vapid t={token(browser.endpoint)}, k={public_key()}",
        "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
        "TTL": str(ttl_s), "Urgency": "high" if urgent else "normal", "Topic": topic,
    }  # fmt: skip
    host = urlsplit(browser.endpoint).hostname
    try:
        answer = calling.call(browser.endpoint, encrypted(browser, body), headers)
    except (OSError, ValueError, HTTPException, InvalidError) as error:
        raise UnreachableError(f"{host}: {type(error).__name__}") from error
    said = f"{answer.status} {answer.reason}"
    if answer.status in (404, 410):
        raise GoneError(f"{host}: {said}", final=True)
    if answer.status >= 300:
        wait_s = _wait_s(answer.headers.get("retry-after", ""))
        raise GatewayError(
            f"{host}: {said}", wait_s=wait_s, final=answer.status < 500 and answer.status != 429
        )
    return said


def encrypted(
    browser: Browser,
    body: bytes,
    *,
    salt: bytes | None = None,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """One record of aes128gcm that only this browser can read; salt and key are made anew for each."""
    salt, key = salt or os.urandom(16), key or ec.generate_private_key(_CURVE)
    theirs, ours = _point(browser.p256dh), _bytes_of(key.public_key())
    info = b"WebPush: info\0" + _bytes_of(theirs) + ours
    shared = _hkdf(decoded(browser.auth), key.exchange(ec.ECDH(), theirs), info, 32)
    content_key = _hkdf(salt, shared, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, shared, b"Content-Encoding: nonce\0", 12)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(content_key).encrypt(nonce, body + b"\x02", None)


def token(endpoint: str) -> str:
    """Who we are, signed for one push service (a JSON Web Token, ES256)."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}", "sub": settings.WEBPUSH,
        "exp": int((timezone.now() + _TOKEN_LASTS).timestamp()),
    }  # fmt: skip
    said = ".".join(
        encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(_key().sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{said}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def public_key() -> str:
    """The key that browsers know us by."""
    return encoded(_bytes_of(_key().public_key()))


def encoded(data: bytes) -> str:
    """URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Bytes of URL-safe base64; `ValueError` if it is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decoded(settings.WEBPUSH_KEY), "big"), _CURVE)


def _point(text: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decoded(text))


def _bytes_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _wait_s(text: str) -> int:
    """Seconds of a `Retry-After`, which is a number or a date; an hour at most."""
    try:
        wait_s = (
            int(text)
            if text.isdecimal()
            else (parsedate_to_datetime(text) - timezone.now()).total_seconds()
        )
    except (ValueError, TypeError):
        return 0
    return int(min(max(wait_s, 0), _LONGEST_WAIT_S))
