"""The fields of a facility that people fill in: the bundle's columns, and the operator."""

from __future__ import annotations

from lifecircle.engine.bundle.schema import TABLES

COLUMNS = tuple(
    column.name
    for column in TABLES["facilities"].columns
    if column.name not in {"id", "source", "year"}
)
"""What a bundle's table holds, and the register too."""

FIELDS = (*COLUMNS, "lon", "lat", "operator")
TEXTS = frozenset({"level", "hours", "operator"})
"""Fields that are "" where they are not known; the others are None."""

STALE_DAYS = 365
"""Facilities that nobody checked for longer are shown as stale (proposal)."""
