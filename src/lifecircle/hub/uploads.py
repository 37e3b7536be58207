"""Files that callers send: bounded, named by us, gone when they have been read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from ninja import UploadedFile

from lifecircle.engine.bundle.readers import ENDINGS
from lifecircle.hub.errors import InvalidError


@contextmanager
def stored(file: UploadedFile) -> Iterator[Path]:
    """A table that was uploaded, in a folder of its own.

    Raises
    ------
    InvalidError
        It is larger than allowed, or of no format that a table comes in.
    """
    ending = Path(file.name or "").suffix.lower()
    if ending not in ENDINGS:
        raise InvalidError(f"a table: {', '.join(ENDINGS)}", f"表格文件: {', '.join(ENDINGS)}")
    if (file.size or 0) > settings.MOST_UPLOAD_BYTES:
        most = settings.MOST_UPLOAD_BYTES // 2**20
        raise InvalidError(f"a file of at most {most} MiB", f"不超过 {most} MiB 的文件")
    with tempfile.TemporaryDirectory(prefix="lifecircle-upload-") as folder:
        path = Path(folder) / f"facilities{ending}"
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        yield path
