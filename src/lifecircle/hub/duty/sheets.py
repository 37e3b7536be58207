"""A month's roster as a workbook: a row a shift, with who can be put on duty on a sheet beside it."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from lifecircle.engine.bundle.schema import Column, TableSpec
from lifecircle.hub.downloads import write_book

Language = Literal["zh", "en"]
TABLE = TableSpec(
    "shifts",
    (
        Column("day", "日期", required=True),
        Column("starts", "开始", required=True),
        Column("ends", "结束", required=True),
        Column("person", "值班人"),
        Column("substitute", "替班人"),
        Column("place", "地方代码"),
        Column("note", "备注"),
    ),
)
DAY_AND_NIGHT = (("08:00", "20:00"), ("20:00", "08:00"))
_NOTES = {
    "day": ("如 2026-12-01", "such as 2026-12-01"),
    "starts": ("如 08:00", "such as 08:00"),
    "ends": ("如 20:00; 不晚于开始即为次日", "such as 20:00; no later than the start is the next day"),
    "person": ("姓名或用户名; 空着的行跳过", "name or user name; a row without is passed over"),
    "substitute": ("替班时填", "who stands in, if anybody"),
    "place": ("不填为所选的地方", "the chosen place where empty"),
    "note": ("", ""),
}  # fmt: skip


def write_form(
    path: Path, people: Sequence[dict[str, Any]], month: dt.date, language: Language
) -> None:
    """A month to fill in: each day's day and night, who can be put on duty, and what may stand in each column."""
    chinese = language == "zh"
    days = calendar.monthrange(month.year, month.month)[1]
    rows = [
        {"day": month.replace(day=day + 1).isoformat(), "starts": starts, "ends": ends}
        for day in range(days) for starts, ends in DAY_AND_NIGHT
    ]  # fmt: skip
    named = {column.name: column.name_zh if chinese else column.name for column in TABLE.columns}
    roster = {title: [row.get(name, "") for row in rows] for name, title in named.items()}
    known = {
        "姓名 name": [one["name"] for one in people],
        "用户名 user name": [one["username"] for one in people],
        "任职地方 place": [one["place_zh"] for one in people],
    }
    asked = {
        "列 column": [column.name for column in TABLE.columns],
        "名称 name": [column.name_zh for column in TABLE.columns],
        "必填 required": ["✓" if column.required else "" for column in TABLE.columns],
        "可填 allowed": [_NOTES[column.name][0 if chinese else 1] for column in TABLE.columns],
    }
    book = {"值班表 roster": roster, "可值班人员 people": known, "说明 allowed values": asked}
    write_book(path, book, frozen=1, width=16)
