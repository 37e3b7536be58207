"""Writes of idle spaces, one at a time: premises that may become a facility, and what may be shared when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from lifecircle.engine.bundle.references import types_of_list
from lifecircle.engine.bundle.register import check_register
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import InvalidError, MissingError
from lifecircle.hub.facilities import queries
from lifecircle.hub.facilities.actions import insert
from lifecircle.hub.facilities.models import Space
from lifecircle.hub.places.queries import Locator
from lifecircle.hub.stream import actions as stream
from lifecircle.hub.versions import check_version

Values = Mapping[str, Any]
FIELDS = (
    "name", "lon", "lat", "area_m2", "floor", "cost_cny", "allowed_types", "shared_hours", "free_from",
)  # fmt: skip
EMPTY = {"allowed_types": [], "shared_hours": ""}
"""What these are where they are not known; the others are None."""
ANY = ""
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
    one = begun(actor, ref, _checked(ref, values), Locator())
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
    before = values_of(one)
    fill(actor, one, _checked(ref, {**before, **values}), Locator())
    one.save()
    changed = sorted(name for name, value in values_of(one).items() if value != before[name])
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


def load(rows: Iterable[Values]) -> int:
    """Fill the empty list of idle spaces from a bundle's rows; how many there were."""
    system, locator = Actor.system("load"), Locator()
    made = [begun(system, row["id"], of_row(row), locator) for row in rows]
    Space.objects.bulk_create(made, batch_size=500)
    return len(made)


def begun(actor: Actor, ref: str, values: Values, locator: Locator) -> Space:
    """A space with these values, not kept yet; errors as `fill`."""
    one = Space(ref=ref, version=0)
    fill(actor, one, values, locator)
    return one


def fill(actor: Actor, one: Space, values: Values, locator: Locator) -> None:
    """Set all fields of a space, if the caller may write where it was and lies then.

    Raises
    ------
    InvalidError
        It lies outside the district.
    ForbiddenError
        The caller may not write there.
    """
    where = locator.place(values["lon"], values["lat"])
    if where is None:
        raise InvalidError("a position in or near the district", "位于本区或其周边的位置")
    actor.check("facility.write", where.lineage, ANY)
    if one.pk:
        check_writable(actor, one)
    for name in FIELDS:
        setattr(one, name, values.get(name) or EMPTY.get(name, values.get(name)))
    one.place = where
    one.version += 1


def check_writable(actor: Actor, one: Space) -> None:
    """Raise `ForbiddenError` unless the caller may change a space."""
    actor.check("facility.write", one.place.lineage, ANY)


def of_row(row: Values) -> dict[str, Any]:
    """The values of a checked row of a table, types as a list."""
    values = {name: row[name] for name in FIELDS if name in row}
    if "allowed_types" in values:
        kinds = types_of_list(values["allowed_types"], queries.standards())
        values["allowed_types"] = list(dict.fromkeys(kinds))
    return values


def values_of(one: Space) -> dict[str, Any]:
    """The fields that people fill in, as they are now."""
    return {name: getattr(one, name) for name in FIELDS}


def _checked(ref: str, values: Values) -> dict[str, Any]:
    """The values as a bundle's row would have them; `InvalidError` names every one that is wrong."""
    row = {name: value for name, value in values.items() if name in FIELDS and value is not None}
    row |= {"id": ref, "allowed_types": ";".join(row.get("allowed_types", []))}
    rows, issues = check_register([row], "spaces", queries.standards())
    errors = [issue for issue in issues if issue.severity == "error"]
    if errors or not rows:
        raise InvalidError("the space cannot be entered", "闲置空间有误", errors)
    return of_row(rows[0])


def _locked(actor: Actor, ref: str) -> Space:
    seen = queries.space(actor, ref)
    check_writable(actor, seen)
    one = Space.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)
    if one.removed_at is not None:
        raise MissingError
    return one


def _tell(what: str, one: Space) -> None:
    stream.emit(f"space.{what}", one.place.lineage, "facility.read", {"ref": one.ref})
