"""Hearing at once that events were committed: PostgreSQL's NOTIFY. It may miss some: replay from the table is what counts."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from functools import partial

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from lifecircle.hub.stream.actions import CHANNEL

_AGAIN_S = 2.0


def listen(heard: Callable[[], None]) -> None:
    """Call `heard` on the running loop whenever something was committed, on a thread of its own; SQLite has no such thing."""
    if connection.vendor == "postgresql":
        loop = asyncio.get_running_loop()
        act = partial(loop.call_soon_threadsafe, heard)
        threading.Thread(target=_listen, args=(act,), daemon=True).start()


def _listen(told: Callable[[], object]) -> None:
    while True:
        try:
            with psycopg.connect(_address(), autocommit=True) as line:
                line.execute(f"LISTEN {CHANNEL}")
                told()
                for _ in line.notifies():
                    told()
        except psycopg.Error:
            logging.getLogger(__name__).warning("the database is away; events are looked for")
        except RuntimeError:
            return  # the loop is over
        time.sleep(_AGAIN_S)


def _address() -> str:
    """How Django reaches the database."""
    known = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port", "sslmode", "options", "service")
    return make_conninfo(**{name: str(known[name]) for name in names if known.get(name)})
