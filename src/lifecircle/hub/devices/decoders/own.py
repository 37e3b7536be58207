"""Our own JSON, as `own.schema.json` describes it: `boot` and `seq` are needed, everything else is not."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from lifecircle.hub.devices.decoders.message import (
    Message,
    RefusedError,
    moment,
    number,
    parsed,
    text,
    values,
    whole,
)


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a message, as it is published."""
    path = Path(__file__).with_name("own.schema.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def decode(body: bytes) -> Message:
    """Read a message; `RefusedError` where it is none."""
    said, known = parsed(body), schema()["properties"]
    if not isinstance(said, dict) or set(said) - set(known):
        raise RefusedError(f"an object of {', '.join(sorted(known))}")
    boot, alarm, firmware = (_text(said, name) for name in ("boot", "alarm", "firmware"))
    if not boot:
        raise RefusedError("boot: missing")
    on, test = said.get("on", True), said.get("test", False)
    if not isinstance(on, bool) or not isinstance(test, bool):
        raise RefusedError("on, test: true or false")
    at, battery = said.get("at"), said.get("battery")
    if isinstance(at, str):
        _check(at, known["at"]["anyOf"][0]["pattern"], "at")
    found = values(said.get("values", {}))
    for name in found:
        _check(name, known["values"]["propertyNames"]["pattern"], "values")
    return Message(
        boot, whole(said.get("seq"), "seq"), moment(at), alarm, on, found,
        None if battery is None else number(battery, "battery"), firmware, test,
    )  # fmt: skip


def _text(said: dict[str, Any], name: str) -> str:
    asked = schema()["properties"][name]
    found = text(said.get(name, ""), name, asked["maxLength"])
    return _check(found, asked["pattern"], name) if name in said else found


def _check(value: str, pattern: str, name: str) -> str:
    # `\Z`, as a newline at the end is one letter too many
    if not re.fullmatch(pattern.removeprefix("^").removesuffix("$"), value):
        raise RefusedError(f"{name}: as {pattern}")
    return value
