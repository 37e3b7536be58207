"""A survey of facilities on a phone that is offline: an XLSForm, for ODK Collect, KoboCollect and their like.

Its answers are a table that the register imports: the questions are named as the register's columns.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from lifecircle.engine.bundle.schema import TABLES, Column
from lifecircle.engine.bundle.survey.layout import NOTES, UNITS
from lifecircle.engine.standards import Standards

_LABELS = ("label::中文 (zh)", "label::English (en)", "hint::中文 (zh)", "hint::English (en)")
_SURVEY = ("type", "name", *_LABELS, "required", "constraint", "calculation", "appearance")
_CHOICES = ("list_name", "name", *_LABELS[:2])
_ASKED = (
    "level", "capacity", "floor_area_m2", "hours", "operating", "open_as_stated", "barrier_free", "safe",
    "licensed", "condition", "utilisation",
)  # fmt: skip


def xlsform(standards: Standards) -> bytes:
    """The form, as a workbook with the sheets `survey`, `choices` and `settings`."""
    output = BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False}) as book:
        _write(book.add_worksheet("survey"), _SURVEY, _questions())
        _write(book.add_worksheet("choices"), _CHOICES, _choices(standards))
        settings = {"form_title": "设施调查 Facilities", "form_id": "lifecircle_facilities",
                    "default_language": "中文 (zh)"}  # fmt: skip
        _write(book.add_worksheet("settings"), tuple(settings), [settings])
    return output.getvalue()


def _questions() -> list[dict[str, Any]]:
    columns = {column.name: column for column in TABLES["facilities"].columns}
    first = [
        _asked("text", "id", "编号", "Id", required="yes"),
        _asked("text", "name", "名称", "Name", required="yes"),
        _asked(
            "select_one types",
            "type",
            "类型",
            "Type",
            required="yes",
            appearance="minimal autocomplete",
        ),
        _asked("geopoint", "spot", "位置", "Position", required="yes"),
        {"type": "calculate", "name": "lat", "calculation": "selected-at(${spot}, 0)"},
        {"type": "calculate", "name": "lon", "calculation": "selected-at(${spot}, 1)"},
    ]
    return first + [_question(columns[name]) for name in _ASKED]


def _question(column: Column) -> dict[str, Any]:
    kind = {"number": "decimal", "flag": "select_one yes_no", "choice": f"select_one {column.name}"}
    unit_zh, unit_en = UNITS.get(column.name, ("", ""))
    note_zh, note_en = NOTES.get(column.name, ("", ""))
    zh = f"{column.name_zh} ({unit_zh})" if unit_zh else column.name_zh
    english = column.name.replace("_", " ")
    bounds = {}
    if column.kind == "number":
        bounds["constraint"] = f". >= {column.least:g} and . <= {column.most:.0f}"
    asked = _asked(kind.get(column.kind, "text"), column.name, zh,
                   f"{english} ({unit_en})" if unit_en else english, **bounds)  # fmt: skip
    return {**asked, _LABELS[2]: note_zh, _LABELS[3]: note_en}


def _asked(kind: str, name: str, zh: str, en: str, **more: str) -> dict[str, Any]:
    return {"type": kind, "name": name, _LABELS[0]: zh, _LABELS[1]: en, **more}


def _choices(standards: Standards) -> list[dict[str, Any]]:
    lists = {
        "types": [(kind.id, kind.name_zh, kind.name_en) for kind in standards.types.values()],
        "yes_no": [("yes", "是", "Yes"), ("no", "否", "No")],
    }
    for column in TABLES["facilities"].columns:
        if column.kind == "choice":
            lists[column.name] = [(value, zh, value) for value, zh in column.choices]
    return [
        {"list_name": key, "name": name, _LABELS[0]: zh, _LABELS[1]: en}
        for key, rows in lists.items()
        for name, zh, en in rows
    ]


def _write(sheet: Any, names: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    for column, name in enumerate(names):
        sheet.write_string(0, column, name)
        for row, values in enumerate(rows, start=1):
            if values.get(name):
                sheet.write_string(row, column, values[name])
