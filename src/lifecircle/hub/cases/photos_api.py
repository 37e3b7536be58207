from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import File, Form, Router, Status, UploadedFile

from lifecircle.hub import pictures
from lifecircle.hub.cases import photos, queries
from lifecircle.hub.cases.schemas import CasePhotoIn, CasePhotoOut
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Number

router = Router(tags=["cases"])


@router.get(
    "/cases/{ref}/photos", response={200: list[CasePhotoOut], **ERRORS}, summary="Its photos"
)
def list_photos(request: HubRequest, ref: str) -> list[dict[str, Any]]:
    return photos.photos(request.actor, ref)


@router.post(
    "/cases/{ref}/photos", response={201: CasePhotoOut, **ERRORS},
    summary="Add a photo: JPEG, PNG or WebP, of at most 15 MiB",
)  # fmt: skip
def add(
    request: HubRequest, ref: str, file: File[UploadedFile], said: Form[CasePhotoIn]
) -> Status[dict[str, Any]]:
    made = photos.add(request.actor, ref, file, when=said.when, key=said.key)
    return Status(201, photos.told(request.actor, queries.case(request.actor, ref), made))


@router.get("/cases/{ref}/photos/{number}", summary="A photo: a JPEG, small or large")
def photo(
    request: HubRequest, ref: str, number: Number, small: bool = False  # noqa: FBT001, FBT002
) -> HttpResponse:  # fmt: skip
    found = photos.photo(request.actor, ref, number)
    return pictures.answer(found.key, small=small)


@router.delete(
    "/cases/{ref}/photos/{number}", response={204: None, **ERRORS}, summary="Take it away"
)
def remove(request: HubRequest, ref: str, number: Number) -> Status[None]:
    photos.remove(request.actor, ref, number)
    return Status(204, None)
