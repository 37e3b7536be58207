"""Figures as people read them; what is absent is a dash, never a zero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lifecircle.engine.grading.words import points as round_down

ABSENT = "–"


def count(value: float | None) -> str:
    """A whole number with thousands separated: `57,630`."""
    return ABSENT if value is None else f"{value:,.0f}"


def amount(value: float | None) -> str:
    """A quantity with at most one decimal: `1,250.5`, `12`."""
    return ABSENT if value is None else f"{value:,.1f}".removesuffix(".0")


def points(value: float | None) -> str:
    """A score of 0 to 100 with one decimal, rounded down."""
    return ABSENT if value is None else round_down(value)


def percent(value: float | None) -> str:
    """A share of 0 to 1 as a percentage with one decimal."""
    return ABSENT if value is None else f"{value * 100:.1f}%"


def two(value: float | None) -> str:
    """A figure with two decimals: a Gini coefficient."""
    return ABSENT if value is None else f"{value:.2f}"


def figure(value: float) -> str:
    """A number of the standard as it was written: `0.35`, `576300`."""
    return f"{value:.10g}"


FILTERS: dict[str, Callable[..., Any]] = {
    "count": count,
    "amount": amount,
    "points": points,
    "percent": percent,
    "two": two,
    "figure": figure,
}
"""Filters for the templates, by name."""
