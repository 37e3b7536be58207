"""What a standard is made of. Every number carries its source and how far it can be trusted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Origin = Literal["source", "proposal", "override"]
Tier = Literal["15", "10", "5", "B"]
TypeClass = Literal["base", "plus", "special"]
Measure = Literal["supply", "per_place", "count", "ratio", "enrolment", "reach"]
Colour = Literal["green", "blue", "yellow", "orange", "red", "grey"]

_DUST = 1e-9
"""What sums of floats may fall short of a floor and still stand on it."""

COLOURS: tuple[Colour, ...] = ("green", "blue", "yellow", "orange", "red")
"""The five grades, best first. Grey is "not rated" and no grade."""


@dataclass(frozen=True, slots=True)
class Number:
    """A value with its unit and where it comes from.

    `origin` is `source` (a published standard), `proposal` (our default; no official value is
    known) or `override` (the bundle's own). `verify` marks a figure quoted from memory that nobody
    has yet checked against the printed standard.
    """

    value: float
    unit: str
    source: str
    origin: Origin = "proposal"
    verify: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """How one kind of walker moves. Speeds in m/s, waits in s; None is impassable.

    `slope_factor_cap` caps Tobler's factor downhill (1.0 for elders: no faster than on the flat).
    `max_slope` is the steepest passable slope (rise over run); None sets no limit.
    """

    id: str
    name_zh: str
    name_en: str
    flat_mps: Number
    stairs_up_mps: Number | None
    stairs_down_mps: Number | None
    slope_factor_cap: Number
    max_slope: Number | None
    lift_wait_s: Number
    lift_mps: Number
    escalator_wait_s: Number | None
    escalator_mps: Number | None
    crossing_s: Number
    footbridge_s: Number


@dataclass(frozen=True, slots=True)
class Band:
    """An age band: its default share of residents and the profile by which it walks."""

    id: str
    name_zh: str
    name_en: str
    share: Number
    profile: str

    @property
    def ages(self) -> tuple[int, int | None] | None:
        """The first and the last age, the last None for an open band; None where its id says no ages."""
        found = re.fullmatch(r"age_(\d+)_(?:(\d+)|plus)", self.id)
        if found is None:
            return None
        return int(found[1]), None if found[2] is None else int(found[2])


@dataclass(frozen=True, slots=True)
class Group:
    """A demand group (人群): fractions of age bands, or people known by record only.

    `members` pairs a band's id with the fraction of it that belongs to the group. A group by
    record (`members` empty) has no default population: only the bundle can give one, and it walks
    by `profile`. `unit` is what is counted: persons, or households.
    """

    id: str
    name_zh: str
    name_en: str
    members: tuple[tuple[str, Number], ...]
    profile: str
    unit: Literal["persons", "households"] = "persons"

    @property
    def by_record(self) -> bool:
        """Whether only a record, not an age share, can say how many there are."""
        return not self.members


@dataclass(frozen=True, slots=True)
class Category:
    """One of the 11 categories (11类)."""

    id: str
    name_zh: str
    name_en: str
    source: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Theme:
    """One of the 8 themes (专项圈)."""

    id: str
    name_zh: str
    name_en: str
    departments_zh: str
    source: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class FacilityType:
    """One of the 62 facility types.

    `walk_min` is None where the type is no reach test. `norm` is None where `measure` needs none;
    `norm_base` says per what: `group_1000`, `residents_1000`, `floor_1000_m2`, `group`, `street`,
    `community`. Types with the same `pool` share one supply. `graded` is False for what is
    reported only. `oldtown` types take the district's old-town factor on their norm.
    """

    id: str
    name_zh: str
    name_en: str
    category: str
    theme: str
    tier: Tier
    type_class: TypeClass
    measure: Measure
    group: str
    walk_min: Number | None
    radius_m: Number | None
    min_area_m2: Number | None
    norm: Number | None
    norm_base: str
    capacity_unit: str
    capacity_unit_zh: str
    pool: str
    graded: bool
    oldtown: bool
    size_note: str
    target: str
    source: str
    confidence: Literal["high", "medium", "low"]
    note: str

    @property
    def walk_s(self) -> float | None:
        """The walking threshold T in seconds."""
        return None if self.walk_min is None else self.walk_min.value * 60.0


@dataclass(frozen=True, slots=True)
class ColourStyle:
    """How a colour is shown: never by colour alone."""

    id: Colour
    name_zh: str
    name_en: str
    meaning_zh: str
    meaning_en: str
    action_zh: str
    action_en: str
    hex: str
    symbol: str
    floor: Number | None


@dataclass(frozen=True, slots=True)
class GradingRules:
    """How parts become a score and a score a colour (design section 4)."""

    weights: dict[str, Number]
    class_weights: dict[str, Number]
    coverage_full: Number
    completeness_min: Number
    veto_minutes_factor: Number
    veto_share: Number
    failing_share: Number
    coverage_yellow_below: Number
    worst_base_lead: Number
    answers_min: Number
    answers_full: Number
    quality_known_min: Number
    utilisation_low: Number
    utilisation_high: Number
    design_speed_mps: Number
    oldtown_factor: Number
    colours: tuple[ColourStyle, ...]

    def colour(self, score: float) -> Colour:
        """Return the colour of a score in 0..100, before vetoes."""
        for style in self.colours:
            if style.floor is not None and score >= style.floor.value - _DUST:
                return style.id
        return "red"


@dataclass(frozen=True, slots=True)
class Override:
    """A number of the standard that the bundle replaced."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, repr=False)
class Standards:
    """The whole standard, read-only. Dictionaries keep the order of the files."""

    version: str
    types: dict[str, FacilityType]
    categories: dict[str, Category]
    themes: dict[str, Theme]
    groups: dict[str, Group]
    bands: dict[str, Band]
    profiles: dict[str, Profile]
    rules: GradingRules
    overrides: tuple[Override, ...] = ()

    def __repr__(self) -> str:
        return (
            f"<Standards {self.version}: {len(self.types)} types, {len(self.categories)} categories, "
            f"{len(self.themes)} themes, {len(self.overrides)} overrides>"
        )

    def style(self, colour: Colour) -> ColourStyle:
        """Return how `colour` is shown."""
        return next(style for style in self.rules.colours if style.id == colour)
