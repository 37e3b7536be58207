from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from lifecircle.hub.schemas import AtPlace, Day, Instant, Text

Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
_ON = Annotated[int, Field(ge=0, le=6)]


class ShiftIn(Schema):
    """Somebody on duty at a place."""

    place: Text
    username: Text
    starts_at: Instant
    ends_at: Instant
    note: str = Field("", max_length=500)


class SubstituteIn(Schema):
    """Who stands in; empty for nobody."""

    username: Text = ""


class HandOver(Schema):
    note: str = Field(min_length=1, max_length=500)


class ShiftOut(AtPlace):
    id: int
    place: str
    place_zh: str
    username: str
    name: str
    substitute: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    note: str
    handed_over_at: dt.datetime | None

    @staticmethod
    def resolve_username(one: Any) -> str:
        return str(one.account.username)

    @staticmethod
    def resolve_name(one: Any) -> str:
        return str(one.account.name)

    @staticmethod
    def resolve_substitute(one: Any) -> str:
        return "" if one.substitute is None else str(one.substitute.username)


class ShiftPlan(Schema):
    """People on duty on days of a span, in turns; an end that is not after the start is on the next day."""

    place: Text
    usernames: list[Text] = Field(min_length=1, max_length=31)
    starts: Clock
    ends: Clock
    since: Day
    until: Day
    weekdays: list[_ON] = Field([0, 1, 2, 3, 4, 5, 6], min_length=1, max_length=7)
    note: str = Field("", max_length=500)


class ShiftsMade(Schema):
    """How many shifts are new, how many were there already, and how many rows named nobody."""

    made: int
    same: int
    empty: int = 0


class DutySpan(Schema):
    """From a moment to another, and the day and the times of the hub's own clock."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    day: dt.date
    starts: str
    ends: str
    ends_day: dt.date


class WeekShift(DutySpan):
    """A shift of a week, and what the caller may do with it; `away` says that the account may not be used."""

    id: int
    username: str
    name: str
    substitute: str
    substitute_name: str
    note: str
    handed_over: bool
    away: bool
    state: Literal["over", "now", "later"]
    acts: list[str]


class DutyWeek(Schema):
    """The roster of one place from a Monday on; holes are cut at midnight. Without a roster `instead` are told."""

    place: str
    place_zh: str
    level: str
    monday: dt.date
    today: dt.date
    time: str
    has_roster: bool
    may_plan: bool
    shifts: list[WeekShift]
    holes: list[DutySpan]
    on_now: list[str]
    instead: list[str]


class DutyHoles(Schema):
    """Hours of the next seven days in which nobody is on duty at a place that keeps a roster."""

    place: str
    place_zh: str
    level: str
    hours: float
    holes: list[DutySpan]


class RosterPerson(Schema):
    """Somebody who can be put on duty at a place, and where they work."""

    username: str
    name: str
    role: str
    place_zh: str
