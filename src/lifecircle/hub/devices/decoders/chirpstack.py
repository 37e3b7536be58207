"""ChirpStack v4 uplink events: the frame counter is the number, the session's address the boot, `object` what was decoded."""

from __future__ import annotations

from lifecircle.hub.devices.decoders.message import (
    Message,
    RefusedError,
    moment,
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
    alarms = {name: value for name, value in found.items() if isinstance(value, bool)}
    alarm = next((name for name in alarms if name.startswith("alarm_")), "")
    rest = {name: value for name, value in found.items() if name not in alarms}
    battery = rest.pop("battery", None)
    boot = text(said.get("devAddr") or "lorawan", "devAddr", 40)
    numbers = values(rest)
    return Message(
        boot, whole(said["fCnt"], "fCnt"), moment(said.get("time")), text(alarm.removeprefix("alarm_"), "alarm", 30),
        alarms.get(alarm, True), numbers, values({"battery": battery})["battery"] if battery is not None else None,
    )  # fmt: skip
