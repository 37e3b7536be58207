from __future__ import annotations

import time
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Query, Router

from lifecircle.hub import geojson
from lifecircle.hub.assessments import basemap, queries, relief, surfaces
from lifecircle.hub.assessments.schemas import (
    ColourOut,
    IsochroneOut,
    JourneyOut,
    NearOut,
    ReliefOut,
    SurfaceOut,
)
from lifecircle.hub.assessments.workbench import workbench
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Lat, Lon, Text, as_file

router = Router(tags=["map"])
Zoom = Annotated[int, Field(ge=0, le=18)]
Tile = Annotated[int, Field(ge=0, lt=2**18)]


@router.get("/reach", response={200: IsochroneOut, **ERRORS}, summary="From here, on foot")
def reach(
    request: HubRequest, run: UUID, lon: Lon, lat: Lat, profile: Text = "adult",
    minutes: Query[tuple[float, ...]] = (5.0, 10.0, 15.0), moment: Text = "Mo 10:00",
    way: Literal["out", "back", "both"] = "both",
) -> dict[str, Any]:  # fmt: skip
    if not 1 <= len(minutes) <= 6 or not all(0 < limit <= 60 for limit in minutes):
        raise InvalidError("1 to 6 limits of at most 60 minutes", "1–6 个不超过 60 分钟的时限")
    bench = workbench(queries.finished(request.actor, run))
    start = time.perf_counter()
    found = bench.walker(profile, moment).isochrones((lon, lat), minutes, way=way)
    features = [
        geojson.feature(
            one.area,
            {name: getattr(one, name) for name in ("minutes", "area_m2", "length_m")},
            for_map=True,
        )
        for one in found
    ]
    return {
        "type": "FeatureCollection",
        "features": features,
        "seconds": time.perf_counter() - start,
    }


@router.get("/journey", response={200: JourneyOut, **ERRORS}, summary="A walk from door to door")
def journey(
    request: HubRequest, run: UUID, from_lon: Lon, from_lat: Lat, to_lon: Lon, to_lat: Lat,
    profile: Text = "adult", moment: Text = "Mo 10:00",
) -> dict[str, Any]:  # fmt: skip
    bench = workbench(queries.finished(request.actor, run))
    found = bench.walker(profile, moment).journey((from_lon, from_lat), (to_lon, to_lat))
    names = ("seconds", "length_m", "climb_m", "descent_m", "stairs")
    steps = [{name: getattr(step, name) for name in _STEP} for step in found.steps]
    line = geojson.geometry(found.line, for_map=True)
    return {**{name: getattr(found, name) for name in names}, "line": line, "steps": steps}


@router.get("/near", response={200: list[NearOut], **ERRORS}, summary="What a draft can close here")
def near(request: HubRequest, run: UUID, lon: Lon, lat: Lat) -> list[dict[str, Any]]:
    return workbench(queries.finished(request.actor, run)).near(lon, lat)


@router.get("/colours", response={200: list[ColourOut], **ERRORS}, auth=None, summary="The legend")
def colours(request: HubRequest) -> list[dict[str, str]]:  # noqa: ARG001
    return queries.colours()


@router.get("/surface", response={200: SurfaceOut, **ERRORS}, summary="A measure at every home")
def surface(
    request: HubRequest, run: UUID, key: Text = "", measure: surfaces.Measure = "minutes",
    by: Literal["building", "hexagon"] = "building", profile: Text = "adult",
    minutes: Annotated[int, Field(ge=1, le=60)] = 15,
) -> dict[str, Any]:  # fmt: skip
    one = queries.finished(request.actor, run)
    asked = surfaces.Asked(measure, key, profile, minutes)
    return surfaces.surface(request.actor, one, asked, hexagons=by == "hexagon")


@router.get("/profiles", response={200: list[dict[str, str]], **ERRORS}, summary="Who walks how")
def profiles(request: HubRequest) -> list[dict[str, str]]:
    return queries.profiles(request.actor)


@router.get(
    "/tiles/{z}/{x}/{y}",
    response={200: None, **ERRORS},
    summary="The base map: a Mapbox vector tile",
    openapi_extra=as_file("application/vnd.mapbox-vector-tile"),
)
def tile(
    request: HubRequest, z: Zoom, x: Tile,
    y: Tile,
) -> HttpResponse:  # fmt: skip
    body = basemap.tile(queries.ground(request.actor), z, x, y)
    answer = HttpResponse(body, content_type="application/vnd.mapbox-vector-tile")
    answer["Content-Encoding"] = "gzip"
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


@router.get("/relief", response={200: ReliefOut, **ERRORS}, summary="Where heights are known")
def relief_bounds(request: HubRequest) -> dict[str, Any]:
    found = relief.bounds(queries.ground(request.actor))
    return {"bounds": found, "maxzoom": relief.CLOSEST}


@router.get(
    "/relief/{z}/{x}/{y}",
    response={200: None, 204: None, **ERRORS},
    summary="The relief: heights as a Terrarium-encoded PNG",
    openapi_extra=as_file("image/png", empty=True),
)
def relief_tile(request: HubRequest, z: Zoom, x: Tile, y: Tile) -> HttpResponse:
    body = relief.tile(queries.ground(request.actor), z, x, y)
    answer = HttpResponse(body, content_type="image/png", status=200 if body else 204)
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


_STEP = (
    "kind", "name", "length_m", "seconds", "climb_m", "descent_m", "stairs", "zh", "en"
)  # fmt: skip
