"""The unit and the range of every kind of number in a standard, by the name of its field."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lifecircle.engine.standards.model import Number
from lifecircle.errors import Issue


@dataclass(frozen=True, slots=True)
class Limit:
    """What a number may be: its unit ("" is free) and its range; `low` itself is in only if said.

    Ranges shut out slips of unit and sign, not unusual districts.
    """

    unit: str
    low: float
    high: float
    low_in: bool = False

    def holds(self, value: float) -> bool:
        """Whether a value lies in the range."""
        above = value >= self.low if self.low_in else value > self.low
        return math.isfinite(value) and above and value <= self.high

    @property
    def english(self) -> str:
        """The range in English."""
        above = "of at least" if self.low_in else "above"
        return f"a number {above} {self.low:g}, at most {self.high:g}"

    @property
    def chinese(self) -> str:
        """The range in Chinese."""
        return f"{'不小于' if self.low_in else '大于'} {self.low:g} 且不大于 {self.high:g} 的数字"


_SPEED = Limit("m/s", 0, 5)
_WAIT = Limit("s", 0, 1800, low_in=True)
_SHARE = Limit("1", 0, 1, low_in=True)
_WEIGHT = Limit("1", 0, 100)

LIMITS: dict[str, Limit] = {
    "walk_min": Limit("min", 0, 120),
    "radius_m": Limit("m", 0, 20_000),
    "min_area_m2": Limit("m2", 0, 1_000_000),
    "norm": Limit("", 0, 1_000_000),
    "flat_mps": _SPEED,
    "stairs_up_mps": _SPEED,
    "stairs_down_mps": _SPEED,
    "slope_factor_cap": Limit("1", 0, 2),
    "max_slope": Limit("1", 0, 1),
    "lift_wait_s": _WAIT,
    "lift_mps": Limit("m/s", 0, 20),
    "escalator_wait_s": _WAIT,
    "escalator_mps": _SPEED,
    "crossing_s": _WAIT,
    "footbridge_s": _WAIT,
    "share": _SHARE,
    "members": Limit("1", 0, 1),
    "weights": _WEIGHT,
    "class_weights": _WEIGHT,
    "coverage_full": Limit("1", 0, 1),
    "completeness_min": _SHARE,
    "veto_minutes_factor": Limit("1", 1, 10, low_in=True),
    "veto_share": Limit("1", 0, 1),
    "failing_share": _SHARE,
    "coverage_yellow_below": _SHARE,
    "worst_base_lead": Limit("grades", 0, 4, low_in=True),
    "answers_min": Limit("answers", 1, 1_000_000, low_in=True),
    "answers_full": Limit("answers", 1, 1_000_000, low_in=True),
    "quality_known_min": _SHARE,
    "utilisation_low": _SHARE,
    "utilisation_high": Limit("1", 0, 2),
    "design_speed_mps": _SPEED,
    "oldtown_factor": Limit("1", 0, 1),
    "floor": Limit("points", 0, 100, low_in=True),
}
"""By field name; the entries of `members`, `weights` and `class_weights` share their table's."""


def number_issues(field: str, number: Number, file: str, path: str) -> list[Issue]:
    """Return what is wrong with one number: its range and its unit."""
    limit, found = LIMITS[field], []
    if not limit.holds(number.value):
        found.append(
            Issue(
                "range", file, limit.english, limit.chinese, column=path, value=f"{number.value:g}"
            )
        )
    if limit.unit and number.unit != limit.unit:
        found.append(
            Issue(
                "unit",
                file,
                f'the unit "{limit.unit}"',
                f"单位应为“{limit.unit}”",
                column=f"{path}.unit",
                value=number.unit,
            )
        )
    return found
