"""One validator for every table: walks the schema and names every bad cell at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.bundle.cells import empty, parse, text_of
from lifecircle.engine.bundle.mojibake import damaged_columns
from lifecircle.engine.bundle.readers import RawTable
from lifecircle.engine.bundle.schema import Column, TableSpec
from lifecircle.engine.bundle.shapes import PAIRS
from lifecircle.errors import Issue

_GEOMETRY_COLUMNS = {"wkt", *(name for pair in PAIRS for name in pair)}
_DTYPES = {"text": np.object_, "choice": np.object_, "flag": np.int8}


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose cells are what the schema says: text "" and NaN where absent, flags -1."""

    raw: RawTable
    columns: dict[str, NDArray[Any]]

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.raw)

    def issue(self, code: str, k: int, column: str, expected: str, expected_zh: str) -> Issue:
        """An error in record `k` (from 0), with the value that stands there."""
        value = str(self.columns[column][k])[:80]
        row = int(self.raw.rows[k])
        return Issue(code, self.raw.file, expected, expected_zh, row, column, value)


def validate(raw: RawTable, spec: TableSpec) -> tuple[Table, list[Issue]]:
    """Type a raw table; every bad cell gives one issue."""
    issues = _check_headers(raw, spec)
    issues += damaged_columns(raw)
    columns = {}
    for column in spec.columns:
        header = _header(raw, column)
        cells = [None] * len(raw) if header is None else raw.columns[header]
        columns[column.name], found = _column(raw, column, cells, known=header is not None)
        issues += found
    if len(raw) == 0:
        expected = "at least one row", "至少一行"
        if spec.name == "places":
            issues.append(Issue("empty", raw.file, *expected))
        else:
            issues.append(Issue("empty", raw.file, *expected, severity="warning"))
    return Table(raw, columns), issues


def _header(raw: RawTable, column: Column) -> str | None:
    return next((name for name in (column.name, column.name_zh) if name in raw.columns), None)


def _check_headers(raw: RawTable, spec: TableSpec) -> list[Issue]:
    issues = []
    for column in spec.columns:
        header = _header(raw, column)
        if header is None and column.required:
            expected = f"a column {column.name}", f"应有列“{column.name_zh}”"
            issues.append(Issue("missing_column", raw.file, *expected, column=column.name))
        if header == column.name and column.name_zh in raw.columns:
            expected = f"either {column.name} or {column.name_zh}", "中英文列名只取其一"
            issues.append(Issue("column_twice", raw.file, *expected, column=column.name))
    known = {name for c in spec.columns for name in (c.name, c.name_zh)} | _GEOMETRY_COLUMNS
    issues += [
        Issue(
            "unknown_column", raw.file, "a column of this table; it is not used",
            "本表的列; 此列未使用", column=name, severity="warning",
        )
        for name in raw.columns if name not in known
    ]  # fmt: skip
    return issues


def _column(
    raw: RawTable, column: Column, cells: list[Any], *, known: bool
) -> tuple[NDArray[Any], list[Issue]]:
    """Type one column; `known` says that the table has it, so blanks can be missed in it."""
    absent = empty(column)
    values: list[Any] = []
    issues: list[Issue] = []
    seen: dict[Any, int] = {}
    for row, cell in zip(raw.rows.tolist(), cells, strict=True):
        expected = None
        if not text_of(cell):
            value = absent
            if column.required and known:
                expected = "a value", "必填"
        else:
            value, expected = parse(column, cell)
            if column.unique and expected is None:
                first = seen.setdefault(value, row)
                if first != row:
                    expected = f"unique; also in row {first}", f"唯一; 与第 {first} 行重复"
        if expected is not None:
            shown = "" if cell is None else str(cell)[:80]
            issues.append(Issue("value", raw.file, *expected, row, column.name, shown))
        values.append(value)
    result: NDArray[Any] = np.empty(len(values), dtype=_DTYPES.get(column.kind, np.float64))
    result[:] = values
    return result, issues
