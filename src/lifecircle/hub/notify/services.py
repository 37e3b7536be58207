"""Whatever apprise speaks (e-mail, JSON, ...), for chats that are none of our own robots; the extra `chats` installs it."""

from __future__ import annotations

import importlib.util
import logging
import threading
from typing import Any, Self

from lifecircle.hub.notify.gateways import TIMEOUT_S, GatewayError


def is_installed() -> bool:
    """Whether apprise is there."""
    return importlib.util.find_spec("apprise") is not None


def is_address(address: str) -> bool:
    """Whether apprise makes something of an address."""
    return bool(_service(address))


def post(kind: str, address: str, text: str) -> str:
    """Send something; apprise only says that it was taken.

    Raises
    ------
    GatewayError
        It cannot be reached, or refuses; with what apprise says of it.
    """
    try:
        with _Heard() as heard:
            service = _service(address)
            service.socket_connect_timeout = service.socket_read_timeout = float(TIMEOUT_S)
            taken = service.notify(body=text)
    except Exception as error:  # of a hundred services; whatever it is, the other chats are told
        raise GatewayError(f"{kind}: {type(error).__name__}: {error}") from error
    if not taken:
        raise GatewayError(f"{kind}: {'; '.join(heard.said) or 'not taken'}")
    return "taken"


def _service(address: str) -> Any:
    from apprise import Apprise  # noqa: PLC0415  (0.4 s, and only for who uses it)

    return Apprise.instantiate(address, suppress_exceptions=True)


class _Heard(logging.Handler):
    """What apprise warns of in this thread while it sends: it says why in no other way."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._thread, self.said = threading.get_ident(), list[str]()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        if record.thread == self._thread:
            self.said.append(record.getMessage())

    def __enter__(self) -> Self:
        logging.getLogger("apprise").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeHandler(self)
