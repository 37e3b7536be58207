"""The workbook: a cover, a sheet of cards a street, the gaps, the facilities."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import lifecircle
from lifecircle.atomic import atomic_workbook
from lifecircle.engine.grading.model import Assessment
from lifecircle.engine.report.book import CardBook
from lifecircle.engine.report.colours import swatches
from lifecircle.engine.report.sheets import (
    Paper,
    formats,
    write_areas,
    write_facilities,
    write_gaps,
    write_overview,
    write_street,
)
from lifecircle.engine.report.spreadsheet import sheet_name

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  (fixed: the file tells no time of its making)
_OPTIONS = {
    "constant_memory": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(assessment: Assessment, path: Path) -> None:
    """Write the workbook to `path`; the same assessment gives the same bytes.

    A card is a fill, a symbol and a word beside its score, never a colour alone. Text from data
    is written as text, whatever it begins with.
    """
    with atomic_workbook(path, _OPTIONS) as book:
        book.set_properties(
            {
                "title": "15分钟生活圈五色卡 Five-colour cards of 15-minute life circles",
                "comments": f"lifecircle {lifecircle.__version__}",
                "created": _CREATED,
            }
        )
        marks = swatches(assessment.district.standards)
        paper = Paper(assessment, CardBook(assessment), marks, formats(book, marks))
        names = ["总览 Overview"]
        write_overview(book.add_worksheet(names[0]), paper)
        last = ["缺口 Gaps", "设施 Facilities"]
        for street in paper.book.streets:
            names.append(sheet_name(street.zh, names + last))
            write_street(book.add_worksheet(names[-1]), paper, street)
        for name, areas in (
            ("生活圈 Circles", paper.book.circles),
            ("网格 Grids", paper.book.grids),
        ):
            if areas:
                write_areas(book.add_worksheet(sheet_name(name, names + last)), paper, areas)
        write_gaps(book.add_worksheet(last[0]), paper)
        write_facilities(book.add_worksheet(last[1]), paper)
