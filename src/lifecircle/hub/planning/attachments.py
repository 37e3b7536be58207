"""Documents and photos of projects: added by who may change the project, kept as files, never run or shown inline."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from ninja import UploadedFile

from lifecircle.atomic import atomic_file
from lifecircle.hub import pictures
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, InvalidError, MissingError
from lifecircle.hub.planning import queries
from lifecircle.hub.planning.actions import check
from lifecircle.hub.planning.models import Attachment, Project, ProjectEvent

DOCUMENTS = (".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".txt", ".csv", ".dwg", ".dxf", ".zip")  # fmt: skip
MOST_BYTES = 30 * 2**20
MOST = 60
"""Files of one project."""


def attachments(one: Project) -> QuerySet[Attachment]:
    """The files of a project that the caller has found."""
    return Attachment.objects.filter(project=one, removed_at__isnull=True)


def attachment(actor: Actor, ref: str, number: int) -> Attachment:
    """One file of a project; `MissingError` if there is none for this caller."""
    found = attachments(queries.project(actor, ref)).filter(pk=number).first()
    if found is None:
        raise MissingError
    return found


def add(actor: Actor, ref: str, file: UploadedFile, *, title: str) -> Attachment:
    """Add a document, or a photo, which is drawn anew without what its camera wrote.

    Raises
    ------
    InvalidError
        The file is of no kind that is kept, or larger than allowed.
    ConflictError
        The project has as many files as allowed, or this very one.
    """
    one = queries.project(actor, ref)
    check(actor, "project.write", one)
    name = Path(file.name or "").name[-200:]
    ending = Path(name).suffix.lower()
    key = uuid.uuid4()
    if ending in pictures.ENDINGS:
        picture = pictures.read(file)
        pictures.write(key, picture)
        kind, body = "photo", picture.large
    elif ending in DOCUMENTS:
        body, kind = _document(file), "document"
        with atomic_file(_path(key)) as temporary:
            temporary.write_bytes(body)
    else:
        known = ", ".join((*DOCUMENTS, *pictures.ENDINGS))
        raise InvalidError(f"a document or photo: {known}", f"文件或照片: {known}")
    try:
        return _added(actor, ref, key, kind, name, title, body)
    except BaseException:
        _erase(key, kind)
        raise


@transaction.atomic
def remove(actor: Actor, ref: str, number: int) -> None:
    """Take a file away; that there was one stays."""
    found = attachment(actor, ref, number)
    check(actor, "project.write", found.project)
    found.removed_at = timezone.now()
    found.save(update_fields=["removed_at"])
    _say(actor, found, "removed")
    transaction.on_commit(partial(_erase, found.key, found.kind))


def load(found: Attachment, *, small: bool = False) -> bytes:
    """The file's bytes; `MissingError` where it was removed a moment ago."""
    try:
        if found.kind == "photo":
            return pictures.load(found.key, small=small)
        return _path(found.key).read_bytes()
    except FileNotFoundError:
        raise MissingError from None


@transaction.atomic
def _added(
    actor: Actor, ref: str, key: uuid.UUID, kind: str, name: str, title: str, body: bytes
) -> Attachment:
    one = Project.objects.select_for_update(of=("self",)).select_related("place").get(ref=ref)
    digest = hashlib.sha256(body).hexdigest()
    there = list(attachments(one).values_list("digest", flat=True))
    if len(there) >= MOST:
        raise ConflictError(f"a project has at most {MOST} files", f"每个项目最多 {MOST} 个文件")
    if digest in there:
        raise ConflictError("this file is there already", "这个文件已经有了")
    made = Attachment.objects.create(
        project=one, key=key, kind=kind, name=name, title=title.strip(), bytes=len(body), digest=digest,
        added_by=actor.name,
    )  # fmt: skip
    _say(actor, made, "added")
    return made


def _say(actor: Actor, one: Attachment, what: str) -> None:
    project = one.project
    detail = {"file": one.name, "digest": one.digest}
    ProjectEvent.objects.create(project=project, by=actor.name, what=f"file.{what}", detail=detail)
    audit.record(
        actor, f"project.file.{what}", f"project:{project.ref}", project.place.lineage, detail
    )


def _document(file: UploadedFile) -> bytes:
    if (file.size or 0) > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise InvalidError(f"a file of at most {most} MiB", f"不超过 {most} MiB 的文件")
    body: bytes = file.read()
    if not body:
        raise InvalidError("a file with something in it", "非空文件")
    return body


def _path(key: uuid.UUID) -> Path:
    return Path(settings.DATA) / "documents" / key.hex[:2] / key.hex / "file"


def _erase(key: uuid.UUID, kind: str) -> None:
    if kind == "photo":
        pictures.erase(key)
    else:
        shutil.rmtree(_path(key).parent, ignore_errors=True)
