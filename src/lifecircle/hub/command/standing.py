"""Devices as they stand: heard in time, silent, in alarm, in maintenance, never heard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Literal

from django.db.models import Max, Min, Q, QuerySet

from lifecircle.hub.actor import Actor
from lifecircle.hub.devices import queries as devices

DeviceStanding = Literal["ok", "silent", "alarm", "maintenance", "never"]
_UNKNOWN_S = 3600
MOST = 500
"""So many that are not well are drawn; all are counted."""


class Devices:
    """The devices at a place and below that a caller may see, at a moment.

    `alarmed` are the refs of those that an open case came of.
    """

    def __init__(self, actor: Actor, place: str, alarmed: set[str], now: dt.datetime) -> None:
        self._rows = devices.devices(actor, place=place).exclude(state="retired").defer("door")
        self._alarm = Q(ref__in=alarmed)
        self._silent = _silent(self._rows, now)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many stand how; each once, an alarm before all else."""
        total = self._rows.count()
        rest = self._rows.exclude(self._alarm)
        found = {
            "alarm": self._rows.filter(self._alarm).count(),
            "maintenance": rest.filter(state="maintenance").count(),
            "silent": rest.filter(self._silent).count(),
            "never": rest.filter(state="active", heard_at__isnull=True).count(),
        }
        return {"total": total, "ok": total - sum(found.values()), **found}

    def heard_at(self) -> dt.datetime | None:
        """When any of them was heard last: what is known of all of them is as old as that."""
        last: dt.datetime | None = self._rows.aggregate(last=Max("heard_at"))["last"]
        return last

    def speaks_within_s(self) -> int:
        """By then one of them has to have spoken: the shortest span of any."""
        active = self._rows.filter(state="active")
        return active.aggregate(least=Min("silent_after_s"))["least"] or _UNKNOWN_S

    def unwell(self) -> Iterator[tuple[Any, DeviceStanding]]:
        """Those that are not well, alarms first."""
        rest = self._rows.exclude(self._alarm)
        groups: tuple[tuple[DeviceStanding, QuerySet[Any]], ...] = (
            ("alarm", self._rows.filter(self._alarm)), ("silent", rest.filter(self._silent)),
            ("maintenance", rest.filter(state="maintenance")),
            ("never", rest.filter(state="active", heard_at__isnull=True)),
        )  # fmt: skip
        for standing, rows in groups:
            for one in rows[:MOST]:
                yield one, standing

    def well(self) -> QuerySet[Any]:
        """Those that were heard in time."""
        bad = self._alarm | self._silent | Q(state="maintenance") | Q(heard_at__isnull=True)
        return self._rows.exclude(bad)


def _silent(rows: QuerySet[Any], now: dt.datetime) -> Q:
    """As `devices.queries.is_silent`, for the database: there are few spans, and many devices."""
    active = rows.filter(state="active", silent_after_s__isnull=False).order_by()
    found = Q(pk__in=[])
    for span in active.values_list("silent_after_s", flat=True).distinct():
        before = now - dt.timedelta(seconds=span)
        found |= Q(state="active", silent_after_s=span, heard_at__lt=before)
    return found
