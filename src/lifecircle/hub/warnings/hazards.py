"""What warnings are of, as data; and the words that CAP 1.2 allows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from lifecircle.hub.errors import InvalidError

Status = Literal["Actual", "Exercise", "System", "Test"]
Urgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
Certainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]
MsgType = Literal["Alert", "Update", "Cancel"]


@dataclass(frozen=True, slots=True)
class Hazard:
    """What a warning is of: CAP's category and response, and what people are asked to do."""

    id: str
    zh: str
    en: str
    category: str
    response: str
    instruction_zh: str
    instruction_en: str


@cache
def hazards() -> dict[str, Hazard]:
    """All by id."""
    text = Path(__file__).with_name("hazards.toml").read_text(encoding="utf-8")
    return {name: Hazard(id=name, **row) for name, row in tomllib.loads(text).items()}


def hazard(name: str) -> Hazard:
    """One of them; `InvalidError` for any other."""
    if name not in hazards():
        raise InvalidError(f"one of {', '.join(hazards())}", "已有的预警种类")
    return hazards()[name]
