"""The one message path: decode, store once, raise or end cases, all in one transaction; then, and only then, say that it is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases import queries as open_cases
from lifecircle.hub.cases.kinds import kinds
from lifecircle.hub.devices.decoders import DECODERS, Message, RefusedError
from lifecircle.hub.devices.models import Device, Latest, Reading, Receipt, Refusal
from lifecircle.hub.devices.queries import is_silent

Outcome = Literal["new", "again", "refused"]

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
    """What became of a payload: new, known already, or refused and why; the boot and number that are acknowledged."""

    outcome: Outcome
    boot: str = ""
    seq: int = -1
    why: str = ""


def ingest(batch: Sequence[Sent]) -> list[Taken]:
    """Take a batch; what is returned is committed. One that breaks the batch is taken by itself, and refused alone."""
    try:
        with transaction.atomic():
            return _taken(batch)
    except Exception:
        if len(batch) == 1:
            raise
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
    devices = {
        one.ref: one
        for one in Device.objects.filter(ref__in={sent.ref for sent in batch}).select_related(
            "place"
        )
    }
    read: list[tuple[Device, Message] | Taken] = []
    for sent in batch:
        device = devices.get(sent.ref)
        if device is None or device.state == "retired":
            unknown()
            read.append(Taken("refused", why="no such device"))
            continue
        try:
            read.append((device, DECODERS[device.decoder](sent.body)))
        except RefusedError as error:
            _refuse(device.ref, str(error))
            read.append(Taken("refused", why=str(error)))
    fresh = _receipts([one for one in read if not isinstance(one, Taken)], now)
    results: list[Taken] = []
    new: list[tuple[Device, Message]] = []
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
            _act(device, message, now)
        results.append(Taken(outcome, message.boot, message.seq))
    _store(new, now)
    return results


def _receipts(
    read: Sequence[tuple[Device, Message]], now: dt.datetime
) -> set[tuple[int, str, int]]:
    """Note what is taken; the keys of what is new. Whoever comes second at the same moment waits, and finds it known."""
    # in one order, so that two batches cannot wait for each other
    keys = sorted({(device.pk, message.boot, message.seq) for device, message in read})
    if not keys:
        return set()
    at = connection.ops.adapt_datetimefield_value(now)
    rows = ", ".join(["(%s, %s, %s, %s)"] * len(keys))
    into = f"INSERT INTO devices_receipt (device_id, boot, seq, at) VALUES {rows}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"{into} ON CONFLICT DO NOTHING RETURNING device_id, boot, seq",
            [v for key in keys for v in (*key, at)],
        )
        return set(cursor.fetchall())


def _act(device: Device, message: Message, now: dt.datetime) -> None:
    """Raise or end the case that a message is about; a device that speaks again is not silent."""
    if device.silent_after_s is not None:
        cases.settled_by_device(_origin(device, "device_silent"), at=now)
    kind = ALARMS.get(message.alarm)
    if not message.alarm or device.state == "maintenance":
        return
    if kind is None:
        _refuse(device.ref, f"alarm: {message.alarm}")
    elif message.on:
        _raise(device, kind, now, test=message.test)
    else:
        cases.settled_by_device(_origin(device, kind), at=now)


def _raise(device: Device, kind: str, now: dt.datetime, *, test: bool) -> bool:
    """A case of a device; whether it is new. In a storm it joins the case of its community, or of the district."""
    about = kinds()[kind]
    report = cases.Report(
        kind=kind, source="device", title=f"{device.name} {about.zh}", about=device.ref, origin=_origin(device, kind),
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


def _store(read: Sequence[tuple[Device, Message]], now: dt.datetime) -> None:
    readings: list[Reading] = []
    latest: dict[tuple[int, str], Latest] = {}
    heard: dict[int, dict[str, Any]] = {}
    for device, message in read:
        at = message.at or now
        skewed = abs(at - now) > _SKEW
        for name, value in message.values.items():
            readings.append(
                Reading(
                    device=device, name=name, value=value, at=at, received_at=now, skewed=skewed
                )
            )
            told = Latest(device=device, name=name, value=value, at=now if skewed else at)
            key = (device.pk, name)
            latest[key] = max(latest.get(key, told), told, key=lambda each: each.at)
        said = heard.setdefault(device.pk, {"heard_at": now})
        if message.battery is not None:
            said["battery"] = message.battery
        if message.firmware:
            said["firmware"] = message.firmware
    Reading.objects.bulk_create(readings, batch_size=1000)
    known = Latest.objects.filter(device_id__in=heard).values_list("device_id", "name", "at")
    newer = {(device_id, name): at for device_id, name, at in known}
    rows = [one for key, one in sorted(latest.items()) if key not in newer or one.at >= newer[key]]
    Latest.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["device", "name"], update_fields=["value", "at"], batch_size=1000
    )  # fmt: skip
    plain = sorted(pk for pk, said in heard.items() if len(said) == 1)
    Device.objects.filter(pk__in=plain).update(heard_at=now)
    for pk, said in sorted(heard.items()):
        if len(said) > 1:
            Device.objects.filter(pk=pk).update(**said)


def _refuse(ref: str, why: str) -> None:
    today = timezone.localdate()
    Refusal.objects.get_or_create(ref=ref, on=today, defaults={"why": why[:200]})
    Refusal.objects.filter(ref=ref, on=today).update(count=F("count") + 1, why=why[:200])


def _origin(device: Device, kind: str) -> str:
    return f"device:{device.ref}:{kind}"
