"""What people read: tables on disk, a workbook, a self-contained HTML report, a manifest.

Imports `grading`, `bundle` and `standards`.
"""

from lifecircle.engine.report.html import render_html
from lifecircle.engine.report.results import RESULTS, Results, incomplete, write_results
from lifecircle.engine.report.spreadsheet import safe_text
from lifecircle.engine.report.workbook import write_workbook

__all__ = [
    "RESULTS",
    "Results",
    "incomplete",
    "render_html",
    "safe_text",
    "write_results",
    "write_workbook",
]
