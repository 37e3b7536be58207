"""Writes of devices: registered, changed, given a new secret, replaced; a secret is shown once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.devices import homes, keys, raising
from lifecircle.hub.devices.models import Device
from lifecircle.hub.devices.raising import Alarm
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.places import queries as places
from lifecircle.hub.tokens import digest_of
from lifecircle.hub.versions import check_version

__all__ = ["Alarm", "alarm", "change", "inherit", "register", "renew", "replace"]
_CHANGED = (
    "name", "door", "owner", "contacts", "lon", "lat", "vendor", "installed_on", "state", "silent_after_s", "decoder", "external_id",
    "certificate",
)  # fmt: skip
_MAY_BE_UNKNOWN = frozenset(
    {"door", "owner", "lon", "lat", "installed_on", "silent_after_s", "external_id"}
)
_PERSONAL = frozenset({"door", "owner", "contacts"})
_SAME = (
    "kind", "name", "place", "door", "owner", "contacts", "consent_on", "consent_by", "withdrawn_on", "lon", "lat", "decoder", "acks",
    "certificate", "vendor", "silent_after_s",
)  # fmt: skip
"""What a device has of the one whose place it takes."""


@transaction.atomic
def register(
    actor: Actor, *, place: str, ref: str, values: Mapping[str, Any]
) -> tuple[Device, str]:
    """Register a device; it, and its secret, which nobody is shown again.

    Raises
    ------
    ConflictError
        There is one with this number, or the platform's.
    ForbiddenError
        The caller may not register devices there.
    InvalidError
        A platform's device without the platform's number, or a consent that is to be given yet.
    """
    where = places.open_place(actor, place, right="device.read")
    actor.check("device.write", where.lineage)
    _check_free(ref)
    secret = keys.new_secret()
    one = Device(ref=ref, place=where, **_kept(secret), **_written(values))
    if one.consent_on is not None:
        homes.check_consent(one, one.consent_on)
        one.consent_by = actor.name
    _check_platform(one)
    one.save()
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
    one = homes.locked(actor, ref)
    check_version(one, version)
    given, before = _written(values), homes.home_of(one)
    if (code := given.pop("place", None)) is not None:
        where = places.open_place(actor, code, right="device.read")
        actor.check("device.write", where.lineage)
        one.place = where
    for name in set(given) & set(_CHANGED):
        if given[name] is not None or name in _MAY_BE_UNKNOWN:
            setattr(one, name, given[name])
    if homes.is_another(before, homes.home_of(one)):
        homes.leave(one)
        one.contacts = given.get("contacts")  # whom to call belongs to the home too
    _check_platform(one)
    one.version += 1
    one.save()
    shown = {name: value for name, value in values.items() if name not in _PERSONAL}
    detail = {name: str(value) for name, value in shown.items()}
    audit.record(actor, "device.changed", f"device:{ref}", one.place.lineage, detail)
    return one


@transaction.atomic
def renew(actor: Actor, ref: str) -> tuple[Device, str]:
    """Give a device a new secret; the old one is worth nothing from now on."""
    one = homes.locked(actor, ref)
    secret = keys.new_secret()
    for name, value in _kept(secret).items():
        setattr(one, name, value)
    one.version += 1
    one.save()
    audit.record(actor, "device.renewed", f"device:{ref}", one.place.lineage)
    return one, secret


@transaction.atomic
def replace(
    actor: Actor, ref: str, *, version: int, by: str, external_id: str | None = None
) -> tuple[Device, str]:
    """Put a new device where an old one is: the old one is retired, and keeps what it said.

    Raises
    ------
    ConflictError
        It changed since the caller saw `version`, was retired, or there is a device `by`.
    """
    one = homes.locked(actor, ref)
    check_version(one, version)
    _check_free(by)
    secret = keys.new_secret()
    same = {name: getattr(one, name) for name in _SAME}
    new = Device(ref=by, external_id=external_id, **same, **_kept(secret))
    _check_platform(new)
    new.save()
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


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as columns: whom to call is one text, to be encrypted whole."""
    contacts = values.get("contacts")
    return {**values, "contacts": json.dumps(contacts)} if contacts is not None else dict(values)


def _check_free(ref: str) -> None:
    if ref in Device.RESERVED or Device.objects.filter(ref=ref).exists():
        raise ConflictError(f"there is a device {ref}", f"已有设备 {ref}")


def _check_platform(one: Device) -> None:
    """A device that a platform speaks for has the platform's number, which no other has."""
    named = one.external_id is not None
    if named != (one.decoder in Device.PLATFORMS):
        raise InvalidError(
            "external_id: the platform's number of a device of CTWing or OneNET, and of no other",
            "平台编号: 仅天翼物联、OneNET 设备须填",
        )
    same = Device.objects.filter(decoder=one.decoder, external_id=one.external_id)
    if named and same.exclude(pk=one.pk).exists():
        raise ConflictError(
            f"there is a device {one.external_id} of {one.decoder}", "该平台编号已登记"
        )


def _kept(secret: str) -> dict[str, str]:
    return {"digest": digest_of(secret), "mqtt_hash": keys.mqtt_hash(secret)}
