"""Rows of a table that name a place get its shape."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import numpy as np

from lifecircle.engine.bundle.cells import text_of
from lifecircle.engine.bundle.readers import RawTable
from lifecircle.engine.bundle.shapes import Shapes
from lifecircle.errors import Issue, listed

COLUMNS = (
    "place", "place_code", "code", "地方", "地方代码", "代码", "community", "社区", "社区代码", "社区名称",
    "street", "街道", "街道代码", "街道名称", "grid", "网格", "网格代码", "district", "区",
)  # fmt: skip
"""Headers of columns that name places, the likeliest first."""
_LEVELS = {
    "community": "community", "社区": "community", "street": "street", "街道": "street", "grid": "grid",
    "网格": "grid",
}  # fmt: skip
_ENDINGS = ("社区", "街道", "网格")


def join_column(raw: RawTable) -> str | None:
    """The column that names places, by its header; None for none."""
    by_name = {name.strip().lower(): name for name in raw.columns}
    return next((by_name[name] for name in COLUMNS if name in by_name), None)


def joined(raw: RawTable, column: str, places: Iterable[Any]) -> tuple[Shapes, list[Issue]]:
    """Give each row the shape of the place that it names, by code or name.

    Parameters
    ----------
    raw, column
        The table, and its column that names places. `社区`, `街道` and their like in the header narrow the level.
    places
        Those that may be named, with shapes.

    Returns
    -------
    shapes, issues
        None, and an issue, for a row that names none of them or several.
    """
    level = next((level for word, level in _LEVELS.items() if word in column.lower()), None)
    known = _known([one for one in places if level is None or one.level == level])
    shapes: Shapes = np.full(len(raw), None, dtype=object)
    issues = []
    for k, cell in enumerate(raw.columns[column]):
        found = known.get(_key(text_of(cell)), [])
        if len(found) == 1:
            shapes[k] = found[0].geometry
            continue
        expected = _expected(_key(text_of(cell)), found, known)
        row = int(raw.rows[k])
        issues.append(Issue("place", raw.file, *expected, row, column, text_of(cell)[:80]))
    return shapes, issues


def _known(places: list[Any]) -> dict[str, list[Any]]:
    """Places by everything that they are called."""
    known: dict[str, list[Any]] = {}
    for one in places:
        names = {_key(one.code), _key(one.name_zh), _key(one.name_en)}
        names |= {name.removesuffix(end) for name in names for end in _ENDINGS}
        for name in names - {""}:
            known.setdefault(name, []).append(one)
    return known


def _key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _expected(key: str, found: list[Any], known: dict[str, list[Any]]) -> tuple[str, str]:
    if found:
        codes = listed([one.code for one in found])
        return (
            f"one place; by code, for several are called so: {codes}",
            f"唯一的地方, 有重名请用代码: {codes}",
        )
    near = get_close_matches(key, known, n=1)
    hint = f"; {near[0]}?" if near else ""
    return f"the code or name of a place that you see{hint}", f"您所见地方的代码或名称{hint}"
