"""Long work goes on where it stopped: its pieces lie beside its output until that is written."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lifecircle.atomic import atomic_file

Arrays = dict[str, NDArray[np.generic]]


class Checkpoint:
    """Pieces of the work for one output, in a folder `.NAME.unfinished` beside it.

    Parameters
    ----------
    out
        The output that the work is for.
    of
        All that the pieces depend on, as plain data: pieces of anything else are not used.
    """

    def __init__(self, out: Path, of: object) -> None:
        path = out.resolve()
        self.folder = path.with_name(f".{path.name}.unfinished")
        key = json.dumps(of, sort_keys=True, ensure_ascii=False)
        self.key = hashlib.sha256(key.encode()).hexdigest()[:16]

    def piece(self, name: str, make: Callable[[], Arrays]) -> Arrays:
        """Return a piece: as it was kept, or made now and kept."""
        file = self.folder / f"{name}-{self.key}.npz"
        try:
            with np.load(file) as kept:
                return dict(kept)
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
            pass  # not there yet, or not whole
        arrays = make()
        with atomic_file(file) as temporary, temporary.open("wb") as handle:
            np.savez(handle, **arrays)  # type: ignore[arg-type]
        return arrays

    def discard(self) -> None:
        """Remove the pieces, once the output is written."""
        for file in self.folder.glob("*.npz"):
            file.unlink(missing_ok=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()
