"""Adapters of channels that leave this server: an HTTP gateway for SMS, voice and work apps; off unless configured.

`LIFECIRCLE_GATEWAY_SMS=https://...` names the gateway of a channel, `LIFECIRCLE_GATEWAY_KEY` the key that both sign with.
A request is JSON, its `X-Signature` the HMAC-SHA256 of its body; the gateway answers with a receipt, and tells of delivery at
`/api/v1/public/receipts/{channel}`, signed alike.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings

from lifecircle.errors import LifecircleError

TIMEOUT_S = 5


class GatewayError(LifecircleError):
    """A gateway did not take a notice; it is tried again, after `wait_s` at the earliest, unless that is of no use."""

    def __init__(self, text: str, *, wait_s: int = 0, final: bool = False) -> None:
        super().__init__(text[:200])
        self.wait_s, self.final = wait_s, final


def is_on(channel: str) -> bool:
    """Whether a channel leads anywhere; the app itself always does."""
    return channel == "app" or bool(settings.GATEWAYS.get(channel))


def send(channel: str, message: dict[str, Any]) -> str:
    """Hand a message to the gateway of a channel; the receipt that it gave.

    Raises
    ------
    GatewayError
        It cannot be reached, refuses, or answers with no receipt.
    """
    body = json.dumps(message, ensure_ascii=False).encode()
    address = settings.GATEWAYS[channel]
    headers = {"Content-Type": "application/json", "X-Signature": sign(body)}
    request = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310  (an address of the settings)
            receipt = json.loads(answer.read(10_000)).get("receipt")
    except (OSError, ValueError, AttributeError) as error:
        raise GatewayError(f"{channel}: {error}"[:200]) from error
    if not isinstance(receipt, str) or not receipt:
        raise GatewayError(f"{channel}: no receipt")
    return receipt[:120]


def sign(body: bytes) -> str:
    """HMAC-SHA256 of a body, in hexadecimal digits."""
    return hmac.new(settings.GATEWAY_KEY.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, signature: str) -> bool:
    """Whether a body was signed with our key; never without one."""
    return bool(settings.GATEWAY_KEY) and hmac.compare_digest(sign(body), signature)
