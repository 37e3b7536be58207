"""The door for who holds a link: limited by where they come from, and the same answer to every link that leads nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Status, UploadedFile

from lifecircle.hub import pictures
from lifecircle.hub.cases.outside import body as outside
from lifecircle.hub.cases.outside.schemas import (
    OutsideAccept,
    OutsideDecline,
    OutsideDone,
    OutsideNote,
    OutsidePicture,
    OutsideShown,
)
from lifecircle.hub.errors import MissingError
from lifecircle.hub.limits import Limiter
from lifecircle.hub.requests import address_of
from lifecircle.hub.schemas import ERRORS, Number
from lifecircle.hub.tokens import digest_of

router = Router(tags=["public"])
LOOKS = Limiter(120, 60)
"""By address."""
ACTS = Limiter(30, 60)
"""By link, wherever they come from."""


@router.get(
    "/outside/{token}", response={200: OutsideShown, **ERRORS}, summary="What a link asks of an outside body"
)  # fmt: skip
def look(request: HttpRequest, response: HttpResponse, token: str) -> dict[str, Any]:
    response["Cache-Control"] = "no-store"
    return _looked(request, token)


@router.get("/outside/{token}/photos/{number}", summary="A photo that the body may see: a JPEG")
def photo(
    request: HttpRequest, token: str, number: Number, small: bool = False  # noqa: FBT001, FBT002
) -> HttpResponse:  # fmt: skip
    where = address_of(request)
    LOOKS.take(where)
    found = _kept(token, where, lambda _: outside.photo(token, where, number, small=small))
    return pictures.answer(found.key, small=small)


@router.post(
    "/outside/{token}/accept", response={200: OutsideShown, **ERRORS}, summary="Take it on"
)
def accept(request: HttpRequest, token: str, body: OutsideAccept) -> dict[str, Any]:
    return _acted(request, token, lambda where: outside.accept(token, where, name=body.name))


@router.post(
    "/outside/{token}/notes", response={200: OutsideShown, **ERRORS}, summary="Say something"
)
def note(request: HttpRequest, token: str, body: OutsideNote) -> dict[str, Any]:
    return _acted(
        request, token, lambda where: outside.note(token, where, text=body.text, key=body.key)
    )


@router.post(
    "/outside/{token}/photos", response={201: OutsidePicture, **ERRORS}, summary="Add a photo"
)
def add_photo(request: HttpRequest, token: str, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    made = _counted(request, token, lambda where: outside.add_photo(token, where, file))
    return Status(201, {"id": made.pk, "own": True})


@router.post(
    "/outside/{token}/done", response={200: OutsideShown, **ERRORS}, summary="Say that it is done"
)
def done(request: HttpRequest, token: str, body: OutsideDone) -> dict[str, Any]:
    return _acted(request, token, lambda where: outside.done(token, where, text=body.text))


@router.post(
    "/outside/{token}/decline", response={200: OutsideShown, **ERRORS}, summary="Decline it, with a reason"
)  # fmt: skip
def decline(request: HttpRequest, token: str, body: OutsideDecline) -> dict[str, Any]:
    return _acted(request, token, lambda where: outside.decline(token, where, reason=body.reason))


def _acted(request: HttpRequest, token: str, act: Callable[[str], Any]) -> dict[str, Any]:
    _counted(request, token, act)
    return outside.stands(token)


def _counted(request: HttpRequest, token: str, act: Callable[[str], Any]) -> Any:
    where = address_of(request)
    LOOKS.take(where)
    ACTS.take(digest_of(token))
    return _kept(token, where, act)


def _looked(request: HttpRequest, token: str) -> dict[str, Any]:
    where = address_of(request)
    LOOKS.take(where)
    found: dict[str, Any] = _kept(token, where, lambda address: outside.look(token, address))
    return found


def _kept(token: str, where: str, act: Callable[[str], Any]) -> Any:
    try:
        return act(where)
    except MissingError:
        outside.refused(token, where)
        raise
