"""Writes of the register: one facility at a time, or a table with preview and undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from lifecircle.engine.bundle.register import check_register, read_register
from lifecircle.errors import Issue
from lifecircle.hub import statistics
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, InvalidError, MissingError
from lifecircle.hub.facilities import queries
from lifecircle.hub.facilities.fields import FIELDS, TEXTS
from lifecircle.hub.facilities.models import Facility, FacilityValue, ImportBatch, Space
from lifecircle.hub.places.queries import Locator
from lifecircle.hub.stream import actions as stream
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
    one = _made(actor, row, Locator())
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
    _apply(actor, one, {name: row.get(name) for name in FIELDS}, Locator())
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


def preview(
    actor: Actor, path: Path, *, name: str, source: str, on: dt.date, crs: str
) -> ImportBatch:
    """Read a table and say what it would change; nothing is changed yet.

    Raises
    ------
    BundleError
        The file cannot be read at all.
    """
    actor.check("facility.write")
    rows, issues = read_register(path, "facilities", queries.standards(), crs=crs)
    issues = [_renamed(issue, path.name, name) for issue in issues]
    locator, changes = Locator(), []
    known = {
        one.ref: one for one in queries.facilities(actor).filter(ref__in=[r["id"] for r in rows])
    }
    taken = set(
        Facility.objects.filter(ref__in=[r["id"] for r in rows if r["id"] not in known])
        .values_list("ref", flat=True)
    )  # fmt: skip
    categories = {key: kind.category for key, kind in queries.standards().types.items()}
    for row in rows:
        number, ref = row.pop("row"), row["id"]
        where = locator.place(row["lon"], row["lat"])
        old = known.get(ref)
        touched = [where.lineage] if where else []
        touched += [old.place.lineage] if old else []
        kinds = {categories[row["type"]]} | ({categories[old.type]} if old else set())
        allowed = all(actor.may("facility.write", line, kind) for line in touched for kind in kinds)
        if ref in taken or where is None or not allowed:
            expected = "a facility where you may write", "位于您负责范围内的设施"
            if ref in taken:
                expected = (
                    "an id that no other facility has or had",
                    "其他设施 (含已撤销的) 未用过的编号",
                )
            issues.append(Issue("scope", name, *expected, number, "id", ref))
            continue
        after = {field: row.get(field) for field in FIELDS if field in row}
        if old is None:
            changes.append({"ref": ref, "kind": "new", "before": {}, "after": after})
        else:
            now = queries.row_of(old)
            differ = {field: value for field, value in after.items() if value != now[field]}
            if differ:
                before = {field: now[field] for field in differ}
                changes.append({"ref": ref, "kind": "changed", "before": before, "after": differ})
    return ImportBatch.objects.create(
        account_id=actor.account_id or 0, file=name[:200], source=source, on=on, changes=changes,
        issues=[issue.to_json() for issue in issues],
    )  # fmt: skip


@transaction.atomic
def apply(actor: Actor, number: int) -> ImportBatch:
    """Make the changes of a preview, all of them or none.

    Raises
    ------
    ConflictError
        It was applied already, or a facility has changed since the preview.
    """
    batch = _batch(actor, number, "preview")
    old = _locked_many(change["ref"] for change in batch.changes)
    moved = [
        c["ref"] for c in batch.changes if not _still(old.get(c["ref"]), c["before"], c["kind"])
    ]
    if moved:
        raise ConflictError(
            f"changed since the preview: {', '.join(moved[:5])}",
            f"预览后已变动: {'、'.join(moved[:5])}",
        )
    locator, new, changed, said = Locator(), [], [], []
    for one_change in batch.changes:
        one = old.get(one_change["ref"])
        if one is None:
            one = _made(actor, {"id": one_change["ref"], **one_change["after"]}, locator)
            new.append(one)
        else:
            _apply(actor, one, {**queries.row_of(one), **one_change["after"]}, locator)
            changed.append(one)
        one.checked_on = batch.on
        said.append((one, one_change["after"]))
    Facility.objects.bulk_create(new, batch_size=500)
    _update(changed, {field for one in batch.changes for field in one["after"]})
    _say_many(actor, said, batch.source, batch.on)
    batch.state, batch.applied_at = "applied", timezone.now()
    batch.save(update_fields=["state", "applied_at"])
    detail = {"new": len(new), "changed": len(changed)}
    audit.record(actor, "import.applied", f"import:{number}", detail=detail)
    for lineage in actor.lineages("facility.write"):
        stream.emit("import.applied", lineage, "facility.read", detail)
    return batch


@transaction.atomic
def undo(actor: Actor, number: int) -> ImportBatch:
    """Take an import back: what it made is removed, what it changed is as before.

    Raises
    ------
    ConflictError
        It is not applied, or something it touched was changed afterwards.
    """
    batch = _batch(actor, number, "applied")
    now = _locked_many(change["ref"] for change in batch.changes)
    moved = [c["ref"] for c in batch.changes if not _still(now.get(c["ref"]), _left(c), "changed")]
    if moved:
        raise ConflictError(
            f"changed since the import: {', '.join(moved[:5])}",
            f"导入后已变动: {'、'.join(moved[:5])}",
        )
    locator, said, made, changed = Locator(), [], [], []
    for one_change in batch.changes:
        one = now[one_change["ref"]]
        if one_change["kind"] == "new":
            check_writable(actor, one)
            made.append(one.pk)
            said.append((one, {"removed": True}))
        else:
            _apply(actor, one, {**queries.row_of(one), **one_change["before"]}, locator)
            changed.append(one)
            said.append((one, one_change["before"]))
    for some in _batched(made):
        rows = Facility.objects.filter(pk__in=some)
        rows.update(removed_at=timezone.now(), version=F("version") + 1)
    _update(changed, {field for one in batch.changes for field in one["before"]})
    _say_many(actor, said, f"undo of import {number}", timezone.localdate())
    batch.state, batch.undone_at = "undone", timezone.now()
    batch.save(update_fields=["state", "undone_at"])
    audit.record(actor, "import.undone", f"import:{number}")
    return batch


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
        one = _made(system, row, locator)
        one.synthetic = synthetic
        made.append(one)
    Facility.objects.bulk_create(made, batch_size=500)
    said = [
        (one, {n: v for n, v in queries.row_of(one).items() if v not in (None, "")}) for one in made
    ]
    _say_many(system, said, "载入的数据包 the bundle that was loaded", timezone.localdate())
    statistics.refresh(Facility, FacilityValue)
    return len(made)


def load_spaces(rows: Iterable[Values]) -> int:
    """Fill the empty list of idle spaces from a bundle's rows; how many there were."""
    locator = Locator()
    made = [
        Space(
            ref=row["id"], name=row["name"], place=locator.place(row["lon"], row["lat"]),
            lon=row["lon"], lat=row["lat"], area_m2=row["area_m2"], cost_cny=row.get("cost_cny"),
            allowed_types=[t for t in row.get("allowed_types", "").split(";") if t],
        )
        for row in rows
    ]  # fmt: skip
    Space.objects.bulk_create(made, batch_size=500)
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


def _made(actor: Actor, row: Values, locator: Locator) -> Facility:
    one = Facility(ref=row["id"], version=0)
    _apply(actor, one, {name: row.get(name) for name in FIELDS}, locator)
    return one


def _apply(actor: Actor, one: Facility, row: Values, locator: Locator) -> None:
    """Set all fields of a facility, if the caller may write where it lies then."""
    where = locator.place(row["lon"], row["lat"])
    if where is None:
        raise InvalidError("a position in or near the district", "位于本区或其周边的位置")
    actor.check("facility.write", where.lineage, _category(row["type"]))
    if one.pk:
        check_writable(actor, one)
    for name in FIELDS:
        value = row.get(name)
        setattr(one, name, "" if value is None and name in TEXTS else value)
    one.pinyin = spelt(one.name)
    one.place, one.in_surround = where, where.level == "district"
    one.version += 1


def check_version(one: Facility | Space, version: int) -> None:
    """Raise `ConflictError` if a row has changed since the caller saw `version` of it."""
    if one.version != version:
        raise ConflictError(
            f"version {one.version} is newer than {version}: somebody changed it meanwhile",
            f"已被他人修改 (现为第 {one.version} 版)",
        )


def check_writable(actor: Actor, one: Facility) -> None:
    """Raise `ForbiddenError` unless the caller may change a facility."""
    actor.check("facility.write", one.place.lineage, _category(one.type))


def locked(actor: Actor, ref: str) -> Facility:
    """A facility that the caller may change, held until the transaction ends."""
    seen = queries.facility(actor, ref)
    check_writable(actor, seen)
    one = Facility.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)
    if one.removed_at is not None:
        raise MissingError
    return one


def _locked_many(refs: Iterable[str]) -> dict[str, Facility]:
    rows = Facility.objects.select_for_update(of=("self",)).select_related("place")
    return {one.ref: one for one in rows.filter(ref__in=list(refs)).order_by("pk")}


def _still(one: Facility | None, values: Values, kind: str) -> bool:
    """Whether a facility is still as it was: not there, or with these values."""
    if one is None or kind == "new":
        return one is None and kind == "new"
    now = queries.row_of(one)
    return one.removed_at is None and all(
        (None if now[name] == "" else now[name]) == (None if value == "" else value)
        for name, value in values.items()
    )


def _left(change: Values) -> Values:
    """What an import left: all of a facility that it made, of another the fields that it changed."""
    after: Values = change["after"]
    return {name: after.get(name) for name in FIELDS} if change["kind"] == "new" else after


def _batch(actor: Actor, number: int, state: str) -> ImportBatch:
    actor.check("facility.write")
    batch = queries.imports(actor).select_for_update().filter(pk=number).first()
    if batch is None:
        raise MissingError
    if batch.state != state:
        raise ConflictError(f"the import is {batch.state}, not {state}", "导入的状态不允许此操作")
    return batch


def _update(ones: Sequence[Facility], fields: set[str]) -> None:
    names = [*sorted(fields), "pinyin", "place", "in_surround", "version", "checked_on"]
    Facility.objects.bulk_update(ones, names, batch_size=200)


def _batched(keys: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    """Keys in bunches that a statement holds."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _say(actor: Actor, one: Facility, values: Values, source: str, on: dt.date) -> None:
    _say_many(actor, [(one, values)], source, on)


def _say_many(
    actor: Actor, said: Sequence[tuple[Facility, Values]], source: str, on: dt.date
) -> None:
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


def _category(kind: str) -> str:
    return queries.standards().types[kind].category


def _free_ref() -> str:
    return f"hub-{timezone.now():%Y%m%d%H%M%S%f}"


def _renamed(issue: Issue, stored: str, name: str) -> Issue:
    return Issue(
        issue.code, name if issue.file == stored else issue.file, issue.expected, issue.expected_zh,
        issue.row, issue.column, issue.value, issue.severity,
    )  # fmt: skip
