"""Tables of the register: read, previewed, applied as one, and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from lifecircle.engine.bundle.register import read_register
from lifecircle.errors import Issue
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, MissingError
from lifecircle.hub.facilities import actions, fields, queries, spaces
from lifecircle.hub.facilities.models import Facility, ImportBatch, Space
from lifecircle.hub.places.queries import Locator
from lifecircle.hub.stream import actions as stream

Values = Mapping[str, Any]
Name = Literal["facilities", "spaces"]


@dataclass(frozen=True, slots=True)
class _Register:
    """What an import has to know of the rows of one register.

    `of_row` takes the values out of a checked row of the table, `category` says which right they need, and
    `derived` are the columns that change with any of the fields.
    """

    model: type[Any]
    fields: Sequence[str]
    derived: Sequence[str]
    seen: Callable[[Actor], QuerySet[Any]]
    of_row: Callable[[Values], dict[str, Any]]
    values_of: Callable[[Any], dict[str, Any]]
    category: Callable[[Values], str]
    begun: Callable[[Actor, str, Values, Locator], Any]
    fill: Callable[[Actor, Any, Values, Locator], None]
    check_writable: Callable[[Actor, Any], None]


_REGISTERS: dict[str, _Register] = {
    "facilities": _Register(
        Facility, fields.FIELDS, ("pinyin", "place", "in_surround", "version", "checked_on"),
        queries.facilities, lambda row: {n: row[n] for n in fields.FIELDS if n in row},
        queries.row_of, lambda values: actions.category(values["type"]),
        actions.begun, actions.fill, actions.check_writable,
    ),
    "spaces": _Register(
        Space, spaces.FIELDS, ("place", "version"),
        queries.spaces, spaces.of_row, spaces.values_of, lambda _: spaces.ANY,
        spaces.begun, spaces.fill, spaces.check_writable,
    ),
}  # fmt: skip


_EMPTY: tuple[Any, ...] = ("", [])
"""Texts and lists in which nothing is known, as null in a change."""


def preview(
    actor: Actor, path: Path, *, name: str, source: str, on: dt.date, crs: str,
    table: Name = "facilities",
) -> ImportBatch:  # fmt: skip
    """Read a table and say what it would change; nothing is changed yet.

    Raises
    ------
    BundleError
        The file cannot be read at all.
    """
    actor.check("facility.write")
    rows, issues = read_register(path, table, queries.standards(), crs=crs)
    issues = [replace(i, file=name) if i.file == path.name else i for i in issues]
    changes, refused = _compared(actor, table, rows, name)
    return ImportBatch.objects.create(
        account_id=actor.account_id or 0, table=table, file=name[:200], source=source, on=on,
        changes=changes, issues=[issue.to_json() for issue in [*issues, *refused]],
    )  # fmt: skip


@transaction.atomic
def apply(actor: Actor, number: int) -> ImportBatch:
    """Make the changes of a preview, all of them or none.

    Raises
    ------
    ConflictError
        It was applied already, or something that it changes has changed since the preview.
    """
    batch = _batch(actor, number, "preview")
    kind = _REGISTERS[batch.table]
    old = _locked(kind, batch)
    _check_unmoved(
        "changed since the preview", "预览后已变动",
        (c["ref"] for c in batch.changes if not _still(kind, old.get(c["ref"]), c["before"], c["kind"])),
    )  # fmt: skip
    locator, new, changed, said = Locator(), [], [], []
    for change in batch.changes:
        one = old.get(change["ref"])
        if one is None:
            one = kind.begun(actor, change["ref"], change["after"], locator)
            new.append(one)
        else:
            kind.fill(actor, one, {**kind.values_of(one), **change["after"]}, locator)
            changed.append(one)
        said.append((one, change["after"]))
    kind.model.objects.bulk_create(new, batch_size=500)
    _update(kind, changed, batch, "after")
    _say(actor, batch, said, batch.source, batch.on)
    batch.state, batch.applied_at = "applied", timezone.now()
    batch.save(update_fields=["state", "applied_at"])
    detail = {"table": batch.table, "new": len(new), "changed": len(changed)}
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
    kind = _REGISTERS[batch.table]
    now = _locked(kind, batch)
    _check_unmoved(
        "changed since the import", "导入后已变动",
        (c["ref"] for c in batch.changes if not _still(kind, now.get(c["ref"]), _left(kind, c), "changed")),
    )  # fmt: skip
    locator, said, made, changed = Locator(), [], [], []
    for change in batch.changes:
        one = now[change["ref"]]
        if change["kind"] == "new":
            kind.check_writable(actor, one)
            made.append(one.pk)
            said.append((one, {"removed": True}))
        else:
            kind.fill(actor, one, {**kind.values_of(one), **change["before"]}, locator)
            changed.append(one)
            said.append((one, change["before"]))
    for some in _batched(made):
        rows = kind.model.objects.filter(pk__in=some)
        rows.update(removed_at=timezone.now(), version=F("version") + 1)
    _update(kind, changed, batch, "before")
    _say(actor, batch, said, f"undo of import {number}", timezone.localdate())
    batch.state, batch.undone_at = "undone", timezone.now()
    batch.save(update_fields=["state", "undone_at"])
    audit.record(actor, "import.undone", f"import:{number}")
    return batch


def _compared(
    actor: Actor, table: Name, rows: Sequence[dict[str, Any]], name: str
) -> tuple[list[dict[str, Any]], list[Issue]]:
    """What each row would change, and the rows that the caller may not write."""
    kind, locator = _REGISTERS[table], Locator()
    changes, issues = [], []
    refs = [row["id"] for row in rows]
    known = {one.ref: one for one in kind.seen(actor).filter(ref__in=refs)}
    others = kind.model.objects.filter(ref__in=[ref for ref in refs if ref not in known])
    taken = set(others.values_list("ref", flat=True))
    for row in rows:
        ref, after = row["id"], kind.of_row(row)
        old = known.get(ref)
        now = kind.values_of(old) if old else {}
        where = locator.place(row["lon"], row["lat"])
        lines = [one.lineage for one in (where, old and old.place) if one]
        kinds = {kind.category(values) for values in (now, {**now, **after}) if values}
        allowed = all(actor.may("facility.write", line, one) for line in lines for one in kinds)
        if ref in taken:
            expected = "an id that nothing else has or had", "其他条目 (含已撤销的) 未用过的编号"
            issues.append(Issue("scope", name, *expected, row["row"], "id", ref))
        elif where is None or not allowed:
            expected = "a row for where you may write", "位于您负责范围内的条目"
            issues.append(Issue("scope", name, *expected, row["row"], "id", ref))
        elif old is None:
            changes.append({"ref": ref, "kind": "new", "before": {}, "after": after})
        elif differ := {field: value for field, value in after.items() if value != now[field]}:
            before = {field: now[field] for field in differ}
            changes.append({"ref": ref, "kind": "changed", "before": before, "after": differ})
    return changes, issues


def _batch(actor: Actor, number: int, state: str) -> ImportBatch:
    actor.check("facility.write")
    batch = queries.imports(actor).select_for_update().filter(pk=number).first()
    if batch is None:
        raise MissingError
    if batch.state != state:
        raise ConflictError(f"the import is {batch.state}, not {state}", "导入的状态不允许此操作")
    return batch


def _locked(kind: _Register, batch: ImportBatch) -> dict[str, Any]:
    rows = kind.model.objects.select_for_update(of=("self",)).select_related("place")
    refs = [change["ref"] for change in batch.changes]
    return {one.ref: one for one in rows.filter(ref__in=refs).order_by("pk")}


def _check_unmoved(what: str, what_zh: str, moved: Iterable[str]) -> None:
    refs = list(moved)[:5]
    if refs:
        raise ConflictError(f"{what}: {', '.join(refs)}", f"{what_zh}: {'、'.join(refs)}")


def _still(kind: _Register, one: Any | None, values: Values, what: str) -> bool:
    """Whether something is still as it was: not there, or with these values."""
    if one is None or what == "new":
        return one is None and what == "new"
    now = kind.values_of(one)
    return one.removed_at is None and all(
        (None if now[name] in _EMPTY else now[name]) == (None if value in _EMPTY else value)
        for name, value in values.items()
    )


def _left(kind: _Register, change: Values) -> Values:
    """What an import left: all of a thing that it made, of another the fields that it changed."""
    after: Values = change["after"]
    return {name: after.get(name) for name in kind.fields} if change["kind"] == "new" else after


def _update(kind: _Register, ones: Sequence[Any], batch: ImportBatch, side: str) -> None:
    names = {field for change in batch.changes for field in change[side]}
    kind.model.objects.bulk_update(ones, [*sorted(names), *kind.derived], batch_size=200)


def _say(
    actor: Actor, batch: ImportBatch, said: Sequence[tuple[Any, Values]], source: str, on: dt.date
) -> None:
    """What was said of each value of a facility; spaces keep no history of values."""
    if batch.table == "facilities":
        actions.say_many(actor, said, source, on)


def _batched(keys: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    """Keys in bunches that a statement holds."""
    return (keys[start : start + size] for start in range(0, len(keys), size))
