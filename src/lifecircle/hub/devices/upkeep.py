"""What is done about devices now and then: who has fallen silent; readings rolled up to hours; what is old is let go."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases import actions as cases
from lifecircle.hub.devices import months, raising
from lifecircle.hub.devices.models import Device, Hour, Reading, Receipt, Refusal, RolledUp
from lifecircle.hub.devices.queries import is_silent, listens_since
from lifecircle.hub.devices.signals import forgotten
from lifecircle.hub.personal import kept

_CANARIES_KEPT = dt.timedelta(days=2)
_SETTLED = dt.timedelta(minutes=5)
"""A batch is committed within this time of the moment that its readings say they came at."""
_BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_HOUR_OF = {
    "postgresql": "date_trunc('hour', CASE WHEN skewed THEN received_at ELSE at END)",
    "sqlite": "strftime('%%Y-%%m-%%d %%H:00:00', CASE WHEN skewed THEN received_at ELSE at END)",
}
_ROLLED_UP = {
    vendor: f"""
    INSERT INTO devices_hour (device_id, name, at, count, total, low, high)
    SELECT device_id, name, {hour}, count(*), sum(value), min(value), max(value) FROM devices_reading
    WHERE received_at >= %s AND received_at < %s GROUP BY 1, 2, 3
    ON CONFLICT (device_id, name, at) DO UPDATE SET
        count = devices_hour.count + excluded.count, total = devices_hour.total + excluded.total,
        low = {"least" if vendor == "postgresql" else "min"}(devices_hour.low, excluded.low),
        high = {"greatest" if vendor == "postgresql" else "max"}(devices_hour.high, excluded.high)
    """  # noqa: S608
    for vendor, hour in _HOUR_OF.items()
}
_BATCH = 200


def silent() -> int:
    """Raise a case for every device that has not been heard for longer than it may be, once a silence; how many are new."""
    now = timezone.now()
    told_before = Q(silence_told_at__gte=F("heard_at"))
    rows = Device.objects.filter(
        state="active", silent_after_s__isnull=False, heard_at__isnull=False
    )
    watched = rows.exclude(told_before).only("state", "silent_after_s", "heard_at")
    since = listens_since(now)
    quiet = [one.pk for one in watched if is_silent(one, now, listening_since=since)]
    count = 0
    for start in range(0, len(quiet), _BATCH):
        part = quiet[start : start + _BATCH]
        with transaction.atomic():
            rows = watched.filter(pk__in=part).order_by("pk").select_for_update(no_key=True)
            # it may have spoken just now
            still = [one.pk for one in rows if is_silent(one, now, listening_since=since)]
            count += raising.raise_all([raising.Alarm(pk, "device_silent") for pk in still], now)
            Device.objects.filter(pk__in=still).update(silence_told_at=now)
    return count


def roll_up() -> int:
    """Add the readings that came since to their hours, each once; how many hours they touched."""
    until = timezone.now() - _SETTLED
    with transaction.atomic(), connection.cursor() as cursor:
        RolledUp.objects.get_or_create(pk=1, defaults={"until": _BEGINNING})
        line = RolledUp.objects.select_for_update().get(pk=1)
        if until <= line.until:
            return 0  # a clock that was set back
        given = [connection.ops.adapt_datetimefield_value(at) for at in (line.until, until)]
        cursor.execute(_ROLLED_UP[connection.vendor], given)
        touched = cursor.rowcount
        line.until = until
        line.save(update_fields=["until"])
    return touched


def forget() -> None:
    """Let go of what the terms say is over (`lifecircle.hub.personal`); tables for what comes."""
    now = timezone.now()
    months.make(now)
    months.drop(now - kept("readings"))
    Reading.objects.filter(received_at__lt=now - kept("readings")).delete()
    Hour.objects.filter(at__lt=now - kept("hours")).delete()
    Receipt.objects.filter(at__lt=now - kept("receipts")).delete()
    Refusal.objects.filter(on__lt=timezone.localdate(now - kept("refusals"))).delete()
    cases.forget_canaries(now - _CANARIES_KEPT)
    _forget_retired(now - kept("hours"))


@transaction.atomic
def _forget_retired(before: dt.datetime) -> None:
    """Whose home a device was in is let go of with the last of what it measured there; what rules remember, at once."""
    retired = Device.objects.filter(state="retired")
    forgotten.send(sender=Device, devices=list(retired.values_list("pk", flat=True)))
    known = Q(door__isnull=False) | Q(owner__isnull=False) | Q(contacts__isnull=False)
    old = retired.filter(Q(heard_at__lt=before) | Q(heard_at__isnull=True), known)
    count = old.update(door=None, owner=None, contacts=None, consent_by="")
    if count:
        detail = {"devices": count}
        audit.record(Actor.system("retention"), "device.forgotten", "devices", detail=detail)
