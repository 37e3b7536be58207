"""What the columns of a table hold: numbers, days, yes and no, or text. Every cell that is none of them is named."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from lifecircle.engine.bundle.cells import number_of, parse, text_of
from lifecircle.engine.bundle.readers import RawTable
from lifecircle.engine.bundle.schema import Column
from lifecircle.errors import Issue
from lifecircle.hub.text import is_plain

Kind = Literal["number", "text", "flag", "date"]

LONGEST_TEXT = 2000
LONGEST_NAME = 100
FLAGS = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}
_NEARLY_ALL = 0.8
_DIGITS = 15
"""Longer numbers are names of something: a double would change them."""
_CODE = re.compile(r"[+-]?0\d")
_LONG = re.compile(rf"[+-]?\d{{{_DIGITS + 1},}}")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MOST = 1e300


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a layer."""

    name: str
    kind: Kind


def typed(raw: RawTable, names: list[str]) -> tuple[list[Field], list[list[Any]], list[Issue]]:
    """Find what each column holds.

    Returns
    -------
    fields, columns, issues
        A kind for each name; its cells as JSON holds them, None where blank; what is wrong with them.
    """
    fields, columns, issues = [], [], []
    for name in names:
        cells = [None if not text_of(cell) else cell for cell in raw.columns[name]]
        if any(isinstance(cell, bytes) for cell in cells):
            expected = (
                "text, numbers or days; a column of other data is left out",
                "文字、数字或日期; 此列已略去",
            )
            issues.append(Issue("binary", raw.file, *expected, column=name, severity="warning"))
            continue
        kind, values = _kind(cells)
        if kind == "text":
            values, found = _texts(raw, name, cells)
            issues += [*found, *_nearly(raw, name, cells)]
        fields.append(Field(name, kind))
        columns.append(values)
    return fields, columns, issues


def check_names(raw: RawTable) -> list[Issue]:
    """Name columns that no database or program can hold."""
    expected = (
        f"a name of at most {LONGEST_NAME} plain characters",
        f"不超过 {LONGEST_NAME} 个普通字符的列名",
    )
    return [
        Issue("column", raw.file, *expected, column=ascii(name)[:80])
        for name in raw.columns
        if not name or len(name) > LONGEST_NAME or not is_plain(name) or not name.isprintable()
    ]


def number(cell: Any) -> float | int | None:
    """A number as JSON holds it; None for what is none, for codes and for what is beyond a double."""
    text = "" if isinstance(cell, float | int) else unicodedata.normalize("NFKC", text_of(cell))
    if isinstance(cell, bool) or _CODE.match(text) or _LONG.fullmatch(text):
        return None
    if isinstance(cell, int) and abs(cell) >= 10**_DIGITS:
        return None
    value = number_of(cell)
    if not math.isfinite(value) or abs(value) > _MOST:
        return None
    return int(value) if value.is_integer() and abs(value) < 10**_DIGITS else value


def flag(cell: Any) -> bool | None:
    """Yes or no; None for what is neither."""
    return cell if isinstance(cell, bool) else FLAGS.get(text_of(cell).lower())


def day(cell: Any) -> str | None:
    """A day as `2026-11-27`; None for what is none, or has a time."""
    if isinstance(cell, dt.datetime):
        return None if cell.tzinfo or cell.time() != dt.time() else cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    found = _DAY.fullmatch(text_of(cell)) if isinstance(cell, str) else None
    if found is None:
        return None
    try:
        return dt.date(*map(int, found.groups())).isoformat()
    except ValueError:
        return None


_READERS: tuple[tuple[Kind, Callable[[Any], Any]], ...] = (
    ("flag", flag), ("number", number), ("date", day)
)  # fmt: skip


def _kind(cells: list[Any]) -> tuple[Kind, list[Any]]:
    """The first kind that every cell is of; text for none, and for a column that is blank."""
    if any(cell is not None for cell in cells):
        for kind, reader in _READERS:
            values = [None if cell is None else reader(cell) for cell in cells]
            if all(
                (cell is None) == (value is None) for cell, value in zip(cells, values, strict=True)
            ):
                return kind, values
    return "text", []


def _texts(raw: RawTable, name: str, cells: list[Any]) -> tuple[list[str | None], list[Issue]]:
    column, issues = Column(name, name), []
    values: list[str | None] = []
    for row, cell in zip(raw.rows.tolist(), cells, strict=True):
        if cell is None:
            values.append(None)
            continue
        plain = (
            json.dumps(cell, ensure_ascii=False, default=str)
            if isinstance(cell, dict | list)
            else cell
        )
        text, expected = parse(column, plain)
        if isinstance(cell, float) and not math.isfinite(cell):
            expected = "a finite number", "有限的数字"
        elif len(text) > LONGEST_TEXT:
            expected = f"at most {LONGEST_TEXT} characters", f"不超过 {LONGEST_TEXT} 字"
        elif not is_plain(text):
            expected = (
                "text without zero bytes or halves of characters",
                "不含空字节或残缺字符的文字",
            )
        if expected is not None:
            shown = ascii(text_of(plain)) if not is_plain(text) else text_of(plain)
            issues.append(Issue("value", raw.file, *expected, row, name, shown[:80]))
        values.append(text)
    return values, issues


def _nearly(raw: RawTable, name: str, cells: list[Any]) -> list[Issue]:
    """Say of a column that is text for the sake of a few cells."""
    full = [k for k, cell in enumerate(cells) if cell is not None]
    odd = [k for k in full if number(cells[k]) is None]
    if not odd or len(odd) > (1 - _NEARLY_ALL) * len(full):
        return []
    expected = (
        f"a number, as in {len(full) - len(odd)} other rows; the column is kept as text",
        f"数字 (另有 {len(full) - len(odd)} 行是数字); 此列按文字保存",
    )
    row = int(raw.rows[odd[0]])
    return [Issue("mixed", raw.file, *expected, row, name, text_of(cells[odd[0]])[:80], "warning")]
