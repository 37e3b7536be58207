"""The columns of a table of cards: the overall card, themes, categories, types."""

from __future__ import annotations

from dataclasses import dataclass

from lifecircle.engine.standards.model import Standards


@dataclass(frozen=True, slots=True)
class CardColumn:
    """A column: the card's scope and key, its names, and the group that it stands under."""

    scope: str
    key: str
    zh: str
    en: str
    group_zh: str
    group_en: str


def rollup_columns(standards: Standards) -> tuple[CardColumn, ...]:
    """Return the overall card, the themes and the categories."""
    return (
        CardColumn("overall", "overall", "总体", "Overall", "总体", "Overall"),
        *(
            CardColumn("theme", t.id, t.name_zh, t.name_en, "专项圈", "Themes")
            for t in standards.themes.values()
        ),
        *(
            CardColumn("category", c.id, c.name_zh, c.name_en, "类别", "Categories")
            for c in standards.categories.values()
        ),
    )


def type_columns(standards: Standards) -> tuple[CardColumn, ...]:
    """Return the facility types, category by category."""
    return tuple(
        CardColumn("type", t.id, t.name_zh, t.name_en, category.name_zh, category.name_en)
        for category in standards.categories.values()
        for t in standards.types.values()
        if t.category == category.id
    )


def card_columns(standards: Standards) -> tuple[CardColumn, ...]:
    """Return every column, the overall card first."""
    return (*rollup_columns(standards), *type_columns(standards))
