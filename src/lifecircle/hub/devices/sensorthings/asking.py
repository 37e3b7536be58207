"""What a request asks of a set: `$top`, `$skip`, `$count`, `$orderby`, `$select`, `$expand`, `$filter`; each bounded, and nothing else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from lifecircle.hub.errors import InvalidError

MOST, USUAL, MOST_EXPANDED = 1000, 100, 50
_TERM = re.compile(
    r"\s*([A-Za-z]+)\s+(eq|ne|gt|ge|lt|le)\s+('(?:[^']|'')*'|[^\s']+)\s*(?:\band\b|$)"
)
_LOOKUPS = {"eq": "exact", "ne": "exact", "gt": "gt", "ge": "gte", "lt": "lt", "le": "lte"}
_KNOWN = {"$top", "$skip", "$count", "$orderby", "$select", "$expand", "$filter"}
_MOMENTS = {"phenomenonTime", "resultTime"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a set."""

    top: int = USUAL
    skip: int = 0
    count: bool = False
    order: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    expand: tuple[str, ...] = ()
    where: Q = field(default_factory=Q)


def asked(
    given: Mapping[str, str], fields: Mapping[str, str], links: Mapping[str, object]
) -> Asked:
    """Read the options of a request.

    Raises
    ------
    InvalidError
        One is not known here, or is not as it should be.
    """
    if unknown := {name for name in given if name.startswith("$")} - _KNOWN:
        raise InvalidError(
            f"one of {', '.join(sorted(_KNOWN))}, not {min(unknown)}", "不支持的查询参数"
        )
    expand = _names(given.get("$expand", ""), links)
    top = min(_whole(given, "$top", USUAL), MOST_EXPANDED if expand else MOST)
    if given.get("$count", "false") not in {"true", "false"}:
        raise InvalidError("$count: true or false", "$count: true 或 false")
    return Asked(
        top, _whole(given, "$skip", 0), given.get("$count") == "true", _order(given.get("$orderby", ""), fields),
        tuple(name.strip() for name in given.get("$select", "").split(",") if name.strip()), expand,
        _where(given.get("$filter", ""), fields),
    )  # fmt: skip


def _whole(given: Mapping[str, str], name: str, otherwise: int) -> int:
    text = given.get(name, str(otherwise))
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise InvalidError(f"{name}: a whole number", f"{name}: 整数")
    return int(text)


def _names(text: str, links: Mapping[str, object]) -> tuple[str, ...]:
    found = tuple(name.strip() for name in text.split(",") if name.strip())
    if wrong := [name for name in found if name not in links]:
        raise InvalidError(
            f"$expand: one level of {', '.join(links)}, not {wrong[0][:60]}", "$expand: 仅支持一层"
        )
    return found


def _order(text: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    found = []
    for part in (part.split() for part in text.split(",") if part.strip()):
        if part[0] not in fields or part[1:] not in ([], ["asc"], ["desc"]):
            raise InvalidError(
                f"$orderby: {', '.join(fields)}, with asc or desc", "$orderby: 字段与 asc、desc"
            )
        found.append(f"{'-' if part[1:] == ['desc'] else ''}{fields[part[0]]}")
    return tuple(found)


def _where(text: str, fields: Mapping[str, str]) -> Q:
    """Comparisons joined by `and`."""
    found, at = Q(), 0
    while at < len(text):
        term = _TERM.match(text, at)
        if term is None or term[1] not in fields or text[at:].rstrip().endswith(" and"):
            raise InvalidError(
                f"$filter: {', '.join(fields)} compared by eq, ne, gt, ge, lt, le, joined by and",
                "$filter: 不支持的条件",
            )
        one = Q(**{f"{fields[term[1]]}__{_LOOKUPS[term[2]]}": _value(term[1], term[3])})
        found &= ~one if term[2] == "ne" else one
        at = term.end()
    return found


def _value(name: str, text: str) -> object:
    if text.startswith("'"):
        text = text[1:-1].replace("''", "'")
        if name not in _MOMENTS:
            return text
    try:
        if name not in _MOMENTS:
            return int(text) if name == "id" else float(text)
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        kind = "a moment with its zone" if name in _MOMENTS else "a number"
        raise InvalidError(f"$filter: {name}: {kind}", f"$filter: {name} 的值有误")
    return found
