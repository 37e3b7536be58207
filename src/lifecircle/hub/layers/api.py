from __future__ import annotations

import json
from typing import Annotated, Any, Literal, get_args

import shapely
from django.http import HttpResponse
from ninja import Field, File, Form, Query, Router, Status, UploadedFile

from lifecircle.hub.actor import Actor
from lifecircle.hub.downloads import TYPES
from lifecircle.hub.errors import MissingError
from lifecircle.hub.layers import actions, aggregating, exports, queries
from lifecircle.hub.layers.models import Layer
from lifecircle.hub.layers.reading import MOST_FEATURES, How
from lifecircle.hub.layers.schemas import (
    ByPlace,
    FeaturePage,
    Filter,
    LayerChange,
    LayerIn,
    LayerMade,
    LayerOut,
    LayerPage,
)
from lifecircle.hub.paging import page_of
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Limit, Number, Offset, Text, as_file
from lifecircle.hub.uploads import stored

router = Router(tags=["layers"])
Many = Annotated[int, Field(ge=1, le=MOST_FEATURES)]
Level = Literal["district", "street", "community", "grid"]
_encode = json.JSONEncoder(ensure_ascii=False).encode
_DIGITS = 6
"""Of degrees: some 10 cm."""


@router.post(
    "/layers", response={201: LayerMade, **ERRORS}, summary="Bring a layer: kept whole, or refused with its rows at fault"
)  # fmt: skip
def add(
    request: HubRequest, file: File[UploadedFile], said: Form[LayerIn]
) -> Status[dict[str, Any]]:
    request.actor.check("layer.write")
    with stored(file, "layer") as path:
        about = actions.About(said.place, said.name, said.source, said.on, file.name or path.name)
        how = How(said.crs, said.join, said.table)
        one, issues = actions.add(request.actor, path, about, how)
    shown = _shown(request.actor, one)
    return Status(201, {**shown, "issues": [issue.to_json() for issue in issues[:500]]})


@router.get("/layers", response={200: LayerPage, **ERRORS}, summary="Layers that the caller sees")
def list_layers(request: HubRequest, limit: Limit = 200, offset: Offset = 0) -> dict[str, Any]:
    rows = queries.layers(request.actor)
    return page_of(rows, limit, offset, lambda one: _shown(request.actor, one))


@router.get("/layers/{number}", response={200: LayerOut, **ERRORS}, summary="One layer")
def layer(request: HubRequest, number: Number) -> dict[str, Any]:
    return _shown(request.actor, queries.layer(request.actor, number))


@router.patch(
    "/layers/{number}", response={200: LayerOut, **ERRORS}, summary="Describe or style it anew"
)
def change(request: HubRequest, number: Number, body: LayerChange) -> dict[str, Any]:
    given = {
        name: value for name, value in body.dict(exclude_unset=True).items() if value is not None
    }
    if body.style is not None:
        given["style"] = body.style.dict()
    return _shown(request.actor, actions.change(request.actor, number, given))


@router.delete("/layers/{number}", response={204: None, **ERRORS}, summary="Delete it")
def remove(request: HubRequest, number: Number) -> Status[None]:
    actions.remove(request.actor, number)
    return Status(204, None)


@router.get(
    "/layers/{number}/features", response={200: FeaturePage, **ERRORS}, summary="Its features, GeoJSON"
)  # fmt: skip
def features(
    request: HubRequest, number: Number, filter: Filter = "", fields: Query[tuple[str, ...]] = (),  # noqa: A002
    named: bool = False, limit: Many = MOST_FEATURES, offset: Offset = 0,
) -> HttpResponse:  # fmt: skip
    """Values of all fields, or with `named` of those in `fields` only."""
    one = queries.layer(request.actor, number)
    names = list(fields) if named else [field.name for field in queries.fields_of(one)]
    columns = {name: queries.field_index(one, name) for name in names}
    found, total = queries.features(one, filter, start=offset, most=limit)
    parts = [
        _feature(row, shape, {name: values[k] for name, k in columns.items()})
        for row, shape, values in zip(found.rows, _drawn(found), found.values, strict=True)
    ]
    body = f'{{"type":"FeatureCollection","count":{total},"features":[{",".join(parts)}]}}'
    return HttpResponse(body, content_type="application/json")


@router.get(
    "/layers/{number}/features/{row}", response={200: dict[str, Any], **ERRORS}, summary="One feature, GeoJSON"
)  # fmt: skip
def feature(request: HubRequest, number: Number, row: Number) -> HttpResponse:
    one = queries.layer(request.actor, number)
    found = queries.feature(one, row)
    if not len(found):
        raise MissingError("no such row", "没有这一行")
    names = [field.name for field in queries.fields_of(one)]
    values = dict(zip(names, found.values[0], strict=True))
    return HttpResponse(_feature(row, _drawn(found)[0], values), content_type="application/json")


@router.get(
    "/layers/{number}/by-place", response={200: ByPlace, **ERRORS}, summary="It, summed up by place"
)
def by_place(
    request: HubRequest, number: Number, level: Level = "community", measure: aggregating.Measure = "count",
    field: Text = "", filter: Filter = "", format: Literal["json", "csv"] = "json",  # noqa: A002
) -> Any:  # fmt: skip
    one = queries.layer(request.actor, number)
    plain = measure in {"count", "length_m", "area_m2"}
    column = None if plain else queries.field_index(one, field, numeric=True)
    found, _ = queries.features(one, filter)
    areas = queries.places_of(request.actor, level)
    summed, outside = aggregating.by_place(found, areas, measure, column)
    if format == "csv":
        return exports.summed_file(one, summed, measure)
    items = [
        {"place": row.place.code, "name_zh": row.place.name_zh, "name_en": row.place.name_en,
         "count": row.count, "value": row.value}
        for row in summed
    ]  # fmt: skip
    return {"items": items, "outside": outside}


@router.get(
    "/layers/{number}/file",
    response={200: None, **ERRORS},
    summary="It as a file",
    openapi_extra=as_file(*(TYPES[one] for one in get_args(exports.Format))),
)
def file_of(
    request: HubRequest, number: Number, format: exports.Format = "csv", filter: Filter = ""  # noqa: A002
) -> HttpResponse:  # fmt: skip
    one = queries.layer(request.actor, number)
    return exports.layer_file(one, queries.features(one, filter)[0], format)


def _shown(actor: Actor, one: Layer) -> dict[str, Any]:
    names = ("id", "name", "source", "on", "file", "kind", "fields", "count", "style", "created_at")
    return {
        **{name: getattr(one, name) for name in names},
        "place": one.place.code, "place_zh": one.place.name_zh, "owner": one.owner.name,
        "bounds": (one.west, one.south, one.east, one.north),
        "may_change": queries.may_change(actor, one),
    }  # fmt: skip


def _drawn(found: queries.Features) -> list[str]:
    rounded = shapely.transform(found.shapes, lambda points: points.round(_DIGITS))
    return [str(text) for text in shapely.to_geojson(rounded)]


def _feature(row: int, shape: str, values: dict[str, Any]) -> str:
    said = _encode(values)
    return f'{{"type":"Feature","id":{row},"geometry":{shape},"properties":{said}}}'
