"""The one message path: decode, store once, raise or end cases, all in one transaction; then, and only then, say that it is taken."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from lifecircle.hub.devices import limits, storing
from lifecircle.hub.devices.alarms import ALARMS, Said, act_on, acts
from lifecircle.hub.devices.decoders import DECODERS, Message, RefusedError
from lifecircle.hub.devices.models import Device
from lifecircle.hub.devices.signals import Measured, measured

Outcome = Literal["new", "again", "refused", "failed"]

_log = logging.getLogger(__name__)
UNKNOWN = "", "no such device, or not its secret"
_SKEW = dt.timedelta(minutes=10)
"""A device's clock that is farther off is marked, and its alarms count from when they came."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A payload in a device's name, as it came."""

    ref: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a payload: new, known already, refused and why, or failed here and to be sent again.

    `boot` and `seq` are what is acknowledged.
    """

    outcome: Outcome
    boot: str = ""
    seq: int = -1
    why: str = ""


def ingest(batch: Sequence[Sent]) -> list[Taken]:
    """Take a batch; what is returned is committed. One that breaks the batch is taken by itself, and fails alone.

    Raises
    ------
    django.db.OperationalError, django.db.InterfaceError
        The database is away: nothing of the batch was taken.
    """
    try:
        with transaction.atomic():
            return _taken(batch)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # noqa: BLE001  (one message's fault stops no other)
        if len(batch) == 1:
            _log.exception("a message of %s", batch[0].ref)
            return [Taken("failed", why="not taken: send it again")]
    return [ingest([one])[0] for one in batch]


def unknown() -> None:
    """Count a message in a forged name: all of a day in one row, however many names there are."""
    storing.refuse(*UNKNOWN)


def _taken(batch: Sequence[Sent]) -> list[Taken]:
    now = timezone.now()
    devices = storing.speakers({sent.ref for sent in batch})
    refused = storing.Refused()
    read = [_read(sent, devices.get(sent.ref), refused) for sent in batch]
    fresh = storing.receive(
        ((one.pk, said.boot, said.seq) for one, said in (r for r in read if not isinstance(r, Taken))), now
    )  # fmt: skip
    results: list[Taken] = []
    new: list[Said] = []
    for one in read:
        if isinstance(one, Taken):
            results.append(one)
            continue
        device, message = one
        key = (device.pk, message.boot, message.seq)
        outcome: Outcome = "new" if key in fresh else "again"
        if outcome == "new":
            fresh.remove(key)
            new.append(one)
            if message.alarm and message.alarm not in ALARMS:
                refused.add(device.ref, f"alarm: {message.alarm}")
        results.append(Taken(outcome, message.boot, message.seq))
    _store(new, now)
    refused.keep()
    return results


def _read(sent: Sent, device: storing.Speaker | None, refused: storing.Refused) -> Said | Taken:
    if device is None or device.state == "retired":
        refused.add(*UNKNOWN)
        return Taken("refused", why="no such device")
    try:
        said = DECODERS[device.decoder](sent.body)
        if not limits.may_speak(device.pk, alarm=bool(said.alarm)):
            raise RefusedError("too many at once: send it again later")  # noqa: TRY301
    except RefusedError as error:
        refused.add(device.ref, str(error))
        return Taken("refused", why=str(error))
    # an alarm saves lives and goes on without it; what is measured in a home is its owner's
    return device, said if device.measures else replace(said, values={})


def _measured(device: storing.Speaker, message: Message, now: dt.datetime) -> Measured:
    at = message.at or now
    return Measured(
        device.pk, device.ref, device.kind, device.lineage, now if abs(at - now) > _SKEW else at, message.values
    )  # fmt: skip


def _store(new: Sequence[Said], now: dt.datetime) -> None:
    storing.hear({one.pk for one, said in new if _is_touched(one, said, now)}, now)
    told: list[storing.Told] = []
    for device, message in new:
        at = message.at or now
        skewed = abs(at - now) > _SKEW
        told += [
            storing.Told(device.pk, name, value, at, now, skewed)
            for name, value in message.values.items()
        ]
        if _state(device, message) != (device.battery, device.firmware):
            battery, firmware = _state(device, message)
            Device.objects.filter(pk=device.pk).update(battery=battery, firmware=firmware)
    storing.keep(told)
    act_on(new, now)
    if new:
        measured.send(
            sender=Device,
            said=[_measured(*each, now) for each in new if each[0].state == "active"],
            now=now,
        )


def _state(device: storing.Speaker, message: Message) -> tuple[float | None, str]:
    battery = device.battery if message.battery is None else message.battery
    return battery, message.firmware or device.firmware


def _is_touched(device: storing.Speaker, message: Message, now: dt.datetime) -> bool:
    """Whether a message changes its device: what the device is like, when it was heard, or cases of it."""
    return (
        storing.is_stale(device, now)
        or acts(device, message)
        or _state(device, message) != (device.battery, device.firmware)
    )
