"""The data files of the synthesis, typed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from lifecircle.engine.bundle.synthesis.setting import CHARACTERS

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a facility of a type typically is and how it is run (`data/sizes.toml`)."""

    capacity: float
    floor_area_m2: float
    factor: float
    hours: tuple[str, ...]
    level: str
    run: Literal["public", "mixed", "private"]


@dataclass(frozen=True, slots=True)
class Story:
    """What a community of one character has and lacks (`data/stories.toml`)."""

    name_zh: str
    name_en: str
    supply: dict[str, float]
    missing: dict[str, float]
    size: float
    small: float
    closed: float
    unlicensed: float
    unsafe: float
    open_as_stated: float
    barrier_free: float
    hours_known: float
    condition: float
    utilisation: float
    satisfaction: float

    def supplied(self, category: str) -> float:
        """How much of what is asked for there is, in a category."""
        return self.supply.get(category, self.supply["other"])


@cache
def sizes() -> dict[str, Size]:
    """Sizes by facility type."""
    table = _read("sizes.toml")
    kinds = table["hours"]
    return {
        kind: Size(**{**row, "hours": tuple(kinds[row["hours"]])})
        for kind, row in table["types"].items()
    }


@cache
def stories() -> dict[str, Story]:
    """Stories by character."""
    table = _read("stories.toml")
    return {character: Story(**table[character]) for character in CHARACTERS}


def _read(name: str) -> dict[str, Any]:
    with (_DATA / name).open("rb") as file:
        return tomllib.load(file)
