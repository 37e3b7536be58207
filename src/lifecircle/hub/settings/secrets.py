"""Keys that nobody named are made once and kept in a file that only the server reads."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path


def kept_key(path: Path) -> str:
    """Read a key of 32 bytes (URL-safe base64) from a file, or make it there with mode 600."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    key = base64.urlsafe_b64encode(secrets.token_bytes(32))
    with os.fdopen(handle, "wb") as file:
        file.write(key)
    return key.decode("ascii")
