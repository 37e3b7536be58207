from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from lifecircle.hub.schemas import AtPlace, Lat, Lon, Text

Colour = Literal["green", "blue", "yellow", "orange", "red", "grey"]
Scope = Literal["type", "category", "theme", "overall"]


class RunOut(Schema):
    """One assessment: `done` is the share of its stage; `inputs` the hashes that its cards stand on.

    `automatic`: it followed a change by itself. `walked`: how many types it walked to anew.
    """

    id: UUID
    number: int
    title: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    stage: str
    done: float
    draws: int
    moments: list[str]
    automatic: bool
    requested_by: str
    requested_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    error: dict[str, Any] | None
    version: str
    seconds: dict[str, float]
    inputs: dict[str, str]
    walked: int | None


class RunPage(Schema):
    count: int
    items: list[RunOut]
    stale: bool


class Upkeep(Schema):
    """An assessment follows by itself `upkeep_min` minutes after the last change; null: only when asked for."""

    upkeep_min: int | None = Field(ge=1, le=1440)


class RunIn(Schema):
    title: Text = ""
    draws: int = Field(0, ge=0, le=1000)
    moments: list[Text] = Field(default_factory=list, max_length=6)


class CardPage(Schema):
    count: int
    items: list[dict[str, Any]]


class MatrixOut(Schema):
    """Areas by keys: `colours[area][key]`, a letter each (g b y o r, - not rated)."""

    areas: list[dict[str, str]]
    keys: list[dict[str, str]]
    colours: list[str]


class ClassOut(Schema):
    """A place by class: what is to be done (`act`), the colours of the eight themes, and what holds it down.

    `reasons` are its red and orange types, base types first, of `held` in all.
    """

    area: str
    area_zh: str
    area_en: str
    colour: Colour
    score: float | None
    act_zh: str
    act_en: str
    themes: dict[str, Colour]
    reasons: list[dict[str, Any]]
    held: int


class CardChangeOut(Schema):
    area: str
    scope: Scope
    key: str
    colour_before: Colour
    colour_after: Colour
    score_before: float | None
    score_after: float | None


class CompareOut(Schema):
    """What differs between two runs, for the places that the caller sees."""

    before: RunOut
    after: RunOut
    rose: int
    fell: int
    items: list[CardChangeOut]


class IsochroneOut(Schema):
    """What a walker reaches: GeoJSON with `minutes`, `area_m2`, `length_m`."""

    type: str
    features: list[dict[str, Any]]
    seconds: float


class JourneyOut(Schema):
    seconds: float
    length_m: float
    climb_m: float
    descent_m: float
    stairs: int
    line: dict[str, Any]
    steps: list[dict[str, Any]]


class Add(Schema):
    do: Literal["add"]
    type: Text
    lon: Lon
    lat: Lat
    name: str | None = Field(None, max_length=200)
    capacity: float | None = Field(None, ge=0, le=1e8)
    floor_area_m2: float | None = Field(None, ge=0, le=1e8)


class Change(Schema):
    do: Literal["change"]
    ref: Text
    capacity: float | None = Field(None, ge=0, le=1e8)
    floor_area_m2: float | None = Field(None, ge=0, le=1e8)


class Remove(Schema):
    do: Literal["remove"]
    ref: Text


class CloseWay(Schema):
    do: Literal["close_way"]
    way: int = Field(ge=-(2**62), le=2**62)


class CloseLift(Schema):
    do: Literal["close_lift"]
    node: int = Field(ge=-(2**62), le=2**62)


class NearOut(Schema):
    """A lift (`node`) or a way (`way`) that a draft can close: `kind` as steps, lift, road, path."""

    do: Literal["close_way", "close_lift"]
    way: int | None = None
    node: int | None = None
    kind: str
    name: str


class SurfaceOut(Schema):
    """A measure at every home (`id`), or hexagon (`cell`, H3, and its `ring`): a list each, in one order.

    `value` is in minutes, shares, units of the type (`gravity`), units per 1000 of the type's group
    (`supply`), km of street, or ha of ground; of minutes it is null, and `beyond` the residents, where
    none is near enough to be walked to. Of demand it is people (`need`) or units missing (`short`), today or in five
    years, and hexagons hold sums.
    """

    lon: list[float]
    lat: list[float]
    value: list[float | None]
    residents: list[float]
    community: list[str]
    beyond: list[float] | None = None
    id: list[str] | None = None
    cell: list[str] | None = None
    ring: list[list[list[float]]] | None = None


class DemandRow(Schema):
    """Of a place and a type: people of its group, beyond its walk; what they need, receive and are short of; now, then.

    `use` is how full its facilities there are; `wished` the share of residents who name it as most missing.
    """

    place: str
    place_zh: str
    level: str
    type: str
    type_zh: str
    group: str
    unit: str
    people_now: float
    people_then: float
    beyond_now: float | None
    beyond_then: float | None
    needed_now: float | None
    needed_then: float | None
    received_now: float | None
    received_then: float | None
    short_now: float | None
    short_then: float | None
    use: float | None
    satisfaction: float | None
    answers: int
    wished: float | None


class ReliefOut(Schema):
    """West, south, east and north of the elevation model; null where the bundle has none."""

    bounds: list[float] | None
    maxzoom: int


class ColourOut(Schema):
    """How a colour is shown: fill, the ink that is read on it, a symbol, a word."""

    id: Colour
    hex: str
    ink: str
    symbol: str
    zh: str
    en: str


class AddWay(Schema):
    """A path, a stair or a lift from one point to another, joined to the nearest streets."""

    do: Literal["add_way"]
    kind: Literal["path", "steps", "lift", "escalator"]
    from_lon: Lon
    from_lat: Lat
    to_lon: Lon
    to_lat: Lat


Drawn = Annotated[Add | Change | Remove | CloseWay | CloseLift | AddWay, Field(discriminator="do")]


class DraftIn(Schema):
    changes: list[Drawn] = Field(max_length=50)


class DraftOut(Schema):
    """The cards that the changes move, beside today; `types` were walked again, of `all_types`."""

    items: list[CardChangeOut]
    types: list[str]
    all_types: int
    seconds: float


class PublishIn(Schema):
    place: Text
    keys: list[Text] = Field(min_length=1, max_length=100)


class PublicationOut(AtPlace):
    """That cards are published at a place, of which run."""

    place: str
    place_zh: str
    run: UUID
    number: int
    keys: list[str]
    published_by: str
    published_at: dt.datetime

    @staticmethod
    def resolve_run(one: Any) -> Any:
        return one.run_id

    @staticmethod
    def resolve_number(one: Any) -> int:
        return int(one.run.number)


class PublicOut(Schema):
    """What residents of a place may read."""

    place: str
    place_zh: str
    published_at: dt.datetime
    cards: list[dict[str, Any]]
