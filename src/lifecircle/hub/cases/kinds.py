"""Kinds of cases and the moves of their life, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from lifecircle.hub.errors import InvalidError
from lifecircle.hub.rights import Right

Priority = Literal["P1", "P2", "P3", "P4", "P5"]
Closes = Literal["device", "reporter", "staff"]


Datatype = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reporter is asked beside place and description; one that is not `variable` is only told.

    `values` are what may be chosen: a key, and words for people.
    """

    code: str
    datatype: Datatype
    zh: str
    en: str
    required: bool = False
    variable: bool = True
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Public:
    """What a kind is to the public, who may report it and know of it."""

    group: str
    keywords: tuple[str, ...]
    about: str
    attributes: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """What a case is about: how urgent, who is asked, who says that it is over, and what to look at.

    One without `public` is for staff and devices: the public neither reports it nor knows of it.
    """

    id: str
    zh: str
    en: str
    priority: Priority
    department: str
    closes: Closes
    checklist: tuple[str, ...]
    public: Public | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A step in the life of a case."""

    name: str
    sources: tuple[str, ...]
    to: str
    right: Right
    who: Literal["anybody", "holder"]
    needs: tuple[str, ...]


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by id."""
    return {
        name: Kind(
            id=name,
            **{**row, "checklist": tuple(row["checklist"]), "public": _public(row.get("public"))},
        )
        for name, row in _read("kinds.toml").items()
    }


def _public(row: dict[str, Any] | None) -> Public | None:
    if row is None:
        return None
    asked = tuple(
        Asked(**{**one, "values": tuple((key, words) for key, words in one.get("values", ()))})
        for one in row.get("attributes", ())
    )
    return Public(row["group"], tuple(row["keywords"]), row["about"], asked)


@cache
def moves() -> dict[str, Move]:
    """All moves by name."""
    return {
        name: Move(name, tuple(row["from"]), row["to"], row["right"], row["who"], tuple(row["needs"]))
        for name, row in _read("workflow.toml").items()
    }  # fmt: skip


def kind(name: str) -> Kind:
    """One kind; `InvalidError` if there is none."""
    found = kinds().get(name)
    if found is None:
        raise InvalidError(f"one of {', '.join(kinds())}", "已有的事件类型")
    return found


def _read(name: str) -> dict[str, dict[str, Any]]:
    content = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return tomllib.loads(content)
