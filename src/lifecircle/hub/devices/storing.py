"""The tables of the message path, written a batch at a time: receipts, readings, the latest of each, who was heard.

Written in plain SQL that both databases speak: these few statements bear every message.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from lifecircle.hub.devices.models import AlarmState, Device, Refusal

Key = tuple[int, str, int]
HEARD_EVERY = dt.timedelta(seconds=15)
"""A device that talks without a pause is noted as heard this often: silence is told in minutes."""


MEASURES = Q(door__isnull=True) & ~Q(place__level="dwelling") | Q(
    consent_on__isnull=False, withdrawn_on__isnull=True
)
"""A device in a dwelling measures with its owner's consent only."""


class Speaker(NamedTuple):
    """What the path needs to know of a device for every message; `measures` where its readings may be kept."""

    pk: int
    ref: str
    decoder: str
    state: str
    silent_after_s: int | None
    battery: float | None
    firmware: str
    kind: str
    heard_at: dt.datetime | None
    measures: bool
    lineage: str


Alarmed = tuple[int, str]
"""A device, and which of its alarms."""


class LastAlarm(NamedTuple):
    """The last message of an alarm by the device's own count, and whether it said that it is over."""

    boot: str
    seq: int
    over: bool


class Told(NamedTuple):
    """A value that a device told: when by its own clock, when it came, whether that clock is far off."""

    device: int
    name: str
    value: float
    at: dt.datetime
    received_at: dt.datetime
    skewed: bool


def speakers(refs: Iterable[str]) -> dict[str, Speaker]:
    """Devices by number, whatever their state."""
    rows = Device.objects.filter(ref__in=_listed(refs, "text")).order_by()
    rows = rows.annotate(measures=ExpressionWrapper(MEASURES, BooleanField()))
    fields = (*Speaker._fields[:-1], "place__lineage")
    return {one[1]: Speaker(*one) for one in rows.values_list(*fields)}


def receive(keys: Iterable[Key], now: dt.datetime) -> set[Key]:
    """Note what is taken; the keys of what is new. Whoever comes second at the same moment waits, and finds it known."""
    # in one order: no two batches wait for each other
    rows = [(*key, now) for key in sorted(set(keys))]
    names = ("device_id", "boot", "seq", "at")
    then = "ON CONFLICT DO NOTHING RETURNING device_id, boot, seq"
    return {(device, boot, seq) for device, boot, seq in _put("devices_receipt", names, rows, then)}


def keep(told: Sequence[Told]) -> None:
    """Append readings, and keep the latest of each name."""
    if not told:
        return
    columns = ("device_id", "name", "value", "at", "received_at", "skewed")
    if connection.vendor == "postgresql":
        into = f"COPY devices_reading ({', '.join(columns)}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(into) as copy:
            for one in told:
                copy.write_row(one)
    else:
        _put("devices_reading", columns, told)
    latest: dict[tuple[int, str], Told] = {}
    for one in told:
        key = one.device, one.name
        if key not in latest or _said_at(one) >= _said_at(latest[key]):
            latest[key] = one
    _put(
        "devices_latest", ("device_id", "name", "value", "at"),
        [(one.device, one.name, one.value, _said_at(one)) for _, one in sorted(latest.items())],
        "ON CONFLICT (device_id, name) DO UPDATE SET value = excluded.value, at = excluded.at "
        "WHERE excluded.at >= devices_latest.at",
    )  # fmt: skip


def is_stale(one: Speaker, now: dt.datetime) -> bool:
    """Whether it is time to note that a device was heard."""
    return one.heard_at is None or abs(now - one.heard_at) > HEARD_EVERY


def hear(devices: Iterable[int], now: dt.datetime) -> None:
    """Note that devices were heard. They are held from here on, in one order: no two batches wait for each other."""
    if numbers := sorted(devices):
        rows = Device.objects.filter(pk__in=_listed(numbers, "bigint")).order_by("pk")
        mine = rows.select_for_update(no_key=True).values("pk")
        Device.objects.filter(pk__in=mine).update(heard_at=now)


def last_alarms(devices: Iterable[int]) -> dict[Alarmed, LastAlarm]:
    """The last message of each alarm of devices."""
    numbers = sorted(devices)
    if not numbers:
        return {}
    rows = AlarmState.objects.filter(device__in=_listed(numbers, "bigint"))
    fields = ("device_id", "alarm", "boot", "seq", "over")
    return {(one[0], one[1]): LastAlarm(*one[2:]) for one in rows.values_list(*fields)}


def keep_alarms(told: dict[Alarmed, LastAlarm]) -> None:
    """Keep the last message of each alarm."""
    _put(
        "devices_alarmstate", ("device_id", "alarm", "boot", "seq", "over"),
        [(*key, *one) for key, one in sorted(told.items())],
        "ON CONFLICT (device_id, alarm) DO UPDATE SET boot = excluded.boot, seq = excluded.seq, over = excluded.over",
    )  # fmt: skip


class Refused:
    """Messages of a batch that are refused, counted and written at once."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, str]] = {}

    def add(self, ref: str, why: str) -> None:
        """Count one, in whose name it came."""
        self._found[ref] = self._found.get(ref, (0, ""))[0] + 1, why

    def keep(self) -> None:
        """Write the counts, in one order."""
        for ref, (count, why) in sorted(self._found.items()):
            refuse(ref, why, count)


def refuse(ref: str, why: str, count: int = 1) -> None:
    """Count messages in a name that were refused, and why the last was."""
    today = timezone.localdate()
    Refusal.objects.get_or_create(ref=ref, on=today, defaults={"why": why[:200]})
    Refusal.objects.filter(ref=ref, on=today).update(count=F("count") + count, why=why[:200])


def _said_at(one: Told) -> dt.datetime:
    """A clock that is far off does not decide which value is the latest."""
    return one.received_at if one.skewed else one.at


_TYPES = {
    "device_id": "bigint", "boot": "text", "seq": "bigint", "at": "timestamptz", "name": "text", "value": "float8",
    "alarm": "text", "over": "boolean",
}  # fmt: skip


def _put(
    table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]], then: str = ""
) -> list[tuple[Any, ...]]:
    """Insert rows given as one JSON: a mark a value costs the client more than the database's whole work."""
    if not rows:
        return []
    if connection.vendor == "postgresql":
        taken = ", ".join(f"(r.value->>{k})::{_TYPES[name]}" for k, name in enumerate(names))
        source = "jsonb_array_elements(%s::jsonb) AS r(value)"
    else:
        taken = ", ".join(f"json_extract(r.value, '$[{k}]')" for k in range(len(names)))
        source = "json_each(%s) AS r"
    into = (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {taken} FROM {source} WHERE true {then}"  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(into, [json.dumps(_plain(rows), default=str)])
        return cursor.fetchall() if cursor.description else []


def _listed(values: Iterable[Any], kind: str) -> RawSQL:
    """Many values as one parameter, for `IN`."""
    given = json.dumps(list(values))
    if connection.vendor == "postgresql":
        return RawSQL(f"SELECT v::{kind} FROM jsonb_array_elements_text(%s::jsonb) AS v", [given])  # noqa: S608, S611
    return RawSQL("SELECT value FROM json_each(%s)", [given])


def _plain(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Moments as the database takes them."""
    adapt = connection.ops.adapt_datetimefield_value
    return [tuple(adapt(v) if isinstance(v, dt.datetime) else v for v in row) for row in rows]
