from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from lifecircle.hub.cases.orders.schemas import Written
from lifecircle.hub.schemas import Instant, Lat, Lon, Text

CaseState = Literal[
    "received",
    "assigned",
    "accepted",
    "on_site",
    "resolved",
    "verified",
    "closed",
    "merged",
    "handed",
]
Priority = Literal["P1", "P2", "P3", "P4", "P5"]
Version = int


class KindOut(Schema):
    """A kind of case: its priority, who is asked, who says that it is over, what to look at."""

    id: str
    zh: str
    en: str
    priority: Priority
    department: str
    closes: str
    checklist: list[str]


class CaseIn(Schema):
    """A matter that is reported; `door` and `reporter` are encrypted, and shown to who holds the case only."""

    place: Text
    kind: Text
    source: Literal["resident", "worker", "inspection", "hotline"] = "worker"
    title: Text = ""
    about: str = Field("", max_length=5000)
    door: str | None = Field(None, max_length=200)
    reporter: str | None = Field(None, max_length=200)
    lon: Lon | None = None
    lat: Lat | None = None
    drill: bool = False
    key: UUID | None = None


class CaseMove(Schema):
    """A move of the workflow, and what it needs; `key` makes it once, however often it is sent."""

    version: int = Field(ge=1, le=2**31 - 1)
    note: str = Field("", max_length=1000)
    assignee: Text = ""
    body: Text = ""
    checked: list[Text] = Field(default_factory=list, max_length=20)
    key: UUID | None = None
    made_at: Instant | None = None


class CasePause(Schema):
    version: int = Field(ge=1, le=2**31 - 1)
    note: str = Field(min_length=1, max_length=1000)


class CaseHold(Schema):
    """Whether a case keeps what it says of people beyond its time, and why."""

    version: int = Field(ge=1, le=2**31 - 1)
    held: bool
    note: str = Field(min_length=1, max_length=1000)


class CaseVersion(Schema):
    version: int = Field(ge=1, le=2**31 - 1)


class CaseMerge(Schema):
    version: int = Field(ge=1, le=2**31 - 1)
    into: Text


class CasePart(Schema):
    kind: Text
    title: Text = ""
    about: str = Field("", max_length=5000)


class CaseSplit(Schema):
    version: int = Field(ge=1, le=2**31 - 1)
    parts: list[CasePart] = Field(min_length=1, max_length=10)


class RatingIn(Schema):
    rating: Literal["satisfied", "fairly", "dissatisfied"]
    note: str = Field("", max_length=1000)


class MeetingIn(Schema):
    """Who is called together over a case, by user name; when and where they meet."""

    people: list[Text] = Field(min_length=1, max_length=50)
    note: str = Field(min_length=1, max_length=500)


class CaseOut(Schema):
    """A case; `late` names the clocks that have run out; the door is asked for by itself."""

    ref: str
    kind: str
    kind_zh: str
    kind_en: str
    priority: Priority
    source: str
    title: str
    about: str
    place: str
    place_zh: str
    state: CaseState
    tier: str
    holder: str
    holder_name: str
    department: str
    body: str
    duplicate_of: str
    lon: float | None
    lat: float | None
    opened_at: dt.datetime
    answer_due: dt.datetime
    arrive_due: dt.datetime
    close_due: dt.datetime
    paused_at: dt.datetime | None
    answered_at: dt.datetime | None
    arrived_at: dt.datetime | None
    resolved_at: dt.datetime | None
    closed_at: dt.datetime | None
    rating: str
    drill: bool
    canary: bool
    held: bool
    forgotten_on: dt.date | None
    late: list[str]
    has_door: bool
    version: int


class MoveOut(Schema):
    """A move of the workflow, and what it needs: `note`, `assignee`, `body`."""

    name: str
    needs: list[str]


class CaseWhole(CaseOut):
    """A case, what to look at, and the moves that the caller may make now; `may_pause` stops or starts its clocks.

    `may_order` is to propose repair orders, `may_hand` to hand it to an outside body, `may_hold` to keep what it says of
    people beyond its time. `spot` is where to walk to: its own point, or one inside its place (`spot_is_place`).
    """

    checklist: list[str]
    moves: list[MoveOut]
    may_pause: bool
    may_hold: bool
    may_rate: bool
    may_order: bool
    may_hand: bool
    may_see_door: bool
    spot: tuple[float, float] | None
    spot_is_place: bool


class CaseStepOut(Schema):
    """A move of the workflow: from which states to which, the right that it takes, and what it needs.

    `who` is "holder" where only who holds the case may make it.
    """

    name: str
    sources: list[str]
    to: str
    right: str
    who: str
    needs: list[str]


class CasePhotoIn(Schema):
    """When it was taken: before or after the work, or neither; `key` keeps it once, however often it is sent."""

    when: Literal["before", "after", ""] = ""
    key: UUID | None = None


class CasePhotoOut(Schema):
    id: int
    sent_key: UUID | None
    when: str
    width: int
    height: int
    bytes: int
    taken_on: dt.date | None
    added_at: dt.datetime
    added_by: str
    may_remove: bool


class CasePage(Schema):
    count: int
    items: list[CaseOut]


class CaseEventOut(Schema):
    at: dt.datetime
    by: str
    what: str
    note: str
    detail: dict[str, Any]


class ToldOut(Schema):
    """Somebody was told of a case on a channel, and whether it arrived.

    Whom the case itself names, and a group chat, has no user name; `name` is then resident, family or neighbour, or the
    chat's. `receipt` is what the other side gave or answered.
    """

    username: str
    name: str
    channel: str
    state: str
    created_at: dt.datetime
    sent_at: dt.datetime | None
    delivered_at: dt.datetime | None
    receipt: str
    error: str


class DoorContact(Schema):
    who: str
    phone: str


class DoorHome(Schema):
    """What a responder has to know of the home: where its key is held, what is dangerous there, as of which day."""

    key_held: str
    hazards: list[str]
    note: str
    consent_on: dt.date


class DoorOut(Schema):
    door: str
    reporter: str
    contacts: list[DoorContact]
    home: DoorHome | None


class TimesOut(Schema):
    """Seconds from opening: how many, the median, 90 % and 97.5 %, and the share in time."""

    count: int
    p50: float | None
    p90: float | None
    p975: float | None
    in_time: float | None


class EvaluationRow(Schema):
    """How a place, a month or a kind does: counts, shares of 0 to 1 (null of nothing), points of a hundred (proposal), yuan of repairs."""

    key: str
    name: str
    received: int
    due: int
    settled: int
    settled_share: float | None
    in_time: float | None
    answered_in_time: float | None
    once: float | None
    satisfied: float | None
    in_grid: float | None
    points: float | None
    cost: Written


class CaseEvaluation(Schema):
    """All together, by place below (the best first), by month and by kind."""

    all: EvaluationRow
    places: list[EvaluationRow]
    months: list[EvaluationRow]
    kinds: list[EvaluationRow]


class CaseFigures(Schema):
    """What came and was settled; `settled` are shares by the tier at which it was."""

    received: int
    settled_count: int
    open: int
    settled: dict[str, float | None]
    answer: TimesOut
    arrive: TimesOut
    close: TimesOut
    by_kind: dict[str, int]
    by_priority: dict[str, int]
    ratings: dict[str, int]
