"""What a spreadsheet must be protected from: formulas in names, sheet names that are not legal."""

from __future__ import annotations

import re
from collections.abc import Collection

MAX_SHEET_NAME = 31
MAX_TEXT = 32_767
_FORMULA_STARTS = tuple(
    "=+-@\t\r\n＝＋－＠"
)  # full-width ones are read as formulas by some locales
_ILLEGAL_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def safe_text(value: str) -> str:
    """Return `value` so that no spreadsheet reads it as a formula, now or after an export to CSV.

    A text that begins like a formula gets an apostrophe in front; none is longer than a cell holds.

    Examples
    --------
    >>> safe_text("=1+1"), safe_text("七星岗")
    ("'=1+1", '七星岗')
    """
    text = "'" + value if value.startswith(_FORMULA_STARTS) else value
    return text[:MAX_TEXT]


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """Return a legal name for a sheet near `wanted`, unlike every one in `taken` (case ignored)."""
    base = _ILLEGAL_IN_SHEET_NAME.sub(" ", wanted).strip(" '") or "表 Sheet"
    if base.casefold() == "history":  # reserved by Excel
        base += "_"
    used = {name.casefold() for name in taken}
    name, number = _cut(base, MAX_SHEET_NAME), 2
    while name.casefold() in used:
        suffix = f" ({number})"
        name = _cut(base, MAX_SHEET_NAME - len(suffix)) + suffix
        number += 1
    return name


def _cut(text: str, units: int) -> str:
    """Cut to a length in UTF-16 units, which is how Excel counts."""
    encoded = text.encode("utf-16-le")[: 2 * units]
    return encoded.decode("utf-16-le", errors="ignore").rstrip(" '")
