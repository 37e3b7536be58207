from __future__ import annotations

from typing import Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Form, Router, Status, UploadedFile

from lifecircle.hub.bounds import bounds_of
from lifecircle.hub.downloads import TYPES
from lifecircle.hub.errors import MissingError
from lifecircle.hub.facilities import actions, exports, forms, imports, queries
from lifecircle.hub.facilities.models import Facility, ImportBatch
from lifecircle.hub.facilities.schemas import (
    FacilityChange,
    FacilityIn,
    FacilityOut,
    FacilityPage,
    ImportOut,
    TypeOut,
    ValueOut,
)
from lifecircle.hub.paging import page_of
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Day, Limit, Named, Number, Offset, Text, as_file
from lifecircle.hub.uploads import stored

router = Router(tags=["facilities"])


@router.get("/types", response={200: list[TypeOut], **ERRORS}, summary="The 62 facility types")
def types(request: HubRequest) -> list[dict[str, Any]]:
    request.actor.check("facility.read")
    return [
        {
            **{
                name: getattr(kind, name)
                for name in ("id", "name_zh", "name_en", "category", "theme")
            },
            "walk_min": None if kind.walk_s is None else kind.walk_s / 60,
            "capacity_unit": kind.capacity_unit,
        }
        for kind in queries.standards().types.values()
    ]


@router.get("/facilities", response={200: FacilityPage, **ERRORS}, summary="The register")
def list_facilities(
    request: HubRequest, type: Text = "", place: Text = "", text: Text = "", stale: bool = False,  # noqa: A002
    bbox: Text = "",
    limit: Limit = 100, offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    rows = queries.facilities(
        request.actor, type_=type, place=place, text=text, stale=stale, bounds=bounds_of(bbox)
    )
    return page_of(rows, limit, offset)


@router.get(
    "/facilities/export",
    response={200: None, **ERRORS},
    summary="The register as a file",
    openapi_extra=as_file(*TYPES.values()),
)
def export(
    request: HubRequest, format: Literal["csv", "xlsx", "geojson", "parquet", "gpkg"] = "xlsx",  # noqa: A002
    type: Text = "", place: Text = "",  # noqa: A002
) -> HttpResponse:  # fmt: skip
    request.actor.check("facility.read")
    rows = queries.facilities(request.actor, type_=type, place=place)
    return exports.response(rows, format)


@router.get(
    "/facilities/form",
    response={200: None, **ERRORS},
    summary="A survey form for phones that are offline (XLSForm)",
    openapi_extra=as_file(TYPES["xlsx"]),
)
def form(request: HubRequest) -> HttpResponse:
    request.actor.check("facility.read")
    answer = HttpResponse(forms.xlsform(queries.standards()), content_type=TYPES["xlsx"])
    answer["Content-Disposition"] = 'attachment; filename="facilities-xlsform.xlsx"'
    return answer


@router.post("/facilities", response={201: FacilityOut, **ERRORS}, summary="Enter a facility")
def create(request: HubRequest, body: FacilityIn) -> Status[Facility]:
    values = body.dict(exclude={"said"}, exclude_none=True)
    return Status(201, actions.create(request.actor, values, **body.said.dict()))


@router.get("/facilities/{ref}", response={200: FacilityOut, **ERRORS}, summary="One facility")
def facility(request: HubRequest, ref: str) -> Facility:
    return queries.facility(request.actor, ref)


@router.get(
    "/facilities/{ref}/values", response={200: list[ValueOut], **ERRORS},
    summary="Every value with its source and date",
)  # fmt: skip
def values(request: HubRequest, ref: str) -> list[Any]:
    return list(queries.values(queries.facility(request.actor, ref))[:500])


@router.patch("/facilities/{ref}", response={200: FacilityOut, **ERRORS}, summary="Change it")
def change(request: HubRequest, ref: str, body: FacilityChange) -> Facility:
    given = body.values.dict(exclude_unset=True)
    return actions.change(request.actor, ref, given, version=body.version, **body.said.dict())


@router.delete("/facilities/{ref}", response={204: None, **ERRORS}, summary="Take it out")
def remove(request: HubRequest, ref: str, source: Named) -> Status[None]:
    actions.remove(request.actor, ref, source=source, on=timezone.localdate())
    return Status(204, None)


@router.post(
    "/imports",
    response={201: ImportOut, **ERRORS},
    summary="Upload a table of facilities or idle spaces: a preview",
)
def upload(
    request: HubRequest,
    file: File[UploadedFile],
    source: Form[Named],
    on: Form[Day],
    table: Form[Literal["facilities", "spaces"]] = "facilities",
    crs: Form[Literal["EPSG:4326", "GCJ-02", "BD-09"]] = "EPSG:4326",
) -> Status[ImportBatch]:
    request.actor.check("facility.write")
    with stored(file) as path:
        batch = imports.preview(
            request.actor, path, name=file.name or path.name, source=source, on=on, crs=crs, table=table
        )  # fmt: skip
    return Status(201, batch)


@router.get("/imports/{number}", response={200: ImportOut, **ERRORS}, summary="One import")
def imported(request: HubRequest, number: Number) -> ImportBatch:
    request.actor.check("facility.write")
    found = queries.imports(request.actor).filter(pk=number).first()
    if found is None:
        raise MissingError
    return found


@router.post(
    "/imports/{number}/apply", response={200: ImportOut, **ERRORS}, summary="Make its changes"
)
def apply(request: HubRequest, number: Number) -> ImportBatch:
    return imports.apply(request.actor, number)


@router.post("/imports/{number}/undo", response={200: ImportOut, **ERRORS}, summary="Take it back")
def undo(request: HubRequest, number: Number) -> ImportBatch:
    return imports.undo(request.actor, number)
