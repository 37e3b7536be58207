"""The main job, end to end: a bundle on disk in, a folder of results out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import lifecircle
from lifecircle.atomic import check_folder
from lifecircle.checkpoint import Checkpoint
from lifecircle.engine.bundle import read_district
from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading import Assessment, grade_district
from lifecircle.engine.grading.probabilities import probability_table
from lifecircle.engine.grading.uncertainty import draw_cards
from lifecircle.engine.network import WalkNetwork, build_network
from lifecircle.engine.reach import Way
from lifecircle.engine.report import RESULTS, write_results
from lifecircle.progress import Progress


def assess(
    bundle: Path | str,
    out: Path | str | None = None,
    *,
    way: Way = "both",
    moments: Sequence[str] = (),
    draws: int = 0,
    progress: Progress | None = None,
) -> Assessment:
    """Assess the district in a bundle and, with `out`, write its results there atomically.

    Parameters
    ----------
    bundle
        A district on disk.
    out
        Folder of results, new, empty or an earlier run's: it is replaced whole, or left as it was.
    way
        `both` grades by the slower of the way there and the way back; `out` and `back` by one.
    moments
        Further moments to grade beside the district's own: `evening`, `night`, `Sa 20:00`.
    draws
        Grade every card so many times under drawn norms, populations and walking speeds, and say
        how likely each colour is; 0 does not, 200 is usual. With `out`, draws that an interrupt left
        are gone on with.
    progress
        Told of every stage; the seconds stand in `Assessment.seconds`.

    Raises
    ------
    BundleError, NetworkError, StandardsError
        The input cannot be used; every place at fault is named.
    OutputError
        `out` is not ours to replace; said before any work is done.
    """
    progress = progress or Progress()
    if out is not None:
        check_folder(Path(out), RESULTS)
    with progress.stage("read"):
        district = read_district(Path(bundle))
    network = network_of(district, progress=progress)
    assessment = grade_district(district, network, way=way, moments=moments, progress=progress)
    kept = None
    if draws:
        if out is not None:
            kept = Checkpoint(Path(out), [lifecircle.__version__, district.inputs, way, draws])
        drawn = draw_cards(district, network, way=way, draws=draws, kept=kept, progress=progress)
        table = probability_table(district, assessment.cards, drawn)
        assessment = replace(assessment, probabilities=table, draws=draws)
    if out is not None:
        with progress.stage("write"):
            write_results(assessment, Path(out))
            if kept is not None:
                kept.discard()
    return assessment


def network_of(district: District, *, progress: Progress | None = None) -> WalkNetwork:
    """Build the walking network of a district from its own files."""
    with (progress or Progress()).stage("network"):
        return build_network(
            district.network_file,
            district.elevation_file,
            district.crs.to_string(),
            join_islands_m=district.join_islands_m,
            edits=district.edits_file,
            date=district.date,
        )
