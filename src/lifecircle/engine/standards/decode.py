"""From plain TOML values to the classes of the standard, strictly, by their type annotations.

An entry that does not fit leaves an issue and `BROKEN` in its place, so that one reading finds
everything that is wrong.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal

from lifecircle.engine.standards.limits import number_issues
from lifecircle.engine.standards.model import Number
from lifecircle.errors import Issue

Value = Any
"""What TOML holds or what it becomes: its type is known from an annotation only at run time."""

BROKEN: Final = object()
"""Stands for an entry that could not be read; its issue is already noted."""

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_KINDS = {
    str: ("a text", "文本"),
    bool: ("true or false", "true 或 false"),
    float: ("a finite number", "有限的数字"),
    dict: ("a table", "表"),
}


@dataclass
class Decoder:
    """Decodes the tables of one file; `issues` grows with everything that does not fit."""

    file: str
    issues: list[Issue] = field(default_factory=list)

    def entries(self, kind: Value, table: Value, path: str) -> dict[str, Any]:
        """Decode a table of entries of one kind, by id; broken ones are left out."""
        if not isinstance(table, dict):
            self._wrong(dict, table, path)
            return {}
        found = {}
        for key, value in table.items():
            if not _ID.fullmatch(key):
                self._note(
                    "id", path, key, "an id of letters, digits and _", "由字母、数字和 _ 组成的编号"
                )
                continue
            found[key] = self.value(kind, value, f"{path}.{key}", key=key)
        return {key: item for key, item in found.items() if item is not BROKEN}

    def value(self, hint: Value, value: Value, path: str, key: str = "") -> Value:
        """Decode one value by its type annotation; `key` is the id that its table gives it."""
        origin: Value = typing.get_origin(hint)
        inner = typing.get_args(hint)
        if origin in {types.UnionType, typing.Union}:  # only "something or None" occurs
            return self.value(next(h for h in inner if h is not types.NoneType), value, path)
        if origin is Literal:
            return self._choice(inner, value, path)
        if origin is dict:
            return self._whole(inner[1], value, path)
        if origin is tuple:
            return self._listed(inner[0], value, path)
        if dataclasses.is_dataclass(hint):
            return self._object(hint, value, path, key)
        return self._plain(hint, value, path)

    def _listed(self, item: Value, value: Value, path: str) -> Value:
        """A table that keeps its order: of pairs (id, number) or of objects with an id."""
        origin: Value = typing.get_origin(item)
        pairs = origin is tuple
        kind = typing.get_args(item)[1] if pairs else item
        found = self._whole(kind, value, path)
        if found is BROKEN:
            return BROKEN
        return tuple(found.items()) if pairs else tuple(found.values())

    def _whole(self, kind: Value, table: Value, path: str) -> Value:
        """A table inside an entry: broken as soon as one of its entries is."""
        found = self.entries(kind, table, path)
        return found if isinstance(table, dict) and len(found) == len(table) else BROKEN

    def _object(self, kind: Value, value: Value, path: str, key: str) -> Value:
        if not isinstance(value, dict):
            return self._wrong(dict, value, path)
        hints = hints_of(kind)
        given = dict(value)
        if "id" in hints:
            given["id"] = key
            if "id" in value:
                self._note(
                    "unknown_key",
                    f"{path}.id",
                    value["id"],
                    "no id: the key is the id",
                    "不写 id, 键即编号",
                )
        self.unknown(given.keys() - hints.keys(), hints, path)
        parts = {}
        for part in dataclasses.fields(kind):
            where = f"{path}.{part.name}"
            if part.name in given:
                parts[part.name] = self.value(hints[part.name], given[part.name], where)
            elif types.NoneType in typing.get_args(hints[part.name]):
                parts[part.name] = None
            elif part.default is dataclasses.MISSING:
                parts[part.name] = self._note(
                    "missing_key", where, "", "this key is required", "缺少必填的键"
                )
        if any(part is BROKEN for part in parts.values()):
            return BROKEN
        made = kind(**parts)
        if isinstance(made, Number):
            self.issues += number_issues(_field_of(path), made, self.file, path)
        return made

    def _choice(self, choices: tuple[Any, ...], value: Value, path: str) -> Value:
        if isinstance(value, str) and value in choices:
            return value
        listed = ", ".join(choices)
        return self._note("value", path, value, f"one of {listed}", f"以下之一: {listed}")

    def _plain(self, hint: Value, value: Value, path: str) -> Value:
        if hint is float:
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if number and math.isfinite(value):
                return float(value)
        elif isinstance(value, hint):
            return value
        return self._wrong(hint, value, path)

    def unknown(self, unknown: Iterable[str], known: Iterable[str], path: str) -> None:
        """Note keys that nothing reads, with the known ones that come close."""
        for name in sorted(unknown):
            near = nearest(name, known)
            self._note(
                "unknown_key",
                f"{path}.{name}",
                "",
                "a known key" + (f"; did you mean {near}?" if near else ""),
                "已知的键" + (f"; 是否为 {near}?" if near else ""),
            )

    def _wrong(self, kind: Value, value: Value, path: str) -> Value:
        return self._note("type", path, value, *_KINDS[kind])

    def _note(self, code: str, path: str, value: Value, en: str, zh: str) -> Value:
        text = "" if value == "" else str(value)[:80]
        self.issues.append(Issue(code, self.file, en, zh, column=path, value=text))
        return BROKEN


@cache
def hints_of(kind: Value) -> dict[str, Any]:
    """Return the type annotation of each field of a class of the standard."""
    return typing.get_type_hints(kind)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the up to three known names that are closest to a misspelt one, or ""."""
    return ", ".join(difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.6))


def _field_of(path: str) -> str:
    """The field that a number's path stands for: its last name, or its table's for entries."""
    *_, table, last = path.split(".")
    return table if table in {"members", "weights", "class_weights"} else last
