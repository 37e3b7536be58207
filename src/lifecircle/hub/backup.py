"""A hub in one file: every row as JSON, and the bundles and results beside; for either database."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

import lifecircle
from lifecircle.atomic import atomic_file
from lifecircle.errors import OutputError
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.people.models import Account


class _Exact(DjangoJSONEncoder):
    """Times to the microsecond: Django's own stops at the millisecond, and the audit's seals would break."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, dt.datetime) else super().default(o)


_FOLDERS = ("bundles", "documents", "photos", "runs")
_PASSED = frozenset({"contenttypes", "sessions", "usersessions"})
"""Apps whose rows are made anew, or end with a session."""


def write_backup(path: Path) -> int:
    """Write a backup, whole or not at all; how many rows.

    Raises
    ------
    OutputError
        The file is there already.
    """
    if path.exists():
        raise OutputError(f"{path} is there already / 文件已存在")
    with atomic_file(path) as temporary, tarfile.open(temporary, "w:gz", compresslevel=3) as tar:
        temporary.chmod(0o600)
        anchors = settings.DATA / "audit-anchors.log"
        if anchors.exists():  # before the rows: none of a seal that they do not have
            tar.add(anchors, anchors.name)
        with tempfile.TemporaryFile() as rows, transaction.atomic():
            if connection.vendor == "postgresql":  # one moment for all tables
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            count = 0
            for count, line in enumerate(_lines(), start=1):  # noqa: B007
                rows.write(line)
            about = {"format": 1, "version": lifecircle.__version__, "rows": count,
                     "migrations": _migrations()}  # fmt: skip
            _add(tar, "about.json", io.BytesIO(json.dumps(about).encode()))
            rows.seek(0)
            _add(tar, "rows.jsonl", rows)
        for name in _FOLDERS:
            _add_folder(tar, settings.DATA / name, name)
    return count


def read_backup(path: Path) -> int:
    """Restore a backup into an empty hub, whole or not at all; how many rows.

    Raises
    ------
    InvalidError
        It is no backup, or of another version's tables.
    ConflictError
        The hub is not empty.
    """
    try:
        with tarfile.open(path, "r:gz") as tar:
            about = json.load(_member(tar, "about.json"))
            if about.get("migrations") != _migrations():
                version = about.get("version")
                raise InvalidError(
                    f"a backup of this version's tables, not of {version}",
                    f"与本版本一致的备份 ({version})",
                )
            if Account.objects.exists():
                raise ConflictError("the hub is not empty", "平台中已有数据")
            with transaction.atomic():
                count = _restore(_member(tar, "rows.jsonl"))
                _extract(tar)
    except (tarfile.TarError, KeyError, ValueError, EOFError) as error:
        raise InvalidError(f"a backup of a hub ({error})", "平台的备份文件") from error
    return count


def _lines() -> Iterator[bytes]:
    for model in _models():
        rows = model._default_manager.order_by("pk").iterator(chunk_size=1000)  # noqa: SLF001
        for row in rows:
            (plain,) = serializers.serialize("python", [row])
            text = json.dumps(plain, ensure_ascii=False, cls=_Exact)
            yield text.encode() + b"\n"


def _restore(lines: Any) -> int:
    count = 0
    with connection.constraint_checks_disabled():
        for line in lines:
            for one in serializers.deserialize("python", [json.loads(line)]):
                one.save()
            count += 1
    connection.check_constraints()
    models_ = [model for model in _models() if model._meta.auto_field]  # noqa: SLF001
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models_):
            cursor.execute(statement)
    return count


def _models() -> list[type[models.Model]]:
    """Every table that is kept, each after those that it refers to."""
    chosen = [(config, None) for config in apps.get_app_configs() if config.label not in _PASSED]
    return [
        model
        for model in serializers.sort_dependencies(chosen, allow_cycles=True)
        if model._meta.managed and not model._meta.proxy  # noqa: SLF001
    ]


def _migrations() -> list[list[str]]:
    return sorted([list(key) for key in MigrationRecorder(connection).applied_migrations()])


def _add(tar: tarfile.TarFile, name: str, file: Any) -> None:
    about = tarfile.TarInfo(name)
    about.size = file.seek(0, io.SEEK_END)
    file.seek(0)
    tar.addfile(about, file)


def _add_folder(tar: tarfile.TarFile, folder: Path, name: str) -> None:
    """Add a folder of a hub that goes on: what is removed meanwhile is passed over."""
    for path in [folder, *sorted(folder.rglob("*"))]:
        with contextlib.suppress(FileNotFoundError):
            tar.add(
                path,
                PurePosixPath(name, *path.relative_to(folder).parts).as_posix(),
                recursive=False,
            )


def _member(tar: tarfile.TarFile, one: str | tarfile.TarInfo) -> Any:
    file = tar.extractfile(one)
    if file is None:
        raise KeyError(str(one))
    return file


def _extract(tar: tarfile.TarFile) -> None:
    """Put plain files of the folders that are ours into the data folder; nothing else of an archive."""
    for one in tar:
        parts = PurePosixPath(one.name).parts
        ours = parts and parts[0] in {*_FOLDERS, "audit-anchors.log"} and ".." not in parts
        if not (one.isfile() or one.islnk()) or not ours:
            continue  # a hard link's content is that of another file of the archive
        path = Path(settings.DATA).joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(_member(tar, one), file)
