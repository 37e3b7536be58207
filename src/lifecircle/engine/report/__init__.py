"""What people read: tables on disk, a workbook, a self-contained HTML report, a manifest.

Imports `grading`, `bundle` and `standards`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.lazy import lazily

if TYPE_CHECKING:
    from lifecircle.engine.report.files import RESULTS, Results, incomplete
    from lifecircle.engine.report.html import render_html
    from lifecircle.engine.report.results import write_results
    from lifecircle.engine.report.spreadsheet import safe_text
    from lifecircle.engine.report.workbook import write_workbook

_HERE = "lifecircle.engine.report"
__getattr__ = lazily(
    _HERE,
    {
        "RESULTS": f"{_HERE}.files",
        "Results": f"{_HERE}.files",
        "incomplete": f"{_HERE}.files",
        "render_html": f"{_HERE}.html",
        "safe_text": f"{_HERE}.spreadsheet",
        "write_results": f"{_HERE}.results",
        "write_workbook": f"{_HERE}.workbook",
    },
)

__all__ = [
    "RESULTS",
    "Results",
    "incomplete",
    "render_html",
    "safe_text",
    "write_results",
    "write_workbook",
]
