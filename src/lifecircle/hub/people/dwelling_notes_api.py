from __future__ import annotations

from typing import Any

from ninja import Router, Status

from lifecircle.hub.paging import page_of
from lifecircle.hub.people import dwelling_notes
from lifecircle.hub.people.schemas import (
    DwellingNoteChange,
    DwellingNoteIn,
    DwellingNoteOut,
    DwellingNotePage,
    DwellingNoteWhole,
)
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Limit, Number, Offset, Text

router = Router(tags=["people"])


@router.get(
    "/dwelling-notes",
    response={200: DwellingNotePage, **ERRORS},
    summary="Keys and hazards of homes: which there are, masked",
)
def list_dwelling_notes(
    request: HubRequest, place: Text = "", limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    rows = dwelling_notes.notes(request.actor, place=place)
    return page_of(rows, limit, offset, dwelling_notes.masked)


@router.post(
    "/dwelling-notes",
    response={201: DwellingNoteOut, **ERRORS},
    summary="Enter the key and the hazards of a home, with consent",
)
def enter_dwelling_note(request: HubRequest, body: DwellingNoteIn) -> Status[dict[str, Any]]:
    values = body.dict()
    made = dwelling_notes.enter(request.actor, place=values.pop("place"), values=values)
    return Status(201, dwelling_notes.masked(made))


@router.put(
    "/dwelling-notes/{number}",
    response={200: DwellingNoteOut, **ERRORS},
    summary="Enter anew what holds of a home",
)
def change_dwelling_note(
    request: HubRequest, number: Number, body: DwellingNoteChange
) -> dict[str, Any]:
    values = body.dict()
    version = values.pop("version")
    changed = dwelling_notes.change(request.actor, number, version=version, values=values)
    return dwelling_notes.masked(changed)


@router.post(
    "/dwelling-notes/{number}/reveal",
    response={200: DwellingNoteWhole, **ERRORS},
    summary="A whole note, for who keeps them; audited",
)
def reveal_dwelling_note(request: HubRequest, number: Number) -> dict[str, Any]:
    return dwelling_notes.reveal(request.actor, number)


@router.delete(
    "/dwelling-notes/{number}",
    response={204: None, **ERRORS},
    summary="The resident withdraws consent: it is deleted",
)
def withdraw_dwelling_note(request: HubRequest, number: Number) -> Status[None]:
    dwelling_notes.withdraw(request.actor, number)
    return Status(204, None)
