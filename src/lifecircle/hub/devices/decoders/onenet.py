"""What OneNET (中移物联) pushes in `msg`: properties of a thing model, or a data point of the older platform (`type` 1).

A message is known by its content, as it keeps it when it is sent again; its number is the latest moment in it.
"""

from __future__ import annotations

from typing import Any

from lifecircle.hub.devices.decoders.message import (
    Message,
    RefusedError,
    alarm_of,
    content_of,
    measured,
    milliseconds,
    moment,
    parsed,
)


def decode(body: bytes) -> Message:
    """Read a message; flags named `alarm_smoke` and the like begin or end an alarm."""
    said = parsed(body)
    if not isinstance(said, dict):
        raise RefusedError("msg: an object")
    if said.get("type") == 1:
        found, stamp = _point(said), milliseconds(said.get("at"))
    elif said.get("notifyType") == "property":
        found, stamp = _properties(said)
    else:
        raise RefusedError("msg: properties of a thing model, or data points (type 1)")
    numbers, flags = measured(found)
    battery = numbers.pop("battery", None)
    alarm, on = alarm_of(flags)
    return Message(content_of(body), stamp, moment(stamp / 1000), alarm, on, numbers, battery)


def _point(said: dict[str, Any]) -> dict[str, Any]:
    """One value, or an object of them."""
    value = said.get("value")
    return value if isinstance(value, dict) else {str(said.get("ds_id", "")): value}


def _properties(said: dict[str, Any]) -> tuple[dict[str, Any], int]:
    data = said.get("data")
    params = data.get("params") if isinstance(data, dict) else None
    if not isinstance(params, dict) or not params or not all(isinstance(one, dict) for one in params.values()):  # fmt: skip
        raise RefusedError("data.params: named properties")
    stamps = [milliseconds(one.get("time")) for one in params.values()]
    return {name: one.get("value") for name, one in params.items()}, max(stamps)
