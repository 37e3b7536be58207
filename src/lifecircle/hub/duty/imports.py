"""A roster by a table, all of its rows or none; a row that is there already is passed over, so that a table may come again."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from lifecircle.engine.bundle.readers import read_table
from lifecircle.engine.bundle.validate import Table, validate
from lifecircle.errors import BundleError, Issue
from lifecircle.hub.actor import Actor
from lifecircle.hub.duty import planning, queries
from lifecircle.hub.duty.planning import Wanted
from lifecircle.hub.duty.sheets import TABLE
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.places import queries as places
from lifecircle.hub.uploads import named

MOST_ROWS = 2000
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00:00)?")
_LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """How many shifts are new, how many were there already, and how many rows name nobody."""

    made: int
    same: int
    empty: int


@transaction.atomic
def plan_all(actor: Actor, path: Path, *, place: str, name: str) -> Imported:
    """Put on the roster what a table says; `place` is where a row names none.

    Raises
    ------
    InvalidError
        Rows are not as they should be: every one that is not, at once. Nothing is planned.
    BundleError
        The file cannot be read at all.
    """
    chosen = places.open_place(actor, place, right="case.read")
    actor.check("duty.write", chosen.lineage)
    try:
        raw = read_table(path, TABLE.name)
    except BundleError as error:
        raise BundleError(str(error).split("\n")[0], tuple(named(error.issues, name))) from error
    if len(raw) > MOST_ROWS:
        raise InvalidError(f"at most {MOST_ROWS} rows", f"不超过 {MOST_ROWS} 行")
    table, found = validate(raw, TABLE)
    issues = [*raw.notes, *found]
    reading = _Reading(actor, table, chosen, issues)
    rows = [k for k in range(len(table)) if table["person"][k] != ""]
    wanted = [(k, one) for k in rows if (one := reading.wanted(k)) is not None]
    new = _new(table, wanted, issues)
    issues.sort(key=lambda issue: issue.row)
    if any(issue.severity == "error" for issue in issues):
        headers = {c.name: c.name_zh for c in TABLE.columns if c.name_zh in raw.columns}
        issues = [replace(one, column=headers.get(one.column, one.column)) for one in issues]
        raise InvalidError("some rows are not as they should be; nothing was planned", "部分行有误, 未排任何班次",
                           named(issues, name))  # fmt: skip
    planning.put_all(actor, new)
    return Imported(len(new), len(wanted) - len(new), len(table) - len(rows))


def _new(table: Table, wanted: Sequence[tuple[int, Wanted]], issues: list[Issue]) -> list[Wanted]:
    """The shifts that the roster does not have; those that cannot be put on it are issues."""
    new: list[Wanted] = []
    now, roster = timezone.now(), planning.Roster([one for _, one in wanted])
    for k, one in wanted:
        known = roster.same(one)
        if known is not None:
            if one.substitute not in (None, known.substitute):
                issues.append(_differs(table, k))
            continue
        if one.ends_at <= now:
            issues.append(
                table.issue("over", k, "day", "a shift that is not over", "尚未结束的班次")
            )
        elif roster.clashes(one):
            issues.append(
                table.issue(
                    "twice", k, "person", "on duty there once at a time", "同一时间只排一次班"
                )
            )
        roster.add(one)
        new.append(one)
    return new


def _differs(table: Table, k: int) -> Issue:
    return table.issue(
        "registered", k, "substitute", "as it is on the roster; somebody else stands in by the page",
        "与值班表一致; 改替班请在值班表页",
    )  # fmt: skip


class _Reading:
    """Turns rows into shifts; what is wrong with a cell is an issue."""

    def __init__(self, actor: Actor, table: Table, chosen: Any, issues: list[Issue]) -> None:
        self._actor, self._table, self._chosen, self._issues = actor, table, chosen, issues
        codes = {str(code) for code in table["place"] if code != ""}
        seen = places.places(actor, right="case.read").filter(code__in=codes)
        self._places = {one.code: one for one in seen if actor.may("duty.write", one.lineage)}
        self._people: dict[int, list[Any]] = {}

    def wanted(self, k: int) -> Wanted | None:
        """The shift of a row; None if something in it is not as it should be."""
        before = len(self._issues)
        code = str(self._table["place"][k])
        where = self._chosen if code == "" else self._places.get(code)
        if where is None:
            self._wrong(k, "place", "the code of a place where you plan", "您可排班的地方代码")
        day, starts, ends = self._day(k), self._time(k, "starts"), self._time(k, "ends")
        person = self._person(k, "person", where)
        standing_in = self._person(k, "substitute", where)
        if len(self._table["note"][k]) > _LONGEST_NOTE:
            self._wrong(k, "note", f"at most {_LONGEST_NOTE} letters", f"不超过 {_LONGEST_NOTE} 字")
        if len(self._issues) > before or day is None or starts is None or ends is None:
            return None
        span = planning.span_of(day, starts, ends)
        return Wanted(where, person, *span, standing_in, str(self._table["note"][k]))

    def _day(self, k: int) -> dt.date | None:
        match = _DAY.fullmatch(_plain(self._table["day"][k]))
        with suppress(ValueError):  # the 31st of a month that has none
            if match is not None:
                year, month, day = (int(part) for part in match.groups())
                return dt.date(year, month, day)
        self._wrong(k, "day", "a day such as 2026-12-01", "日期, 如 2026-12-01")
        return None

    def _time(self, k: int, column: str) -> dt.time | None:
        match = _CLOCK.fullmatch(_plain(self._table[column][k]))
        hour, minute = (int(part) for part in match.groups()) if match else (99, 0)
        if (hour, minute) == (24, 0) and column == "ends":
            hour = 0
        if hour > 23 or minute > 59:
            self._wrong(k, column, "a time such as 08:00", "时刻, 如 08:00")
            return None
        return dt.time(hour, minute)

    def _person(self, k: int, column: str, where: Any) -> Any:
        """Who is meant by a user name or a name, of those who can be put on duty there."""
        text = str(self._table[column][k])
        if text == "" or where is None:
            return None
        if where.pk not in self._people:
            self._people[where.pk] = [one.account for one in queries.candidates(where)]
        here = self._people[where.pk]
        found = [one for one in here if one.username == text] or [
            one for one in here if one.name == text
        ]
        if len(found) == 1:
            return found[0]
        if found:
            self._wrong(k, column, "a user name: several are called so", "用户名: 此姓名有多人")
        else:
            self._wrong(k, column, "somebody who can be put on duty there", "可在此值班的人员")
        return None

    def _wrong(self, k: int, column: str, en: str, zh: str) -> None:
        """Note what is wrong with a cell; one that is missing was noted before."""
        if str(self._table[column][k]) != "":
            self._issues.append(self._table.issue("value", k, column, en, zh))


def _plain(cell: Any) -> str:
    """A cell without full-width digits and signs."""
    return unicodedata.normalize("NFKC", str(cell))
