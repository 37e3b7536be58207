"""What CTWing (天翼物联) pushes: a `dataReport`, whose payload holds a service's data, or our own JSON in base64 (`APPdata`).

The platform numbers nothing that is the same when it sends again but the moment: a message is known by its content, and
its number is the platform's own stamp in milliseconds.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import Any

from lifecircle.hub.devices.decoders import own
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
    """Read a report; flags named `alarm_smoke` and the like begin or end an alarm."""
    said = parsed(body)
    if not isinstance(said, dict) or said.get("messageType") != "dataReport":
        raise RefusedError("messageType: dataReport")
    stamp = milliseconds(said.get("timestamp"))
    payload = said.get("payload")
    if isinstance(payload, dict) and isinstance(payload.get("APPdata"), str):
        told = own.decode(_bytes(payload["APPdata"]))
        return told if told.at is not None else replace(told, at=moment(stamp / 1000))
    numbers, flags = measured(_data(payload))
    battery = numbers.pop("battery", numbers.pop("Battery_Level", None))
    alarm, on = alarm_of(flags)
    return Message(content_of(body), stamp, moment(stamp / 1000), alarm, on, numbers, battery)


def _data(payload: Any) -> Any:
    """The data of a service where one is named; else all of the payload."""
    if isinstance(payload, dict) and "serviceData" in payload:
        return payload["serviceData"]
    return payload


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusedError("APPdata: base64") from error
