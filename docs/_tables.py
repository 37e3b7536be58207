"""Fills tables from where they are said: facility types from the standard, personal data from the hub; no copy can age."""

# ruff: noqa: INP001
from __future__ import annotations

from lifecircle.engine.standards import FacilityType, Number, default
from lifecircle.hub.personal import CLASSES as PERSONAL
from lifecircle.hub.personal import Kept, all_kept, days_of

MARK = "<!-- types -->"
MARK_OF_PERSONAL = "<!-- personal -->"
CLASSES = {"base": "基础 base", "plus": "提升 plus", "special": "特色 special"}


def on_page_markdown(markdown: str, **_: object) -> str:
    """Replace a mark in a page by its table (an MkDocs hook)."""
    for mark, table in ((MARK, _table), (MARK_OF_PERSONAL, _personal)):
        if mark in markdown:
            markdown = markdown.replace(mark, table())
    return markdown


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


def _personal() -> str:
    head = "| 字段 field | 用途 purpose | 类 class | 保留 kept | 由谁清除 task |"
    return "\n".join([head, "|---" * 5 + "|", *(_kept(one) for one in all_kept())])


def _kept(one: Kept) -> str:
    days = f"{days_of('')[one.term]} 天 days (`{one.term}`)" if one.term else ""
    how_long = f"{one.after_zh} {days} {one.after_en}" if days else f"{one.until_zh} {one.until_en}"
    task = f"`{one.task.removeprefix('lifecircle.hub.')}`" if one.task else "–"
    fields = "<br>".join(f"`{name}`" for name in one.fields)
    return f"| {fields} | {one.zh} {one.en} | {PERSONAL[one.kind]} | {how_long} | {task} |"
