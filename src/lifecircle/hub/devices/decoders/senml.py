"""SenML (RFC 8428) in JSON: records of one device; its number is a record named `seq`, its boot one named `boot`."""

from __future__ import annotations

from lifecircle.hub.devices.decoders.message import (
    MOST_VALUES,
    Message,
    RefusedError,
    booted,
    moment,
    number,
    parsed,
    text,
    whole,
)


def decode(body: bytes) -> Message:
    """Read a pack; a record named `alarm` (`vs`) begins one, with `on` (`vb`) false it ends it."""
    pack = parsed(body)
    if (
        not isinstance(pack, list)
        or not 0 < len(pack) <= MOST_VALUES
        or not all(isinstance(r, dict) for r in pack)
    ):
        raise RefusedError("a list of SenML records")
    base, base_time = "", 0.0
    texts: dict[str, str] = {}
    flags: dict[str, bool] = {}
    numbers: dict[str, float] = {}
    at = 0.0
    for record in pack:
        base = text(record.get("bn", base), "bn", 40)
        base_time = number(record.get("bt", base_time), "bt")
        name = text(record.get("n", ""), "n", 40)
        at = max(at, base_time + number(record.get("t", 0), "t"))
        if "v" in record:
            numbers[name] = number(record["v"], name)
        elif isinstance(record.get("vs"), str):
            texts[name] = text(record["vs"], name, 40)
        elif isinstance(record.get("vb"), bool):
            flags[name] = record["vb"]
    if "seq" not in numbers:
        raise RefusedError("a record named seq")
    seq = numbers.pop("seq")
    if not seq.is_integer():
        raise RefusedError("seq: no whole number")
    battery = numbers.pop("battery", None)
    when = moment(at) if at > 2**28 else None
    return Message(
        texts.get("boot", booted(base or "senml", when)), whole(int(seq), "seq"), when, texts.get("alarm", "")[:30],
        flags.get("on", True), numbers, battery, "", flags.get("test", False),
    )  # fmt: skip
