"""OGC API - Features 1.0 (OGC 17-069r4): places, facilities and cards, as QGIS, GDAL and owslib read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

import shapely
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Router, Schema

from lifecircle.hub import geojson
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries as assessments
from lifecircle.hub.bounds import Bounds, bounds_of
from lifecircle.hub.errors import MissingError
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.facilities.fields import COLUMNS
from lifecircle.hub.places import queries as places
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Offset, Text

router = Router(tags=["ogc"])

_CLASSES = ("core", "geojson", "oas30")
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
Some = Annotated[int, Field(ge=1, le=10_000)]


class Link(Schema):
    href: str
    rel: str
    type: str
    title: str = ""


class Landing(Schema):
    """Where everything is."""

    title: str
    description: str
    links: list[Link]


class Conformance(Schema):
    conformsTo: list[str]  # noqa: N815  (the standard's name)


class CollectionOut(Schema):
    id: str
    title: str
    description: str
    itemType: str = "feature"  # noqa: N815
    crs: list[str]
    extent: dict[str, Any]
    links: list[Link]


class Collections(Schema):
    collections: list[CollectionOut]
    links: list[Link]


class Items(Schema):
    """GeoJSON, with how many there are and where the next are."""

    type: str
    features: list[dict[str, Any]]
    links: list[Link]
    numberMatched: int  # noqa: N815
    numberReturned: int  # noqa: N815
    timeStamp: str  # noqa: N815


class Item(Schema):
    type: str
    id: str
    geometry: dict[str, Any] | None
    properties: dict[str, Any]
    links: list[Link]


@dataclass(frozen=True, slots=True)
class _Collection:
    title: str
    description: str
    rows: Callable[[Actor, Bounds | None], QuerySet[Any]]
    feature: Callable[[Any], dict[str, Any]]
    key: str


def _place_rows(actor: Actor, bounds: Bounds | None) -> QuerySet[Any]:
    rows = places.places(actor).filter(shape__isnull=False)
    if bounds:
        west, south, east, north = bounds
        rows = rows.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    return rows


def _card_rows(actor: Actor, bounds: Bounds | None) -> QuerySet[Any]:
    rows = assessments.latest_cards(actor).filter(place__shape__isnull=False)
    if bounds:
        west, south, east, north = bounds
        rows = rows.filter(place__west__lte=east, place__east__gte=west,
                           place__south__lte=north, place__north__gte=south)  # fmt: skip
    return rows


def _place(one: Any) -> dict[str, Any]:
    names = ("code", "level", "name_zh", "name_en", "lineage", "party_branch", "synthetic")
    return geojson.feature(one.geometry, {name: getattr(one, name) for name in names}, one.code)


def _facility(one: Any) -> dict[str, Any]:
    values = {"ref": one.ref, "place": one.place.code, "operator": one.operator}
    values |= {name: getattr(one, name) for name in COLUMNS}
    return geojson.feature(shapely.Point(one.lon, one.lat), values, one.ref)


def _card(one: Any) -> dict[str, Any]:
    return geojson.feature(one.place.geometry, assessments.short(one), str(one.pk))


COLLECTIONS = {
    "places": _Collection("地方 Places", "The tree of places.", _place_rows, _place, "code"),
    "facilities": _Collection(
        "设施 Facilities", "The register.",
        lambda actor, bounds: facilities.facilities(actor, bounds=bounds), _facility, "ref",
    ),
    "cards": _Collection(
        "五色卡 Cards", "The cards of the latest assessment.", _card_rows, _card, "pk"
    ),
}  # fmt: skip


@router.get("", response={200: Landing, **ERRORS}, summary="OGC API: where everything is")
def landing(request: HubRequest) -> dict[str, Any]:
    links = [
        _link(request, "", "self"), _link(request, "/conformance", "conformance"),
        _link(request, "/collections", "data"),
        {"href": request.build_absolute_uri("/api/v1/openapi.json"), "rel": "service-desc",
         "type": "application/vnd.oai.openapi+json;version=3.0"},
    ]  # fmt: skip
    about = "生活圈平台的地方、设施与卡片。Places, facilities and cards."
    return {"title": "Lifecircle", "description": about, "links": links}


@router.get(
    "/conformance", response={200: Conformance, **ERRORS}, summary="OGC API: what is kept to"
)
def conformance(request: HubRequest) -> dict[str, Any]:  # noqa: ARG001
    base = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
    return {"conformsTo": [f"{base}/{name}" for name in _CLASSES]}


@router.get("/collections", response={200: Collections, **ERRORS}, summary="OGC API: collections")
def collections(request: HubRequest) -> dict[str, Any]:
    return {
        "collections": [_about(request, name) for name in COLLECTIONS],
        "links": [_link(request, "/collections", "self")],
    }


@router.get(
    "/collections/{collection}", response={200: CollectionOut, **ERRORS}, summary="OGC API: one"
)
def collection(request: HubRequest, collection: str) -> dict[str, Any]:
    _known(collection)
    return _about(request, collection)


@router.get(
    "/collections/{collection}/items", response={200: Items, **ERRORS}, summary="OGC API: features"
)
def items(
    request: HubRequest, collection: str, bbox: Text = "", limit: Some = 100, offset: Offset = 0
) -> dict[str, Any]:
    one = _known(collection)
    rows = one.rows(request.actor, bounds_of(bbox))
    found = [one.feature(row) for row in rows[offset : offset + limit]]
    count, path = rows.count(), f"/collections/{collection}/items"
    asked: dict[str, Any] = {"limit": limit} | ({"bbox": bbox} if bbox else {})
    links = [_link(request, path, "self", {**asked, "offset": offset})]
    if offset + len(found) < count:
        links.append(_link(request, path, "next", {**asked, "offset": offset + limit}))
    if offset:
        links.append(_link(request, path, "prev", {**asked, "offset": max(offset - limit, 0)}))
    return {
        "type": "FeatureCollection", "features": found, "links": links, "numberMatched": count,
        "numberReturned": len(found), "timeStamp": places.moment(),
    }  # fmt: skip


@router.get(
    "/collections/{collection}/items/{feature}", response={200: Item, **ERRORS},
    summary="OGC API: one feature",
)  # fmt: skip
def item(request: HubRequest, collection: str, feature: str) -> dict[str, Any]:
    one = _known(collection)
    rows = one.rows(request.actor, None)
    if one.key == "pk" and not (feature.isascii() and feature.isdigit() and len(feature) < 19):
        raise MissingError
    found = rows.filter(**{one.key: feature}).first()
    if found is None:
        raise MissingError
    path = f"/collections/{collection}"
    links = [_link(request, f"{path}/items/{feature}", "self"), _link(request, path, "collection")]
    return {**one.feature(found), "links": links}


def _known(name: str) -> _Collection:
    if name not in COLLECTIONS:
        raise MissingError(f"no collection {name}", f"没有图层 {name}")
    return COLLECTIONS[name]


def _about(request: HttpRequest, name: str) -> dict[str, Any]:
    one = COLLECTIONS[name]
    path = f"/collections/{name}"
    return {
        "id": name, "title": one.title, "description": one.description, "crs": [_CRS84],
        "extent": {"spatial": {"bbox": [places.extent(request.actor)], "crs": _CRS84}},  # type: ignore[attr-defined]
        "links": [_link(request, path, "self"), _link(request, f"{path}/items", "items")],
    }  # fmt: skip


def _link(
    request: HttpRequest, path: str, rel: str, query: dict[str, Any] | None = None
) -> dict[str, str]:
    features = path.endswith("/items") or "/items/" in path
    kind = "application/geo+json" if features else "application/json"
    asked = f"?{urlencode(query)}" if query else ""
    return {
        "href": request.build_absolute_uri(f"/api/v1/ogc{path}{asked}"),
        "rel": rel,
        "type": kind,
    }
