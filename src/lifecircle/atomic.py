"""Writing that leaves the old or the new on disk, never half of either, and nothing of others."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from lifecircle.errors import OutputError, listed

_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class FolderKind:
    """What a folder of ours holds: file names (patterns), one of which is always there."""

    en: str
    zh: str
    marker: str
    names: tuple[str, ...]


def check_folder(path: Path, kind: FolderKind) -> Path:
    """Refuse a folder that is not ours to replace, before any work is done for it.

    Returns
    -------
    Path
        The folder, absolute and without links.

    Raises
    ------
    OutputError
        It is a file, a mount point, the working directory or above it, holds something that
        is not of this kind, or cannot be made.
    """
    target = path.resolve()
    if str(path) in {"", "."} or Path.cwd().is_relative_to(target) or target.is_mount():
        raise _refused(target, "a folder of its own", "应为单独的文件夹")
    if target.exists() and not target.is_dir():
        raise _refused(target, "a folder, not a file", "应为文件夹, 而不是文件")
    if target.is_dir():
        held = sorted(entry.name for entry in target.iterdir() if entry.name not in _LITTER)
        foreign = [name for name in held if not any(fnmatch(name, n) for n in kind.names)]
        if foreign or (held and kind.marker not in held):
            raise _refused(
                target,
                f"an empty or new folder, or {kind.en}; it holds {listed(foreign or held)}",
                f"应为空文件夹、新文件夹或{kind.zh}",
            )
    above = next(parent for parent in target.parents if parent.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise _refused(target, f"a place to write; {above} cannot be written", "无写入权限")
    return target


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; when the block succeeds, rename it to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    temporary = path.parent / f"{_prefix(path)}{secrets.token_hex(4)}"
    try:
        temporary.touch()
        temporary.chmod(0o644)
        yield temporary
        _sync(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def atomic_workbook(path: Path, options: dict[str, Any] | None = None) -> Iterator[Any]:
    """Yield an XlsxWriter workbook; when the block succeeds, it is written whole to `path`."""
    import xlsxwriter  # noqa: PLC0415  (few need it)

    with atomic_file(path) as temporary:
        try:
            with xlsxwriter.Workbook(str(temporary), options or {}) as book:
                yield book
        except xlsxwriter.exceptions.FileCreateError as error:  # it wraps the system's error
            raise error.args[0] from None


@contextmanager
def atomic_folder(path: Path, kind: FolderKind) -> Iterator[Path]:
    """Yield a temporary folder beside `path`; when the block succeeds, it takes `path`'s place.

    An existing folder of this kind is moved aside first and removed last. A crash between the two
    renames leaves it whole beside `path` as `.NAME.old`, and the next write puts it back. What
    killed processes left half written is cleared away.

    Raises
    ------
    OutputError
        `path` is not ours to replace (`check_folder`).
    """
    aside = path.resolve().with_name(f".{path.resolve().name}.old")
    if aside.exists() and not path.exists():
        aside.rename(path.resolve())
    path = check_folder(path, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    temporary = path.parent / f"{_prefix(path)}{secrets.token_hex(4)}"
    try:
        temporary.mkdir()  # in here: an interrupt may come as soon as it is there
        temporary.chmod(0o755)
        yield temporary
        for file in temporary.rglob("*"):
            if file.is_file():
                _sync(file)
        shutil.rmtree(aside, ignore_errors=True)
        if path.exists():
            path.rename(aside)
        temporary.rename(path)
        shutil.rmtree(aside, ignore_errors=True)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def sha256(path: Path) -> str:
    """The file's SHA-256, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _host() -> str:
    return re.sub(r"\W", "", platform.node())[:20]


def _prefix(path: Path) -> str:
    return f".{path.name}.{_host()}-{os.getpid()}."


def _sweep(path: Path) -> None:
    """Remove what processes of this machine that are gone left of an earlier write."""
    pattern = re.compile(rf"\.{re.escape(path.name)}\.{_host()}-(\d+)\.\w+")
    for left in path.parent.glob(f".{path.name}.*"):
        match = pattern.fullmatch(left.name)
        if match and not _alive(int(match[1])):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _refused(path: Path, expected: str, expected_zh: str) -> OutputError:
    return OutputError(f"{path}: not written; expected {expected} / 未写入: {expected_zh}")


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
