"""Files that callers send: bounded, named by us, gone when they have been read."""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from ninja import UploadedFile

from lifecircle.engine.bundle.readers import ENDINGS
from lifecircle.errors import Issue
from lifecircle.hub.errors import InvalidError

MOST_UNPACKED_BYTES = 200 * 2**20
MOST_ROWS = 1_000_000


@contextmanager
def stored(
    file: UploadedFile, name: str = "facilities", endings: tuple[str, ...] = ENDINGS
) -> Iterator[Path]:
    """A table that was uploaded, in a folder of its own, under a name of ours; in which formats it may come.

    Raises
    ------
    InvalidError
        It is larger than allowed, packed or unpacked, or of no format that a table comes in.
    """
    ending = Path(file.name or "").suffix.lower()
    if ending not in endings:
        raise InvalidError(f"a table: {', '.join(endings)}", f"表格文件: {', '.join(endings)}")
    if (file.size or 0) > settings.MOST_UPLOAD_BYTES:
        most = settings.MOST_UPLOAD_BYTES // 2**20
        raise InvalidError(f"a file of at most {most} MiB", f"不超过 {most} MiB 的文件")
    with tempfile.TemporaryDirectory(prefix="lifecircle-upload-") as folder:
        path = Path(folder) / f"{name}{ending}"
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        _check_unpacked(path, ending)
        yield path


def _check_unpacked(path: Path, ending: str) -> None:
    """Refuse a small file that would be a large table. What is broken is left to its reader."""
    try:
        large = {".xlsx": _large_book, ".parquet": _large_parquet, ".gpkg": _endless_gpkg}.get(
            ending
        )
        if large is None or not large(path):
            return
    except (zipfile.BadZipFile, pa.ArrowException, sqlite3.Error, OSError, ValueError):
        return
    most = MOST_UNPACKED_BYTES // 2**20
    raise InvalidError(
        f"a table of its own data, of at most {most} MiB unpacked",
        f"自含数据、解压后不超过 {most} MiB 的表格",
    )


def _large_book(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED_BYTES


def _large_parquet(path: Path) -> bool:
    """Equal values are written once: rows are counted, and the text that they would unpack to."""
    meta = pq.read_metadata(path)
    groups = [meta.row_group(k) for k in range(meta.num_row_groups)]
    parts = [group.column(c) for group in groups for c in range(group.num_columns)]
    texts = sorted({one.path_in_schema for one in parts if one.physical_type == "BYTE_ARRAY"})
    if (
        sum(group.total_byte_size for group in groups) > MOST_UNPACKED_BYTES
        or max((one.num_values for one in parts), default=0) > MOST_ROWS
        or any("." in name for name in texts)
    ):
        return True
    total = 0
    with pq.ParquetFile(path, read_dictionary=texts) as file:
        for group in range(meta.num_row_groups):
            for name in texts:
                chunks = file.read_row_group(group, columns=[name]).column(0).chunks
                total += sum(_unpacked_bytes(chunk) for chunk in chunks)
    return total > MOST_UNPACKED_BYTES


def _unpacked_bytes(chunk: pa.Array) -> int:
    if not isinstance(chunk, pa.DictionaryArray):
        return int(chunk.nbytes)
    return pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices)).as_py() or 0


def _endless_gpkg(path: Path) -> bool:
    """A layer that is a view is worked out as it is read, and may have no end."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        query = (
            "SELECT count(*) FROM gpkg_contents JOIN sqlite_master ON lower(name) = lower(table_name)"
            " WHERE type <> 'table'"
        )
        return bool(database.execute(query).fetchone()[0])


def named(issues: Sequence[Issue], name: str) -> list[Issue]:
    """Issues by the name that the caller gave the file."""
    return [replace(issue, file=name) for issue in issues]
