"""Writes of photos: added to a facility and taken away by who may change it."""

from __future__ import annotations

import uuid
from functools import partial

from django.db import transaction
from django.utils import timezone
from ninja import UploadedFile

from lifecircle.hub import pictures
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError
from lifecircle.hub.facilities import queries
from lifecircle.hub.facilities.actions import check_writable, locked
from lifecircle.hub.facilities.models import Facility, FacilityPhoto

MOST = 10
"""Photos of one facility."""


def add(actor: Actor, ref: str, file: UploadedFile, *, caption: str) -> FacilityPhoto:
    """Add a photo to a facility.

    Raises
    ------
    InvalidError
        The file is no photo, or is larger than allowed.
    ConflictError
        The facility has as many photos as allowed, or this very one.
    """
    check_writable(actor, queries.facility(actor, ref))
    picture, key = pictures.read(file), uuid.uuid4()
    pictures.write(key, picture)  # before its row: a file without a row harms nobody
    try:
        return _added(actor, ref, key, picture, caption)
    except BaseException:
        pictures.erase(key)
        raise


@transaction.atomic
def remove(actor: Actor, ref: str, number: int) -> None:
    """Take a photo away: its files are erased, that there was one stays."""
    one = locked(actor, ref)
    photo = queries.photo(actor, ref, number)
    photo.removed_at = timezone.now()
    photo.save(update_fields=["removed_at"])
    audit.record(actor, "photo.removed", f"facility:{ref}", one.place.lineage, {"photo": number})
    transaction.on_commit(partial(pictures.erase, photo.key))


@transaction.atomic
def _added(
    actor: Actor, ref: str, key: uuid.UUID, picture: pictures.Picture, caption: str
) -> FacilityPhoto:
    one = locked(actor, ref)
    _check_room(one, picture.digest)
    photo = FacilityPhoto.objects.create(
        facility=one, key=key, caption=caption.strip(), taken_on=picture.taken_on,
        width=picture.width, height=picture.height, bytes=len(picture.large),
        digest=picture.digest, added_by=actor.name,
    )  # fmt: skip
    audit.record(actor, "photo.added", f"facility:{ref}", one.place.lineage, {"photo": photo.pk})
    return photo


def _check_room(one: Facility, digest: str) -> None:
    there = set(queries.photos(one).values_list("pk", "digest"))
    if len(there) >= MOST:
        raise ConflictError(
            f"a facility has at most {MOST} photos: remove one first",
            f"每处设施最多 {MOST} 张照片, 请先删除一张",
        )
    if digest in {known for _, known in there}:
        raise ConflictError("this photo is there already", "这张照片已经有了")
