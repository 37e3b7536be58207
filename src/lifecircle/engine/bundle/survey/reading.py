"""A filled-in survey workbook, read sheet by sheet as it was found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lifecircle.engine.bundle.cells import text_of
from lifecircle.engine.bundle.readers import RawTable
from lifecircle.engine.bundle.survey.layout import (
    ABOUT,
    CRS_CELL,
    CRS_CHOICES,
    HEAD_ROWS,
    Layout,
)
from lifecircle.errors import Issue


@dataclass
class Filled:
    """One sheet: its records by column, which spreadsheet column each stands in, what is wrong.

    `rows` of the table and of issues are spreadsheet rows (1 is the first header).
    """

    layout: Layout
    raw: RawTable
    letters: dict[str, int]
    issues: list[Issue] = field(default_factory=list)


def read_crs(book: Any) -> tuple[str, list[Issue]]:
    """The coordinate system that the notes sheet names, as `bundle.crs` calls it."""
    said = text_of(book[ABOUT][CRS_CELL].value) if ABOUT in book.sheetnames else ""
    if said in CRS_CHOICES:
        return ("EPSG:4326" if said == "WGS84" else said), []
    expected = "one of " + ", ".join(CRS_CHOICES), "应为 " + "、".join(CRS_CHOICES)
    return "EPSG:4326", [Issue("crs", ABOUT, *expected, 3, "B", said)]


def read_sheet(book: Any, layout: Layout) -> Filled | None:
    """Read one sheet; None where the workbook has none of that title."""
    if layout.title not in book.sheetnames:
        return None
    sheet = book[layout.title]
    names = {c.name_zh: c.name for c in layout.columns} | {c.name: c.name for c in layout.columns}
    letters: dict[str, int] = {}
    issues: list[Issue] = []
    for k, cell in enumerate(sheet[1], start=1):
        head = text_of(cell.value).removesuffix("*").strip()
        if head in names:
            letters.setdefault(names[head], k)
    for column in layout.columns:
        if column.required and column.name not in letters:
            expected = f"a column {column.name_zh} {column.name}", f"应有列“{column.name_zh}”"
            issues.append(Issue("missing_column", layout.title, *expected, 1, column.name))
    for merged in sheet.merged_cells.ranges:
        if merged.max_row > HEAD_ROWS:
            expected = "cells that are not merged", "不要合并单元格"
            issues.append(
                Issue("merged", layout.title, *expected, max(merged.min_row, HEAD_ROWS + 1),
                      _name(letters, merged.min_col), str(merged))
            )  # fmt: skip
    rows: list[int] = []
    columns: dict[str, list[Any]] = {name: [] for name in letters}
    for row in range(HEAD_ROWS + 1, sheet.max_row + 1):
        cells = {name: sheet.cell(row, k).value for name, k in letters.items()}
        if not any(text_of(value) for value in cells.values()):
            continue
        rows.append(row)
        for name, value in cells.items():
            columns[name].append(_plain(value, layout, row, name, issues))
    raw = RawTable(layout.title, columns, np.array(rows, dtype=np.int64))
    return Filled(layout, raw, letters, issues)


def _plain(value: Any, layout: Layout, row: int, name: str, issues: list[Issue]) -> Any:
    """A cell's value; what a spreadsheet made of it by itself is named."""
    if isinstance(value, str) and value.startswith("="):
        expected = "a value, not a formula", "取值, 而不是公式"
        issues.append(Issue("formula", layout.title, *expected, row, name, value[:80]))
        return None
    if isinstance(value, dt.datetime | dt.date | dt.time):
        expected = (
            "text or a number; the spreadsheet made a date of it",
            "文字或数字; 被表格软件变成了日期",
        )
        issues.append(Issue("date", layout.title, *expected, row, name, str(value)))
        return None
    return value


def _name(letters: dict[str, int], column: int) -> str:
    return next((name for name, k in letters.items() if k == column), "")
