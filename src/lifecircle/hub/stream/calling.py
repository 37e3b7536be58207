"""Calling an address that somebody else chose: only where it may lead, and where it was seen to lead."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from lifecircle.hub.errors import InvalidError

_TIMEOUT_S, _WHOLE_S = 5.0, 10.0


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be called, and the IP address that it leads to."""

    parts: SplitResult
    address: str
    port: int


def target_of(url: str) -> Target:
    """Look an address up.

    Raises
    ------
    InvalidError
        It is not https, is not known, or leads into a network that is not public.
    """
    refused = InvalidError("an https address outside this network", "本网络之外的 https 地址")
    try:
        url.encode("ascii")
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]).split("%")[0] for one in found]
        public = all(ipaddress.ip_address(one).is_global for one in addresses)
    except (OSError, ValueError, UnicodeError) as error:
        raise refused from error
    anywhere = settings.WEBHOOKS_ANYWHERE and parts.scheme in {"http", "https"}
    if (
        not addresses
        or not parts.hostname
        or not (anywhere or (public and parts.scheme == "https"))
    ):
        raise refused
    return Target(parts, addresses[0], port)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, its reason, and headers by their names in lower case."""

    status: int
    reason: str
    headers: dict[str, str]


def call(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send a body, within a time that holds for all of it: an answer that comes drop by drop is none.

    Raises
    ------
    HTTPException
        What came back is no answer of HTTP.
    InvalidError
        As `target_of` says.
    OSError
        It cannot be reached, or is too slow.
    """
    target = target_of(url)
    line = _Pinned(target)
    path = target.parts.path or "/"
    over = threading.Timer(_WHOLE_S, line.cut)
    over.daemon = True  # whoever ends this process waits for nobody outside
    over.start()
    try:
        line.request(
            "POST", f"{path}?{target.parts.query}" if target.parts.query else path, body, headers
        )
        answer = line.getresponse()
        answer.read(4096)
        if line.was_cut:  # what came until then may look whole
            raise TimeoutError("the answer came too slowly")
        return Answer(
            answer.status, answer.reason, {name.lower(): text for name, text in answer.getheaders()}
        )
    finally:
        over.cancel()
        line.close()


def post(url: str, body: bytes, headers: dict[str, str]) -> str:
    """Send a body; the answer's status and reason, or what went wrong, in one line."""
    try:
        answer = call(url, body, headers)
    except (OSError, ValueError, HTTPException, InvalidError) as error:
        return f"{type(error).__name__}: {error}"
    return f"{answer.status} {answer.reason}"


class _Pinned(HTTPConnection):
    """A connection to the IP address that was checked: a name cannot change in between."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.parts.hostname or "", target.port, timeout=_TIMEOUT_S)
        self._target = target
        self.was_cut = False

    def connect(self) -> None:
        line = socket.create_connection((self._target.address, self._target.port), _TIMEOUT_S)
        self.sock = line
        if self._target.parts.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(
                line,
                server_hostname=self._target.parts.hostname,
                do_handshake_on_connect=False,  # so that it can be cut in the middle of it
            )
            self.sock.do_handshake()

    def cut(self) -> None:
        """End it from another thread, whatever it waits for."""
        self.was_cut = True
        if (line := self.sock) is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)
