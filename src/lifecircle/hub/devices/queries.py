"""Reads of devices, narrowed to the caller's places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, Literal

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import queries as audit
from lifecircle.hub.cases import queries as cases
from lifecircle.hub.devices import keys
from lifecircle.hub.devices.models import Device, Hour, Latest, Path, Reading, Refusal
from lifecircle.hub.devices.raising import CANARY
from lifecircle.hub.errors import MissingError, UnknownCallerError
from lifecircle.hub.paging import page_of
from lifecircle.hub.places.queries import within
from lifecircle.hub.tokens import digest_of

_NOTHING = digest_of("")
PATH_GAP = dt.timedelta(minutes=5)
"""After so long without a canary the path counts as down: devices are given their time to speak again."""


Only = Literal["in_use", "alarm", "silent", "battery_low"]
LOW_BATTERY = 20
"""Per cent under which a battery is low (proposal)."""


def devices(
    actor: Actor, *, place: str = "", kind: str = "", state: str = "", text: str = "", only: Collection[Only] = (),
) -> QuerySet[Device]:  # fmt: skip
    """The devices of places that a caller may see.

    Silent are those not heard for longer than they may be; alarm those of which a case is open.
    """
    rows = Device.objects.filter(within(actor, "device.read", "place__lineage")).exclude(ref=CANARY)
    wanted = {
        "place__lineage__contains": f"/{place}/" if place else "",
        "kind": kind,
        "state": state,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if text:
        rows = rows.filter(Q(ref__icontains=text) | Q(name__icontains=text))
    if "silent" in only:
        quiet = [one.pk for one in rows.filter(state="active") if is_silent(one, timezone.now())]
        rows = rows.filter(pk__in=quiet)
    if {"in_use", "battery_low"} & set(only):
        rows = rows.exclude(state="retired")
    if "battery_low" in only:
        rows = rows.filter(battery__lt=LOW_BATTERY)
    if "alarm" in only:
        rows = rows.filter(ref__in=cases.open_about_devices())
    return rows.select_related("place", "replaced_by").prefetch_related("replaces")


def device(actor: Actor, ref: str) -> Device:
    """One device; `MissingError` if there is none for this caller."""
    found = devices(actor).filter(ref=ref).first()
    if found is None:
        raise MissingError(f"no device {ref}", f"没有设备 {ref}")
    return found


def history(one: Device) -> QuerySet[Any]:
    """What was done to a device, the latest first."""
    return audit.history(f"device:{one.ref}")


def is_silent(one: Device, now: dt.datetime, *, listening_since: dt.datetime | None = None) -> bool:
    """Whether a device has not been heard for longer than it may be, while somebody listened."""
    if one.state != "active" or one.silent_after_s is None or one.heard_at is None:
        return False
    since = max(one.heard_at, listening_since or one.heard_at)
    return since + dt.timedelta(seconds=one.silent_after_s) < now


def listens_since(now: dt.datetime) -> dt.datetime | None:
    """Since when devices can be heard: now while the path is down; None where no canary walks it."""
    one = Path.objects.first()
    if one is None:
        return None
    return now if abs(now - one.at) > PATH_GAP else one.up_since


def path() -> Path | None:
    """How the message path is: when the last canary came through, and how long its steps took."""
    return Path.objects.first()


def latest(actor: Actor, *, place: str = "", kind: str = "") -> QuerySet[Latest]:
    """The latest value of each name of every device that a caller may see, in one query."""
    rows = Latest.objects.filter(within(actor, "device.read", "device__place__lineage"))
    if place:
        rows = rows.filter(device__place__lineage__contains=f"/{place}/")
    if kind:
        rows = rows.filter(device__kind=kind)
    return rows.order_by("device__ref", "name").annotate(ref=F("device__ref"))


def readings(one: Device, *, name: str = "", since: dt.datetime | None = None) -> QuerySet[Reading]:
    """What a device measured, the latest first."""
    rows = one.readings.order_by("-at", "-pk")
    if name:
        rows = rows.filter(name=name)
    return rows if since is None else rows.filter(at__gte=since)


def told_between(
    lineage: str, kind: str, since: dt.datetime, until: dt.datetime
) -> QuerySet[Reading]:
    """What devices of a kind ("" for any) told at a place and below, each device's by its own clock; for the server's own rules."""
    rows = Reading.objects.filter(
        device__place__lineage__startswith=lineage, received_at__gte=since, received_at__lt=until
    )
    rows = rows.filter(skewed=False).exclude(device__state="retired")
    return (rows.filter(device__kind=kind) if kind else rows).order_by(
        "device_id", "at", "received_at"
    )


def hours(one: Device, *, name: str = "", since: dt.datetime | None = None) -> QuerySet[Hour]:
    """What a device measured by the hour, the latest first: count, mean, lowest, highest."""
    rows = one.hours.order_by("-at", "name").annotate(mean=F("total") / F("count"))
    if name:
        rows = rows.filter(name=name)
    return rows if since is None else rows.filter(at__gte=since)


def refused(actor: Actor, *, days: int = 7) -> QuerySet[Refusal]:
    """Messages refused in the names of devices that a caller may see, by day; with no name those that were forged."""
    since = timezone.localdate() - dt.timedelta(days=days)
    seen = Q(ref__in=devices(actor).values("ref")) | Q(ref="")
    return Refusal.objects.filter(seen, on__gte=since)


def known(ref: str, secret: str) -> Device:
    """The device that shows its secret; `UnknownCallerError` alike for a wrong secret and for no such device."""
    one = Device.objects.filter(ref=ref).exclude(state="retired").first()
    right = keys.is_right(secret, one.digest if one is not None else _NOTHING)
    if one is None or not right:
        raise UnknownCallerError
    return one


def of_platform(platform: str, external_id: str) -> str:
    """The number of the device that a platform knows by a number of its own; "" where there is none."""
    rows = Device.objects.filter(decoder=platform, external_id=external_id).exclude(state="retired")
    return rows.values_list("ref", flat=True).first() or ""


def page(rows: QuerySet[Device], limit: int, offset: int) -> dict[str, Any]:
    """A page of devices; which of them a case is open of is asked once."""
    open_ = cases.open_about_devices()
    return page_of(rows, limit, offset, lambda one: _told(one, open_))


def told(one: Device) -> dict[str, Any]:
    """A device as lists show it: without its door, its owner and its secret."""
    return _told(one, cases.open_about_devices([one.ref]))


def _told(one: Device, alarms: set[str]) -> dict[str, Any]:
    names = (
        "ref", "kind", "name", "lon", "lat", "decoder", "external_id", "certificate", "acks", "vendor", "installed_on",
        "battery", "firmware", "state", "silent_after_s", "heard_at", "version", "in_dwelling", "consent_on", "consent_by",
        "withdrawn_on",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names}, "place": one.place.code, "place_zh": one.place.name_zh,
        "silent": is_silent(one, timezone.now()), "alarm": one.ref in alarms, "has_door": one.door is not None,
        "replaced_by": one.replaced_by.ref if one.replaced_by else "",
        "replaces": next((before.ref for before in one.replaces.all()), ""),
    }  # fmt: skip
