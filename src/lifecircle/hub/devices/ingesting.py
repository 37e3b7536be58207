"""The one message path: decode, store once, raise or end cases, all in one transaction; then, and only then, say that it is taken."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases import queries as open_cases
from lifecircle.hub.cases.kinds import kinds
from lifecircle.hub.devices import limits, storing
from lifecircle.hub.devices.decoders import DECODERS, Message, RefusedError
from lifecircle.hub.devices.models import Device, Reading, Receipt, Refusal
from lifecircle.hub.devices.queries import is_silent

Said = tuple[storing.Speaker, Message]
Outcome = Literal["new", "again", "refused", "failed"]

_log = logging.getLogger(__name__)
_SKEW = dt.timedelta(minutes=10)
"""A device's clock that is farther off is marked, and its alarms count from when they came."""
_STORM = dt.timedelta(minutes=5)
_MOST_A_COMMUNITY, _MOST_A_DISTRICT = 5, 10
"""From so many alike within `_STORM` on they are one case of the community, or of the district; never of P1 (proposal)."""
_READINGS_KEPT, _RECEIPTS_KEPT = dt.timedelta(days=730), dt.timedelta(days=30)
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


def silent() -> int:
    """Raise a case for every device that has not been heard for longer than it may be; how many are new."""
    now = timezone.now()
    rows = Device.objects.filter(
        state="active", silent_after_s__isnull=False, heard_at__isnull=False
    )
    count = 0
    for device in rows.select_related("place").iterator():
        if is_silent(device, now):
            with transaction.atomic():
                count += _raise(device, "device_silent", now, test=False)
    return count


def unknown() -> None:
    """Count a message in a forged name: all of a day in one row, however many names there are."""
    _refuse("", "no such device, or not its secret")


def forget() -> int:
    """Delete readings over two years old and receipts over a month old; how many."""
    now = timezone.now()
    gone, _ = Reading.objects.filter(received_at__lt=now - _READINGS_KEPT).delete()
    return gone + Receipt.objects.filter(at__lt=now - _RECEIPTS_KEPT).delete()[0]


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
            if not limits.may_speak(device.pk):
                raise RefusedError("too many at once: send it again later")  # noqa: TRY301
            read.append((device, DECODERS[device.decoder](sent.body)))
        except RefusedError as error:
            _refuse(device.ref, str(error))
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
        one.pk: _origin(one.ref, "device_silent")
        for one, _ in new
        if one.silent_after_s is not None
    }
    for origin in open_cases.open_among(watched.values()):
        cases.settled_by_device(origin, at=now)  # it speaks again
    alarms = [
        (device, message)
        for device, message in new
        if message.alarm and device.state != "maintenance"
    ]
    for device, message in sorted(alarms, key=lambda one: (one[0].pk, one[1].boot, one[1].seq)):
        _act(device, message, now)


def _act(speaker: storing.Speaker, message: Message, now: dt.datetime) -> None:
    """Raise or end the case that an alarm is about."""
    kind = ALARMS.get(message.alarm)
    if kind is None:
        _refuse(speaker.ref, f"alarm: {message.alarm}")
    elif message.on:
        device = Device.objects.select_related("place").get(pk=speaker.pk)
        _raise(device, kind, now, test=message.test)
    else:
        cases.settled_by_device(_origin(speaker.ref, kind), at=now)


def _raise(device: Device, kind: str, now: dt.datetime, *, test: bool) -> bool:
    """A case of a device; whether it is new. In a storm it joins the case of its community, or of the district."""
    about = kinds()[kind]
    report = cases.Report(
        kind=kind, source="device", title=f"{device.name} {about.zh}", about=device.ref, origin=_origin(device.ref, kind),
        door=device.door, lon=device.lon, lat=device.lat, drill=test,
    )  # fmt: skip
    where = device.place
    if about.priority != "P1" and not test and not open_cases.is_open(report.origin or ""):
        wide = open_cases.storm(kind, where.lineage, since=now - _STORM)
        if wide.district >= _MOST_A_DISTRICT or wide.community >= _MOST_A_COMMUNITY:
            where, code = open_cases.gathered(where, whole=wide.district >= _MOST_A_DISTRICT)
            report = cases.Report(
                kind=kind, source="device", title=f"{where.name_zh}多台设备: {about.zh}", about=device.ref,
                origin=f"storm:{code}:{kind}",
            )  # fmt: skip
    return cases.raise_case(where, report, by=device.ref, at=now)[1]


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
    storing.hear({device.pk for device, _ in new}, now)


def _refuse(ref: str, why: str) -> None:
    today = timezone.localdate()
    Refusal.objects.get_or_create(ref=ref, on=today, defaults={"why": why[:200]})
    Refusal.objects.filter(ref=ref, on=today).update(count=F("count") + 1, why=why[:200])


def _origin(ref: str, kind: str) -> str:
    return f"device:{ref}:{kind}"
