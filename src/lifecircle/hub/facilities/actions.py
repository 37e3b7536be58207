"""Writes of the register, one facility at a time; tables of them are `facilities.imports`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely
from django.db import IntegrityError, transaction
from django.utils import timezone

from lifecircle.engine.bundle.register import check_register
from lifecircle.hub import statistics
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import InvalidError, MissingError
from lifecircle.hub.facilities import queries
from lifecircle.hub.facilities.fields import FIELDS, TEXTS
from lifecircle.hub.facilities.models import Facility, FacilityValue, Space
from lifecircle.hub.places.queries import Locator
from lifecircle.hub.stream import actions as stream
from lifecircle.hub.versions import check_version
from lifecircle.hub.words import spelt

Values = Mapping[str, Any]


@transaction.atomic
def create(actor: Actor, values: Values, *, source: str, on: dt.date) -> Facility:
    """Enter a facility.

    Raises
    ------
    InvalidError
        A value is not one for its field, the ref is taken, or it lies outside the district.
    ForbiddenError
        It lies where the caller may not write, or is of a category that is not theirs.
    """
    row = _checked({**values, "id": values.get("ref") or _free_ref()})
    one = begun(actor, row["id"], row, Locator())
    one.checked_on = on
    insert(one)
    said = {name: value for name, value in queries.row_of(one).items() if value not in (None, "")}
    _say(actor, one, said, source, on)
    audit.record(actor, "facility.created", f"facility:{one.ref}", one.place.lineage)
    _tell("created", one)
    return one


@transaction.atomic
def change(
    actor: Actor, ref: str, values: Values, *, version: int, source: str, on: dt.date
) -> Facility:
    """Change fields of a facility; None takes a value away.

    Raises
    ------
    ConflictError
        It has changed since the caller saw `version` of it.
    """
    one = locked(actor, ref)
    check_version(one, version)
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise InvalidError(f"fields of a facility, not {', '.join(sorted(unknown))}", "已有的字段")
    before = queries.row_of(one)
    row = _checked({**before, **values, "id": ref})
    fill(actor, one, {name: row.get(name) for name in FIELDS}, Locator())
    one.checked_on = on
    one.save()
    changed = {n: v for n, v in queries.row_of(one).items() if v != before[n]}
    _say(actor, one, changed, source, on)
    detail = {"fields": sorted(changed)}
    audit.record(actor, "facility.changed", f"facility:{ref}", one.place.lineage, detail)
    _tell("changed", one)
    return one


@transaction.atomic
def remove(actor: Actor, ref: str, *, source: str, on: dt.date) -> None:
    """Take a facility out of the register; what was known of it stays."""
    one = locked(actor, ref)
    one.removed_at = timezone.now()
    one.version += 1
    one.save(update_fields=["removed_at", "version"])
    _say(actor, one, {"removed": True}, source, on)
    audit.record(actor, "facility.removed", f"facility:{ref}", one.place.lineage)
    _tell("removed", one)


def insert(one: Facility | Space) -> None:
    """Keep a new row; two that come with one ref at the same moment are told apart by the database alone.

    Raises
    ------
    InvalidError
        The ref is taken.
    """
    try:
        with transaction.atomic():
            one.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidError(
            f"a ref that is not taken: {one.ref}", f"未被使用的编号: {one.ref}"
        ) from error


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Give what stood in a place that ended to the place that goes on there, by position."""
    for table in (Facility, Space):
        for one in table.objects.filter(place=place):
            spot = shapely.Point(one.lon, one.lat)
            home = (heir for heir in heirs if heir.geometry and heir.geometry.intersects(spot))
            table.objects.filter(pk=one.pk).update(place=next(home, heirs[0]))


def load(rows: Iterable[Values], *, synthetic: bool) -> int:
    """Fill an empty register from a bundle's rows; how many there were."""
    system, locator = Actor.system("load"), Locator()
    made = []
    for row in rows:
        one = begun(system, row["id"], row, locator)
        one.synthetic = synthetic
        made.append(one)
    Facility.objects.bulk_create(made, batch_size=500)
    said = [
        (one, {n: v for n, v in queries.row_of(one).items() if v not in (None, "")}) for one in made
    ]
    say_many(system, said, "载入的数据包 the bundle that was loaded", timezone.localdate())
    statistics.refresh(Facility, FacilityValue)
    return len(made)


def _checked(values: Values) -> dict[str, Any]:
    known = {name: value for name, value in values.items() if value is not None and name != "ref"}
    text = {name: ("yes" if v else "no") if isinstance(v, bool) else v for name, v in known.items()}
    operator = str(text.pop("operator", ""))
    rows, issues = check_register([text], "facilities", queries.standards())
    errors = [issue for issue in issues if issue.severity == "error"]
    if errors or not rows:
        raise InvalidError("the facility cannot be entered", "设施有误", errors)
    return {**rows[0], "operator": operator}


def begun(actor: Actor, ref: str, values: Values, locator: Locator) -> Facility:
    """A facility with these values, not kept yet; errors as `fill`."""
    one = Facility(ref=ref, version=0)
    fill(actor, one, {name: values.get(name) for name in FIELDS}, locator)
    return one


def fill(actor: Actor, one: Facility, row: Values, locator: Locator) -> None:
    """Set all fields of a facility, if the caller may write where it was and lies then.

    Raises
    ------
    InvalidError
        It lies outside the district.
    ForbiddenError
        The caller may not write there, or nothing of its category.
    """
    where = locator.place(row["lon"], row["lat"])
    if where is None:
        raise InvalidError("a position in or near the district", "位于本区或其周边的位置")
    actor.check("facility.write", where.lineage, category(row["type"]))
    if one.pk:
        check_writable(actor, one)
    for name in FIELDS:
        value = row.get(name)
        setattr(one, name, "" if value is None and name in TEXTS else value)
    one.pinyin = spelt(one.name)
    one.place, one.in_surround = where, where.level == "district"
    one.version += 1


def check_writable(actor: Actor, one: Facility) -> None:
    """Raise `ForbiddenError` unless the caller may change a facility."""
    actor.check("facility.write", one.place.lineage, category(one.type))


def locked(actor: Actor, ref: str) -> Facility:
    """A facility that the caller may change, held until the transaction ends."""
    seen = queries.facility(actor, ref)
    check_writable(actor, seen)
    one = Facility.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)
    if one.removed_at is not None:
        raise MissingError
    return one


def _say(actor: Actor, one: Facility, values: Values, source: str, on: dt.date) -> None:
    say_many(actor, [(one, values)], source, on)


def say_many(
    actor: Actor, said: Sequence[tuple[Facility, Values]], source: str, on: dt.date
) -> None:
    """Keep what was said of the values of facilities, by whom, from where and as of when."""
    FacilityValue.objects.bulk_create(
        (
            FacilityValue(
                facility=one, field=name, value=value, source=source, on=on, recorded_by=actor.name
            )
            for one, values in said
            for name, value in values.items()
        ),
        batch_size=1000,
    )


def _tell(what: str, one: Facility) -> None:
    data = {"ref": one.ref, "type": one.type}
    stream.emit(f"facility.{what}", one.place.lineage, "facility.read", data)


def category(kind: str) -> str:
    """The category of a facility type, by which departments may write."""
    return queries.standards().types[kind].category


def _free_ref() -> str:
    return f"hub-{timezone.now():%Y%m%d%H%M%S%f}"
