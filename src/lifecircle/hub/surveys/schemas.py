from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

from lifecircle.engine.polling.asking import LONGEST, MOST_OPTIONS, MOST_QUESTIONS, Kind
from lifecircle.hub.schemas import Day, Named, Text

SurveyState = Literal["draft", "open", "closed"]
How = Literal["phone", "door", "paper"]
QuestionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Words = Annotated[str, Field(max_length=LONGEST)]
OptionName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,60}$")]
Given = Annotated[str, Field(max_length=LONGEST * 4)] | float | list[OptionName] | None
Given_ = dict[QuestionName, Given]
Code = Annotated[str, Field(min_length=8, max_length=40)]


class OptionIO(Schema):
    """What may be chosen."""

    name: OptionName
    zh: Words
    en: Words = ""


class ConditionIO(Schema):
    """Skip logic: the question comes up where an earlier one was answered so (or, negated, was not)."""

    question: QuestionName
    among: list[OptionName] = Field(default_factory=list, max_length=MOST_OPTIONS)
    least: float | None = None
    most: float | None = None
    negate: bool = False


class QuestionIO(Schema):
    """One question; a rating named `sat_` and a facility type is of that type."""

    name: QuestionName
    kind: Kind
    zh: Words
    en: Words = ""
    required: bool = False
    options: list[OptionIO] = Field(default_factory=list, max_length=MOST_OPTIONS)
    least: float | None = None
    most: float | None = None
    when: list[ConditionIO] = Field(default_factory=list, max_length=10)


class SectionIO(Schema):
    name: QuestionName
    zh: Words
    en: Words = ""
    questions: list[QuestionIO] = Field(max_length=MOST_QUESTIONS)


class SectionOut(SectionIO):
    """A section of the library; the indicators of the city examination that its questions are asked for."""

    indicators: dict[str, str] = Field(default_factory=dict)


class SurveyBand(Schema):
    """An age band whose people are asked."""

    id: str
    zh: str
    en: str


class LibraryOut(Schema):
    sections: list[SectionOut]
    bands: list[SurveyBand]


class SurveyIn(Schema):
    """A new survey of some sections of the library."""

    place: Text
    zh: Named
    en: Text = ""
    sections: list[QuestionName] = Field(min_length=1, max_length=60)
    counts: bool = True


class SurveyFormIn(Schema):
    """Where the survey of an XLSForm that is sent along is held."""

    place: Text
    counts: bool = True


class SurveyValues(Schema):
    """What is to change; what is absent stays."""

    zh: Named | None = None
    en: Text | None = None
    counts: bool | None = None
    ends_on: Day | None = None
    sections: list[SectionIO] | None = Field(None, max_length=60)


class SurveyChange(Schema):
    version: int = Field(ge=0, le=2**31 - 1)
    values: SurveyValues


class SurveyVersion(Schema):
    version: int = Field(ge=0, le=2**31 - 1)


class QuotaIn(Schema):
    place: Text
    band: Text
    wanted: int = Field(ge=1, le=10_000)


class QuotasIn(Schema):
    version: int = Field(ge=0, le=2**31 - 1)
    quotas: list[QuotaIn] = Field(max_length=2000)


class SurveyOut(Schema):
    """A survey; its place is empty to those below it, who do not see that."""

    id: int
    place: str
    place_zh: str
    place_en: str
    zh: str
    en: str
    state: SurveyState
    counts: bool
    ends_on: dt.date | None
    created_by: str
    opened_at: dt.datetime | None
    closed_at: dt.datetime | None
    version: int
    questions: int


class SurveyPage(Schema):
    count: int
    items: list[SurveyOut]


class SurveyWhole(SurveyOut):
    """A survey with its questions, and whether the caller may change it and enter answers."""

    sections: list[SectionIO]
    may_change: bool
    may_answer: bool


class ProgressRow(Schema):
    """Of a place and age band: answers wanted, people asked, answers there are."""

    place: str
    place_zh: str
    place_en: str
    band: str
    wanted: int
    asked: int
    answered: int


class AskedOut(Schema):
    """What the holder of an invitation is asked; `band` is empty where they say theirs."""

    zh: str
    en: str
    place_zh: str
    place_en: str
    band: str
    open: bool
    answered: bool
    sections: list[SectionIO]
    bands: list[SurveyBand]


class AnswerIn(Schema):
    """A filled-in questionnaire. The key is made where it was: sent twice, it is one answer."""

    key: UUID
    band: Text = ""
    values: Given_ = Field(max_length=MOST_QUESTIONS)


class EnteredIn(AnswerIn):
    """An answer taken at the door or from paper: by an invitation's code, of a resident, or of whoever has a phone."""

    how: Literal["door", "paper"]
    code: Text = ""
    place: Text = ""
    resident: int | None = Field(None, ge=1, le=2**62)
    phone: str = Field("", max_length=30)


class ReceivedOut(Schema):
    key: UUID
    on: dt.date


class EstimateOut(Schema):
    """A weighted estimate, its standard error and 95 % interval; of few answers nothing is said."""

    value: float | None
    error: float | None
    low: float | None
    high: float | None
    answers: int | None
    suppressed: bool


class OptionResult(EstimateOut):
    name: str
    zh: str
    en: str


class TopicOut(Schema):
    """Open answers that share a phrase: how many, and the shortest."""

    topic: str
    count: int
    example: str


class QuestionResult(Schema):
    name: str
    kind: Kind
    zh: str
    en: str
    about: str
    asked: int | None
    mean: EstimateOut | None
    options: list[OptionResult]
    topics: list[TopicOut]


class SurveyResults(Schema):
    """What the answers say of everybody of 15 and over where the caller may see."""

    answers: int
    people: float
    least: int
    effective: float | None
    silent: list[str]
    silent_bands: list[str]
    how: dict[str, int]
    questions: list[QuestionResult]


class PartResult(EstimateOut):
    part: str
    zh: str
    en: str
