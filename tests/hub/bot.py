"""A robot of group chats as WeCom has them: HTTP 200 to everything, and a code that says how it went."""

from __future__ import annotations

import http.server
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


class WeCom(http.server.BaseHTTPRequestHandler):
    """Takes text and markdown for the one key there is; `busy` times it says that it is told too much."""

    said: list[str] = []  # noqa: RUF012
    busy = 0

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps(self._answer(body)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _answer(self, body: dict[str, Any]) -> dict[str, Any]:
        key = parse_qs(urlsplit(self.path).query).get("key", [""])[0]
        if key != KEY:
            return {"errcode": 93000, "errmsg": f"invalid webhook url, key {key}, hint: [1]"}
        if body.get("msgtype") not in {"text", "markdown"} or not body[body["msgtype"]]["content"]:
            return {"errcode": 40058, "errmsg": "invalid Request Parameter"}
        if WeCom.busy:
            WeCom.busy -= 1
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        WeCom.said.append(body[body["msgtype"]]["content"])
        return {"errcode": 0, "errmsg": "ok"}

    def log_message(self, *_: Any) -> None:
        pass
