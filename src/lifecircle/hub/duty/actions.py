"""Writes of the roster: shifts set, handed over, stood in for, taken away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.duty import queries
from lifecircle.hub.duty.models import Shift
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.people import queries as people
from lifecircle.hub.places import queries as places
from lifecircle.hub.stream import actions as stream

_LONGEST = dt.timedelta(days=31)


@transaction.atomic
def put(
    actor: Actor, *, place: str, username: str, starts_at: dt.datetime, ends_at: dt.datetime, note: str = ""
) -> Shift:  # fmt: skip
    """Put somebody of staff on duty at a place.

    Raises
    ------
    InvalidError
        The shift ends before it starts, lasts over a month, or there is no such account.
    """
    where = places.open_place(actor, place, right="case.read")
    actor.check("duty.write", where.lineage)
    if not dt.timedelta() < ends_at - starts_at <= _LONGEST:
        raise InvalidError("an end within a month after the start", "结束晚于开始且不超过一个月")
    one = Shift.objects.create(
        place=where, account=_staff(username), starts_at=starts_at, ends_at=ends_at, note=note
    )
    _say(actor, one, "put")
    return one


@transaction.atomic
def substitute(actor: Actor, number: int, username: str) -> Shift:
    """Let somebody stand in on a shift; nobody again with an empty name."""
    one = _locked(actor, number)
    one.substitute = _staff(username) if username else None
    one.save(update_fields=["substitute"])
    _say(actor, one, "substituted")
    return one


@transaction.atomic
def hand_over(actor: Actor, number: int, note: str) -> Shift:
    """End a shift now, with what the next has to know."""
    one = _locked(actor, number)
    now = timezone.now()
    if not one.starts_at < now < one.ends_at:
        raise InvalidError("a shift that is under way", "正在进行的班次")
    one.ends_at, one.handed_over_at, one.note = now, now, note
    one.save(update_fields=["ends_at", "handed_over_at", "note"])
    _say(actor, one, "handed_over")
    return one


@transaction.atomic
def take_off(actor: Actor, number: int) -> None:
    """Take a shift off the roster before it begins."""
    one = _locked(actor, number)
    if one.starts_at <= timezone.now():
        raise InvalidError("a shift that has not begun", "尚未开始的班次")
    _say(actor, one, "taken_off")
    one.delete()


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Shifts at a place that ended go to the first that goes on."""
    Shift.objects.filter(place=place).update(place=heirs[0])


def _locked(actor: Actor, number: int) -> Shift:
    seen = queries.shift(actor, number)
    own = seen.account_id == actor.account_id
    if not own:
        actor.check("duty.write", seen.place.lineage)
    return (
        Shift.objects.select_for_update(of=("self",))
        .select_related("place", "account", "substitute")
        .get(pk=number)
    )


def _staff(username: str) -> Any:
    found = people.staff(username)
    if found is None:
        raise InvalidError(f"somebody of staff, not {username}", f"工作人员用户名, 不是 {username}")
    return found


def _say(actor: Actor, one: Shift, what: str) -> None:
    detail = {"shift": one.pk, "who": (one.substitute or one.account).username}
    audit.record(actor, f"duty.{what}", f"place:{one.place.code}", one.place.lineage, detail)
    shown = {"place": one.place.code, "what": what}
    stream.emit("duty", one.place.lineage, "case.read", shown)
