"""OC4IDS project packages read: each project an idea here, all of them or none."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lifecircle.errors import InputError, Issue
from lifecircle.hub.actor import Actor
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places import queries as places
from lifecircle.hub.planning import actions, queries
from lifecircle.hub.planning.models import Project
from lifecircle.hub.planning.oc4ids import TYPE_SCHEME
from lifecircle.hub.text import is_plain

MOST_PROJECTS = 2000


@transaction.atomic
def receive(actor: Actor, content: bytes, *, place: str) -> tuple[list[Project], list[str]]:
    """Enter the projects of a package as ideas, all or none; those that are here already are left as they are.

    Parameters
    ----------
    content
        A project package, or a bare list of projects, as JSON.
    place
        Where projects are entered whose location names no place that is known here.

    Returns
    -------
    The projects that were made, and the ids of those that are here already.

    Raises
    ------
    InputError
        It is no such package, or a project in it cannot be read: every one is named.
    """
    where = places.open_place(actor, place)
    actor.check("project.write", where.lineage)
    rows = _rows(content)
    issues: list[Issue] = []
    read = [_read(number, row, issues) for number, row in enumerate(rows)]
    if issues:
        raise InputError("the package cannot be used / 项目包无法使用", tuple(issues))
    made, known = [], []
    here = set(Project.objects.values_list("evidence__oc4ids", flat=True))
    for row in read:
        if row["id"] in here or _ref(row["id"]):
            known.append(row["id"])
            continue
        here.add(row["id"])
        made.append(_enter(actor, row, where.code))
    return made, known


def _rows(content: bytes) -> list[Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _refused("", "a project package as JSON", "JSON 项目包") from error
    rows = found.get("projects") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not rows or len(rows) > MOST_PROJECTS:
        raise _refused(
            "projects",
            f"a list of 1 to {MOST_PROJECTS} projects",
            f"1 到 {MOST_PROJECTS} 个项目的列表",
        )
    return rows


def _read(number: int, row: Any, issues: list[Issue]) -> dict[str, Any]:
    """What is used of a project; whatever is not as the standard says is named by its path."""
    path = f"projects/{number}"
    if not isinstance(row, dict) or not _text(row.get("id")):
        issues.append(_issue(f"{path}/id", "an id", "项目编号"))
        return {}
    said: dict[str, Any] = {
        "id": row["id"][:200], "name": (_text(row.get("title")) or row["id"])[:200],
        "about": _text(row.get("description"))[:5000],
    }  # fmt: skip
    period = _dict(row.get("period"))
    for name, key in (("starts_on", "startDate"), ("due_on", "endDate")):
        said[name] = _read_day(period.get(key), f"{path}/period/{key}", issues)
    if said["starts_on"] and said["due_on"] and said["starts_on"] > said["due_on"]:
        issues.append(_issue(f"{path}/period", "a start before the end", "开始早于结束"))
    said["lines"] = _read_budget(row.get("budget"), path, issues)
    said["spot"], said["place"] = _read_location(row.get("locations"), path, issues)
    said["department"] = next(
        (_text(p.get("name"))[:100] for p in _dicts(row.get("parties")) if "publicAuthority" in (p.get("roles") or [])), "",
    )  # fmt: skip
    kinds = facilities.standards().types
    said["type"] = next(
        (c["id"] for c in _dicts(row.get("additionalClassifications")) if c.get("scheme") == TYPE_SCHEME and c.get("id") in kinds), "",
    )  # fmt: skip
    return said


def _read_budget(budget: Any, path: str, issues: list[Issue]) -> list[dict[str, Any]]:
    lines: dict[tuple[int, str], float] = {}
    for k, part in enumerate(
        _dicts(budget.get("budgetBreakdown") if isinstance(budget, dict) else None)
    ):
        here = f"{path}/budget/budgetBreakdown/{k}"
        amount = _dict(part.get("amount"))
        value, currency = amount.get("amount"), amount.get("currency", "CNY")
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not 0 <= value <= 1e12
            or not math.isfinite(value)
        ):
            issues.append(
                _issue(f"{here}/amount/amount", "a number of 0 or more", "不小于 0 的数字", value)
            )
            continue
        if currency != "CNY":
            issues.append(_issue(f"{here}/amount/currency", "CNY", "人民币 CNY", currency))
            continue
        period = _dict(part.get("period"))
        day = _read_day(period.get("startDate"), f"{here}/period/startDate", issues)
        party = _dict(part.get("sourceParty"))
        source = (_text(party.get("name")) or _text(part.get("description")) or "OC4IDS")[:100]
        key = ((day or timezone.localdate()).year, source)
        lines[key] = lines.get(key, 0.0) + float(value)
    return [
        {"year": y, "source": s, "planned_cny": v, "spent_cny": 0.0} for (y, s), v in lines.items()
    ]


def _read_location(
    locations: Any, path: str, issues: list[Issue]
) -> tuple[tuple[float, float] | None, str]:
    """The first point, and the first place that is known here."""
    spot, codes = None, []
    for k, one in enumerate(_dicts(locations)):
        shape = _dict(one.get("geometry"))
        if shape.get("type") == "Point" and spot is None:
            spot = _read_point(shape.get("coordinates"), f"{path}/locations/{k}/geometry", issues)
        named = _dict(one.get("gazetteer")).get("identifiers")
        codes += [_text(code) for code in (named if isinstance(named, list) else [])]
    known = places.by_code(codes)
    return spot, next((code for code in codes if code in known and known[code].until is None), "")


def _read_point(at: Any, path: str, issues: list[Issue]) -> tuple[float, float] | None:
    numbers = [v for v in (at if isinstance(at, list) else []) if isinstance(v, int | float)]
    if len(numbers) < 2 or abs(numbers[0]) > 180 or abs(numbers[1]) > 90:
        expected = "[longitude, latitude]", "[经度, 纬度]"
        issues.append(_issue(f"{path}/coordinates", *expected, at))
        return None
    return float(numbers[0]), float(numbers[1])


def _enter(actor: Actor, row: Mapping[str, Any], otherwise: str) -> Project:
    values: dict[str, Any] = {
        "name": row["name"], "about": row["about"], "kind": "new" if row["type"] else "other",
        "place": row["place"] or otherwise, "department": row["department"], "facility_type": row["type"],
        "starts_on": row["starts_on"], "due_on": row["due_on"],
    }  # fmt: skip
    if row["spot"] is not None:
        values |= {"lon": row["spot"][0], "lat": row["spot"][1]}
    made = actions.create(actor, values, evidence={"oc4ids": row["id"]})
    if row["lines"]:
        made = actions.set_budget(actor, made.ref, row["lines"], version=made.version)
    return queries.project(actor, made.ref)


def _ref(identifier: str) -> bool:
    """Whether an id is that of a project here, which went out from here."""
    prefix = settings.OC4IDS_PREFIX
    ref = identifier.removeprefix(prefix) if identifier.startswith(prefix) else ""
    return bool(ref) and Project.objects.filter(ref=ref).exists()


def _read_day(value: Any, path: str, issues: list[Issue]) -> dt.date | None:
    if value in (None, ""):
        return None
    try:
        day = dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        day = dt.date.min
    if not dt.date(1900, 1, 1) <= day <= dt.date(2200, 1, 1):
        issues.append(_issue(path, "a date-time (RFC 3339)", "日期时间 (RFC 3339)", value))
        return None
    return day


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) and is_plain(value) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _refused(column: str, en: str, zh: str) -> InputError:
    return InputError("this is no project package / 不是 OC4IDS 项目包", (_issue(column, en, zh),))


def _issue(column: str, en: str, zh: str, value: Any = "") -> Issue:
    return Issue("oc4ids", "package.json", en, zh, column=column, value=str(value)[:80])
