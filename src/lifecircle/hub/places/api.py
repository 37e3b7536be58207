from __future__ import annotations

from typing import Any

from ninja import Router, Status

from lifecircle.hub import geojson
from lifecircle.hub.paging import page_of
from lifecircle.hub.places import actions, queries, teams
from lifecircle.hub.places.models import GridMember, Place
from lifecircle.hub.places.schemas import (
    BranchIn,
    Level,
    MergeIn,
    MoveIn,
    PlaceDetail,
    PlaceEventOut,
    PlaceIn,
    PlaceOut,
    PlacePage,
    RenameIn,
    SplitIn,
    TeamIn,
)
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, FeatureCollection, Lat, Limit, Lon, Offset, Text

router = Router(tags=["places"])


@router.get("", response={200: PlacePage, **ERRORS}, summary="Places that the caller sees")
def list_places(
    request: HubRequest, level: Level | None = None, parent: Text = "", text: Text = "",
    ended: bool = False, limit: Limit = 200, offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    rows = queries.places(request.actor, ended=ended)
    if level:
        rows = rows.filter(level=level)
    if parent:
        rows = rows.filter(parent__code=parent)
    if text:
        rows = queries.named(rows, text)
    return page_of(rows, limit, offset)


@router.get(
    "/shapes", response={200: FeatureCollection, **ERRORS}, summary="The shapes of a level, GeoJSON"
)
def shapes(request: HubRequest, level: Level = "community") -> dict[str, Any]:
    rows = queries.places(request.actor).filter(level=level, shape__isnull=False)
    return {"type": "FeatureCollection", "features": [_feature(one) for one in rows]}


@router.get("/at", response={200: PlaceOut, **ERRORS}, summary="The place that a point lies in")
def at(request: HubRequest, lon: Lon, lat: Lat, level: Level = "community") -> Place:
    return queries.at_or_missing(request.actor, lon, lat, level)


@router.get("/{code}", response={200: PlaceDetail, **ERRORS}, summary="One place")
def detail(request: HubRequest, code: str) -> dict[str, Any]:
    one = queries.place(request.actor, code)
    named = request.actor.may("place.write", one.lineage)
    return {
        "place": one,
        "geometry": geojson.geometry(one.geometry),
        "ancestors": queries.ancestors(request.actor, one),
        "population": {row.group: row.persons for row in queries.population(request.actor, one)},
        "team": [_member(member, named=named) for member in queries.team(one)],
        "may_change": named and one.until is None,
    }  # fmt: skip


@router.get("/{code}/history", response={200: list[PlaceEventOut], **ERRORS}, summary="Its past")
def history(request: HubRequest, code: str) -> list[Any]:
    return list(queries.history(queries.place(request.actor, code)))


@router.post("", response={201: PlaceOut, **ERRORS}, summary="Add a place")
def create(request: HubRequest, body: PlaceIn) -> Status[Place]:
    values = body.dict(exclude={"shape"})
    shape = body.shape.geometry() if body.shape else None
    return Status(201, actions.create(request.actor, **values, shape=shape))


@router.post("/{code}/rename", response={200: PlaceOut, **ERRORS}, summary="Give another name")
def rename(request: HubRequest, code: str, body: RenameIn) -> Place:
    return actions.rename(request.actor, code, **body.dict())


@router.post("/{code}/move", response={200: PlaceOut, **ERRORS}, summary="Put under another parent")
def move(request: HubRequest, code: str, body: MoveIn) -> Place:
    return actions.move(request.actor, code, **body.dict())


@router.post("/{code}/merge", response={200: PlaceOut, **ERRORS}, summary="Merge others into it")
def merge(request: HubRequest, code: str, body: MergeIn) -> Place:
    return actions.merge(request.actor, body.codes, into=code, on=body.on)


@router.post("/{code}/split", response={200: list[PlaceOut], **ERRORS}, summary="Split it up")
def split(request: HubRequest, code: str, body: SplitIn) -> list[Place]:
    parts = [
        {**part.dict(exclude={"shape"}), "shape": part.shape.geometry()} for part in body.parts
    ]
    return actions.split(request.actor, code, parts, on=body.on)


@router.patch("/{code}", response={200: PlaceOut, **ERRORS}, summary="Name its Party branch")
def set_branch(request: HubRequest, code: str, body: BranchIn) -> Place:
    return teams.set_branch(request.actor, code, **body.dict())


@router.put("/{code}/team", response={200: PlaceDetail, **ERRORS}, summary="Name a grid's team")
def set_team(request: HubRequest, code: str, body: TeamIn) -> dict[str, Any]:
    members: list[teams.Member] = [{"username": m.username, "role": m.role} for m in body.members]
    teams.set_team(request.actor, code, members, on=body.on)
    return detail(request, code)


def _member(member: GridMember, *, named: bool) -> dict[str, str]:
    """Somebody in a team; by user name too for who may change it."""
    shown = {"role": member.role, "name": member.account.name}
    return {**shown, "username": member.account.username} if named else shown


def _feature(one: Place) -> dict[str, Any]:
    known = {name: getattr(one, name) for name in ("code", "level", "name_zh", "name_en")}
    return geojson.feature(one.geometry, known, one.code, for_map=True)
