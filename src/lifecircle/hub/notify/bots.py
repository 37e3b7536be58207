"""Robots of group chats: WeCom 企业微信, DingTalk 钉钉, Feishu 飞书. One JSON post each, and a code in the answer.

They answer HTTP 200 to what they refuse, with a code that says why. Where each lives is a setting.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from lifecircle.hub.notify.gateways import TIMEOUT_S, GatewayError

_MOST_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class Bot:
    """How a robot is spoken to: its body, where its answer says how it went; what means wait, and what means never."""

    path: str
    body: Callable[[str], dict[str, Any]]
    code: str
    words: str
    wait: frozenset[int]
    never: frozenset[int]


def _content(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


BOTS: dict[str, Bot] = {
    "wecom": Bot(
        "/cgi-bin/webhook/send?key=", _content, "errcode", "errmsg", frozenset({45009}), frozenset({93000})
    ),
    "dingtalk": Bot(
        "/robot/send?access_token=", _content, "errcode", "errmsg", frozenset({130101}), frozenset({300001})
    ),
    "feishu": Bot(
        "/open-apis/bot/v2/hook/", lambda text: {"msg_type": "text", "content": {"text": text}}, "code", "msg",
        frozenset({9499, 11232}), frozenset({19001}),
    ),
}  # fmt: skip
_WAIT_S = 60
"""They take twenty messages a minute or so, and then none for the rest of it."""


def start_of(kind: str) -> str:
    """What the address of a robot begins with; its key follows."""
    return f"{settings.BOTS[kind].rstrip('/')}{BOTS[kind].path}"


def post(kind: str, address: str, text: str) -> str:
    """Say something in a chat; what the robot answered.

    Raises
    ------
    GatewayError
        It cannot be reached, or refuses.
    """
    bot = BOTS[kind]
    body = json.dumps(bot.body(text), ensure_ascii=False).encode()
    request = urllib.request.Request(  # noqa: S310  (begins with an address of the settings)
        address, data=body, headers={"Content-Type": "application/json; charset=utf-8"}, method="POST"
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            said = json.loads(_whole(answer))
            code, words = int(said[bot.code]), str(said.get(bot.words, ""))
    except Exception as error:  # whatever comes back, the other chats are told
        raise GatewayError(f"{kind}: {type(error).__name__}: {error}") from error
    if code:
        wait_s = _WAIT_S if code in bot.wait else 0
        raise GatewayError(f"{kind}: {code} {words}", wait_s=wait_s, final=code in bot.never)
    return f"{code} {words}"


def _whole(answer: Any) -> bytes:
    """What was answered, all within the time that one may take: drop by drop is too slow."""
    over, body = time.monotonic() + TIMEOUT_S, b""
    while part := answer.read1(_MOST_BYTES):
        body += part
        if len(body) > _MOST_BYTES or time.monotonic() > over:
            raise TimeoutError("the answer is too long, or too slow")
    return body
