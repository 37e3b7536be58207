"""Our own JSON: `{"boot", "seq", "at", "alarm", "on", "values", "battery", "firmware", "test"}`; boot and seq are needed."""

from __future__ import annotations

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

_KNOWN = {"boot", "seq", "at", "alarm", "on", "values", "battery", "firmware", "test"}


def decode(body: bytes) -> Message:
    """Read a message; `RefusedError` where it is none."""
    said = parsed(body)
    if not isinstance(said, dict) or set(said) - _KNOWN:
        raise RefusedError(f"an object of {', '.join(sorted(_KNOWN))}")
    boot = text(said.get("boot", ""), "boot", 40)
    if not boot:
        raise RefusedError("boot: missing")
    on, test = said.get("on", True), said.get("test", False)
    if not isinstance(on, bool) or not isinstance(test, bool):
        raise RefusedError("on, test: true or false")
    battery = said.get("battery")
    alarm, firmware = (text(said.get(name, ""), name, 30) for name in ("alarm", "firmware"))
    return Message(
        boot, whole(said.get("seq"), "seq"), moment(said.get("at")), alarm, on, values(said.get("values", {})),
        None if battery is None else number(battery, "battery"), firmware, test,
    )  # fmt: skip
