"""The sheets of the workbook, one function each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pyarrow as pa

from lifecircle.engine.grading.model import Assessment
from lifecircle.engine.grading.words import points
from lifecircle.engine.report.book import Area, Card, CardBook, Street
from lifecircle.engine.report.colours import Swatch
from lifecircle.engine.report.columns import CardColumn, card_columns
from lifecircle.engine.report.overview import overview_rows
from lifecircle.engine.report.spreadsheet import safe_text
from lifecircle.engine.standards.model import Colour

_EDGE = {"valign": "vcenter", "border": 1, "border_color": "#c9d1d9"}

_GAPS = {
    "rank": ("名次 Rank", 8), "level": ("层级 Level", 12), "area": ("代码 Code", 16),
    "area_zh": ("地方", 20), "area_en": ("Area", 26), "type_zh": ("类型", 22),
    "type_en": ("Type", 30), "category": ("类别 Category", 10), "colour": ("颜色 Colour", 12),
    "uncovered": ("走不到的人 People beyond reach", 16), "gap": ("缺口 Gap", 12),
    "gap_unit_zh": ("单位", 10), "gap_unit": ("Unit", 12),
    "lift_zh": ("怎样升一级", 50), "lift_en": ("What would lift it one grade", 50),
}  # fmt: skip
_FACILITIES = {
    "id": ("编号 Id", 18), "name": ("名称 Name", 30), "type_zh": ("类型", 22),
    "type": ("Type", 24), "community": ("社区代码 Community", 18), "colour": ("颜色 Colour", 12),
    "score": ("得分 Score", 10), "completeness": ("完整度 Completeness", 14),
    "scale": ("规模 Scale", 10), "quality": ("品质 Quality", 10),
    "satisfaction": ("满意度 Satisfaction", 13), "capacity": ("规模量 Capacity", 12),
    "people_reached": ("走得到的人 People within reach", 16), "needed": ("需要 Needed", 12),
    "reason_zh": ("理由", 50), "reason_en": ("Reason", 50),
    "lon": ("经度 Longitude", 12), "lat": ("纬度 Latitude", 12),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Formats:
    """The workbook's few formats; `card` has one a colour, `score` shows its mark with a number."""

    title: Any
    head: Any
    name: Any
    text: Any
    number: Any
    banner: Any
    card: dict[str, Any]
    score: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Paper:
    """What every sheet is written from and with."""

    assessment: Assessment
    book: CardBook
    marks: dict[Colour, Swatch]
    formats: Formats


def formats(book: Any, marks: dict[Colour, Swatch]) -> Formats:
    """Register the formats with an xlsxwriter workbook."""
    cards = {
        colour: {"bg_color": mark.style.hex, "font_color": mark.ink, "align": "center", **_EDGE}
        for colour, mark in marks.items()
    }
    return Formats(
        title=book.add_format({"bold": True, "font_size": 18}),
        head=book.add_format({"bold": True, "text_wrap": True, "bg_color": "#e3e9ef", **_EDGE}),
        name=book.add_format({"bold": True, **_EDGE}),
        text=book.add_format({"text_wrap": True, **_EDGE}),
        number=book.add_format({"num_format": "#,##0.0#", **_EDGE}),
        banner=book.add_format({"bold": True, "text_wrap": True, "bg_color": "#fff0b3", **_EDGE}),
        card={colour: book.add_format(options) for colour, options in cards.items()},
        score={
            colour: book.add_format({**options, "num_format": f'"{_mark(marks[colour])} "0.0'})
            for colour, options in cards.items()
        },
    )


def write_overview(sheet: Any, paper: Paper) -> None:
    """Write the cover: the district, how to read the colours, what is synthetic or proposed."""
    form = paper.formats
    kinds = {"title": form.title, "head": form.head, "banner": form.banner, "text": form.text}
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, 2, 64)
    sheet.hide_gridlines(2)
    for row, (kind, texts) in enumerate(overview_rows(paper.assessment)):
        for column, text in enumerate(texts):
            coloured = kind in form.card
            style = form.card[kind] if coloured and column == 0 else kinds.get(kind, form.text)
            sheet.write_string(row, column, safe_text(text), style)


def write_street(sheet: Any, paper: Paper, street: Street) -> None:
    """Write a street's cards: the street itself, then a row a community."""
    write_areas(sheet, paper, (street, *street.communities))


def write_areas(sheet: Any, paper: Paper, areas: tuple[Area, ...]) -> None:
    """Write the cards of areas, a row each."""
    columns = card_columns(paper.assessment.district.standards)
    _write_street_head(sheet, paper.formats, columns)
    for row, area in enumerate(areas, start=3):
        sheet.write_string(row, 0, safe_text(area.zh), paper.formats.name)
        sheet.write_string(row, 1, safe_text(area.en), paper.formats.text)
        sheet.write_string(row, 2, safe_text(area.code), paper.formats.text)
        for offset, column in enumerate(columns, start=3):
            card = paper.book.card(area, column.scope, column.key)
            if card is None:
                sheet.write_blank(row, offset, None, paper.formats.text)
            else:
                _write_card(sheet, row, offset, card, paper)
    sheet.freeze_panes(3, 1)
    sheet.autofilter(2, 0, 2 + len(areas), 2 + len(columns))


def write_gaps(sheet: Any, paper: Paper) -> None:
    """Write every gap, as ranked."""
    _write_table(sheet, paper, paper.assessment.gaps, _GAPS)


def write_facilities(sheet: Any, paper: Paper) -> None:
    """Write every facility with its own card."""
    _write_table(sheet, paper, paper.assessment.facilities, _FACILITIES)


def _write_card(sheet: Any, row: int, column: int, card: Card, paper: Paper) -> None:
    """Write a score as a number that sorts, shown with the colour's symbol and word."""
    colour = card["colour"]
    if card["score"] is None:
        sheet.write_string(row, column, _mark(paper.marks[colour]), paper.formats.card[colour])
    else:
        sheet.write_number(row, column, float(points(card["score"])), paper.formats.score[colour])


def _mark(swatch: Swatch) -> str:
    return f"{swatch.style.symbol} {swatch.style.name_zh}"


def _write_street_head(sheet: Any, form: Formats, columns: tuple[CardColumn, ...]) -> None:
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 2, 16)
    sheet.set_column(3, 2 + len(columns), 13)
    sheet.set_row(1, 32)
    sheet.set_row(2, 48)
    for column, (zh, en) in enumerate(
        (("地方", "Area"), ("英文名称", "English"), ("代码", "Code"))
    ):
        sheet.write_string(0, column, "", form.head)
        sheet.write_string(1, column, zh, form.head)
        sheet.write_string(2, column, en, form.head)
    at = 3
    for (zh, en), members in groupby(columns, key=lambda c: (c.group_zh, c.group_en)):
        width = len(list(members))
        heading = safe_text(f"{zh} {en}")
        if width > 1:
            sheet.merge_range(0, at, 0, at + width - 1, heading, form.head)
        else:
            sheet.write_string(0, at, heading, form.head)
        at += width
    for offset, heads in enumerate(columns, start=3):
        sheet.write_string(1, offset, safe_text(heads.zh), form.head)
        sheet.write_string(2, offset, safe_text(heads.en), form.head)


def _write_table(
    sheet: Any, paper: Paper, table: pa.Table, columns: dict[str, tuple[str, int]]
) -> None:
    form = paper.formats
    for at, (heading, width) in enumerate(columns.values()):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, heading, form.head)
    sheet.set_row(0, 32)
    for row, record in enumerate(table.select(list(columns)).to_pylist(), start=1):
        for at, (name, value) in enumerate(record.items()):
            if name == "colour":
                style = paper.marks[value].style
                text = f"{style.symbol} {style.name_zh} {style.name_en}"
                sheet.write_string(row, at, text, form.card[value])
            elif value is None or value != value:  # noqa: PLR0124  (NaN)
                sheet.write_blank(row, at, None, form.text)
            elif isinstance(value, str):
                sheet.write_string(row, at, safe_text(value), form.text)
            else:
                sheet.write_number(row, at, value, form.number)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, table.num_rows, len(columns) - 1)
