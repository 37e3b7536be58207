"""Photos of cases: added by who acts there, taken away by who took them while the case is open."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from ninja import UploadedFile

from lifecircle.hub import pictures
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases import queries
from lifecircle.hub.cases.history import append
from lifecircle.hub.cases.models import Case, CasePhoto
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError

MOST = 9
"""Photos of one case."""
_ENDED = ("closed", "merged")


def add(
    actor: Actor, ref: str, file: UploadedFile, *, when: str = "", key: uuid.UUID | None = None
) -> CasePhoto:
    """Add a photo to a case; sent again with its key, it is the photo that there is.

    Raises
    ------
    ConflictError
        The case is over, or has as many photos as allowed, or this very one.
    ForbiddenError
        The caller does not act on cases there.
    InvalidError
        The file is no photo, is larger than allowed, or its key is another's.
    """
    one = queries.case(actor, ref)
    actor.check("case.act", one.place.lineage)
    known = _known(actor, one, key)
    if known is not None:
        return known
    picture, name = pictures.read(file), uuid.uuid4()
    pictures.write(name, picture)  # before its row: a file without a row harms nobody
    try:
        return _added(actor, one, picture, {"key": name, "sent_key": key, "when": when})
    except BaseException as error:
        pictures.erase(name)
        # The same was sent at the same moment: then this is the photo that there is.
        again = (
            _known(actor, one, key) if isinstance(error, IntegrityError | ConflictError) else None
        )
        if again is None:
            raise
        return again


@transaction.atomic
def remove(actor: Actor, ref: str, number: int) -> None:
    """Take a photo away: its files are erased, that there was one stays.

    Raises
    ------
    ConflictError
        The case is over.
    ForbiddenError
        Somebody else took it.
    """
    seen = photo(actor, ref, number)
    one = Case.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.case_id)
    if one.state in _ENDED:
        raise ConflictError("a case that is open", "未归档的事件")
    if seen.added_by_id != actor.account_id:
        raise ForbiddenError("only who took it", "仅拍照人可以删除")
    seen.removed_at = timezone.now()
    seen.save(update_fields=["removed_at"])
    _say(actor, one, "photo_removed", seen)
    transaction.on_commit(partial(pictures.erase, seen.key))


def photos(actor: Actor, ref: str) -> list[dict[str, Any]]:
    """The photos of a case that a caller may see."""
    one = queries.case(actor, ref)
    return [told(actor, one, row) for row in there(one)]


def photo(actor: Actor, ref: str, number: int) -> CasePhoto:
    """One photo; `MissingError` if there is none for this caller."""
    found = there(queries.case(actor, ref)).filter(pk=number).first()
    if found is None:
        raise MissingError
    return found


def told(actor: Actor, one: Case, row: CasePhoto) -> dict[str, Any]:
    """A photo as lists show it."""
    names = ("sent_key", "when", "width", "height", "bytes", "taken_on", "added_at")
    return {
        "id": row.pk, **{name: getattr(row, name) for name in names}, "added_by": _who(row),
        "may_remove": one.state not in _ENDED and row.added_by_id == actor.account_id,
    }  # fmt: skip


@transaction.atomic
def _added(actor: Actor, seen: Case, picture: pictures.Picture, names: dict[str, Any]) -> CasePhoto:
    one = Case.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)
    if one.state in _ENDED:
        raise ConflictError("a case that is open", "未归档的事件")
    found = there(one).values_list("digest", "outside_id")
    if (
        sum(outside is None for _, outside in found) >= MOST
    ):  # an outside body's own are counted by its link
        raise ConflictError(f"a case has at most {MOST} photos", f"每件事件最多 {MOST} 张照片")
    if picture.digest in {known for known, _ in found}:
        raise ConflictError("this photo is there already", "这张照片已经有了")
    made = CasePhoto.objects.create(
        case=one, **names, taken_on=picture.taken_on, width=picture.width, height=picture.height,
        bytes=len(picture.large), digest=picture.digest, added_at=timezone.now(), added_by_id=actor.account_id or 0,
    )  # fmt: skip
    _say(actor, one, "photo", made)
    return made


def _known(actor: Actor, one: Case, key: uuid.UUID | None) -> CasePhoto | None:
    """Return the photo that a key is of, removed or not."""
    found = CasePhoto.objects.filter(sent_key=key).first() if key is not None else None
    if found is not None and (found.case_id, found.added_by_id) != (one.pk, actor.account_id):
        raise InvalidError("a key of its own for each photo", "每张照片单独的编号")
    return found


def there(one: Case) -> QuerySet[CasePhoto]:
    """The photos of a case that were not taken away, whoever has found it."""
    return one.photos.filter(removed_at__isnull=True).select_related("added_by", "outside")


def _who(row: CasePhoto) -> str:
    if row.outside is not None:
        return row.outside.name
    return row.added_by.username if row.added_by else ""


def _say(actor: Actor, one: Case, what: str, row: CasePhoto) -> None:
    detail = {"photo": row.pk, "when": row.when}
    append(one, what, by=actor.name, at=timezone.now(), detail=detail)
    audit.record(actor, f"case.{what}", f"case:{one.ref}", one.place.lineage, {"photo": row.pk})
