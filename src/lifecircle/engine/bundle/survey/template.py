"""Making the survey workbook: drop-downs, units and notes in Chinese and English."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from lifecircle.atomic import atomic_workbook
from lifecircle.engine.bundle.model import TREE, District
from lifecircle.engine.bundle.schema import Column
from lifecircle.engine.bundle.survey.layout import (
    ABOUT,
    CRS_CHOICES,
    HEAD_ROWS,
    LISTS,
    Layout,
    layouts,
)
from lifecircle.engine.standards import Standards, default

_ROWS = 2000
"""How many rows of each sheet have drop-downs."""

_GUIDE = (
    ("每行一条记录; 第1、2行是表头, 不要改动。", "One record a row; rows 1 and 2 are headers."),
    ("带 * 的列必填; 不知道的留空, 不要填 0。", "* is required; leave blank what is not known, no 0."),
    ("不要合并单元格, 不要填公式。", "Merge no cells, enter no formulas."),
    ("填好后: lifecircle check 工作簿 --bundle 数据包 --out 检查结果.xlsx",
     "Then: lifecircle check WORKBOOK --bundle BUNDLE --out CHECKED.xlsx"),
)  # fmt: skip


def write_template(path: Path | str, district: District | None = None) -> None:
    """Write an empty survey workbook; with a district its places are filled in and to choose from.

    Parameters
    ----------
    path
        The `.xlsx` file.
    district
        Whose places and types; without one the default standard's types and no places.
    """
    standards = default() if district is None else district.standards
    with atomic_workbook(Path(path)) as book:
        form = {
            "title": book.add_format({"bold": True, "font_size": 16}),
            "head": book.add_format({"bold": True, "bg_color": "#dbe7f0", "border": 1}),
            "sub": book.add_format({"font_color": "#505c6a", "bg_color": "#eef3f7", "border": 1}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "open": book.add_format({"bg_color": "#fff7d6", "border": 1}),
        }
        _about(book.add_worksheet(ABOUT), form, district)
        lists = _Lists(standards, district)
        for layout in layouts(standards):
            _sheet(book.add_worksheet(layout.title), layout, form, lists, district)
        lists.write(book.add_worksheet(LISTS))


class _Lists:
    """The drop-downs' values, a column each on a sheet of their own."""

    def __init__(self, standards: Standards, district: District | None) -> None:
        self.columns: dict[str, list[str]] = {}
        for layout in layouts(standards):
            if layout.types:
                self.columns[f"type {layout.key}"] = [
                    standards.types[kind].name_zh for kind in layout.types
                ]
        self.columns["flag"] = ["是", "否"]
        if district is not None:
            places = district.places
            for name, levels in (("community", ("community",)), ("place", TREE)):
                self.columns[name] = [
                    str(zh)
                    for zh, level in zip(places.name_zh, places.level, strict=True)
                    if level in levels
                ]

    def source(self, layout: Layout, column: Column) -> str:
        """Where a column's values stand; "" where anything may be written."""
        name = {"type": f"type {layout.key}", "community": "community", "place": "place"}.get(
            column.name, "flag" if column.kind == "flag" else ""
        )
        if name not in self.columns:
            return ""
        letter = xl_col_to_name(list(self.columns).index(name))
        return f"='{LISTS}'!${letter}$2:${letter}${len(self.columns[name]) + 1}"

    def write(self, sheet: Any) -> None:
        """Write the lists and hide their sheet."""
        for k, (name, values) in enumerate(self.columns.items()):
            sheet.write_string(0, k, name)
            for row, value in enumerate(values, start=1):
                sheet.write_string(row, k, value)
        sheet.hide()


def _about(sheet: Any, form: dict[str, Any], district: District | None) -> None:
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 60)
    name = "" if district is None else district.name_zh
    sheet.write_string(0, 0, f"{name} 15分钟生活圈调查表 Survey workbook", form["title"])
    sheet.write_string(2, 0, "坐标系 Coordinate system of 经度/纬度 (lon/lat)", form["head"])
    sheet.write_string(2, 1, CRS_CHOICES[0], form["open"])
    sheet.data_validation(2, 1, 2, 1, {"validate": "list", "source": list(CRS_CHOICES)})
    for row, (zh, en) in enumerate(_GUIDE, start=4):
        sheet.write_string(row, 0, zh, form["wrap"])
        sheet.write_string(row, 1, en, form["wrap"])


def _sheet(
    sheet: Any, layout: Layout, form: dict[str, Any], lists: _Lists, district: District | None
) -> None:
    for k, column in enumerate(layout.columns):
        unit_zh, unit_en = layout.unit(column)
        star = " *" if column.required else ""
        sheet.write_string(0, k, column.name_zh + star, form["head"])
        sheet.write_string(1, k, f"{column.name}{f' ({unit_en})' if unit_en else ''}", form["sub"])
        sheet.set_column(k, k, 22 if column.kind == "text" else 13)
        zh, en = layout.note(column)
        said = "\n".join(text for text in (unit_zh and f"单位: {unit_zh}", zh, en) if text)
        if said:
            sheet.write_comment(0, k, said, {"x_scale": 2})
        _validate(sheet, k, column, lists.source(layout, column))
    sheet.freeze_panes(HEAD_ROWS, 2 if layout.table != "population" else 1)
    if layout.key == "places" and district is not None:
        _fill_places(sheet, district)


def _validate(sheet: Any, k: int, column: Column, source: str) -> None:
    last = HEAD_ROWS + _ROWS
    options: dict[str, Any]
    if source:
        options = {"validate": "list", "source": source, "error_type": "warning"}
    elif column.kind == "choice":
        options = {"validate": "list", "source": [zh for _, zh in column.choices]}
    elif column.kind in {"number", "integer"}:
        kind = "integer" if column.kind == "integer" else "decimal"
        low, high = max(column.least, -1e12), min(column.most, 1e12)
        options = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
    else:
        return
    options |= {"error_title": column.name_zh, "error_message": f"{column.name_zh} {column.name}"}
    sheet.data_validation(HEAD_ROWS, k, last, k, options)


def _fill_places(sheet: Any, district: District) -> None:
    places = district.places
    levels = {"district": "区", "street": "街道", "community": "社区"}
    row = HEAD_ROWS
    for k in range(len(places.code)):
        if places.level[k] in levels:
            above = "" if places.parent[k] < 0 else places.code[places.parent[k]]
            cells = (
                places.code[k],
                places.name_zh[k],
                places.name_en[k],
                levels[places.level[k]],
                above,
            )
            for column, text in enumerate(cells):
                sheet.write_string(row, column, str(text))
            row += 1
