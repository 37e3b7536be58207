"""A folder of results as it lies on disk."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lifecircle.engine.grading import CARDS
from lifecircle.engine.report.files import FORMAT, Results
from lifecircle.errors import InputError, Issue


@dataclass(frozen=True, slots=True, repr=False)
class Run:
    """The results of an assessment: its manifest, and its tables as they are asked for."""

    files: Results
    manifest: dict[str, Any]
    _read: dict[str, pa.Table] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path | str) -> Run:
        """Open a folder of results.

        Raises
        ------
        InputError
            It holds none, or they cannot be read or are another version's; the file is named.
        """
        files = Results.within(Path(folder))
        try:
            manifest = json.loads(files.manifest.read_text(encoding="utf-8"))
            known = {"district", "inputs", "outputs", "parameters", "standard"} <= set(manifest)
        except (OSError, ValueError, TypeError) as error:
            raise _broken(files.manifest, str(error)) from error
        if not known:
            raise _broken(files.manifest, "")
        if manifest.get("format") != FORMAT:
            raise _other_format(files.manifest, str(manifest.get("format")))
        return cls(files, manifest)

    def table(self, name: str) -> pa.Table:
        """Read `cards`, `gaps`, `indicators`, `places`, `facilities` or `buildings`, once.

        Raises
        ------
        InputError
            The file is missing or no such table.
        """
        if name not in self._read:
            path: Path = getattr(self.files, name)
            try:
                table = pq.ParquetFile(path).read()  # `read_table` loads pandas
                names = table.column_names
            except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
                raise _broken(path, str(error)[:120]) from error
            if name == "cards" and not set(CARDS.names) <= set(names):
                raise _broken(path, ", ".join(names[:5]))
            self._read[name] = table
        return self._read[name]

    @property
    def cards(self) -> pa.Table:
        """All cards, with the columns of `CARDS`."""
        return self.table("cards")

    def __repr__(self) -> str:
        about = self.manifest["district"]
        return f"<Run {self.files.folder}: {about.get('code')} {about.get('name_zh')}>"


def _broken(path: Path, value: str) -> InputError:
    expected = "results as `lifecircle assess` writes them", "lifecircle assess 写出的结果"
    issue = Issue("results", path.name, *expected, value=value)
    return InputError(f"{path.parent}: no results there / 没有结果", (issue,))


def _other_format(path: Path, value: str) -> InputError:
    expected = f"{FORMAT}; assess the bundle again", f"{FORMAT}; 请重新评估"
    issue = Issue("format", path.name, *expected, column="format", value=value)
    return InputError(f"{path.parent}: results of another version / 其他版本的结果", (issue,))
