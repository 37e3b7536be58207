"""A table as it was found, before anything is believed of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifecircle.errors import BundleError, Issue

MOST_BYTES = 512 * 2**20
"""Larger tables, packed or unpacked, are no district's."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """Columns as found (text, numbers or None), the rows' numbers as a person counts them.

    `geometry` holds shapely geometries or None, where the format has them; `crs` is what the file
    itself declares, "" when it declares nothing. `notes` are warnings of the reader.
    """

    file: str
    columns: dict[str, list[Any]]
    rows: NDArray[np.int64]
    geometry: NDArray[np.object_] | None = None
    crs: str = ""
    notes: tuple[Issue, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.rows)


def unreadable(file: str, why: object, expected: str, expected_zh: str) -> BundleError:
    """The error of a file that is not what its name says."""
    issue = Issue("unreadable", file, expected, expected_zh, value=str(why)[:200])
    return BundleError(f"{file}: cannot be read / 无法读取", (issue,))


def from_records(
    file: str, header: Sequence[Any], records: Sequence[Sequence[Any]], first_row: int
) -> RawTable:
    """Turn a header and records into columns; blank rows are passed over.

    Raises
    ------
    BundleError
        The header is blank, or names a column twice.
    """
    names = [str(name).strip() if name is not None else "" for name in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise unreadable(file, "", "a header in the first row", "第一行为表头")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise unreadable(file, ", ".join(twice), "each column once", "列名不得重复")
    kept = [
        (first_row + k, [*row, *[None] * (len(names) - len(row))])
        for k, row in enumerate(records)
        if any(value is not None and str(value).strip() for value in row)
    ]
    long = [
        Issue(
            "extra_cells", file, f"at most {len(names)} cells", f"最多 {len(names)} 格", row=number
        )
        for number, row in kept
        if any(v is not None and str(v).strip() for v in row[len(names) :])
    ]
    if long:
        raise BundleError(f"{file}: rows longer than the header / 行比表头长", tuple(long))
    columns = {name: [row[k] for _, row in kept] for k, name in enumerate(names) if name}
    return RawTable(file, columns, np.array([number for number, _ in kept], dtype=np.int64))
