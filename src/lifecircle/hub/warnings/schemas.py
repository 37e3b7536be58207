from __future__ import annotations

import datetime as dt
from typing import Literal

from ninja import Field, Schema

from lifecircle.hub.schemas import Instant, Text
from lifecircle.hub.warnings.hazards import Certainty, MsgType, Severity, Status, Urgency


class HazardOut(Schema):
    """What a warning is of, and what people are asked to do unless it says otherwise."""

    id: str
    zh: str
    en: str
    category: str
    response: str
    instruction_zh: str
    instruction_en: str


class WarningTexts(Schema):
    """In both languages; English, and what to do, may be left to the hazard."""

    headline_zh: str = Field(min_length=1, max_length=160)
    headline_en: str = Field("", max_length=160)
    description_zh: str = Field(min_length=1, max_length=3000)
    description_en: str = Field("", max_length=3000)
    instruction_zh: str = Field("", max_length=2000)
    instruction_en: str = Field("", max_length=2000)


class WarningIn(WarningTexts):
    """A warning for a place, or some places at or below it; `case` is what it came of."""

    place: Text
    areas: list[Text] = Field(default_factory=list, max_length=200)
    case: Text = ""
    status: Status = "Actual"
    hazard: Text
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    onset: Instant | None = None
    expires: Instant


class WarningValues(Schema):
    areas: list[Text] = Field(default_factory=list, max_length=200)
    case: Text = ""
    status: Status = "Actual"
    hazard: Text = ""
    urgency: Urgency = "Unknown"
    severity: Severity = "Unknown"
    certainty: Certainty = "Unknown"
    onset: Instant | None = None
    expires: Instant | None = None
    headline_zh: str = Field("", min_length=1, max_length=160)
    headline_en: str = Field("", max_length=160)
    description_zh: str = Field("", min_length=1, max_length=3000)
    description_en: str = Field("", max_length=3000)
    instruction_zh: str = Field("", max_length=2000)
    instruction_en: str = Field("", max_length=2000)


class WarningChange(Schema):
    """What is to be different in a draft; what is not named stays."""

    version: int = Field(ge=1, le=2**31 - 1)
    values: WarningValues


class WarningVersion(Schema):
    version: int = Field(ge=1, le=2**31 - 1)


class WarningFollow(Schema):
    msg_type: Literal["Update", "Cancel"]


class WarnedArea(Schema):
    code: str
    name_zh: str
    name_en: str


class WarningPublic(WarningTexts):
    """A warning as everybody is told it; `follows` is the one that it updates or cancels."""

    ref: str
    hazard: str
    event_zh: str
    event_en: str
    status: Status
    msg_type: MsgType
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    onset: dt.datetime | None
    expires: dt.datetime
    sent_at: dt.datetime | None
    areas: list[WarnedArea]
    follows: str


class WarningOut(WarningPublic):
    """A warning as staff see it: its texts as everybody is told them, and as they were `written`."""

    written: WarningTexts
    place: str
    place_zh: str
    case: str
    state: Literal["draft", "sent"]
    followed_by: str
    written_by: str
    sent_by: str
    version: int
    may_change: bool
    may_follow: bool


class WarningPage(Schema):
    count: int
    items: list[WarningOut]
