"""Writes of rules: written as versions, tried against the past, made to hold; and what they do to devices as these speak."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, MissingError
from lifecircle.hub.places import queries as places
from lifecircle.hub.rules import queries, reading
from lifecircle.hub.rules.models import Judgement, Rule, Version
from lifecircle.hub.versions import check_version


@transaction.atomic
def write(
    actor: Actor,
    *,
    code: str,
    name: str,
    place: str,
    device_kind: str,
    definition: Mapping[str, Any],
) -> Rule:
    """Write a rule; it holds for nothing yet.

    Raises
    ------
    ConflictError
        There is one with this code.
    InvalidError
        The definition has mistakes; all of them are named.
    """
    where = places.open_place(actor, place, right="device.read")
    actor.check("rule.write", where.lineage)
    reading.rule(definition)
    if Rule.objects.filter(code=code).exists():
        raise ConflictError(f"there is a rule {code}", f"已有规则 {code}")
    one = Rule.objects.create(code=code, name=name, place=where, device_kind=device_kind)
    _add(actor, one, definition)
    audit.record(actor, "rule.written", f"rule:{code}", where.lineage)
    return one


@transaction.atomic
def rewrite(actor: Actor, code: str, *, version: int, definition: Mapping[str, Any]) -> Rule:
    """Write a further version of a rule; the one that holds goes on until this one is made to hold."""
    one = _locked(actor, code, version)
    reading.rule(definition)
    _add(actor, one, definition)
    _changed(one)
    audit.record(actor, "rule.written", f"rule:{code}", one.place.lineage)
    return one


def try_out(actor: Actor, code: str, number: int, *, days: int) -> Version:
    """Try a version against what devices told in the last days, and keep what it would have done."""
    one = queries.rule(actor, code)
    actor.check("rule.write", one.place.lineage)
    version = _version(one, number)
    now = timezone.now()
    definition = reading.rule(version.definition)
    found = queries.tried(
        definition, one.place.lineage, one.device_kind, now - dt.timedelta(days), now
    )
    found["first"] = [
        {name: at.isoformat() if isinstance(at, dt.datetime) else at for name, at in each.items()} for each in found["first"]
    ]  # fmt: skip
    version.tried, version.tried_at = {"days": days, **found}, now
    with transaction.atomic():
        version.save(update_fields=["tried", "tried_at"])
        audit.record(actor, "rule.tried", f"rule:{code}", one.place.lineage, {"number": number})
    return version


@transaction.atomic
def hold(actor: Actor, code: str, *, version: int, number: int | None) -> Rule:
    """Make a version hold from now on, which has to have been tried; None makes the rule hold no more.

    Raises
    ------
    ConflictError
        It was not tried, or the rule changed since the caller saw `version`.
    """
    one = _locked(actor, code, version)
    chosen = None if number is None else _version(one, number)
    if chosen is not None and chosen.tried is None:
        raise ConflictError("try it against the past first", "请先用历史数据试算")
    one.holds = chosen
    Judgement.objects.filter(version__rule=one).delete()
    _changed(one)
    audit.record(actor, "rule.held", f"rule:{code}", one.place.lineage, {"number": number})
    return one


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Rules of a place that ended go to the first that goes on."""
    Rule.objects.filter(place=place).update(place=heirs[0])


def _add(actor: Actor, one: Rule, definition: Mapping[str, Any]) -> None:
    last: int = one.versions.aggregate(last=Max("number"))["last"] or 0
    Version.objects.create(
        rule=one, number=last + 1, definition=dict(definition), made_by=actor.name, made_at=timezone.now()
    )  # fmt: skip


def _changed(one: Rule) -> None:
    one.version += 1
    one.save(update_fields=["holds", "version"])


def _locked(actor: Actor, code: str, version: int) -> Rule:
    seen = queries.rule(actor, code)
    actor.check("rule.write", seen.place.lineage)
    one = Rule.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)
    check_version(one, version)
    return one


def _version(one: Rule, number: int) -> Version:
    found = one.versions.filter(number=number).first()
    if found is None:
        raise MissingError(f"no version {number}", f"没有第 {number} 版")
    return found
