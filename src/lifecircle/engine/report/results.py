"""Writing everything that an assessment leaves behind, at once."""

from __future__ import annotations

from pathlib import Path

from lifecircle.atomic import atomic_folder
from lifecircle.engine.grading.model import Assessment
from lifecircle.engine.report.files import RESULTS, Results
from lifecircle.engine.report.html import write_html
from lifecircle.engine.report.manifest import write_manifest
from lifecircle.engine.report.tables import write_tables
from lifecircle.engine.report.workbook import write_workbook
from lifecircle.progress import Progress


def write_results(
    assessment: Assessment, out: Path | str, *, progress: Progress | None = None
) -> Results:
    """Write tables, workbook, report and manifest into the folder `out`.

    The folder appears whole or not at all; one that is there already is replaced. The same
    assessment gives the same bytes in every file.

    Parameters
    ----------
    assessment
        What to write.
    out
        The folder; its parents are made. It has to be new, empty or results of an earlier run.
    progress
        Told of the stages `tables`, `workbook`, `report` and `manifest`.

    Returns
    -------
    Results
        The paths, all within `out`.
    """
    out, progress = Path(out), progress or Progress()
    with atomic_folder(out, RESULTS) as folder:
        with progress.stage("tables"):
            write_tables(assessment, folder)
        files = Results.within(folder)
        with progress.stage("workbook"):
            write_workbook(assessment, files.workbook)
        with progress.stage("report"):
            write_html(assessment, files.report)
        with progress.stage("manifest"):
            write_manifest(assessment, files.manifest)
    return Results.within(out)
