"""The files of a folder of results, by name."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path

from lifecircle.atomic import FolderKind, sha256

FORMAT = 2
"""Counts up whenever a file of the results gets other columns; only the same one is read."""


@dataclass(frozen=True, slots=True)
class Results:
    """Where a run's results lie; `moments` and `probabilities` only where they were asked for."""

    folder: Path
    cards: Path
    gaps: Path
    indicators: Path
    places: Path
    facilities: Path
    buildings: Path
    workbook: Path
    report: Path
    manifest: Path
    groups: Path
    moments: Path
    probabilities: Path

    @classmethod
    def within(cls, folder: Path) -> Results:
        """Name the files of a folder of results."""
        return cls(
            folder=folder,
            cards=folder / "cards.parquet",
            gaps=folder / "gaps.parquet",
            indicators=folder / "indicators.parquet",
            places=folder / "places.parquet",
            facilities=folder / "facilities.parquet",
            buildings=folder / "buildings.parquet",
            workbook=folder / "workbook.xlsx",
            report=folder / "report.html",
            manifest=folder / "manifest.json",
            groups=folder / "groups.parquet",
            moments=folder / "moments.parquet",
            probabilities=folder / "probabilities.parquet",
        )


ON_REQUEST = ("moments", "probabilities")
"""Tables that are there only when they were asked for."""

RESULTS = FolderKind(
    "results of an earlier run",
    "先前的结果文件夹",
    "manifest.json",
    tuple(getattr(Results.within(Path()), f.name).name for f in fields(Results)[1:]),
)


def incomplete(folder: Path) -> tuple[str, ...]:
    """Name the files of a folder of results that are missing or not as its manifest has them."""
    files = Results.within(folder)
    always = [
        getattr(files, f.name) for f in fields(files) if f.name not in {"folder", *ON_REQUEST}
    ]
    if not files.manifest.is_file():
        return tuple(path.name for path in always if not path.is_file())
    outputs = json.loads(files.manifest.read_text(encoding="utf-8"))["outputs"]
    asked = [getattr(files, name) for name in ON_REQUEST]
    wanted = [*always, *(path for path in asked if path.name in outputs)]
    absent = [path.name for path in wanted if not path.is_file()]
    differ = [
        path.name
        for path in wanted
        if path.is_file() and path != files.manifest and outputs.get(path.name) != sha256(path)
    ]
    return (*absent, *differ)
