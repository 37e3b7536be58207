"""One message of a device, whatever it was written as."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import dataclass, field
from typing import Any

from lifecircle.errors import LifecircleError

MOST_BYTES = 16 * 1024
MOST_VALUES = 64


class RefusedError(LifecircleError):
    """A payload is no message: why, in few words."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a device said: its boot and number, when by its own clock, an alarm that began or ended, values.

    `test` marks a drill: it walks the whole path and is in no figure.
    """

    boot: str
    seq: int
    at: dt.datetime | None = None
    alarm: str = ""
    on: bool = True
    values: dict[str, float] = field(default_factory=dict)
    battery: float | None = None
    firmware: str = ""
    test: bool = False


def parsed(body: bytes) -> Any:
    """JSON that is text of a bounded size; `RefusedError` otherwise."""
    if len(body) > MOST_BYTES:
        raise RefusedError(f"over {MOST_BYTES} bytes")
    try:
        return json.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise RefusedError("not JSON in UTF-8") from error


def number(value: Any, name: str) -> float:
    """A finite number; `RefusedError` otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise RefusedError(f"{name}: no number")
    return float(value)


def whole(value: Any, name: str) -> int:
    """A whole number from 0 that a database holds; `RefusedError` otherwise."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**62:
        raise RefusedError(f"{name}: no whole number")
    return value


def moment(value: Any) -> dt.datetime | None:
    """A moment with its zone (ISO 8601, or seconds since 1970); None for none."""
    if value is None:
        return None
    try:
        is_text = isinstance(value, str)
        found = (
            dt.datetime.fromisoformat(value)
            if is_text
            else dt.datetime.fromtimestamp(number(value, "at"), dt.UTC)
        )
    except (ValueError, OverflowError, OSError) as error:
        raise RefusedError("at: no moment") from error
    if found.tzinfo is None or not 2000 <= found.year <= 2200:
        raise RefusedError("at: no moment with a zone")
    return found


def values(found: Any) -> dict[str, float]:
    """Named numbers; `RefusedError` where one is none, or there are too many."""
    if not isinstance(found, dict) or len(found) > MOST_VALUES:
        raise RefusedError("values: a few named numbers")
    if not all(
        isinstance(name, str) and 0 < len(name) <= 40 and name.isprintable() for name in found
    ):
        raise RefusedError("values: names of 40 letters at most")
    return {name: number(value, name) for name, value in found.items()}


def text(value: Any, name: str, most: int) -> str:
    """Printable text that is not too long; `RefusedError` otherwise."""
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise RefusedError(f"{name}: text of {most} letters at most")
    return value
