"""The one message path: decode, store once, raise or end cases, all in one transaction; then, and only then, say that it is taken."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases import queries as open_cases
from lifecircle.hub.devices import limits, raising, storing
from lifecircle.hub.devices.decoders import DECODERS, Message, RefusedError
from lifecircle.hub.devices.models import Device
from lifecircle.hub.devices.signals import Measured, measured

Said = tuple[storing.Speaker, Message]
Outcome = Literal["new", "again", "refused", "failed"]

_log = logging.getLogger(__name__)
_SKEW = dt.timedelta(minutes=10)
"""A device's clock that is farther off is marked, and its alarms count from when they came."""
ALARMS = {
    "help_call": "help_call", "smoke": "smoke", "gas": "gas", "co": "co", "trapped": "lift_trapped", "lift_fault": "lift_fault",
    "leak": "water_leak", "pump": "pump", "lamp": "lamp", "door": "door_open", "power": "power_cut",
}  # fmt: skip
"""The kind of case that an alarm is."""


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
    storing.refuse("", "no such device, or not its secret")


def _taken(batch: Sequence[Sent]) -> list[Taken]:
    now = timezone.now()
    devices = storing.speakers({sent.ref for sent in batch})
    read: list[Said | Taken] = []
    for sent in batch:
        device = devices.get(sent.ref)
        if device is None or device.state == "retired":
            unknown()
            read.append(Taken("refused", why="no such device"))
            continue
        try:
            said = DECODERS[device.decoder](sent.body)
            if not limits.may_speak(device.pk, alarm=bool(said.alarm)):
                raise RefusedError("too many at once: send it again later")  # noqa: TRY301
            # an alarm saves lives and goes on without it; what is measured in a home is its owner's
            read.append((device, said if device.measures else replace(said, values={})))
        except RefusedError as error:
            storing.refuse(device.ref, str(error))
            read.append(Taken("refused", why=str(error)))
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
        results.append(Taken(outcome, message.boot, message.seq))
    _store(new, now)
    _act_on(new, now)
    return results


def _act_on(new: Sequence[Said], now: dt.datetime) -> None:
    """Raise and end the cases that messages are about, each device's in the order in which it said them."""
    watched = {
        one.pk: raising.origin_of(one.ref, "device_silent")
        for one, _ in new
        if one.silent_after_s is not None
    }
    for origin in open_cases.open_among(watched.values()):
        cases.settled_by_device(origin, at=now)  # it speaks again
    alarms = [(one, said) for one, said in new if said.alarm and one.state != "maintenance"]
    for wave in _waves(alarms):
        raising.raise_all(
            [raising.Alarm(one.pk, ALARMS[said.alarm], said.test) for one, said in wave if said.on], now
        )  # fmt: skip
        for one, said in wave:
            if not said.on:
                for drill in (False, True):
                    origin = raising.origin_of(one.ref, ALARMS[said.alarm], drill=drill)
                    cases.settled_by_device(origin, at=now)


def _measured(device: storing.Speaker, message: Message, now: dt.datetime) -> Measured:
    at = message.at or now
    return Measured(
        device.pk, device.ref, device.kind, device.lineage, now if abs(at - now) > _SKEW else at, message.values
    )  # fmt: skip


def _waves(alarms: Sequence[Said]) -> list[list[Said]]:
    """Alarms of kinds that are known, each device's in the order in which it said them, one of each device at a time."""
    waves: list[list[Said]] = []
    told: Counter[int] = Counter()
    came: dict[tuple[int, str], int] = {}
    for k, (one, said) in enumerate(alarms):
        came.setdefault((one.pk, said.boot), k)  # boots in the order in which they came
    for one, said in sorted(alarms, key=lambda each: (came[each[0].pk, each[1].boot], each[1].seq)):
        if said.alarm not in ALARMS:
            storing.refuse(one.ref, f"alarm: {said.alarm}")
            continue
        if told[one.pk] == len(waves):
            waves.append([])
        waves[told[one.pk]].append((one, said))
        told[one.pk] += 1
    return waves


def _store(new: Sequence[Said], now: dt.datetime) -> None:
    told: list[storing.Told] = []
    for device, message in new:
        at = message.at or now
        skewed = abs(at - now) > _SKEW
        told += [
            storing.Told(device.pk, name, value, at, now, skewed)
            for name, value in message.values.items()
        ]
        battery = device.battery if message.battery is None else message.battery
        firmware = message.firmware or device.firmware
        if (battery, firmware) != (device.battery, device.firmware):
            Device.objects.filter(pk=device.pk).update(battery=battery, firmware=firmware)
    storing.keep(told)
    if new:
        measured.send(
            sender=Device,
            said=[_measured(*each, now) for each in new if each[0].state == "active"],
            now=now,
        )
    storing.hear({device.pk for device, _ in new}, now)
