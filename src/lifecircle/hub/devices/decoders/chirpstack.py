"""ChirpStack v4 uplink events: the frame counter is the number, the session's address the boot, `object` what was decoded."""

from __future__ import annotations

from lifecircle.hub.devices.decoders.message import (
    Message,
    RefusedError,
    alarm_of,
    booted,
    moment,
    number,
    parsed,
    text,
    values,
    whole,
)


def decode(body: bytes) -> Message:
    """Read an uplink; booleans named as an alarm (`alarm_smoke`) begin or end it."""
    said = parsed(body)
    if not isinstance(said, dict) or "fCnt" not in said:
        raise RefusedError("a ChirpStack uplink with fCnt")
    found = said.get("object") or {}
    if not isinstance(found, dict):
        raise RefusedError("object: decoded fields")
    flags = {name: value for name, value in found.items() if isinstance(value, bool)}
    rest = {name: value for name, value in found.items() if name not in flags}
    battery = rest.pop("battery", None)
    alarm, on = alarm_of(flags)
    at = moment(said.get("time"))
    boot = booted(text(said.get("devAddr") or "lorawan", "devAddr", 40), at)
    return Message(
        boot, whole(said["fCnt"], "fCnt"), at, alarm, on, values(rest),
        None if battery is None else number(battery, "battery"),
    )  # fmt: skip
