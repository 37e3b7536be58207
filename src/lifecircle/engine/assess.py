"""The main job, end to end: a bundle on disk in, a folder of results out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import lifecircle
from lifecircle.atomic import check_folder
from lifecircle.checkpoint import Checkpoint
from lifecircle.engine.bundle import read_district
from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading import Assessment
from lifecircle.engine.grading.assess import grade_walked
from lifecircle.engine.grading.probabilities import probability_table
from lifecircle.engine.grading.uncertainty import draw_cards
from lifecircle.engine.grading.walked import Walked, walk, walk_again
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
    return Assessor().assess(bundle, out, way=way, moments=moments, draws=draws, progress=progress)


class Assessor:
    """Assesses one district again and again, without walking again to what has not changed since.

    Every assessment is to the bit the one that `assess` gives of the same bundle.

    Attributes
    ----------
    again
        The types that were walked to for the last one.

    Examples
    --------
    >>> assessor = Assessor()  # doctest: +SKIP
    >>> assessor.assess("my-district", "results-monday")  # doctest: +SKIP
    >>> assessor.assess("my-district", "results-tuesday"), assessor.again  # doctest: +SKIP
    """

    def __init__(self) -> None:
        self._last: Walked | None = None

    @property
    def again(self) -> tuple[str, ...]:  # noqa: D102  (among the attributes above)
        return () if self._last is None else self._last.again

    def assess(
        self,
        bundle: Path | str,
        out: Path | str | None = None,
        *,
        way: Way = "both",
        moments: Sequence[str] = (),
        draws: int = 0,
        progress: Progress | None = None,
    ) -> Assessment:
        """As the function `assess`."""
        progress = progress or Progress()
        if out is not None:
            check_folder(Path(out), RESULTS)
        with progress.stage("read"):
            district = read_district(Path(bundle))
        self._last = walked = self._walk(district, way, progress)
        assessment = grade_walked(walked, moments, progress)
        kept = None
        if draws:
            if out is not None:
                kept = Checkpoint(Path(out), [lifecircle.__version__, district.inputs, way, draws])
            network = walked.walks.network
            drawn = draw_cards(
                district, network, way=way, draws=draws, kept=kept, progress=progress
            )
            table = probability_table(district, assessment.cards, drawn)
            assessment = replace(assessment, probabilities=table, draws=draws)
        if out is not None:
            with progress.stage("write"):
                write_results(assessment, Path(out))
                if kept is not None:
                    kept.discard()
        return assessment

    def _walk(self, district: District, way: Way, progress: Progress) -> Walked:
        last, self._last = self._last, None
        if last is not None and last.walks.way == way:
            old = last.walks.district
            if _differing(old, district) <= _NO_WALK and old.crs == district.crs:
                return walk_again(last, district, progress)
        like = None if last is None else (last.walks.district, last.walks.network)
        return walk(district, network_of(district, like=like, progress=progress), way, progress)


_NO_WALK = frozenset({"facilities", "spaces"})
"""Tables that a district may have others of, and all walks but those to changed facilities stay."""
_NO_MAP = _NO_WALK | {"places", "population", "buildings", "surveys"}
"""Those that the walking network is not made from."""


def _differing(old: District, new: District) -> set[str]:
    """Which tables of two districts differ, by name; any file of the map is `map`."""
    maps = {
        path.relative_to(one.root).as_posix()
        for one in (old, new)
        for path in (one.network_file, one.elevation_file, one.edits_file)
        if path is not None
    }
    names = old.inputs.keys() | new.inputs.keys()
    return {
        "map" if name in maps else PurePosixPath(name).stem
        for name in names
        if old.inputs.get(name) != new.inputs.get(name)
    }


def network_of(
    district: District,
    *,
    like: tuple[District, WalkNetwork] | None = None,
    progress: Progress | None = None,
) -> WalkNetwork:
    """Build the walking network of a district from its own files.

    Parameters
    ----------
    district
        Whose network it is.
    like
        A district and its network, which is taken over if it is made from the same files.
    progress
        Told of the stage.
    """
    if like is not None:
        old, network = like
        if _differing(old, district) <= _NO_MAP and old.crs == district.crs:
            return network
    with (progress or Progress()).stage("network"):
        return build_network(
            district.network_file,
            district.elevation_file,
            district.crs.to_string(),
            join_islands_m=district.join_islands_m,
            edits=district.edits_file,
            date=district.date,
        )
