"""Check lists of pilots and of circles: what has to be there, item by item, beside the 62 types.

An item that names facility types is checked against a register; the others are for people to look at. Figures from
memory are marked `verify`, lists of our own `origin = "proposal"`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal

from lifecircle.engine.standards.folder import default
from lifecircle.errors import Issue, StandardsError


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be there: its norm in words; by which facility types, of what floor area (m²), all of them or one."""

    id: str
    zh: str
    en: str
    norm: str
    types: tuple[str, ...] = ()
    min_area_m2: float | None = None
    every_type: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list, the level of places that it is for, and where it comes from."""

    id: str
    zh: str
    en: str
    level: Literal["community", "circle"]
    source: str
    origin: Literal["source", "proposal"]
    verify: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Present:
    """A facility as a check list sees it: its type and floor area (m², None where nobody knows)."""

    ref: str
    type: str
    floor_area_m2: float | None


def met(item: Item, facilities: Iterable[Present]) -> tuple[bool | None, tuple[str, ...]]:
    """Whether an item is met by what is there, and by which facilities.

    None where people have to look: the item names no types, or all facilities of a type are of unknown area.

    Parameters
    ----------
    item
        What is wanted.
    facilities
        Those of the place that are open.
    """
    if not item.types:
        return None, ()
    good: dict[str, list[str]] = {kind: [] for kind in item.types}
    unknown: set[str] = set()
    for one in facilities:
        if one.type in good:
            if item.min_area_m2 is None or (one.floor_area_m2 or 0.0) >= item.min_area_m2:
                good[one.type].append(one.ref)
            elif one.floor_area_m2 is None:
                unknown.add(one.type)
    has = [bool(refs) for refs in good.values()]
    refs = tuple(ref for each in good.values() for ref in each)
    if all(has) if item.every_type else any(has):
        return True, refs
    lacking = {kind for kind, each in good.items() if not each}
    enough = lacking <= unknown if item.every_type else bool(unknown)
    return (None, refs) if enough else (False, refs)


@cache
def checklists() -> dict[str, Checklist]:
    """The lists that ship with Lifecircle, by id."""
    made: dict[str, Checklist] = {}
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        for name, content in tomllib.loads(path.read_text(encoding="utf-8")).items():
            items = tuple(_item(path.name, row) for row in content.pop("items"))
            made[name] = Checklist(id=name, items=items, **content)
    return made


def _item(file: str, row: dict[str, Any]) -> Item:
    known = {field.name for field in fields(Item)}
    strange = [*(set(row) - known), *(set(row.get("types", ())) - set(default().types))]
    if strange:
        expected = "known keys and facility types", "已有的键和设施类型"
        issue = Issue("checklist", file, *expected, column=row["id"], value=", ".join(strange))
        raise StandardsError("the check list cannot be read / 清单无法读取", (issue,))
    return Item(**{**row, "types": tuple(row.get("types", ()))})
