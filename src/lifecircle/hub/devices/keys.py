"""Secrets of devices: kept as digests; and as Mosquitto's own hash, so that the broker checks them by itself."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from lifecircle.hub.tokens import digest_of

_ROUNDS = 1000


def new_secret() -> str:
    """A secret for a device: shown once."""
    return secrets.token_urlsafe(24)


def is_right(secret: str, digest: str) -> bool:
    """Whether a secret is the one of a digest, in the same time whichever."""
    return hmac.compare_digest(digest_of(secret), digest)


def mqtt_hash(secret: str) -> str:
    """A line of Mosquitto's password file (`$7$`, PBKDF2 with SHA-512)."""
    salt = secrets.token_bytes(12)
    made = hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, _ROUNDS)
    return f"$7${_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"
