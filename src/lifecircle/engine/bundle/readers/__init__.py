"""Reading tables in every format of a bundle, as they are found."""

from __future__ import annotations

from pathlib import Path

from lifecircle.engine.bundle.readers.geo import read_geojson, read_parquet
from lifecircle.engine.bundle.readers.raw import MOST_BYTES, RawTable, unreadable
from lifecircle.engine.bundle.readers.text import read_csv
from lifecircle.errors import BundleError, Issue

ENDINGS = (".csv", ".xlsx", ".geojson", ".json", ".gpkg", ".parquet")

__all__ = ["ENDINGS", "RawTable", "find_table", "read_table"]


def find_table(folder: Path, table: str) -> Path | None:
    """Find the one file of a table (`.CSV` is `.csv`); None if there is none.

    Raises
    ------
    BundleError
        There are several.
    """
    wanted = {table + ending for ending in ENDINGS}
    found = sorted(
        path for path in folder.iterdir() if path.name.lower() in wanted and path.is_file()
    )
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        issue = Issue("several_files", table, "one file a table", "每张表一个文件", value=names)
        raise BundleError(f"{table}: several files / 多个文件", (issue,))
    return found[0] if found else None


def read_table(path: Path, table: str) -> RawTable:
    """Read a table by its ending.

    Raises
    ------
    BundleError
        The file is not what its ending says.
    """
    if path.stat().st_size > MOST_BYTES:
        size = f"{path.stat().st_size / 2**20:,.0f} MiB"
        raise unreadable(path.name, size, "a table of at most 512 MiB", "不超过 512 MiB 的表")
    if path.suffix.lower() == ".csv":
        return read_csv(path)
    # The libraries of the next two take a second each to import.
    if path.suffix.lower() == ".xlsx":
        from lifecircle.engine.bundle.readers.sheet import read_xlsx  # noqa: PLC0415

        return read_xlsx(path)
    if path.suffix.lower() == ".gpkg":
        from lifecircle.engine.bundle.readers.gpkg import read_gpkg  # noqa: PLC0415

        return read_gpkg(path, table)
    if path.suffix.lower() == ".parquet":
        return read_parquet(path)
    return read_geojson(path)
