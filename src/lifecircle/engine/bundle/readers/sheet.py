"""The first sheet of an Excel workbook."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from lifecircle.engine.bundle.readers.raw import MOST_BYTES, RawTable, from_records, unreadable
from lifecircle.errors import BundleError, Issue

BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, KeyError, ValueError,
    TypeError, AttributeError, IndexError, OSError, EOFError, RuntimeError,
)  # fmt: skip
"""What broken workbooks end in; RuntimeError where a part is encrypted or packed in an odd way."""
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_FORMULA = re.compile(rb"<(\w+:)?f[ />]")


def read_xlsx(path: Path) -> RawTable:
    """Read the first sheet; formulas give the values that were saved with them.

    Raises
    ------
    BundleError
        It is no workbook, is empty, or holds formulas without saved values.
    """
    expected = ("an Excel workbook (.xlsx)", "Excel 工作簿(.xlsx)")
    try:
        formulas = _may_hold_formulas(path)
        rows = list(_rows(path, values=True))
        written = list(_rows(path, values=False)) if formulas else []
    except BROKEN as error:
        raise unreadable(path.name, error, *expected) from error
    if not rows:
        raise unreadable(path.name, "", "a header and rows", "表头与数据行")
    issues = _uncomputed(path.name, rows, written)
    if issues:
        raise BundleError(f"{path.name}: formulas without values / 公式没有保存结果", tuple(issues))
    return from_records(path.name, rows[0], rows[1:], 2)


def check_size(path: Path) -> None:
    """Refuse a workbook that unpacks to more than a table may hold, or that has a password.

    Raises
    ------
    ValueError
        It is so.
    """
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            raise ValueError("a password, or the old .xls format / 设有密码, 或为旧的 .xls 格式")
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
            raise ValueError("over 512 MiB unpacked / 解压后超过 512 MiB")


def _may_hold_formulas(path: Path) -> bool:
    check_size(path)
    with zipfile.ZipFile(path) as archive:
        sheets = [m for m in archive.infolist() if m.filename.startswith("xl/worksheets/")]
        return any(_FORMULA.search(archive.read(sheet)) for sheet in sheets)


def _rows(path: Path, *, values: bool) -> Iterator[list[Any]]:
    with _opened(path, values=values) as sheet:
        # Some writers state a wrong extent ("A1"), by which openpyxl would cut the rows.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield list(row)


@contextmanager
def _opened(path: Path, *, values: bool) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that do not concern values
        book = openpyxl.load_workbook(path, read_only=True, data_only=values)
        try:
            yield book.worksheets[0]
        finally:
            book.close()


def _uncomputed(file: str, rows: list[list[Any]], written: list[list[Any]]) -> list[Issue]:
    """Formulas that no spreadsheet has computed: their value would silently be missing."""
    header = rows[0]
    return [
        Issue(
            "formula", file, "a value; open and save the workbook in a spreadsheet once",
            "取值; 请用电子表格软件打开并保存一次", row + 1,
            str(header[k]) if k < len(header) else "", str(formula)[:80],
        )
        for row, cells in enumerate(written)
        for k, formula in enumerate(cells)
        if isinstance(formula, str) and formula.startswith("=") and rows[row][k] is None
    ]  # fmt: skip
