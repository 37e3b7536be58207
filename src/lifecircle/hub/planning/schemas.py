from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema

from lifecircle.hub.planning.states import State, days_late
from lifecircle.hub.schemas import AtPlace, Day, Lat, Lon, Named, Text

Year = int
Kind = Literal["new", "enlarge", "way", "other"]
Horizon = Literal["near", "later"]


class ScoreIn(Schema):
    """One of the four criteria: 0 to 5, and why."""

    score: float = Field(ge=0, le=5)
    reason: str = Field(min_length=1, max_length=500)


class Scores(Schema):
    """What a project is scored on: 居民有需求, 启动有基础, 软硬件有搭配, 落地有项目."""

    need: ScoreIn | None = None
    basis: ScoreIn | None = None
    fit: ScoreIn | None = None
    landing: ScoreIn | None = None


class Planned(Schema):
    """Values of the facility that comes of a project."""

    capacity: float | None = Field(None, ge=0, le=1e8)
    floor_area_m2: float | None = Field(None, ge=0, le=1e8)
    hours: str | None = Field(None, max_length=300)
    level: Literal["city", "street", "community"] | None = None
    operator: Text | None = None
    barrier_free: bool | None = None


class AsBuilt(Planned):
    """The facility as it was found at acceptance: what is not known of it makes its cards grey."""

    operating: bool | None = None
    open_as_stated: bool | None = None
    safe: bool | None = None
    licensed: bool | None = None
    condition: float | None = Field(None, ge=1, le=5)


class Promised(Schema):
    """What a project is to bring: people newly reached, and in words."""

    people: float | None = Field(None, ge=0, le=1e9)
    words: Text = ""


class ProjectFields(Schema):
    """What is filled in of a project; what is absent stays, null takes a value away."""

    name: Named | None = None
    about: str | None = Field(None, max_length=5000)
    place: Text | None = None
    kind: Kind | None = None
    facility_type: Text | None = None
    space: Text | None = None
    facility: Text | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    planned: Planned | None = None
    promised: Promised | None = None
    scores: Scores | None = None
    horizon: Horizon | None = None
    department: str | None = Field(None, max_length=100)
    supporting: list[Text] | None = Field(None, max_length=20)
    responsible: Text | None = None
    starts_on: Day | None = None
    due_on: Day | None = None
    pilot: bool | None = None


class CardRef(Schema):
    """The card whose gap a project closes."""

    run: UUID
    area: Text
    scope: Literal["type", "category", "theme", "overall"] = "type"
    key: Text


class ProjectIn(ProjectFields):
    name: Named
    place: Text
    kind: Kind = "new"
    card: CardRef | None = None


class ProjectChange(Schema):
    """A change to `version` of a project: refused if it has changed since."""

    version: int = Field(ge=1, le=2**31 - 1)
    values: ProjectFields


class BudgetLineIn(Schema):
    year: Year = Field(ge=2000, le=2100)
    source: str = Field(min_length=1, max_length=100)
    planned_cny: float = Field(ge=0, le=1e12)
    spent_cny: float = Field(0.0, ge=0, le=1e12)


class MilestoneIn(Schema):
    name: Named
    due_on: Day
    done_on: Day | None = None


class RiskIn(Schema):
    text: str = Field(min_length=1, max_length=500)
    likelihood: int = Field(ge=1, le=5)
    impact: int = Field(ge=1, le=5)
    response: str = Field("", max_length=500)
    closed_on: Day | None = None


class BudgetIn(Schema):
    version: int = Field(ge=1, le=2**31 - 1)
    lines: list[BudgetLineIn] = Field(max_length=200)


class MilestonesIn(Schema):
    version: int = Field(ge=1, le=2**31 - 1)
    milestones: list[MilestoneIn] = Field(max_length=200)


class RisksIn(Schema):
    version: int = Field(ge=1, le=2**31 - 1)
    risks: list[RiskIn] = Field(max_length=200)


class ProjectMove(Schema):
    """Where a project goes, and why."""

    version: int = Field(ge=1, le=2**31 - 1)
    to: State
    note: str = Field("", max_length=500)


class CopyIn(Schema):
    """The places to which a pilot is copied."""

    places: list[Text] = Field(min_length=1, max_length=100)


class AcceptIn(Schema):
    """The facility as it was built, where it differs from what was planned, and the day of acceptance."""

    version: int = Field(ge=1, le=2**31 - 1)
    values: AsBuilt
    on: Day
    note: str = Field("", max_length=500)


class ProjectOut(AtPlace):
    """A project; `late_days` is by how much it, or a milestone of it, is behind."""

    ref: str
    name: str
    about: str
    place: str
    place_zh: str
    kind: str
    facility_type: str
    space: str
    facility: str
    lon: float | None
    lat: float | None
    planned: dict[str, Any]
    evidence: dict[str, Any]
    promised: dict[str, Any]
    scores: dict[str, Any]
    score: float | None
    state: str
    horizon: str
    department: str
    supporting: list[str]
    responsible: str | None
    responsible_name: str | None
    starts_on: dt.date | None
    due_on: dt.date | None
    annual: int | None
    year: int | None
    pilot: bool
    copied_from: str | None
    created_at: dt.datetime
    created_by: str
    accepted_on: dt.date | None
    version: int
    budget: list[BudgetLineIn]
    milestones: list[MilestoneIn]
    risks: list[RiskIn]
    planned_cny: float
    spent_cny: float
    late_days: int

    @staticmethod
    def resolve_score(one: Any) -> float | None:
        scores = [value["score"] for value in one.scores.values()]
        return sum(scores) / len(scores) if scores else None

    @staticmethod
    def resolve_responsible(one: Any) -> str | None:
        return None if one.responsible is None else str(one.responsible.username)

    @staticmethod
    def resolve_responsible_name(one: Any) -> str | None:
        return None if one.responsible is None else str(one.responsible.name)

    @staticmethod
    def resolve_annual(one: Any) -> int | None:
        return None if one.annual_id is None else int(one.annual_id)

    @staticmethod
    def resolve_year(one: Any) -> int | None:
        return None if one.annual is None else int(one.annual.year)

    @staticmethod
    def resolve_copied_from(one: Any) -> str | None:
        return None if one.copied_from is None else str(one.copied_from.ref)

    @staticmethod
    def resolve_planned_cny(one: Any) -> float:
        return float(sum(line.planned_cny for line in one.budget.all()))

    @staticmethod
    def resolve_spent_cny(one: Any) -> float:
        return float(sum(line.spent_cny for line in one.budget.all()))

    @staticmethod
    def resolve_late_days(one: Any) -> int:
        return days_late(one, timezone.localdate())


class ProjectPage(Schema):
    count: int
    items: list[ProjectOut]


class ProjectEventOut(Schema):
    """What was done to a project."""

    at: dt.datetime
    by: str
    what: str
    note: str
    detail: dict[str, Any]


class SummaryOut(Schema):
    """How many projects are in each state, money by year and source, and who is late."""

    states: dict[str, int]
    money: list[dict[str, Any]]
    late: list[dict[str, Any]]


class AttachmentIn(Schema):
    title: Text = ""


class AttachmentOut(Schema):
    """A document or a photo of a project."""

    id: int
    kind: str
    name: str
    title: str
    bytes: int
    digest: str
    added_at: dt.datetime
    added_by: str


class PackageIn(Schema):
    """Where projects are entered whose location names no place that is known here."""

    place: Text


class PackageOut(Schema):
    """A project package of OC4IDS 0.9; its projects are as that standard says."""

    uri: str
    version: str
    publishedDate: str  # noqa: N815  (the standard's)
    publisher: dict[str, Any]
    projects: list[dict[str, Any]]


class PackageMade(Schema):
    """The projects that were entered, and the ids of those that are here already."""

    made: list[ProjectOut]
    known: list[str]


class AnnualIn(Schema):
    place: Text
    year: Year = Field(ge=2000, le=2100)
    title: Named


class AnnualProjects(Schema):
    version: int = Field(ge=1, le=2**31 - 1)
    projects: list[Text] = Field(max_length=1000)


class Versioned(Schema):
    version: int = Field(ge=1, le=2**31 - 1)


class AnnualOut(AtPlace):
    """An annual list; `frozen` holds its projects as they stood at the approval."""

    id: int
    place: str
    place_zh: str
    year: int
    title: str
    state: str
    approved_by: str
    approved_at: dt.datetime | None
    projects: list[str]
    frozen: list[dict[str, Any]]
    version: int

    @staticmethod
    def resolve_projects(one: Any) -> list[str]:
        return [str(ref) for ref in one.projects.order_by("ref").values_list("ref", flat=True)]


class ProposalIn(Schema):
    """What to build is asked for: money by year, types, fairness, how long to search."""

    place: Text
    title: Named
    budgets: list[float] | None = Field(None, min_length=1, max_length=10)
    kinds: list[Text] | None = Field(None, max_length=100)
    hours: dict[str, str] = Field(default_factory=dict, max_length=100)
    apart: list[tuple[str, str]] = Field(default_factory=list, max_length=200)
    from_year: int | None = Field(None, ge=1900, le=2100)
    fair: float = Field(0.0, ge=0, le=10)
    gap_between: float | None = Field(None, ge=0, le=1)
    seconds: float = Field(10.0, ge=0, le=120)
    exact: bool = False


class ProposalOut(AtPlace):
    """A proposal; `result` holds `so_far` while it is searched for, `builds` and what they do when it is done."""

    id: int
    place: str
    place_zh: str
    title: str
    run: int
    asked: dict[str, Any]
    state: str
    result: dict[str, Any]
    error: dict[str, Any] | None
    requested_by: str
    requested_at: dt.datetime
    finished_at: dt.datetime | None

    @staticmethod
    def resolve_run(one: Any) -> int:
        return int(one.run.number)


class Picks(Schema):
    """Which of a proposal's builds become projects, by their number from 0."""

    builds: list[Annotated[int, Field(ge=0, le=100_000)]] = Field(min_length=1, max_length=500)


class ProofOut(Schema):
    """What an accepted project changed; `figures` are empty until the assessment after it is done."""

    project: str
    name: str
    before: int | None
    after: int | None
    made_at: dt.datetime | None
    figures: dict[str, Any]

    @staticmethod
    def resolve_project(one: Any) -> str:
        return str(one.project.ref)

    @staticmethod
    def resolve_name(one: Any) -> str:
        return str(one.project.name)

    @staticmethod
    def resolve_before(one: Any) -> int | None:
        return None if one.before is None else int(one.before.number)

    @staticmethod
    def resolve_after(one: Any) -> int | None:
        return None if one.after is None else int(one.after.number)
