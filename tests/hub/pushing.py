"""A push service and the browsers that it reaches: verifies who sends, reads what only a browser can read, answers as told."""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import os
import ssl
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

RAW = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def un64(text: str) -> bytes:
    return urlsafe_b64decode(text + "==")


class Browser:
    """A browser's side of RFC 8291: its key pair, its secret, and how it reads a message."""

    def __init__(self, key: ec.EllipticCurvePrivateKey | None = None, auth: bytes = b"") -> None:
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.auth = auth or os.urandom(16)
        self.public = self.key.public_key().public_bytes(*RAW)

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": b64(self.public), "auth": b64(self.auth)}

    def read(self, body: bytes) -> bytes:
        """Decrypt one aes128gcm record, by HMAC as RFC 5869 writes it down."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        secret = _mac(self.auth, self.key.exchange(ec.ECDH(), theirs))
        secret = _mac(secret, b"WebPush: info\0" + self.public + sender + b"\x01")
        base = _mac(salt, secret)
        key = _mac(base, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = _mac(base, b"Content-Encoding: nonce\0\x01")[:12]
        plain = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert plain[-1:] == b"\x02"  # the last record
        return plain[:-1]


def _mac(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


class PushService:
    """Listens on this machine. `answers` are given one after the other (a status and headers), then 201.

    `took` holds what was taken: the browser, what it read, and the headers; `wrong` what a push service would have refused.
    """

    def __init__(self, certificate: tuple[Any, Any] | None = None) -> None:
        self.browsers: dict[str, Browser] = {}
        self.took: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.wrong: list[str] = []
        self.asked = 0
        self.answers: list[tuple[int, dict[str, str]]] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers = outer.answer(self.path, dict(self.headers), body)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": "0"}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.origin = f"https://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def subscribe(self, name: str) -> dict[str, str]:
        """A new browser; what it gives to a page that subscribes."""
        self.browsers[name] = Browser()
        return {"endpoint": f"{self.origin}/push/{name}?v=2", **self.browsers[name].keys}

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        self.asked += 1
        name = path.removeprefix("/push/").removesuffix("?v=2")
        try:
            self._check(headers)
            said = json.loads(self.browsers[name].read(body)) if name in self.browsers else None
        except Exception as error:  # noqa: BLE001  (whatever it is, it is refused)
            self.wrong.append(repr(error))
            return 400, {}
        status, more = self.answers.pop(0) if self.answers else (201, {"Location": "/message/1"})
        if said is None:
            return 410, {}
        if status == 201:
            self.took.append((name, said, headers))
        return status, more

    def _check(self, headers: dict[str, str]) -> None:
        """What RFC 8030 and 8292 want of a request."""
        assert headers["Content-Encoding"] == "aes128gcm"
        assert int(headers["TTL"]) > 0
        assert headers["Urgency"] in {"very-low", "low", "normal", "high"}
        assert len(headers["Topic"]) <= 32
        un64(headers["Topic"])
        scheme, _, rest = headers["Authorization"].partition(" ")
        assert scheme == "vapid"
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), un64(given["k"]))
        claims = jwt.decode(
            given["t"], key, algorithms=["ES256"], audience=self.origin,
            options={"verify_exp": False, "require": ["exp", "aud", "sub"]},
        )  # fmt: skip
        assert claims["sub"] == "mailto:desk@example.cn"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
