"""The check lists of patrols, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from lifecircle.hub.errors import InvalidError

Every = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Item:
    """A point that is looked at; `kind` is what a case of it is about where it is not in order."""

    id: str
    zh: str
    en: str
    kind: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is looked at on a patrol, and how often it is proposed to be."""

    id: str
    zh: str
    en: str
    every: Every
    items: tuple[Item, ...]
    about: str = ""

    def item(self, name: str) -> Item:
        """Return one point; `InvalidError` if there is none."""
        found = next((one for one in self.items if one.id == name), None)
        if found is None:
            raise InvalidError(
                f"one of {', '.join(one.id for one in self.items)}", "清单中的检查项"
            )
        return found


@cache
def checklists() -> dict[str, Checklist]:
    """Return all check lists by id."""
    content = Path(__file__).with_name("checklists.toml").read_text(encoding="utf-8")
    return {
        name: Checklist(id=name, **{**row, "items": tuple(Item(**item) for item in row["items"])})
        for name, row in tomllib.loads(content).items()
    }


def checklist(name: str) -> Checklist:
    """Return one check list; `InvalidError` if there is none."""
    found = checklists().get(name)
    if found is None:
        raise InvalidError(f"one of {', '.join(checklists())}", "已有的巡查清单")
    return found
