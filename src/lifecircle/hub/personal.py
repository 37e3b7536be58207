"""What the hub keeps of people: one table (`personal.toml`) of purposes, classes, terms and the tasks that let go."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

CLASSES = {
    "contact": "联系方式 contact", "home": "住处 home", "sensitive": "敏感 sensitive", "words": "自由文字 words",
    "staff": "工作人员 staff", "trace": "痕迹 trace", "secret": "密钥 secret",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """Fields of tables (`cases.Case.door`) that are kept for one purpose, how long, and the task that lets them go.

    `term` is a name in `days_of`, counted from what `after_*` says; one without it is kept as `until_*` says.
    """

    fields: tuple[str, ...]
    kind: str
    zh: str
    en: str
    term: str
    after_zh: str
    after_en: str
    until_zh: str
    until_en: str
    task: str


@cache
def all_kept() -> tuple[Kept, ...]:
    """Return every entry of the table."""
    return tuple(_entry(row) for row in _table()["kept"])


def days_of(text: str) -> dict[str, int]:
    """Days by the name of a term: the table's, or what a text says instead (`contacts=365 photos=1095`).

    Raises
    ------
    ValueError
        It names a term that there is not, or no whole number of days from 1 up.
    """
    found: dict[str, int] = dict(_table()["terms"])
    for part in text.split():
        name, _, days = part.partition("=")
        if name not in found or not days.isdecimal() or int(days) < 1:
            raise ValueError(
                f"LIFECIRCLE_KEEP_DAYS: {part}: one of {', '.join(found)}, =, days from 1 up / 期限名=天数"
            )
        found[name] = int(days)
    return found


def kept(term: str) -> dt.timedelta:
    """How long something is kept."""
    return dt.timedelta(days=settings.KEEP_DAYS[term])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("personal.toml").read_text(encoding="utf-8"))


def _entry(row: dict[str, Any]) -> Kept:
    words = ("zh", "en", "term", "after_zh", "after_en", "until_zh", "until_en", "task")
    return Kept(tuple(row["fields"]), row["class"], *(row.get(name, "") for name in words))
