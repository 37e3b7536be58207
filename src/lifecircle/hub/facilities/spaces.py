"""Writes of idle spaces: premises that may become a facility, and what may be shared when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from lifecircle.engine.bundle.references import types_of_list
from lifecircle.engine.bundle.register import check_register
from lifecircle.errors import Issue
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import InvalidError, MissingError
from lifecircle.hub.facilities import queries
from lifecircle.hub.facilities.actions import check_version, insert
from lifecircle.hub.facilities.models import Space
from lifecircle.hub.places.queries import Locator
from lifecircle.hub.stream import actions as stream
from lifecircle.moment import Moment

Values = Mapping[str, Any]
FIELDS = ("name", "lon", "lat", "area_m2", "cost_cny", "allowed_types", "shared_hours")
_ANY = ""
"""A space is of no category: who may write facilities of some categories only may not write it."""


@transaction.atomic
def create(actor: Actor, values: Values) -> Space:
    """Enter an idle space.

    Raises
    ------
    InvalidError
        A value is not one for its field, the ref is taken, or it lies outside the district.
    ForbiddenError
        It lies where the caller may not write.
    """
    ref = values.get("ref") or f"hub-{timezone.now():%Y%m%d%H%M%S%f}"
    row = _checked(ref, values)
    one = Space(ref=ref, version=0)
    _apply(actor, one, row)
    insert(one)
    audit.record(actor, "space.created", f"space:{ref}", one.place.lineage)
    _tell("created", one)
    return one


@transaction.atomic
def change(actor: Actor, ref: str, values: Values, *, version: int) -> Space:
    """Change fields of an idle space; None takes a value away.

    Raises
    ------
    ConflictError
        It has changed since the caller saw `version` of it.
    """
    one = _locked(actor, ref)
    check_version(one, version)
    before = {name: getattr(one, name) for name in FIELDS}
    _apply(actor, one, _checked(ref, {**before, **values}))
    one.save()
    changed = sorted(name for name in FIELDS if getattr(one, name) != before[name])
    audit.record(actor, "space.changed", f"space:{ref}", one.place.lineage, {"fields": changed})
    _tell("changed", one)
    return one


@transaction.atomic
def remove(actor: Actor, ref: str) -> None:
    """Take a space off the list: it is in use, or is no more."""
    one = _locked(actor, ref)
    one.removed_at = timezone.now()
    one.version += 1
    one.save(update_fields=["removed_at", "version"])
    audit.record(actor, "space.removed", f"space:{ref}", one.place.lineage)
    _tell("removed", one)


def _checked(ref: str, values: Values) -> Values:
    """The values as a bundle's row would have them; `InvalidError` names every one that is wrong."""
    row = {name: value for name, value in values.items() if name in FIELDS and value is not None}
    hours = row.pop("shared_hours", "").strip()
    row |= {"id": ref, "allowed_types": ";".join(row.get("allowed_types", []))}
    rows, issues = check_register([row], "spaces", queries.standards())
    errors = [issue for issue in issues if issue.severity == "error"]
    if hours and Moment.parse("Mo 10:00").is_open(hours) is None:
        expected = "opening hours such as Mo-Fr 18:00-21:00", "开放时间写法, 如 Mo-Fr 18:00-21:00"
        errors.append(Issue("hours", "spaces", *expected, 1, "shared_hours", hours[:80]))
    if errors or not rows:
        raise InvalidError("the space cannot be entered", "闲置空间有误", errors)
    types = types_of_list(rows[0].get("allowed_types", ""), queries.standards())
    return {**rows[0], "allowed_types": list(dict.fromkeys(types)), "shared_hours": hours}


def _apply(actor: Actor, one: Space, row: Values) -> None:
    """Set all fields of a space, if the caller may write where it lies then."""
    where = Locator().place(row["lon"], row["lat"])
    if where is None:
        raise InvalidError("a position in or near the district", "位于本区或其周边的位置")
    actor.check("facility.write", where.lineage, _ANY)
    for name in FIELDS:
        setattr(one, name, row.get(name))
    one.place = where
    one.version += 1


def _locked(actor: Actor, ref: str) -> Space:
    seen = queries.space(actor, ref)
    actor.check("facility.write", seen.place.lineage, _ANY)
    one = Space.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)
    if one.removed_at is not None:
        raise MissingError
    return one


def _tell(what: str, one: Space) -> None:
    stream.emit(f"space.{what}", one.place.lineage, "facility.read", {"ref": one.ref})
