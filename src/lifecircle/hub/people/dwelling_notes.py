"""What a responder has to know of a home: entered with the resident's consent, shown one at a time, deleted when it is withdrawn."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, InvalidError, MissingError
from lifecircle.hub.people.models import DwellingNote
from lifecircle.hub.places import queries as places
from lifecircle.hub.places.queries import within
from lifecircle.hub.versions import check_version

LONGEST = dt.timedelta(days=3 * 366)
"""How long one consent is good for at most (proposal): then the resident is asked again."""
_LAST = ("室", "号", "户")
_FIELDS = ("door", "resident", "key_held", "note")


def notes(actor: Actor, *, place: str = "") -> QuerySet[DwellingNote]:
    """The notes of places whose residents a caller may see, that hold today."""
    rows = _holding().filter(within(actor, "resident.read", "place__lineage"))
    if place:
        rows = rows.filter(place__lineage__contains=f"/{place}/")
    return rows


def note(actor: Actor, number: int) -> DwellingNote:
    """One note; `MissingError` if there is none for this caller."""
    found = notes(actor).filter(pk=number).first()
    if found is None:
        raise MissingError
    return found


def masked(one: DwellingNote) -> dict[str, Any]:
    """What a list shows: the half of the door that finds the building, and that there is a key and hazards, not which."""
    return {
        "id": one.pk, "place": one.place.code, "place_zh": one.place.name_zh, "door": _masked(one.door or ""),
        "has_key": one.key_held is not None, "hazards": len(json.loads(one.hazards)), "has_note": one.note is not None,
        "consent_on": one.consent_on, "consent_by": one.consent_by, "keep_until": one.keep_until, "version": one.version,
    }  # fmt: skip


def at_home(actor: Actor, place: Any, door: str | None, *, about: str) -> dict[str, Any] | None:
    """What is known of the home at a place and a door, for who may see that door; the look is audited on the note.

    The same door at the place itself; else, where the door says which house, the only one such above or below it in the
    same community. Where two homes might be meant, neither is shown.
    `about` says what it was looked at for, such as a case.
    """
    found = _home(place, door)
    if found is None:
        return None
    audit.record(actor, "dwelling_note.shown", _target(found), found.place.lineage, {"for": about})
    return _opened(found)


@transaction.atomic
def enter(actor: Actor, *, place: str, values: Mapping[str, Any]) -> DwellingNote:
    """Enter what a resident wants responders to know of their home.

    Raises
    ------
    ConflictError
        There is a note of this home already.
    InvalidError
        No door and no dwelling, nothing to know, or no consent that holds today.
    """
    where = places.open_place(actor, place, right="resident.read")
    actor.check("resident.write", where.lineage)
    one = DwellingNote(place=where, consent_by=actor.name)
    _fill(one, values)
    _check_alone(one)
    one.save()
    audit.record(actor, "dwelling_note.entered", _target(one), where.lineage)
    return one


@transaction.atomic
def change(actor: Actor, number: int, *, version: int, values: Mapping[str, Any]) -> DwellingNote:
    """Enter anew what holds of a home, with the consent to it.

    Raises
    ------
    ConflictError
        It changed since the caller saw `version`, or there is a note of the home that it names now.
    """
    one = _locked(actor, number)
    check_version(one, version)
    one.consent_by = actor.name
    _fill(one, values)
    _check_alone(one)
    one.version += 1
    one.save()
    audit.record(actor, "dwelling_note.changed", _target(one), one.place.lineage)
    return one


@transaction.atomic
def reveal(actor: Actor, number: int) -> dict[str, Any]:
    """Show a whole note to who keeps them; every look is audited.

    Raises
    ------
    ForbiddenError
        The caller may see no resident's own data there.
    """
    one = note(actor, number)
    actor.check("resident.reveal", one.place.lineage)
    audit.record(actor, "dwelling_note.revealed", _target(one), one.place.lineage)
    return {**masked(one), **_opened(one), "door": one.door or "", "resident": one.resident}


@transaction.atomic
def withdraw(actor: Actor, number: int) -> None:
    """The resident withdraws their consent, or has moved: the note is deleted."""
    one = _locked(actor, number)
    audit.record(actor, "dwelling_note.withdrawn", _target(one), one.place.lineage)
    one.delete()


def delete_expired() -> int:
    """Delete notes whose consent was for until before today; how many."""
    system, count = Actor.system("retention"), 0
    old = DwellingNote.objects.filter(keep_until__lt=timezone.localdate())
    for one in old.select_related("place"):
        with transaction.atomic():
            audit.record(system, "dwelling_note.expired", _target(one), one.place.lineage)
            one.delete()
        count += 1
    return count


def _holding() -> QuerySet[DwellingNote]:
    rows = DwellingNote.objects.filter(keep_until__gte=timezone.localdate())
    return rows.select_related("place")


def _locked(actor: Actor, number: int) -> DwellingNote:
    seen = note(actor, number)
    actor.check("resident.write", seen.place.lineage)
    found = DwellingNote.objects.select_for_update(of=("self",)).select_related("place")
    one = found.filter(pk=seen.pk).first()
    if one is None:
        raise MissingError
    return one


def _fill(one: DwellingNote, values: Mapping[str, Any]) -> None:
    for name in _FIELDS:
        setattr(one, name, (values.get(name) or "").strip() or None)
    one.hazards = json.dumps([name for name in one.HAZARDS if name in values["hazards"]])
    one.consent_on, one.keep_until = values["consent_on"], values["keep_until"]
    today = timezone.localdate()
    if one.door is None and one.place.level != "dwelling":
        raise InvalidError("a door, where the place is no dwelling", "门牌 (地方不是住户时必填)")
    if not one.resident:
        raise InvalidError("who consented", "同意人姓名")
    if one.key_held is None and one.note is None and not values["hazards"]:
        raise InvalidError("a key, a hazard or a note", "钥匙、隐患或说明至少一项")
    if not one.consent_on <= today <= one.keep_until <= one.consent_on + LONGEST:
        raise InvalidError(
            "a consent until today, kept from today for three years at most",
            "不晚于今天的同意日期, 保存不超过三年",
        )


def _check_alone(one: DwellingNote) -> None:
    others = _holding().filter(place=one.place).exclude(pk=one.pk)
    if any(_same_door(each, one.place, one.door) for each in others):
        raise ConflictError("a home without a note", "此户已有入户须知")


def _home(place: Any, door: str | None) -> DwellingNote | None:
    """The note of a home; None where there is none, or where it might be another home's."""
    community = place.lineage.strip("/").split("/")[:3]
    near = Q(place=place)
    if len(community) == 3 and _names_building(door):
        near |= Q(place__lineage__startswith=f"/{'/'.join(community)}/")
    found = [one for one in _holding().filter(near) if _same_door(one, place, door)]
    here = [one for one in found if one.place_id == place.pk]
    if here:  # two at the same moment are of one home all the same
        return here[-1]
    return found[0] if len(found) == 1 else None


def _same_door(one: DwellingNote, place: Any, door: str | None) -> bool:
    """Whether a note is of the home at a place and a door, however its door is written."""
    if one.place_id == place.pk and place.level == "dwelling":
        return True
    lineages = sorted((one.place.lineage, place.lineage), key=len)
    inside = lineages[1].startswith(lineages[0])
    return inside and bool(door) and _parts(one.door) == _parts(door)


def _names_building(door: str | None) -> bool:
    """Whether a door says which house, too: 501 may be in any of a community's, 3栋501 is in one."""
    return sum(part.isdigit() for part in _parts(door)) > 1


def _parts(door: str | None) -> list[str]:
    """The numbers and words of a door, without what people write differently: 3栋 2单元 501 室 is 3栋2单元501."""
    wide = unicodedata.normalize("NFKC", door or "").casefold()
    found = re.findall(r"\d+|[^\W\d_]+", wide)
    return found[:-1] if found and found[-1] in _LAST else found


def _masked(door: str) -> str:
    shown = len(door) // 2
    return door[:shown] + "*" * (len(door) - shown)


def _opened(one: DwellingNote) -> dict[str, Any]:
    return {
        "key_held": one.key_held or "", "hazards": json.loads(one.hazards), "note": one.note or "",
        "consent_on": one.consent_on,
    }  # fmt: skip


def _target(one: DwellingNote) -> str:
    return f"dwelling_note:{one.pk}"
