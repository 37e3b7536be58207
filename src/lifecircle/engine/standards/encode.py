"""From the classes of the standard to TOML that reads back equal."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from lifecircle.engine.standards.decode import Value
from lifecircle.engine.standards.model import Number


def plain(value: Value) -> Value:
    """Return nested dictionaries of plain values; what is None or an id is left out."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return dict(
            (item[0], plain(item[1])) if isinstance(item, tuple) else (item.id, plain(item))
            for item in value
        )
    if isinstance(value, Number):
        return value
    if dataclasses.is_dataclass(value):
        parts = {part.name: getattr(value, part.name) for part in dataclasses.fields(value)}
        return {k: plain(v) for k, v in parts.items() if v is not None and k != "id"}
    return value


def toml(table: dict[str, Any]) -> str:
    """Write a table of plain values; keys are ids and field names, so they need no quotes."""
    return "\n".join(_lines(table, "")).strip() + "\n"


def _lines(table: dict[str, Any], path: str) -> Iterator[str]:
    leaves = {k: v for k, v in table.items() if not isinstance(v, dict)}
    if path and (leaves or not table):
        yield f"\n[{path}]"
    for key, value in leaves.items():
        yield f"{key} = {_leaf(value)}"
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{path}.{key}" if path else key)


def _leaf(value: Value) -> str:
    if isinstance(value, Number):
        parts = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return "{ " + ", ".join(f"{name} = {_leaf(part)}" for name, part in parts) + " }"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for the one control character that JSON leaves bare.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
