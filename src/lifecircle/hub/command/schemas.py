from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Field, Schema

from lifecircle.hub.cases.schemas import CaseFigures, CaseOut, CaseState, Priority
from lifecircle.hub.places.schemas import Level, PlaceOut
from lifecircle.hub.planning.circles_schemas import GoalOut
from lifecircle.hub.schemas import FeatureCollection, Text

LonLat = tuple[float, float]
How = Literal["own", "station", "centre", "none"]


class FigureOut(Schema):
    """A figure, its norm, and the moment that it is true of: older than `stale_after_s` it is stale.

    Shares are 0 to 1; `canary` is seconds. `good` is whether it is as it should be, null where no norm says so.
    """

    key: str
    value: float | None
    norm: float | None
    good: bool | None
    as_of: dt.datetime | None
    stale_after_s: int
    detail: dict[str, float]


class LiveCase(CaseOut):
    """A case that is not done, and where it stands: `how` its own point or the middle of its place."""

    place_en: str
    at: LonLat | None
    how: How


class DutyPerson(Schema):
    """Somebody on duty: where, until when, how many cases they hold, and where they set out from."""

    username: str
    name: str
    place: str
    place_zh: str
    place_en: str
    level: Level
    until: dt.datetime
    holds: int
    at: LonLat | None
    how: How
    station: str


class BelowOut(Schema):
    """A place directly below, and what is open there."""

    place: str
    place_zh: str
    place_en: str
    level: Level
    open: int
    urgent: int
    late: int
    people: int
    bounds: list[float] | None


class NowOut(Schema):
    """How things stand; `now` is the server's clock, by which ages are told."""

    now: dt.datetime
    place: PlaceOut | None
    ancestors: list[PlaceOut]
    below: list[BelowOut]
    figures: list[FigureOut]
    cases: list[LiveCase]
    people: list[DutyPerson]
    devices: FeatureCollection
    goals: list[GoalOut]
    may_dispatch: bool


class StoodOut(Schema):
    """A case as it stood at a moment."""

    ref: str
    priority: Priority
    title: str
    kind_zh: str
    kind_en: str
    place: str
    place_zh: str
    place_en: str
    opened_at: dt.datetime
    state: CaseState
    tier: str
    holder: str
    at: LonLat | None
    how: How


class MarkOut(Schema):
    at: dt.datetime
    count: int
    urgent: int


class DayOut(Schema):
    """The cases that were open at a moment; `marks` are how many came in each half hour of the past day."""

    at: dt.datetime
    since: dt.datetime
    until: dt.datetime
    open: int
    waiting: int
    cases: list[StoodOut]
    marks: list[MarkOut]


class ReportedCase(Schema):
    ref: str
    priority: Priority
    title: str
    place_zh: str
    state: CaseState
    tier: str
    holder_name: str
    opened_at: dt.datetime
    answered_at: dt.datetime | None
    arrived_at: dt.datetime | None
    resolved_at: dt.datetime | None
    late: list[str]


class StepTaken(Schema):
    at: dt.datetime
    by: str
    what: str
    note: str


class UrgentHistory(Schema):
    """Everything that happened to a P1 of the shift."""

    ref: str
    title: str
    place_zh: str
    history: list[StepTaken]


class ShiftPerson(Schema):
    name: str
    place_zh: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    handed_over_at: dt.datetime | None
    note: str


class ShiftReport(Schema):
    """What was open when the shift began, what came, what was settled, and what stays."""

    place: str
    place_zh: str
    since: dt.datetime
    until: dt.datetime
    open_before: int
    open_after: int
    settled: int
    figures: CaseFigures
    came: list[ReportedCase]
    left: list[ReportedCase]
    urgent: list[UrgentHistory]
    people: list[ShiftPerson]


class ResponderOut(Schema):
    """Somebody who can be sent: how long they walk there from their station, and over how many stairs.

    `how` is where they set out: the station of their place, or its middle. `rostered` is false for those who are there by
    their role. Lengths and lines are of the nearest five.
    """

    username: str
    name: str
    place: str
    place_zh: str
    place_en: str
    level: Level
    rostered: bool
    holds: int
    how: How
    station: str
    at: LonLat | None
    seconds: float | None
    metres: float | None
    length_m: float | None
    climb_m: float | None
    stairs: int | None
    line: dict[str, Any] | None


class HelpOut(Schema):
    """A facility that matters to who is on the way; `metres` are straight, `seconds` the walk from it."""

    ref: str
    name: str
    type: str
    type_zh: str
    type_en: str
    at: LonLat
    seconds: float | None
    metres: float


class NearDevice(Schema):
    """A device at the same place or near; `hazard` for gas, fire, water and lifts."""

    ref: str
    name: str
    kind: str
    state: str
    silent: bool
    heard_at: dt.datetime | None
    metres: float | None
    place_zh: str
    hazard: bool


class NearCase(Schema):
    """Another case that is open within 250 m."""

    ref: str
    title: str
    kind: str
    kind_zh: str
    kind_en: str
    priority: Priority
    state: CaseState
    place_zh: str
    metres: float


class Callable(Schema):
    username: str
    name: str


class AroundOut(Schema):
    """What is around a case; `walk` says why there are no walking times, and people are ordered as the crow flies.

    `loading` the network (ask again in some seconds), `no_assessment`, `no_spot`, `off_network`.
    """

    ref: str
    at: LonLat | None
    how: How
    walk: Literal["ok", "loading", "no_assessment", "no_spot", "off_network"]
    responders: list[ResponderOut]
    facilities: list[HelpOut]
    devices: list[NearDevice]
    hazards: list[NearCase]
    meeting: list[Callable]


class BroadcastIn(Schema):
    """What everybody on duty at a place and below is told; `urgent` by SMS too."""

    place: Text = Field(min_length=1)
    text: str = Field(min_length=1, max_length=300)
    urgent: bool = False


class BroadcastOut(Schema):
    """How many were told, and who."""

    told: int
    names: list[str]
