"""How places do with their cases, after GB/T 30428.4 (digital urban management, evaluation): shares, and points of a hundred.

The standard's own weights are not public text: these are proposals. Drills and canaries are not counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.cases import queries
from lifecircle.hub.cases.kinds import kinds
from lifecircle.hub.cases.models import Case, CaseEvent
from lifecircle.hub.cases.orders import queries as orders
from lifecircle.hub.downloads import write_book
from lifecircle.hub.places import queries as places

WEIGHTS = {"settled_share": 0.25, "in_time": 0.35, "once": 0.2, "satisfied": 0.2}
"""Of the shares that a place has; proposal."""
_DONE = ("resolved", "verified", "closed")
_BELOW = {"district": 2, "street": 3}
"""How many codes of a case's lineage name its place: streets of a district, communities of a street and below."""
NAMES = {
    "name": "名称 name", "received": "受理数 received", "due": "应结案数 due", "settled": "结案数 settled",
    "settled_share": "结案率 settled share", "in_time": "按期结案率 in time", "answered_in_time": "按期接单率 answered in time",
    "once": "一次办结率 without rework", "satisfied": "满意率 satisfied", "in_grid": "网格内办结率 settled in the grid",
    "points": "得分 points", "cost": "维修费用 (元) repair cost (yuan)",
}  # fmt: skip


def evaluation(
    actor: Actor, *, since: dt.datetime, until: dt.datetime, place: str = ""
) -> dict[str, Any]:
    """Rows by place below, by month and by kind of what came between two moments where the caller may see.

    `due` are those whose time to be closed is over, or that are settled; `settled_share`, `in_time` are of them. `once` are
    those settled without being sent back or opened again, `in_grid` those settled before they climbed: of the settled.
    `satisfied` is of the rated. A share of nothing is None, and `points` are of the shares that there are. `cost` is what
    their repair orders that are done came to, in yuan.
    """
    rows = _came(actor, since, until, place)
    found = list(rows.exclude(queries.NOT_COUNTED).exclude(state="merged"))
    events = CaseEvent.objects.filter(case__in=rows, what__in=("send_back", "reopen"))
    again = set(events.values_list("case_id", flat=True)) | {
        one.pk for one in found if one.rating == "dissatisfied"
    }
    paid = orders.costs(found)
    now = min(until, timezone.now())
    level = places.place(actor, place).level if place else "district"
    codes = _BELOW.get(level, 3)
    named = kinds()

    def grouped(key: Callable[[Case], str], name: Mapping[str, str]) -> list[dict[str, Any]]:
        groups: dict[str, list[Case]] = {}
        for one in found:
            groups.setdefault(key(one), []).append(one)
        return [
            {"key": k, "name": name.get(k, k), **_row(groups[k], again, now, paid)}
            for k in sorted(groups)
        ]

    def below(one: Case) -> str:
        return one.place.lineage.strip("/").split("/")[:codes][-1]

    zh = {code: one.name_zh for code, one in places.by_code({below(one) for one in found}).items()}
    return {
        "all": {"key": place, "name": "", **_row(found, again, now, paid)},
        "places": sorted(grouped(below, zh), key=lambda row: (-(row["points"] or 0.0), row["key"])),
        "months": grouped(lambda one: f"{timezone.localtime(one.opened_at):%Y-%m}", {}),
        "kinds": grouped(lambda one: one.kind, {k: f"{one.zh} {one.en}" for k, one in named.items()}),
    }  # fmt: skip


def ordered(
    actor: Actor, *, since: dt.datetime, until: dt.datetime, place: str = ""
) -> list[Mapping[str, Any]]:
    """The repair orders of the cases that an evaluation is of, a row each."""
    return orders.listed(_came(actor, since, until, place).exclude(queries.NOT_COUNTED))


def write(path: Path, found: Mapping[str, Any], ordered: Sequence[Mapping[str, Any]]) -> None:
    """Write an evaluation as a workbook: a sheet for places, months and kinds, and one for repair orders."""
    titles = {"places": "地方 places", "months": "月份 months", "kinds": "类别 kinds"}
    write_book(
        path,
        {
            **{title: _columns([*found[name], found["all"]]) for name, title in titles.items()},
            "维修派单 orders": {
                title: [_cell(row[name]) for row in ordered] for name, title in orders.NAMES.items()
            },
        },
        width=16,
    )


def _came(actor: Actor, since: dt.datetime, until: dt.datetime, place: str) -> QuerySet[Case]:
    rows = queries.cases(actor, place=place)
    return rows.filter(opened_at__gte=since, opened_at__lt=until)


def _row(
    found: Sequence[Case], again: set[int], now: dt.datetime, paid: Mapping[int, Decimal]
) -> dict[str, Any]:
    done = [one for one in found if one.state in _DONE]
    due = [one for one in found if one.state in _DONE or one.close_due <= now]
    answers = [one for one in found if one.answered_at is not None or one.answer_due <= now]
    rated = [one for one in found if one.rating]
    shares = {
        "settled_share": _share(due, lambda one: one.state in _DONE),
        "in_time": _share(due, lambda one: one.resolved_at is not None and one.resolved_at <= one.close_due),
        "answered_in_time": _share(answers, lambda one: one.answered_at is not None and one.answered_at <= one.answer_due),
        "once": _share(done, lambda one: one.pk not in again),
        "satisfied": _share(rated, lambda one: one.rating != "dissatisfied"),
        "in_grid": _share(done, lambda one: one.tier == "grid"),
    }  # fmt: skip
    present = {name: weight for name, weight in WEIGHTS.items() if shares[name] is not None}
    total = sum(weight * (shares[name] or 0.0) for name, weight in present.items())
    points = round(100 * total / sum(present.values()), 1) if present else None
    return {
        "received": len(found),
        "due": len(due),
        "settled": len(done),
        **shares,
        "points": points,
        "cost": sum((paid[one.pk] for one in found if one.pk in paid), Decimal("0.00")),
    }


def _share(found: Iterable[Case], holds: Callable[[Case], bool]) -> float | None:
    told = [holds(one) for one in found]
    return sum(told) / len(told) if told else None


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {
        title: [
            _cell(row[name]) or ("合计 all" if name == "name" else _cell(row[name])) for row in rows
        ]
        for name, title in NAMES.items()
    }


def _cell(value: Any) -> Any:
    """Money is a number in a workbook: there people add it up."""
    return float(value) if isinstance(value, Decimal) else value
