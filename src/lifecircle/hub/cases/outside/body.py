"""What an outside body does with its link: looks, accepts, notes, adds a photo, says that it is done, or declines.

Every look and act is audited, and stands in the case's history by the body's name. Nothing here closes a case: it comes back
to who held it.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from ninja import UploadedFile

from lifecircle.hub import pictures
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases import ladder
from lifecircle.hub.cases.history import append, made_with
from lifecircle.hub.cases.models import Case, CasePhoto, OutsideLink
from lifecircle.hub.cases.outside import queries
from lifecircle.hub.errors import ConflictError, InvalidError, MissingError
from lifecircle.hub.notify import actions as notify

MOST_PHOTOS = 6
"""By one link."""
MOST_NOTES = 50
"""By one link: whoever has found it floods nobody."""


@transaction.atomic
def look(token: str, address: str) -> dict[str, Any]:
    """What the body reads."""
    one = queries.held(token)
    one.looked_at = timezone.now()
    one.save(update_fields=["looked_at"])
    _audit(one, address, "looked", door=one.door and not queries.answered(one))
    return queries.shown(one)


def stands(token: str) -> dict[str, Any]:
    """What the body reads after an act of its own."""
    return queries.shown(queries.held(token))


def refused(token: str, address: str) -> None:
    """Audit that somebody came with a link that was one, and leads nowhere now; one that never was is nobody's."""
    one = queries.once(token)
    if one is not None and queries.is_over(one):
        _audit(one, address, "looked", allowed=False)


@transaction.atomic
def accept(token: str, address: str, *, name: str) -> None:
    """The body takes it on; `name` is who of it answers for it."""
    one = _locked(token)
    who = name.strip()
    if not who:
        raise InvalidError("a name", "须填写姓名")
    if one.accepted_at is not None:
        if one.accepted_by == who:
            return  # sent twice
        raise ConflictError(f"accepted already, by {one.accepted_by}", f"{one.accepted_by} 已接收")
    one.accepted_at, one.accepted_by = timezone.now(), who
    one.save(update_fields=["accepted_at", "accepted_by"])
    _say(one, address, "accepted", detail={"name": who})


@transaction.atomic
def note(token: str, address: str, *, text: str, key: uuid.UUID | None = None) -> None:
    """The body says something; with a key it is said once, however often it is sent."""
    one = _locked(token)
    if made_with(key, "outside_note", by=one.name, on=one.case) is not None:
        return
    if queries.notes(one).count() >= MOST_NOTES:
        raise ConflictError(f"at most {MOST_NOTES} notes", f"最多 {MOST_NOTES} 条说明")
    _say(one, address, "note", text=_said(text), key=key)


def add_photo(token: str, address: str, file: UploadedFile) -> CasePhoto:
    """The body adds a photo, drawn anew as every other.

    Raises
    ------
    ConflictError
        There are as many as allowed, or this very one.
    InvalidError
        The file is no photo, or larger than allowed.
    """
    one = queries.held(token)  # before the picture is read
    _check_room(one)
    picture, name = pictures.read(file), uuid.uuid4()
    pictures.write(name, picture)  # before its row: a file without a row harms nobody
    try:
        return _added(token, address, picture, name)
    except BaseException:
        pictures.erase(name)
        raise


@transaction.atomic
def done(token: str, address: str, *, text: str) -> None:
    """The body says that it is done: the case comes back to its holder, who looks and resolves it."""
    one = _locked(token)
    words = _said(text)
    one.done_at = timezone.now()
    one.save(update_fields=["done_at"])
    _back(one, address, "done", words, f"{one.body}: 称已办完, 请核查")


@transaction.atomic
def decline(token: str, address: str, *, reason: str) -> None:
    """The body does not take it, and says why: the case comes back to its holder."""
    one = _locked(token)
    words = _said(reason)
    one.declined_at = timezone.now()
    one.save(update_fields=["declined_at"])
    _back(one, address, "declined", words, f"{one.body}: 退回, 请另行安排")


def _locked(token: str) -> OutsideLink:
    """The case first, as a move does; then what the link is now."""
    seen = queries.held(token)
    rows = Case.objects.select_for_update(of=("self",)).select_related("place", "holder")
    case = rows.get(pk=seen.case_id)
    one = queries.held(token)
    one.case = case
    if queries.answered(one):
        raise ConflictError("it was answered already", "已答复, 不能再改")
    return one


def _said(text: str) -> str:
    words = text.strip()
    if not words:
        raise InvalidError("some words", "须填写说明")
    return words


def _back(one: OutsideLink, address: str, what: str, words: str, notice: str) -> None:
    """Back to the holder, who is told in our words: those of a body go into the history, and into no SMS."""
    case, before = one.case, one.case.state
    if one.order_id is None and before == "handed":
        now = timezone.now()
        case.body, case.version = "", case.version + 1
        case.state = "accepted" if case.holder else "received"
        case.save(update_fields=["body", "version", "state"])
        if case.holder is None:
            ladder.set_up(case, at=now, tier=case.tier)
    _say(one, address, what, text=words, detail={"from": before})
    told = {each.pk: each for each in (case.holder, one.made_by) if each is not None}
    channels = ("app", "sms") if case.priority in ("P1", "P2") else ("app",)
    notify.tell(case, list(told.values()), channels=channels, text=notice)


def _check_room(one: OutsideLink) -> None:
    if queries.answered(one) or one.photos.count() >= MOST_PHOTOS:
        raise ConflictError(f"at most {MOST_PHOTOS} photos, before it is done", f"办完前最多 {MOST_PHOTOS} 张照片")  # fmt: skip


@transaction.atomic
def _added(token: str, address: str, picture: pictures.Picture, name: uuid.UUID) -> CasePhoto:
    one = _locked(token)
    _check_room(one)
    if one.case.photos.filter(removed_at__isnull=True, digest=picture.digest).exists():
        raise ConflictError("this photo is there already", "这张照片已经有了")
    made = CasePhoto.objects.create(
        case=one.case, outside=one, key=name, when="after", taken_on=picture.taken_on, width=picture.width,
        height=picture.height, bytes=len(picture.large), digest=picture.digest, added_at=timezone.now(),
    )  # fmt: skip
    _say(one, address, "photo", detail={"photo": made.pk})
    return made


def photo(token: str, address: str, number: int, *, small: bool) -> CasePhoto:
    """A photo that the body may see; `MissingError` for any other. Small ones are part of the look itself."""
    one = queries.held(token)
    found = queries.pictures(one).filter(pk=number).first()
    if found is None:
        raise MissingError
    if not small:
        _audit(one, address, "photo_looked", photo=number)
    return found


def _say(
    one: OutsideLink, address: str, what: str, *, text: str = "", detail: dict[str, Any] | None = None,
    key: uuid.UUID | None = None,
) -> None:  # fmt: skip
    order = {"order": one.order.number} if one.order else {}
    said = {"link": one.pk, "body": one.body, **order, **(detail or {})}
    append(
        one.case, f"outside_{what}", by=one.name, at=timezone.now(), note=text, detail=said, key=key
    )
    _audit(one, address, what)


def _audit(
    one: OutsideLink, address: str, what: str, *, allowed: bool = True, **detail: Any
) -> None:
    who = Actor(name=one.name, address=address)
    audit.record(
        who, f"outside.{what}", f"case:{one.case.ref}", one.case.place.lineage, {"link": one.pk, **detail}, allowed=allowed
    )  # fmt: skip
