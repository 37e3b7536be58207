"""One card out of many, by codes or by the names that people use."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import pyarrow as pa

from lifecircle.errors import NotFoundError


def find_card(cards: pa.Table, area: str, key: str) -> dict[str, Any]:
    """Return one row of a table of cards.

    Parameters
    ----------
    cards
        A table with the columns of `CARDS`.
    area
        A place's code, or its Chinese or English name.
    key
        The id, Chinese or English name of a type, category or theme, or `overall`.

    Raises
    ------
    NotFoundError
        There is no such place or card; the message names near ones.
    """
    rows = _rows(cards, range(cards.num_rows), ("area", "area_zh", "area_en"), area, _PLACE)
    # A name may be that of several places, such as a street and a community: the higher comes first.
    codes = cards["area"].to_pylist()
    here = [row for row in rows if codes[row] == codes[rows[0]]]
    found = _rows(cards, here, ("key", "key_zh", "key_en"), key, _KEY)
    row: dict[str, Any] = cards.slice(found[0], 1).to_pylist()[0]
    return row


_PLACE = ("place", "地方")
_KEY = ("type, category or theme", "类型")


def _rows(
    table: pa.Table,
    rows: Iterable[int],
    columns: tuple[str, ...],
    value: str,
    what: tuple[str, str],
) -> list[int]:
    """Which of the rows say so in one of the columns (lists: pyarrow's own filter loads pandas)."""
    if not value.strip():
        raise NotFoundError(f"no {what[0]} without a name / 请给出{what[1]}的名称或代码")
    texts = [table[column].to_pylist() for column in columns]
    rows = list(rows)
    found = [row for row in rows if any(text[row] == value for text in texts)]
    if not found:
        known = dict.fromkeys(text[row] for text in texts for row in rows)
        near = ", ".join(get_close_matches(value, known, 3, 0.5))
        hint, hint_zh = (f"; did you mean {near}?", f", 是否指 {near}?") if near else ("", "")
        raise NotFoundError(f"no {what[0]} {value!r}{hint} / 没有这个{what[1]}{hint_zh}")
    return found
