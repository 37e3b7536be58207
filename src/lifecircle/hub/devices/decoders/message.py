"""One message of a device, whatever it was written as."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from lifecircle.errors import LifecircleError

MOST_BYTES = 16 * 1024
MOST_VALUES = 64
MOST = 1e30
"""No value is larger: sums of a year of them are numbers still."""


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
    """A number that is not endless (no more than 1e30 either way); `RefusedError` otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -MOST <= value <= MOST:
        raise RefusedError(f"{name}: no number")
    return float(value)


def whole(value: Any, name: str) -> int:
    """A whole number from 0 that a database holds; `RefusedError` otherwise."""
    found = int(value) if isinstance(value, float) and value.is_integer() else value
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 2**62:
        raise RefusedError(f"{name}: no whole number")
    return found


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


def booted(name: str, at: dt.datetime | None) -> str:
    """The boot of a message that names none: by when it was said, for its numbers may begin anew with a new battery."""
    return f"{name[:28]}@{at.timestamp():.0f}" if at is not None else name


def values(found: Any) -> dict[str, float]:
    """Named numbers; `RefusedError` where one is none, or there are too many."""
    if not isinstance(found, dict) or len(found) > MOST_VALUES:
        raise RefusedError("values: a few named numbers")
    if not all(
        isinstance(name, str) and 0 < len(name) <= 40 and name.isprintable() for name in found
    ):
        raise RefusedError("values: names of 40 letters at most")
    return {name: number(value, name) for name, value in found.items()}


def content_of(body: bytes) -> str:
    """What a message without a number of its own is known by: the same when it is sent again."""
    return hashlib.sha256(body).hexdigest()[:40]


def milliseconds(value: Any) -> int:
    """Milliseconds since 1970, of this century or the next; `RefusedError` otherwise."""
    found = whole(value, "at")
    moment(found / 1000)
    return found


def measured(found: Any) -> tuple[dict[str, float], dict[str, bool]]:
    """Numbers and flags among named values; texts and whatever else is left out."""
    if not isinstance(found, dict):
        raise RefusedError("values: an object")
    flags = {name: value for name, value in found.items() if isinstance(value, bool)}
    numbers = {
        name: value for name, value in found.items()
        if isinstance(value, int | float) and name not in flags
    }  # fmt: skip
    return values(numbers), flags


def alarm_of(flags: dict[str, bool]) -> tuple[str, bool]:
    """The alarm that flags named `alarm_smoke` and the like tell of: one that is on, else the first that is off."""
    told = {name: on for name, on in flags.items() if name.startswith("alarm_")}
    name = next((name for name, on in told.items() if on), next(iter(told), ""))
    return text(name.removeprefix("alarm_"), "alarm", 30), told.get(name, True)


def text(value: Any, name: str, most: int) -> str:
    """Printable text that is not too long; `RefusedError` otherwise."""
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise RefusedError(f"{name}: text of {most} letters at most")
    return value
