from __future__ import annotations

from django.http import HttpResponse
from ninja import File, Form, Router, Status, UploadedFile

from lifecircle.hub import pictures
from lifecircle.hub.facilities import photos, queries
from lifecircle.hub.facilities.models import FacilityPhoto
from lifecircle.hub.facilities.schemas import PhotoIn, PhotoOut
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Number

router = Router(tags=["facilities"])


@router.get(
    "/facilities/{ref}/photos", response={200: list[PhotoOut], **ERRORS}, summary="Its photos"
)
def list_photos(request: HubRequest, ref: str) -> list[FacilityPhoto]:
    return list(queries.photos(queries.facility(request.actor, ref)))


@router.post(
    "/facilities/{ref}/photos", response={201: PhotoOut, **ERRORS},
    summary="Add a photo: JPEG, PNG or WebP, of at most 15 MiB",
)  # fmt: skip
def add(
    request: HubRequest, ref: str, file: File[UploadedFile], said: Form[PhotoIn]
) -> Status[FacilityPhoto]:
    return Status(201, photos.add(request.actor, ref, file, caption=said.caption))


@router.get("/facilities/{ref}/photos/{number}", summary="A photo: a JPEG, small or large")
def photo(
    request: HubRequest, ref: str, number: Number, small: bool = False  # noqa: FBT001, FBT002
) -> HttpResponse:  # fmt: skip
    found = queries.photo(request.actor, ref, number)
    return pictures.answer(found.key, small=small, kept="private, max-age=3600")


@router.delete(
    "/facilities/{ref}/photos/{number}", response={204: None, **ERRORS}, summary="Take it away"
)
def remove(request: HubRequest, ref: str, number: Number) -> Status[None]:
    photos.remove(request.actor, ref, number)
    return Status(204, None)
