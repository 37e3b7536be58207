"""Many devices registered by a table, all of them or none.

What is registered already as the row says is passed over, so that a table may come again. A row that says something else is
refused: one device is changed by itself, by who sees what it is now.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from lifecircle.engine.bundle.readers import read_table
from lifecircle.engine.bundle.validate import Table, validate
from lifecircle.errors import BundleError, Issue
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.devices import keys
from lifecircle.hub.devices.models import Device
from lifecircle.hub.devices.sheets import PERSONAL, TABLE
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.places import queries as places
from lifecircle.hub.tokens import digest_of
from lifecircle.hub.uploads import named

MOST_ROWS = 5000
_LONGEST = {"ref": 60, "name": 200, "door": 200, "owner": 200, "external_id": 100, "vendor": 100}
_PATTERNS = {
    "ref": (
        re.compile(rf"(?!({'|'.join(Device.RESERVED)})$)[A-Za-z0-9_-]+"),
        f"letters, digits, _ and -; none of {', '.join(sorted(Device.RESERVED))}",
        f"字母、数字、_ 和 -; 不用 {'、'.join(sorted(Device.RESERVED))}",
    ),
    "external_id": (re.compile(r"[!-~]+"), "letters and digits without spaces", "不含空格的字母数字"),
}  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    """New devices with their secrets, and how many were there already as their rows say."""

    made: list[tuple[Device, str]]
    same: int


@transaction.atomic
def register_all(actor: Actor, path: Path, *, name: str) -> Imported:
    """Register what a table says.

    Raises
    ------
    InvalidError
        Rows are not as they should be: every one that is not, at once. Nothing is registered.
    BundleError
        The file cannot be read at all.
    """
    actor.check("device.write")
    try:
        raw = read_table(path, TABLE.name)
    except BundleError as error:
        raise BundleError(str(error).split("\n")[0], tuple(named(error.issues, name))) from error
    if len(raw) > MOST_ROWS:
        raise InvalidError(f"at most {MOST_ROWS} rows", f"不超过 {MOST_ROWS} 行")
    table, found = validate(raw, TABLE)
    issues = [*raw.notes, *found]
    rows = [_row(table, k, issues) for k in range(len(table))]
    issues += _misplaced(actor, table, rows)
    new, same = _compared(actor, table, rows, issues)
    issues.sort(key=lambda issue: issue.row)
    if any(issue.severity == "error" for issue in issues):
        raise InvalidError("some rows are not as they should be; nothing was registered", "部分行有误, 未登记任何设备",
                           named(issues, name))  # fmt: skip
    made = [(_device(actor, row), keys.new_secret()) for row in new]
    for one, secret in made:
        one.digest, one.mqtt_hash = digest_of(secret), keys.mqtt_hash(secret)
    Device.objects.bulk_create([one for one, _ in made], batch_size=200)
    for one, _ in made:
        audit.record(
            actor,
            "device.registered",
            f"device:{one.ref}",
            one.place.lineage,
            {"kind": one.kind, "by": "table"},
        )
    return Imported(made, same)


def _row(table: Table, k: int, issues: list[Issue]) -> Row:
    """What a row says, in the types of a device; what it does not say is absent."""
    row: Row = {"k": k}
    for column in TABLE.columns:
        value = table[column.name][k]
        if column.kind == "flag" and value >= 0:
            row[column.name] = bool(value)
        elif column.kind in {"number", "integer"} and value == value:  # noqa: PLR0124  (not NaN)
            row[column.name] = int(value) if column.kind == "integer" else float(value)
        elif column.kind in {"text", "choice"} and value != "":
            row[column.name] = str(value)
    for name in ("consent_on", "installed_on"):
        if name in row and (day := _day(row[name])) is not None:
            row[name] = day
        elif name in row:
            issues.append(
                table.issue("value", k, name, "a day such as 2026-11-28", "日期, 如 2026-11-28")
            )
    for name, most in _LONGEST.items():
        if len(row.get(name, "")) > most:
            issues.append(
                table.issue("value", k, name, f"at most {most} letters", f"不超过 {most} 字")
            )
    for name, (pattern, en, zh) in _PATTERNS.items():
        if name in row and not pattern.fullmatch(row[name]):
            issues.append(table.issue("value", k, name, en, zh))
    return row


def _day(text: str) -> dt.date | None:
    """A day as people and spreadsheets write it."""
    try:
        found = dt.date.fromisoformat(text.replace("/", "-")[:10])
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def _misplaced(actor: Actor, table: Table, rows: Sequence[Row]) -> list[Issue]:
    """Put each row's place into it; what is wrong with where it is, whose home it is in, and who speaks for it."""
    issues: list[Issue] = []
    seen = places.places(actor, right="device.read").filter(
        code__in={row.get("place", "") for row in rows}
    )
    known = {one.code: one for one in seen if actor.may("device.write", one.lineage)}
    for row in rows:
        k, where = row["k"], known.get(row.get("place", ""))
        if where is None and "place" in row:
            issues.append(
                table.issue(
                    "scope",
                    k,
                    "place",
                    "a place where you may register devices",
                    "您可登记设备的地方",
                )
            )
        row["place"] = where
        at_home = "door" in row or (where is not None and where.level == "dwelling")
        if "consent_on" in row and not at_home:
            issues.append(
                table.issue("value", k, "consent_on", "empty, or a door", "留空, 或填门牌")
            )
        elif (
            isinstance(row.get("consent_on"), dt.date) and row["consent_on"] > timezone.localdate()
        ):
            issues.append(
                table.issue("value", k, "consent_on", "a day until today", "不晚于今天的日期")
            )
        if ("external_id" in row) != (row.get("decoder") in Device.PLATFORMS):
            expected = (
                "filled in for CTWing and OneNET, and for no other",
                "仅天翼物联、OneNET 设备须填",
            )
            issues.append(table.issue("value", k, "external_id", *expected))
    return issues


def _compared(
    actor: Actor, table: Table, rows: Sequence[Row], issues: list[Issue]
) -> tuple[list[Row], int]:
    """The rows that are new, and how many are registered already as they say."""
    by_ref = {one.ref: one for one in _there(rows, "ref")}
    by_platform = {(one.decoder, one.external_id): one for one in _there(rows, "external_id")}
    new, same = [], 0
    for row in rows:
        k, old = row["k"], by_ref.get(row.get("ref", ""))
        holder = by_platform.get((row.get("decoder", "own"), row.get("external_id")))
        if holder is not None and holder.ref != row.get("ref"):
            issues.append(
                table.issue(
                    "taken",
                    k,
                    "external_id",
                    "a number that no other device has",
                    "未登记过的平台编号",
                )
            )
        if old is None:
            new.append(row)
        elif not actor.may("device.write", old.place.lineage) or old.state == "retired":
            issues.append(
                table.issue(
                    "taken", k, "ref", "a number that no other device has", "未登记过的编号"
                )
            )
        elif differ := [
            name for name, value in row.items() if name != "k" and getattr(old, name) != value
        ]:
            issues += [_changed(table, k, name, old) for name in differ]
        else:
            same += 1
    return new, same


def _there(rows: Sequence[Row], name: str) -> list[Device]:
    given = [row[name] for row in rows if name in row]
    batches = [given[start : start + 500] for start in range(0, len(given), 500)]
    return [
        one for some in batches
        for one in Device.objects.filter(**{f"{name}__in": some}).select_related("place")
    ]  # fmt: skip


def _changed(table: Table, k: int, name: str, old: Device) -> Issue:
    now = "" if name in PERSONAL else str(old.place.code if name == "place" else getattr(old, name))
    return table.issue(
        "registered", k, name, f"as it is registered {now!r}, or changed there" if now else "as it is registered, or changed there",
        f"与已登记的“{now}”一致; 修改请在设备页" if now else "与已登记的一致; 修改请在设备页",
    )  # fmt: skip


def _device(actor: Actor, row: Row) -> Device:
    values = {name: value for name, value in row.items() if name != "k"}
    return Device(consent_by=actor.name if "consent_on" in row else "", **values)
