"""A bundle's own numbers in place of the standard's, by dotted path."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lifecircle.engine.standards.checks import check
from lifecircle.engine.standards.decode import BROKEN, Decoder, Value, hints_of, nearest
from lifecircle.engine.standards.limits import LIMITS
from lifecircle.engine.standards.model import FacilityType, Number, Override, Standards
from lifecircle.errors import Issue, StandardsError

NONE = "none"
"""The word that takes an optional number away: no minimum, impassable."""

_FILE = "[standards]"
_ROOMS = ("types", "categories", "themes", "groups", "bands", "profiles", "rules")
_FIXED = frozenset({"id", "source", "origin", "confidence"})


def override(standards: Standards, values: Mapping[str, object]) -> Standards:
    """Replace entries of a standard, all of them or none.

    Parameters
    ----------
    standards
        Is not changed.
    values
        By dotted path, as in `types.kindergarten.walk_min`, `rules.weights.scale`,
        `bands.age_75_plus.share`, `rules.colours.green.floor`. A number keeps its unit; the word
        `none` takes an optional number away.

    Returns
    -------
    Standards
        With `origin = "override"` on the changed numbers, and `overrides` listing every change.

    Raises
    ------
    StandardsError
        A path does not exist, a value does not fit, or the result does not hold together; one
        issue an entry, with what was expected and the closest paths.
    """
    issues: list[Issue] = []
    result, listed = standards, {item.path: item for item in standards.overrides}
    for path, value in values.items():
        room, *rest = path.split(".")
        if room not in _ROOMS or not rest:
            issues.append(_no_such(path, value, room, _ROOMS, ""))
            continue
        try:
            changed, before, after = _set(getattr(result, room), rest, value, room, None)
        except _RefusedError as refused:
            issues.append(refused.issue)
            continue
        result = replace(result, **{room: changed})
        first = listed[path].before if path in listed else before
        listed[path] = Override(path, first, after)
    if not issues:
        issues += check(result)
    if issues:
        raise StandardsError(
            "标准的覆盖值不成立 / the overrides of the standard do not hold", tuple(issues)
        )
    return replace(result, overrides=tuple(listed.values()))


class _RefusedError(Exception):
    def __init__(self, issue: Issue) -> None:
        super().__init__(str(issue))
        self.issue = issue


def _set(
    holder: Value, names: list[str], value: object, path: str, owner: Value
) -> tuple[Value, str, str]:
    """Return `holder` with the entry at `names` replaced, and the entry's text before and after."""
    name, rest = names[0], names[1:]
    where = f"{path}.{name}"
    children = _children(holder)
    if name not in children:
        raise _RefusedError(_no_such(".".join([path, *names]), value, name, children, path))
    child = children[name]
    if rest and not isinstance(child, Number) and _children(child):
        made, before, after = _set(child, rest, value, where, holder)
    elif rest:
        raise _RefusedError(_no_such(".".join([where, *rest]), value, rest[0], (), where))
    elif _children(child) and not isinstance(child, Number):
        raise _RefusedError(_no_such(where, value, "", _children(child), where))
    else:
        made = _entry(holder, name, child, value, where, owner)
        before, after = _said(child), _said(made)
    return _with(holder, name, made), before, after


def _children(holder: Value) -> dict[str, Any]:
    """The entries that a path can name inside `holder`."""
    if isinstance(holder, dict):
        return holder
    if isinstance(holder, tuple):
        return dict(i if isinstance(i, tuple) else (i.id, i) for i in holder)
    if dataclasses.is_dataclass(holder):
        names = (part.name for part in dataclasses.fields(holder))
        return {name: getattr(holder, name) for name in names if name not in _FIXED}
    return {}


def _with(holder: Value, name: str, made: Value) -> Value:
    if isinstance(holder, dict):
        return {**holder, name: made}
    if isinstance(holder, tuple):
        changed = {**_children(holder), name: made}
        pairs = isinstance(holder[0], tuple)
        return tuple(changed.items()) if pairs else tuple(changed.values())
    return replace(holder, **{name: made})


def _entry(holder: Value, name: str, old: Value, value: object, path: str, owner: Value) -> Value:
    """Decode a new value for an entry as its file would be, and mark a number as overridden."""
    if not dataclasses.is_dataclass(holder):  # tables of numbers: weights, members
        return _number(old, value, path, _unit(owner, name, old))
    kind: Value = type(holder)
    hint = hints_of(kind)[name]
    optional = type(None) in typing.get_args(hint)
    if hint is Number or optional:
        if optional and value == NONE:
            return None
        return _number(old, value, path, _unit(holder, name, old), optional=optional)
    return _decoded(hint, value, path)


def _number(
    old: Number | None, value: object, path: str, unit: str, *, optional: bool = False
) -> Number:
    expected = ("a finite number or none", "有限的数字或 none") if optional else None
    known = "" if old is None else f"; 原值 / before: {old.value:g} {old.unit} ({old.source})"
    return Number(
        value=_decoded(float, value, path, expected),
        unit=unit,
        source=f"数据包自定 / the bundle's own{known}",
        origin="override",
    )


def _decoded(
    hint: Value, value: object, path: str, expected: tuple[str, str] | None = None
) -> Value:
    decoder = Decoder(_FILE)
    made = decoder.value(hint, value, path)
    if made is BROKEN:
        issue = decoder.issues[0]
        if expected:
            issue = replace(issue, expected=expected[0], expected_zh=expected[1])
        raise _RefusedError(issue)
    return made


def _unit(holder: Value, name: str, old: Number | None) -> str:
    if old is not None:
        return old.unit
    if isinstance(holder, FacilityType) and name == "norm":
        return holder.capacity_unit
    return LIMITS[name].unit


def _said(value: Value) -> str:
    if value is None:
        return NONE
    if isinstance(value, Number):
        return f"{value.value:g} {value.unit}"
    return str(value)


def _no_such(path: str, value: object, name: str, known: Value, parent: str) -> Issue:
    """The issue of a path that leads nowhere, or stops before an entry."""
    near = nearest(name, known) or ", ".join(list(known)[:12])
    prefix = f"{parent}." if parent else ""
    hint_en = f"; near: {prefix}{{{near}}}" if near else "; nothing lies below a value"
    hint_zh = f"; 相近: {prefix}{{{near}}}" if near else "; 值之下没有条目"
    return Issue(
        "path",
        _FILE,
        f"the path of an entry of the standard{hint_en}",
        f"标准中条目的路径{hint_zh}",
        column=path,
        value=str(value)[:80],
    )
