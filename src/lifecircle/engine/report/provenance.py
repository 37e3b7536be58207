"""Which numbers of the standard are published, proposed, unchecked or the district's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from lifecircle.engine.bundle.model import District
from lifecircle.engine.standards.model import Number, Standards

_TABLES_ZH = {
    "places": "地方",
    "population": "人口",
    "buildings": "建筑",
    "facilities": "设施",
    "spaces": "闲置空间",
    "surveys": "满意度",
    "network": "路网",
    "elevation": "高程",
}


@dataclass(frozen=True, slots=True)
class Sourced:
    """A number of the standard with its path, as the overrides name it."""

    path: str
    number: Number


def numbers(standards: Standards) -> tuple[Sourced, ...]:
    """Return every number of the standard, in its own order."""
    return tuple(_walk(standards, ""))


def synthetic_tables(district: District) -> tuple[tuple[str, str], ...]:
    """Return the made-up tables' names as (Chinese, English), sorted."""
    return tuple((_TABLES_ZH.get(name, name), name) for name in sorted(district.synthetic))


def _walk(value: Any, path: str) -> Iterator[Sourced]:
    if isinstance(value, Number):
        yield Sourced(path, value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _walk(item, f"{path}.{_name(item, index)}")
    elif is_dataclass(value):
        for part in fields(value):
            name = f"{path}.{part.name}" if path else part.name
            yield from _walk(getattr(value, part.name), name)


def _name(item: Any, index: int) -> str:
    """Name an item of a list: by its id, by its first part (group members), or by its place."""
    if isinstance(item, tuple) and item and isinstance(item[0], str):
        return item[0]
    return str(getattr(item, "id", index))
