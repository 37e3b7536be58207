"""Folders of results, opened again: what changed between two, and whether one can be made again.

Imports `report` (the names of the files) and `grading` (the columns of the tables).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.lazy import lazily

if TYPE_CHECKING:
    from lifecircle.engine.runs.comparison import CHANGES, Comparison, compare
    from lifecircle.engine.runs.run import Run

_HERE = "lifecircle.engine.runs"
__getattr__ = lazily(
    _HERE,
    {
        "CHANGES": f"{_HERE}.comparison",
        "Comparison": f"{_HERE}.comparison",
        "Run": f"{_HERE}.run",
        "compare": f"{_HERE}.comparison",
    },
)

__all__ = ["CHANGES", "Comparison", "Run", "compare"]
