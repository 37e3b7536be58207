"""Fills the table of facility types from the standard itself, so that no copy of it can age."""

# ruff: noqa: INP001
from __future__ import annotations

from lifecircle.engine.standards import FacilityType, Number, default

MARK = "<!-- types -->"
CLASSES = {"base": "基础 base", "plus": "提升 plus", "special": "特色 special"}


def on_page_markdown(markdown: str, **_: object) -> str:
    """Replace the mark in a page by the table (an MkDocs hook)."""
    return markdown.replace(MARK, _table()) if MARK in markdown else markdown


def _table() -> str:
    head = "| 编号 id | 名称 name | 类别 | 专项圈 | 层级 | 类 class | 分钟 min | 标准 norm | 人群 group |"
    rows = [_row(kind) for kind in default().types.values()]
    return "\n".join([head, "|---" * 9 + "|", *rows])


def _row(kind: FacilityType) -> str:
    standards = default()
    cells = (
        f"`{kind.id}`",
        f"{kind.name_zh} {kind.name_en}",
        f"{kind.category} {standards.categories[kind.category].name_zh}",
        f"{kind.theme} {standards.themes[kind.theme].name_zh}",
        kind.tier,
        CLASSES[kind.type_class],
        _said(kind.walk_min),
        f"{_said(kind.norm)} {kind.norm.unit} / {kind.norm_base}" if kind.norm else kind.measure,
        standards.groups[kind.group].name_zh,
    )
    return "| " + " | ".join(cells) + " |"


def _said(number: Number | None) -> str:
    if number is None:
        return "–"
    return f"{number.value:g}{'*' * (number.origin == 'proposal')}{'?' * number.verify}"
