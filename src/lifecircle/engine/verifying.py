"""Whether a run can be made again: from its manifest, to the bit."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lifecircle
from lifecircle.atomic import sha256
from lifecircle.engine.assess import assess
from lifecircle.engine.bundle import read_district
from lifecircle.engine.grading.find import find_card
from lifecircle.engine.report import incomplete
from lifecircle.engine.runs import Run
from lifecircle.progress import Progress

_MOST = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of making a run again.

    Attributes
    ----------
    touched
        Files of the run that are not as its manifest has them.
    inputs
        Input files of the bundle that are not those of the run.
    versions
        The program's version then and now.
    files
        Result files that came out differently.
    cards
        The first cards that did, as `(area, key, column, then, now)`.
    card
        The one card that was asked for, made again; None without one.
    """

    touched: tuple[str, ...]
    inputs: tuple[str, ...]
    versions: tuple[str, str]
    files: tuple[str, ...]
    cards: tuple[tuple[str, str, str, Any, Any], ...]
    card: dict[str, Any] | None = None

    @property
    def equal(self) -> bool:
        """Whether everything that was compared is the same, and the run itself untouched."""
        return not (self.touched or self.inputs or self.files or self.cards)


def verify(
    run: Path | str,
    bundle: Path | str,
    *,
    card: tuple[str, str] | None = None,
    progress: Progress | None = None,
) -> Proof:
    """Make a run again from its bundle and say whether it is equal, or what differs.

    Parameters
    ----------
    run
        A folder of results.
    bundle
        The district that it was made from.
    card
        An area and a key: then only that card is compared, not the files.
    progress
        Told of the stages.

    Raises
    ------
    InputError, NotFoundError
        The run or the bundle cannot be read, or there is no such card.
    """
    old = Run.open(run)
    touched = incomplete(old.files.folder)
    wanted = None if card is None else find_card(old.cards, *card)
    parameters, inputs = old.manifest["parameters"], _changed_inputs(old, Path(bundle))
    versions = (str(old.manifest["product"]["version"]), lifecircle.__version__)
    way, variants = parameters["way"], tuple(parameters.get("moments", ()))
    draws = 0 if wanted is not None else int(parameters.get("draws", 0))
    with tempfile.TemporaryDirectory() as place:
        out = None if wanted is not None else Path(place) / "again"
        again = assess(bundle, out, way=way, moments=variants, draws=draws, progress=progress)
        if wanted is not None:
            made = find_card(again.cards, wanted["area"], wanted["key"])
            rows = _differing([wanted], [made])
            return Proof(touched, inputs, versions, (), rows, made)
        assert out is not None  # noqa: S101  (for the type checker)
        files = tuple(
            name
            for name, digest in sorted(old.manifest["outputs"].items())
            if not (out / name).is_file() or sha256(out / name) != digest
        )
    cards = _differing(old.cards.to_pylist(), again.cards.to_pylist()) if files else ()
    return Proof(touched, inputs, versions, files, cards)


def _changed_inputs(run: Run, bundle: Path) -> tuple[str, ...]:
    then, now = run.manifest["inputs"], read_district(bundle).inputs
    return tuple(name for name in sorted({*then, *now}) if then.get(name) != now.get(name))


def _differing(
    then: list[dict[str, Any]], now: list[dict[str, Any]]
) -> tuple[tuple[str, str, str, Any, Any], ...]:
    made = {(row["area"], row["scope"], row["key"]): row for row in now}
    found = []
    for row in then:
        other = made.get((row["area"], row["scope"], row["key"]), {})
        for column, value in row.items():
            if other.get(column) != value:
                found.append((row["area"], row["key"], column, value, other.get(column)))
                break
        if len(found) == _MOST:
            break
    return tuple(found)
