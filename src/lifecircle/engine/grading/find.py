"""One card out of many, by codes or by the names that people use."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

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
    here = _rows(cards, ("area", "area_zh", "area_en"), area, ("place", "地方"))
    # A name may be that of several places, such as a street and a community: the higher comes first.
    here = here.filter(pc.field("area") == here["area"][0])
    found = _rows(here, ("key", "key_zh", "key_en"), key, ("type, category or theme", "类型"))
    row: dict[str, Any] = found.slice(0, 1).to_pylist()[0]
    return row


def _rows(table: pa.Table, columns: tuple[str, ...], value: str, what: tuple[str, str]) -> pa.Table:
    if not value.strip():
        raise NotFoundError(f"no {what[0]} without a name / 请给出{what[1]}的名称或代码")
    match = pc.field(columns[0]) == value
    for column in columns[1:]:
        match |= pc.field(column) == value
    found = table.filter(match)
    if found.num_rows == 0:
        known = [text for column in columns for text in pc.unique(table[column]).to_pylist()]
        near = ", ".join(get_close_matches(value, known, 3, 0.5))
        hint, hint_zh = (f"; did you mean {near}?", f", 是否指 {near}?") if near else ("", "")
        raise NotFoundError(f"no {what[0]} {value!r}{hint} / 没有这个{what[1]}{hint_zh}")
    return found
