"""一张图、一张表、一张清单: a theme, or the whole, as one workbook: its map, its cards, and what is to be done where."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pylopdf_fonts_zh_cn
import shapely
import xlsxwriter
from django.http import HttpResponse
from PIL import Image, ImageDraw, ImageFont

from lifecircle.engine.report.colours import Swatch, swatches
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries
from lifecircle.hub.assessments.models import Run
from lifecircle.hub.downloads import download
from lifecircle.hub.errors import MissingError
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places import queries as places
from lifecircle.hub.text import no_formula

_SIZE = (1500, 1100)
_MARGIN = 60
_HELD = ("red", "orange", "yellow")
_TABLE = ("地方", "卡片", "颜色", "得分", "覆盖率", "未覆盖人数", "缺口", "单位", "依据")
_LIST = ("地方", "类型", "颜色", "分档", "缺口", "单位", "未覆盖人数", "提升一级需", "原因")


def workbook(actor: Actor, run: Run, key: str, level: str) -> HttpResponse:
    """The workbook of a theme by its id, or of `overall`, as the caller sees it.

    Raises
    ------
    MissingError
        There is no such theme, or no card of it for this caller.
    """
    standards = facilities.standards()
    theme = standards.themes.get(key)
    if theme is None and key != "overall":
        raise MissingError(f"no theme {key}", f"没有专项圈 {key}")
    cards = list(queries.cards(actor, run, level=level))
    top = [c.detail for c in cards if c.scope == ("theme" if theme else "overall") and c.key == key]
    if not top:
        raise MissingError(f"no card of {key}", f"没有 {key} 的卡片")
    kinds = {k.id for k in standards.types.values() if theme is None or k.theme == key}
    under = [c.detail for c in cards if c.scope == "type" and c.key in kinds]
    name = theme.name_zh if theme else "总体"
    styles = swatches(standards)
    image = _map(actor, level, {one["area"]: one["colour"] for one in top}, styles)

    def write(path: Path) -> None:
        with xlsxwriter.Workbook(
            path, {"strings_to_formulas": False, "strings_to_urls": False}
        ) as book:
            sheet = book.add_worksheet("一张图 Map")
            sheet.insert_image(
                0, 0, "map.png", {"image_data": io.BytesIO(image), "x_scale": 0.6, "y_scale": 0.6}
            )
            _sheet(book, "一张表 Table", _TABLE, [_row(one, styles) for one in (*top, *under)])
            _sheet(book, "一张清单 List", _LIST, _to_do(under, styles))

    return download(f"{name}-一张图一张表一张清单", "xlsx", write, stem="theme")


def _map(
    actor: Actor, level: str, colours: Mapping[str, str], styles: Mapping[Any, Swatch]
) -> bytes:
    """The areas in their colours, each with its symbol and name, as a PNG."""
    found = places.places(actor, right="card.read").filter(level=level, code__in=list(colours))
    shown = [(one, shape) for one in found if (shape := one.geometry) is not None]
    image = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(image)
    if shown:
        turn = _fit([shape for _, shape in shown])
        small = ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), 15)
        for one, shape in shown:
            style = styles[colours[one.code]]
            for part in shapely.get_parts(shape):
                ring = [tuple(p) for p in turn(np.asarray(part.exterior.coords))]
                draw.polygon(ring, fill=style.style.hex, outline="white")
        for one, shape in shown:
            style = styles[colours[one.code]]
            spot = turn(np.asarray(shape.representative_point().coords))[0]
            words = f"{style.style.symbol} {one.name_zh.removesuffix('社区')}"
            draw.text(tuple(spot), words, fill=style.ink, font=small, anchor="mm")
    body = io.BytesIO()
    image.save(body, "PNG", optimize=True)
    return body.getvalue()


def _fit(shapes: Sequence[shapely.Geometry]) -> Any:
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
    narrow = float(np.cos(np.radians((south + north) / 2)))
    wide, high = max((east - west) * narrow, 1e-9), max(north - south, 1e-9)
    scale = min((_SIZE[0] - 2 * _MARGIN) / wide, (_SIZE[1] - 2 * _MARGIN) / high)

    def turn(points: Any) -> Any:
        x = _MARGIN + (points[:, 0] - west) * narrow * scale
        y = _MARGIN + (north - points[:, 1]) * scale
        return np.column_stack([x, y])

    return turn


def _row(one: Mapping[str, Any], styles: Mapping[Any, Swatch]) -> list[Any]:
    style = styles[one["colour"]].style
    return [
        one["area_zh"], one["key_zh"], f"{style.symbol} {style.name_zh}", one["score"], one["covered_share"], one["uncovered"],
        one["gap"], one["gap_unit_zh"], one["reason_zh"],
    ]  # fmt: skip


def _to_do(cards: Sequence[Mapping[str, Any]], styles: Mapping[Any, Swatch]) -> list[list[Any]]:
    held = [one for one in cards if one["colour"] in _HELD]
    held.sort(key=lambda one: (_HELD.index(one["colour"]), -(one["uncovered"] or 0.0)))
    return [
        [
            one["area_zh"], one["key_zh"], f"{styles[one['colour']].style.symbol} {styles[one['colour']].style.name_zh}",
            styles[one["colour"]].style.action_zh, one["gap"], one["gap_unit_zh"], one["uncovered"], one["lift_zh"],
            one["reason_zh"],
        ]
        for one in held
    ]  # fmt: skip


def _sheet(book: Any, title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True})
    for column, name in enumerate(head):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, str(no_formula(value)))
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(head) - 1, 16)
    sheet.autofilter(0, 0, len(rows), len(head) - 1)
