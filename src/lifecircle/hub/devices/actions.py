"""Writes of devices: registered, changed, given a new secret, replaced; a secret is shown once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.devices import keys, queries, raising
from lifecircle.hub.devices.models import Device
from lifecircle.hub.devices.raising import Alarm
from lifecircle.hub.errors import ConflictError
from lifecircle.hub.places import queries as places
from lifecircle.hub.versions import check_version

__all__ = ["Alarm", "alarm", "change", "inherit", "register", "renew", "replace"]
_CHANGED = (
    "name",
    "door",
    "lon",
    "lat",
    "vendor",
    "installed_on",
    "state",
    "silent_after_s",
    "decoder",
)


@transaction.atomic
def register(
    actor: Actor, *, place: str, ref: str, values: Mapping[str, Any]
) -> tuple[Device, str]:
    """Register a device; it, and its secret, which nobody is shown again.

    Raises
    ------
    ConflictError
        There is one with this number.
    ForbiddenError
        The caller may not register devices there.
    """
    where = places.open_place(actor, place, right="device.read")
    actor.check("device.write", where.lineage)
    if ref == raising.CANARY or Device.objects.filter(ref=ref).exists():
        raise ConflictError(f"there is a device {ref}", f"已有设备 {ref}")
    secret = keys.new_secret()
    one = Device.objects.create(ref=ref, place=where, **_kept(secret), **values)
    audit.record(actor, "device.registered", f"device:{ref}", where.lineage, {"kind": one.kind})
    return one, secret


@transaction.atomic
def change(actor: Actor, ref: str, *, version: int, values: Mapping[str, Any]) -> Device:
    """Change what is known of a device: its place, name, door, whether it is being maintained.

    Raises
    ------
    ConflictError
        It changed since the caller saw `version`, or it was retired.
    """
    one = _locked(actor, ref)
    check_version(one, version)
    given = dict(values)
    if (code := given.pop("place", None)) is not None:
        where = places.open_place(actor, code, right="device.read")
        actor.check("device.write", where.lineage)
        one.place = where
    for name in set(given) & set(_CHANGED):
        setattr(one, name, given[name])
    one.version += 1
    one.save()
    shown = {name: value for name, value in values.items() if name != "door"}
    detail = {name: str(value) for name, value in shown.items()}
    audit.record(actor, "device.changed", f"device:{ref}", one.place.lineage, detail)
    return one


@transaction.atomic
def renew(actor: Actor, ref: str) -> tuple[Device, str]:
    """Give a device a new secret; the old one is worth nothing from now on."""
    one = _locked(actor, ref)
    secret = keys.new_secret()
    for name, value in _kept(secret).items():
        setattr(one, name, value)
    one.version += 1
    one.save()
    audit.record(actor, "device.renewed", f"device:{ref}", one.place.lineage)
    return one, secret


@transaction.atomic
def replace(actor: Actor, ref: str, *, version: int, by: str) -> tuple[Device, str]:
    """Put a new device where an old one is: the old one is retired, and keeps what it said.

    Raises
    ------
    ConflictError
        It changed since the caller saw `version`, was retired, or there is a device `by`.
    """
    one = _locked(actor, ref)
    check_version(one, version)
    if by == raising.CANARY or Device.objects.filter(ref=by).exists():
        raise ConflictError(f"there is a device {by}", f"已有设备 {by}")
    secret = keys.new_secret()
    same = (
        "kind",
        "name",
        "place",
        "door",
        "lon",
        "lat",
        "decoder",
        "acks",
        "vendor",
        "silent_after_s",
    )
    new = Device.objects.create(
        ref=by, **{name: getattr(one, name) for name in same}, **_kept(secret)
    )
    one.state, one.replaced_by, one.version = "retired", new, one.version + 1
    one.save(update_fields=["state", "replaced_by", "version"])
    audit.record(actor, "device.replaced", f"device:{ref}", one.place.lineage, {"by": by})
    return new, secret


def alarm(alarms: Sequence[Alarm], now: dt.datetime) -> int:
    """Raise the cases of alarms that somebody else than the devices sees; for the server's own rules. How many are new."""
    return raising.raise_all(alarms, now)


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Devices of a place that ended go to the first that goes on."""
    Device.objects.filter(place=place).update(place=heirs[0])


def _kept(secret: str) -> dict[str, str]:
    return {"digest": keys.digest_of(secret), "mqtt_hash": keys.mqtt_hash(secret)}


def _locked(actor: Actor, ref: str) -> Device:
    seen = queries.device(actor, ref)
    actor.check("device.write", seen.place.lineage)
    one = Device.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)
    if one.state == "retired":
        raise ConflictError("a device that was retired", "已停用的设备")
    return one
