from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Field, Schema

from lifecircle.hub.facilities.queries import stale_before
from lifecircle.hub.schemas import AtPlace, Day, IssueOut, Lat, Lon, Text


class FacilityOut(AtPlace):
    """A facility as it is now; `place` the code of its community (the district's, in its surround)."""

    ref: str
    name: str
    type: str
    place: str
    place_zh: str
    in_surround: bool
    lon: float
    lat: float
    level: str
    capacity: float | None
    floor_area_m2: float | None
    hours: str
    operator: str
    operating: bool | None
    open_as_stated: bool | None
    barrier_free: bool | None
    safe: bool | None
    licensed: bool | None
    condition: float | None
    utilisation: float | None
    synthetic: bool
    checked_on: dt.date | None
    stale: bool
    version: int

    @staticmethod
    def resolve_stale(one: Any) -> bool:
        return one.checked_on is None or one.checked_on < stale_before()


class FacilityPage(Schema):
    count: int
    items: list[FacilityOut]


class Said(Schema):
    """Where a value comes from, and the day it holds as of."""

    source: str = Field(min_length=1, max_length=200)
    on: Day


class FacilityFields(Schema):
    """What is filled in of a facility; what is absent stays, null takes a value away."""

    name: str | None = Field(None, min_length=1, max_length=200)
    type: Text | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    level: Literal["city", "street", "community", ""] | None = None
    capacity: float | None = Field(None, ge=0, le=1e8)
    floor_area_m2: float | None = Field(None, ge=0, le=1e8)
    hours: str | None = Field(None, max_length=300)
    operator: str | None = Field(None, max_length=200)
    operating: bool | None = None
    open_as_stated: bool | None = None
    barrier_free: bool | None = None
    safe: bool | None = None
    licensed: bool | None = None
    condition: float | None = Field(None, ge=1, le=5)
    utilisation: float | None = Field(None, ge=0, le=2)


class FacilityIn(FacilityFields):
    ref: str | None = Field(None, min_length=1, max_length=80)
    name: str = Field(min_length=1, max_length=200)
    type: Text
    lon: Lon
    lat: Lat
    said: Said


class FacilityChange(Schema):
    """A change to `version` of a facility: refused if it has changed since."""

    version: int = Field(ge=1, le=2**31 - 1)
    values: FacilityFields
    said: Said


class ValueOut(Schema):
    """What a field was said to be."""

    field: str
    value: Any
    source: str
    on: dt.date
    recorded_at: dt.datetime
    recorded_by: str


class PhotoIn(Schema):
    """What is said of a photo that is sent."""

    caption: Text = ""


class PhotoOut(Schema):
    """A photo of a facility; `taken_on` is the day that the camera wrote, null if it wrote none."""

    id: int
    caption: str
    taken_on: dt.date | None
    width: int
    height: int
    bytes: int
    added_at: dt.datetime
    added_by: str


class SpaceOut(AtPlace):
    """Idle premises.

    `shared_hours` is when they may be shared, as opening hours ("": always); `floor` 1 is the ground floor;
    `free_from` the year from which they may be used.
    """

    ref: str
    name: str
    place: str
    place_zh: str
    lon: float
    lat: float
    area_m2: float
    floor: int | None
    cost_cny: float | None
    allowed_types: list[str]
    shared_hours: str
    free_from: int | None
    version: int


class SpaceFields(Schema):
    """What is filled in of an idle space; what is absent stays, null takes a value away."""

    name: str | None = Field(None, min_length=1, max_length=200)
    lon: Lon | None = None
    lat: Lat | None = None
    area_m2: float | None = Field(None, gt=0, le=1e7)
    floor: int | None = Field(None, ge=-20, le=150)
    cost_cny: float | None = Field(None, ge=0, le=1e11)
    allowed_types: list[Text] | None = Field(None, max_length=100)
    shared_hours: str | None = Field(None, max_length=300)
    free_from: int | None = Field(None, ge=1900, le=2100)


class SpaceIn(SpaceFields):
    ref: str | None = Field(None, min_length=1, max_length=80)
    name: str = Field(min_length=1, max_length=200)
    lon: Lon
    lat: Lat
    area_m2: float = Field(gt=0, le=1e7)


class SpaceChange(Schema):
    """A change to `version` of a space: refused if it has changed since."""

    version: int = Field(ge=1, le=2**31 - 1)
    values: SpaceFields


class SpacePage(Schema):
    count: int
    items: list[SpaceOut]


class ChangeOut(Schema):
    """What a row of a table does: `new`, or `changed` with each field before and after."""

    ref: str
    kind: str
    before: dict[str, Any]
    after: dict[str, Any]


class ImportOut(Schema):
    """An uploaded table: preview, applied or undone."""

    id: int
    table: str
    file: str
    source: str
    on: dt.date
    state: str
    created_at: dt.datetime
    new: int
    changed: int
    refused: int
    changes: list[ChangeOut]
    issues: list[IssueOut]

    @staticmethod
    def resolve_new(batch: Any) -> int:
        return sum(change["kind"] == "new" for change in batch.changes)

    @staticmethod
    def resolve_changed(batch: Any) -> int:
        return sum(change["kind"] == "changed" for change in batch.changes)

    @staticmethod
    def resolve_refused(batch: Any) -> int:
        return len({i["row"] for i in batch.issues if i["severity"] == "error"})

    @staticmethod
    def resolve_changes(batch: Any) -> list[dict[str, Any]]:
        return list(batch.changes[:200])

    @staticmethod
    def resolve_issues(batch: Any) -> list[dict[str, Any]]:
        return list(batch.issues[:200])


class TypeOut(Schema):
    """A facility type of the standard."""

    id: str
    name_zh: str
    name_en: str
    category: str
    theme: str
    walk_min: float | None
    capacity_unit: str
