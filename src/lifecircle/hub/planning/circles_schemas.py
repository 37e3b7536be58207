from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Field, Schema

from lifecircle.hub.planning.circles import CircleState
from lifecircle.hub.schemas import Day, Named, Text

Members = list[Text]


class ItemOut(Schema):
    """An item of a check list; facility types that meet it, if the register can tell."""

    id: str
    zh: str
    en: str
    norm: str
    types: list[str]


class ChecklistOut(Schema):
    """A check list of a pilot, or of a circle; `origin` is `proposal` for one that is ours."""

    id: str
    zh: str
    en: str
    level: str
    source: str
    origin: str
    verify: bool
    items: list[ItemOut]


class CheckedItem(ItemOut):
    """An item at a place: what the register says, and what stands; null where people have to look."""

    register_says: bool | None
    facilities: list[str]
    met: bool | None
    note: str
    by: str


class CheckedOut(Schema):
    place: str
    place_zh: str
    checklist: str
    items: list[CheckedItem]
    met: int
    unmet: int
    open: int


class CheckIn(Schema):
    """What people found, and why; null takes it back."""

    met: bool | None
    note: str = Field(min_length=1, max_length=500)


class CircleIn(Schema):
    """A circle drawn by hand: communities or grids in one piece."""

    name_zh: str = Field(min_length=1, max_length=100)
    name_en: str = Field("", max_length=100)
    members: Members = Field(min_length=1, max_length=500)


class CirclesIn(Schema):
    """A division that was chosen: its circles, all or none."""

    circles: list[CircleIn] = Field(min_length=1, max_length=100)


class CircleMembers(Schema):
    members: Members = Field(min_length=1, max_length=500)


class CircleMove(Schema):
    version: int = Field(ge=1, le=2**31 - 1)
    to: CircleState
    note: str = Field("", max_length=500)
    checklist: Text = ""


class CircleOut(Schema):
    """A circle: its people where all members are counted, by how many they miss 50,000 to 100,000, its overall card."""

    code: str
    name_zh: str
    name_en: str
    members: list[str]
    members_zh: list[str]
    people: float | None
    beyond: float | None
    state: str
    checklist: str
    version: int
    colour: str | None
    score: float | None
    since: dt.date | None
    bounds: list[float] | None


class CircleStepOut(Schema):
    at: dt.datetime
    on: dt.date
    by: str
    state: str
    note: str
    detail: dict[str, Any]


class DivisionIn(Schema):
    """Circles to be found: how many, between how many people, of what."""

    count: int | None = Field(None, ge=1, le=200)
    least: float = Field(50_000, gt=0, le=1e7)
    most: float = Field(100_000, gt=0, le=1e7)
    hard: bool = True
    by: Literal["community", "grid"] = "community"


class DrawnCircle(Schema):
    name_zh: str
    members: list[str]
    people: float
    walk_s: float
    beyond: float


class DivisionOut(Schema):
    """One division: what it does best, mean walk to the centre, share apart from their street, unevenness."""

    wish: str
    walk_s: float
    split: float
    uneven: float
    circles: list[DrawnCircle]


class TargetIn(Schema):
    on: Day
    circles: int = Field(ge=0, le=1000)


class TargetsIn(Schema):
    place: Named
    targets: list[TargetIn] = Field(max_length=50)


class TargetOut(Schema):
    """How many circles are to be accepted by a day, and how many were, or are today where it is yet to come."""

    place: str
    on: dt.date
    circles: int
    accepted: int


class GoalFields(Schema):
    name: Named | None = None
    about: str | None = Field(None, max_length=1000)
    unit: str | None = Field(None, min_length=1, max_length=40)
    start: float | None = Field(None, ge=-1e12, le=1e12)
    target: float | None = Field(None, ge=-1e12, le=1e12)
    starts_on: Day | None = None
    due_on: Day | None = None
    department: str | None = Field(None, max_length=100)
    owner: Text | None = None
    counts: Text | None = None
    place_on_screen: int | None = Field(None, ge=0, le=100)


class GoalIn(GoalFields):
    """A work goal: from a value to another by a day; `counts` a facility type to be measured by accepted projects."""

    place: Text
    name: Named
    unit: str = Field(min_length=1, max_length=40)
    target: float = Field(ge=-1e12, le=1e12)
    starts_on: Day
    due_on: Day


class GoalChange(Schema):
    version: int = Field(ge=1, le=2**31 - 1)
    values: GoalFields


class GoalReport(Schema):
    on: Day
    value: float = Field(ge=-1e12, le=1e12)
    note: str = Field("", max_length=500)


class GoalStep(Schema):
    on: dt.date
    value: float
    note: str
    by: str


class GoalOut(Schema):
    """A goal today: its value, how much of the way is done (0 to 1 and beyond), and whether that is in time."""

    id: int
    place: str
    place_zh: str
    name: str
    about: str
    unit: str
    start: float
    target: float
    starts_on: dt.date
    due_on: dt.date
    department: str
    owner: str
    owner_name: str
    counts: str
    place_on_screen: int
    value: float
    done: float
    standing: Literal["done", "on_track", "behind", "overdue"]
    on: dt.date | None
    ended_on: dt.date | None
    version: int
    progress: list[GoalStep]
