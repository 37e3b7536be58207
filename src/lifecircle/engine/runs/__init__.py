"""Folders of results, opened again: what changed between two, and whether one can be made again.

Imports `report` (the names of the files) and `grading` (the columns of the tables).
"""

from lifecircle.engine.runs.comparison import CHANGES, Comparison, compare
from lifecircle.engine.runs.run import Run

__all__ = ["CHANGES", "Comparison", "Run", "compare"]
