"""Devices in somebody's home: the owner's consent to their readings, what goes with it, and who looked at whose home it is."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.devices import queries
from lifecircle.hub.devices.models import Device, Hour, Latest, Reading
from lifecircle.hub.devices.signals import forgotten
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.versions import check_version

Home = tuple[int, str | None, str | None]
"""A place, a door there, and the owner."""


@transaction.atomic
def consent(actor: Actor, ref: str, *, version: int, given: bool, on: dt.date) -> Device:
    """Enter that the owner of a dwelling consented to a device's readings, or withdrew: what was kept of them goes then.

    It may be withdrawn of a device that was retired, too; and what those whose place it took had measured goes with it.

    Raises
    ------
    ConflictError
        It changed since the caller saw `version`, was retired, or there is no consent to withdraw.
    InvalidError
        It is in no dwelling, or the day is to come.
    """
    one = locked(actor, ref, retired=not given)
    check_version(one, version)
    check_consent(one, on)
    if given:
        one.consent_on, one.consent_by, one.withdrawn_on = on, actor.name, None
    elif one.consent_on is None or one.withdrawn_on is not None:
        raise ConflictError("there is no consent to withdraw", "没有可撤回的同意")
    else:
        one.withdrawn_on = max(on, one.consent_on)
        before = _forget(one)
        Device.objects.filter(pk__in=before, consent_on__isnull=False).update(
            withdrawn_on=one.withdrawn_on
        )
    one.version += 1
    one.save()
    what = "device.consented" if given else "device.consent_withdrawn"
    audit.record(actor, what, f"device:{ref}", one.place.lineage, {"on": on.isoformat()})
    return one


@transaction.atomic
def reveal(actor: Actor, ref: str) -> Device:
    """A device whose door and owner the caller may see; every look is audited.

    Raises
    ------
    ForbiddenError
        The caller may see no resident's own data there.
    """
    one = queries.device(actor, ref)
    actor.check("resident.reveal", one.place.lineage)
    audit.record(actor, "device.revealed", f"device:{ref}", one.place.lineage)
    return one


def home_of(one: Device) -> Home | None:
    """Whose home a device is in; None for one that is in no dwelling."""
    return (one.place_id, one.door, one.owner) if one.in_dwelling else None


def is_another(before: Home | None, after: Home | None) -> bool:
    """Whether a device left a home: a door or an owner that is entered for the first time is none."""
    if before is None:
        return False
    return after is None or any(
        was not in (None, now) for was, now in zip(before, after, strict=True)
    )


def leave(one: Device) -> None:
    """A device comes to another home, or another owner to it: they are asked anew, and find nothing of those before them."""
    one.consent_on = one.withdrawn_on = None
    one.consent_by = ""
    _forget(one)


def check_consent(one: Device, on: dt.date) -> None:
    """Raise `InvalidError` unless a device is in a dwelling, and a day has come."""
    if not one.in_dwelling:
        raise InvalidError("a device in a dwelling", "仅入户设备须经同意")
    if on > timezone.localdate():
        raise InvalidError("a day until today", "不晚于今天的日期")


def locked(actor: Actor, ref: str, *, retired: bool = False) -> Device:
    """A device that the caller may change; `retired` ones only where that is said."""
    seen = queries.device(actor, ref)
    actor.check("device.write", seen.place.lineage)
    one = Device.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)
    if one.state == "retired" and not retired:
        raise ConflictError("a device that was retired", "已停用的设备")
    return one


def _forget(one: Device) -> list[int]:
    """Delete what a device measured, and those before it in its place; the keys of those."""
    before: list[int] = []
    last = [one.pk]
    while last:
        last = list(Device.objects.filter(replaced_by__in=last).values_list("pk", flat=True))
        before += last
    for told in (Reading, Hour, Latest):
        told.objects.filter(device__in=[one.pk, *before]).delete()
    forgotten.send(sender=Device, devices=[one.pk, *before])
    return before
