"""What is done about devices now and then: who has fallen silent, and what is old is let go."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from lifecircle.hub.devices import raising
from lifecircle.hub.devices.models import Device, Reading, Receipt
from lifecircle.hub.devices.queries import is_silent

_READINGS_KEPT, _RECEIPTS_KEPT = dt.timedelta(days=730), dt.timedelta(days=30)
_BATCH = 200


def silent() -> int:
    """Raise a case for every device that has not been heard for longer than it may be, once a silence; how many are new."""
    now = timezone.now()
    told_before = Q(silence_told_at__gte=F("heard_at"))
    rows = Device.objects.filter(
        state="active", silent_after_s__isnull=False, heard_at__isnull=False
    )
    watched = rows.exclude(told_before).only("state", "silent_after_s", "heard_at")
    quiet = [one.pk for one in watched if is_silent(one, now)]
    count = 0
    for start in range(0, len(quiet), _BATCH):
        part = quiet[start : start + _BATCH]
        with transaction.atomic():
            count += raising.raise_all([(pk, "device_silent", False) for pk in part], now)
            Device.objects.filter(pk__in=part).update(silence_told_at=now)
    return count


def forget() -> int:
    """Delete readings over two years old and receipts over a month old; how many."""
    now = timezone.now()
    gone, _ = Reading.objects.filter(received_at__lt=now - _READINGS_KEPT).delete()
    return gone + Receipt.objects.filter(at__lt=now - _RECEIPTS_KEPT).delete()[0]
