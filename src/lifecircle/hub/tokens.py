"""Secrets that are handed out once: tokens, keys of devices and applications, links."""

from __future__ import annotations

import hashlib


def digest_of(secret: str) -> str:
    """What is kept of a secret: it is long and random, so a plain hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()
