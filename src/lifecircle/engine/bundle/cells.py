"""One cell: from what stands in a table to a value of the schema."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from lifecircle.engine.bundle.schema import Column

Expected = tuple[str, str]
"""What was expected, in English and in Chinese."""

_FLAGS = {
    "yes": 1, "true": 1, "1": 1, "是": 1, "y": 1,
    "no": 0, "false": 0, "0": 0, "否": 0, "n": 0,
}  # fmt: skip
# Thousands separators stand before every third digit or nowhere: "1,2" is no number.
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][+-]?\d+)?")
_EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}
_EMPTY: dict[str, Any] = {"text": "", "choice": "", "flag": -1}


def text_of(cell: Any) -> str:
    """A cell as text: spaces trimmed, whole floats without `.0`."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def number_of(cell: Any) -> float:
    """A cell as a number: full-width digits and thousands separators are understood; else NaN."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = unicodedata.normalize("NFKC", text_of(cell))
    if not _NUMBER.fullmatch(text):
        return math.nan
    try:
        return float(text.replace(",", ""))
    except ValueError:  # a sign or a dot alone
        return math.nan


def empty(column: Column) -> Any:
    """What stands for an absent value: "", -1 (a flag) or NaN."""
    return _EMPTY.get(column.kind, math.nan)


def parse(column: Column, cell: Any) -> tuple[Any, Expected | None]:
    """The value of a cell that is not blank, and what was expected if it is not that."""
    if column.kind == "text":
        return _text(text_of(cell))
    if column.kind == "flag":
        flag = _FLAGS.get(unicodedata.normalize("NFKC", text_of(cell)).lower())
        return (-1, ("yes or no", "是或否")) if flag is None else (flag, None)
    if column.kind == "choice":
        return _choice(column, unicodedata.normalize("NFKC", text_of(cell)))
    value = number_of(cell)
    low = value <= column.least if column.above else value < column.least
    whole = column.kind != "integer" or value.is_integer()
    if not math.isfinite(value) or low or value > column.most or not whole:
        return math.nan, _number_expected(column, value)
    return value, None


def _text(text: str) -> tuple[str, Expected | None]:
    if "\N{REPLACEMENT CHARACTER}" in text:
        return "", ("text that was not damaged when it was saved", "未损坏的文字(保存时编码有误)")
    if text in _EXCEL_ERRORS:
        return "", ("a value, not an Excel error", "取值, 而不是 Excel 错误值")
    return text, None


def _choice(column: Column, text: str) -> tuple[str, Expected | None]:
    for name, name_zh in column.choices:
        if text.lower() == name or text == name_zh:
            return name, None
    return "", (
        "one of " + ", ".join(name for name, _ in column.choices),
        "应为 " + "、".join(name_zh for _, name_zh in column.choices),
    )


def _number_expected(column: Column, value: float) -> Expected:
    kind, kind_zh = ("a whole number", "整数") if column.kind == "integer" else ("a number", "数字")
    if column.above:
        low, low_zh = f" above {column.least:g}", f"大于 {column.least:g}"
    else:
        low, low_zh = f" of at least {column.least:g}", f"不小于 {column.least:g}"
    if column.most < 1e6 or column.most < value < math.inf:
        low, low_zh = f"{low} and at most {column.most:g}", f"{low_zh} 且不大于 {column.most:g}"
    return kind + low, f"{low_zh} 的{kind_zh}"
