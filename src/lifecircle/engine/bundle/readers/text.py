"""CSV in UTF-8 (with or without BOM) or GB18030."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

from lifecircle.engine.bundle.readers.raw import RawTable, from_records, unreadable
from lifecircle.errors import Issue

_LONGEST_CELL = 64 * 2**20  # a polygon in WKT is soon longer than Python's default of 128 KiB


def read_csv(path: Path) -> RawTable:
    """Read a CSV; GB18030 is recognised by not being UTF-8, and said."""
    text, notes = _decoded(path)
    if "\0" in text:
        raise unreadable(path.name, "NUL characters", "a CSV text", "CSV 文本")
    csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise unreadable(
            path.name, error, "a CSV with balanced quotes", "引号成对的 CSV"
        ) from error
    if not rows:
        raise unreadable(path.name, "", "a header and rows", "表头与数据行")
    return replace(from_records(path.name, rows[0], rows[1:], 2), notes=notes)


def _decoded(path: Path) -> tuple[str, tuple[Issue, ...]]:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        first = error
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        row = data[: first.start].count(b"\n") + 1
        expected = "UTF-8 or GB18030 text", "UTF-8 或 GB18030 文本"
        raise unreadable(path.name, f"byte {first.start}, row {row}", *expected) from first
    note = Issue("encoding", path.name, "read as GB18030", "按 GB18030 读取", severity="warning")
    return text, (note,)
