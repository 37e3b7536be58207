from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import shapely
from ninja import Field, Schema
from pydantic import field_validator

from lifecircle.hub.errors import InvalidError
from lifecircle.hub.schemas import Day, Text

Level = Literal["district", "street", "community", "grid", "building", "dwelling", "circle"]


class PlaceOut(Schema):
    """A node of the tree; `parent` is a code, `bounds` west, south, east, north in degrees."""

    code: str
    level: Level
    name_zh: str
    name_en: str
    parent: str | None
    bounds: list[float] | None
    since: dt.date | None
    until: dt.date | None
    party_branch: str
    synthetic: bool

    @staticmethod
    def resolve_parent(one: Any) -> str | None:
        codes = one.lineage.strip("/").split("/")
        return codes[-2] if len(codes) > 1 else None

    @staticmethod
    def resolve_bounds(one: Any) -> list[float] | None:
        return None if one.west is None else [one.west, one.south, one.east, one.north]


class PlaceDetail(Schema):
    """A place with its shape (GeoJSON), those above it, and how many persons of each group live there."""

    place: PlaceOut
    geometry: dict[str, Any] | None
    ancestors: list[PlaceOut]
    population: dict[str, float]
    team: list[dict[str, str]]
    may_change: bool


class PlacePage(Schema):
    count: int
    items: list[PlaceOut]


class PlaceEventOut(Schema):
    kind: str
    on: dt.date
    recorded_at: dt.datetime
    recorded_by: str
    before: dict[str, Any]
    after: dict[str, Any]


class Shape(Schema):
    """A polygon in WGS84, as GeoJSON."""

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any] = Field(max_length=1000)

    def geometry(self) -> shapely.Geometry:
        """The polygon; `InvalidError` if it is none."""
        try:
            shape = shapely.geometry.shape(self.model_dump())
        except (ValueError, TypeError, IndexError, AttributeError, shapely.GEOSException) as error:
            raise InvalidError("a polygon in WGS84", "WGS84 多边形") from error
        bounds = shape.bounds if not shape.is_empty else (999.0,) * 4
        inside = all(abs(x) <= limit for x, limit in zip(bounds, (180, 90) * 2, strict=True))
        if shape.is_empty or not shape.is_valid or not inside:
            raise InvalidError(
                "a polygon in WGS84 that does not cross itself", "不自交的 WGS84 多边形"
            )
        return shape


class PlaceIn(Schema):
    parent: Text
    code: Text
    level: Level
    name_zh: Text = Field(min_length=1)
    name_en: Text = ""
    on: Day
    shape: Shape | None = None


class RenameIn(Schema):
    name_zh: Text = Field(min_length=1)
    name_en: Text = ""
    on: Day


class MoveIn(Schema):
    parent: Text
    on: Day


class BranchIn(Schema):
    party_branch: str = Field(max_length=100)
    on: Day


class TeamMemberIn(Schema):
    """Somebody of staff, by the exact user name."""

    username: Text = Field(min_length=1)
    role: Literal["head", "full_time", "part_time", "guide", "other"]


class TeamIn(Schema):
    members: list[TeamMemberIn] = Field(max_length=200)
    on: Day


class MergeIn(Schema):
    codes: list[Text] = Field(min_length=1, max_length=100)
    on: Day


class PartIn(Schema):
    code: Text
    name_zh: Text = Field(min_length=1)
    name_en: Text = ""
    shape: Shape


class SplitIn(Schema):
    parts: list[PartIn] = Field(min_length=2, max_length=20)
    on: Day

    @field_validator("parts")
    @classmethod
    def _once(cls, parts: list[PartIn]) -> list[PartIn]:
        if len({part.code for part in parts}) < len(parts):
            raise ValueError("each code once")
        return parts
