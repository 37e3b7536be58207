from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from lifecircle.hub.schemas import Day, Text

Often = Literal["day", "week", "month"]


class PatrolItemOut(Schema):
    """A point that is looked at, and the kind of case that it becomes where it is not in order."""

    id: str
    zh: str
    en: str
    kind: str


class PatrolListOut(Schema):
    """What is looked at on a patrol, and how often it is proposed to be."""

    id: str
    zh: str
    en: str
    every: Often
    about: str
    items: list[PatrolItemOut]


class PlanIn(Schema):
    """A place to be looked at by a check list; as often as the list proposes unless said, from today unless said."""

    place: Text
    checklist: Text
    every: Often | None = None
    starts_on: Day | None = None


class PlanOut(Schema):
    id: int
    place: str
    place_zh: str
    checklist: str
    every: Often
    starts_on: dt.date
    ended_on: dt.date | None
    made_by: str


class DueOut(Schema):
    """What is to be looked at by a day; `missed` says that the period before went by without it."""

    plan: int
    place: str
    place_zh: str
    checklist: str
    checklist_zh: str
    checklist_en: str
    every: Often
    due_on: dt.date
    done_on: dt.date | None
    last_on: dt.date | None
    missed: bool


class FoundIn(Schema):
    item: Text
    answer: Literal["ok", "not_ok", "not_applicable"]
    note: str = Field("", max_length=500)


class PatrolIn(Schema):
    """A patrol with an answer to every point; `key` was made on the phone: sent twice, it is one."""

    key: UUID
    place: Text
    checklist: Text
    on: Day
    note: str = Field("", max_length=1000)
    answers: list[FoundIn] = Field(min_length=1, max_length=100)


class FoundOut(Schema):
    """What was found of a point; `case` is the number of the case that came of it."""

    item: str
    answer: str
    note: str
    case: str
    case_state: str


class PatrolOut(Schema):
    id: int
    key: UUID
    place: str
    place_zh: str
    checklist: str
    on: dt.date
    note: str
    by: str
    by_name: str
    received_at: dt.datetime
    answers: list[FoundOut]


class PatrolPage(Schema):
    count: int
    items: list[PatrolOut]


class PatrolFigures(Schema):
    """What was due in the periods that ended, what of it was done, and what was found; `open_findings` as of now."""

    due: int
    done_in_time: int
    share: float | None
    patrols: int
    findings: int
    open_findings: int
