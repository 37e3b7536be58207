"""Cases of devices: one each; in a storm of many alike one of a community, or of the district, that names them all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases import queries as open_cases
from lifecircle.hub.cases.kinds import kinds
from lifecircle.hub.devices.models import Device

CANARY = "canary"
"""The device whose alarms nobody is told of."""
_STORM = dt.timedelta(minutes=5)
_MOST_A_COMMUNITY, _MOST_A_DISTRICT = 5, 10
"""From so many alike within `_STORM` on they are one case of the community, or of the district; never of P1 (proposal)."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A matter of a device: which, of which kind; `origin` and `title` where it is not the device itself that says so."""

    device: int
    kind: str
    drill: bool = False
    origin: str = ""
    title: str = ""


def origin_of(ref: str, kind: str, *, drill: bool = False) -> str:
    """What makes a device's case of a kind one, however often it is told; a drill is never the real one."""
    return f"device:{ref}:{kind}{':drill' if drill else ''}"


def raise_all(alarms: Sequence[Alarm], now: dt.datetime) -> int:
    """Raise the cases of alarms, of each device one at most; how many are new."""
    if not alarms:
        return 0
    devices = Device.objects.select_related("place").in_bulk({one.device for one in alarms})
    mine = [
        one.origin or origin_of(devices[one.device].ref, one.kind, drill=one.drill)
        for one in alarms
    ]
    known, storms = set(open_cases.open_among(mine)), _Storms(now)
    told = []
    for one, origin in zip(alarms, mine, strict=True):
        device, where = devices[one.device], None
        if kinds()[one.kind].priority != "P1" and not one.drill and origin not in known:
            where = storms.place_of(device, one.kind)
        told.append(
            _told(device, one, origin) if where is None else _gathered(device, one.kind, *where)
        )
    return sum(is_new for _, is_new in cases.raise_all(told, at=now))


def _told(device: Device, alarm: Alarm, origin: str) -> cases.Told:
    report = cases.Report(
        kind=alarm.kind, source="device", title=alarm.title or f"{device.name} {kinds()[alarm.kind].zh}", about=device.ref,
        origin=origin, door=device.door, contacts=device.contacts, lon=device.lon, lat=device.lat, drill=alarm.drill,
        canary=device.ref == CANARY,
    )  # fmt: skip
    return cases.Told(device.place, report, device.ref)


def _gathered(device: Device, kind: str, place: Any, code: str) -> cases.Told:
    title = f"{place.name_zh}多台设备: {kinds()[kind].zh}"
    report = cases.Report(
        kind=kind, source="device", title=title, about=device.ref, origin=f"storm:{code}:{kind}"
    )
    return cases.Told(place, report, device.ref)


class _Storms:
    """How many cases alike came lately in a community and in the district, those of this batch too."""

    def __init__(self, now: dt.datetime) -> None:
        self._since = now - _STORM
        self._counts: dict[tuple[str, str], list[int]] = {}

    def place_of(self, device: Device, kind: str) -> tuple[Any, str] | None:
        """The place whose case this alarm belongs to; None where it is a case of its own."""
        near = "/".join(device.place.lineage.split("/")[:4])
        key = kind, near
        if key not in self._counts:
            found = open_cases.storm(kind, device.place.lineage, since=self._since)
            self._counts[key] = [found.community, found.district]
        community, district = self._counts[key]
        if district >= _MOST_A_DISTRICT or community >= _MOST_A_COMMUNITY:
            return open_cases.gathered(device.place, whole=district >= _MOST_A_DISTRICT)
        for (each, _), counts in self._counts.items():
            if each == kind:
                counts[1] += 1
        self._counts[key][0] += 1
        return None
