"""Files that callers take along: written in a folder of their own, named as their readers expect."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
    "gpkg": "application/geopackage+sqlite3",
}
"""Media types by ending."""


def download(
    name: str, ending: str, write: Callable[[Path], None], *, stem: str = ""
) -> HttpResponse:
    """The file that `write` writes, named `name` by the browser; in the folder it is called `stem`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{stem or name}.{ending}"
        write(path)
        body = path.read_bytes()
    plain = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in name)
    answer = HttpResponse(body, content_type=TYPES[ending])
    answer["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{plain}.{ending}"
    )
    return answer


def write_book(
    path: Path, sheets: Mapping[str, Mapping[str, Sequence[Any]]], *, frozen: int = 1, width: float | None = None
) -> None:  # fmt: skip
    """Write a workbook: sheets by title, each of columns by name. Text stays text, formulas among it.

    `frozen` columns stay in view; `width` is that of each, in characters.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        bold = book.add_format({"bold": True})
        for title, columns in sheets.items():
            sheet = book.add_worksheet(title)
            for column, (name, values) in enumerate(columns.items()):
                sheet.write_string(0, column, name, bold)
                for row, value in enumerate(values, start=1):
                    if isinstance(value, int | float):
                        sheet.write_number(row, column, value)
                    elif value is not None:
                        sheet.write_string(row, column, str(value))
            sheet.freeze_panes(1, frozen)
            if width is not None:
                sheet.set_column(0, max(len(columns) - 1, 0), width)
            last = max((len(values) for values in columns.values()), default=0)
            sheet.autofilter(0, 0, last, max(len(columns) - 1, 0))
