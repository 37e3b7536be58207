"""Time-based one-time passwords (RFC 6238), as an authenticator on a phone makes them."""

import base64
import datetime as dt
import hashlib
import hmac
import struct


def now(secret: str, *, ahead: int = 0) -> str:
    """The code of this half minute, or of one `ahead`."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    seconds = int(dt.datetime.now(dt.UTC).timestamp())  # noqa: TID251
    counter = struct.pack(">Q", seconds // 30 + ahead)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
