"""The report of a shift: what was handed over, what came, what became of it, and what stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.cases import queries as cases
from lifecircle.hub.cases.figures import figures
from lifecircle.hub.command.queries import whereabouts
from lifecircle.hub.command.replaying import open_at
from lifecircle.hub.downloads import download, write_book
from lifecircle.hub.duty import queries as duty
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.places import queries as places

Names = dict[str, dict[str, str]]

_LONGEST = dt.timedelta(days=7)
_USUAL = dt.timedelta(hours=8)
_JUST_BEFORE = dt.timedelta(microseconds=1)
"""A shift has its first moment, and not its last."""
_TOLD = ("ref", "priority", "title", "place_zh", "state", "tier", "holder_name", "opened_at", "answered_at", "arrived_at",
         "resolved_at", "late")  # fmt: skip
_TITLES = {
    "summary": "概况 Summary", "came": "新增 Came", "left": "遗留 Left open", "urgent": "P1经过 P1 history", "people": "值班 On duty",
}  # fmt: skip


def report(
    actor: Actor, code: str, since: dt.datetime | None = None, until: dt.datetime | None = None
) -> dict[str, Any]:
    """The report of a shift at a place and below, by default of the last eight hours.

    Raises
    ------
    InvalidError
        It ends before it begins, lasts over a week, or has not begun.
    """
    actor.check("case.read")
    now = timezone.now()
    end = min(until or now, now)
    begin = since or end - _USUAL
    if not dt.timedelta() < end - begin <= _LONGEST:
        raise InvalidError("a span of at most a week that has begun", "不超过一周、已开始的时段")
    where = places.place(actor, code, right="case.read") if code else None
    rows = cases.cases(actor, place=code).exclude(cases.NOT_COUNTED)
    came = list(rows.filter(opened_at__gte=begin, opened_at__lt=end).exclude(state="merged"))
    before, left = (open_at(actor, code, each - _JUST_BEFORE) for each in (begin, end))
    names = whereabouts([one.place for one in came] + [one.place for one, _ in left])
    return {
        "place": code, "place_zh": where.name_zh if where else "", "since": begin, "until": end,
        "open_before": len(before), "open_after": len(left),
        "settled": rows.filter(resolved_at__gte=begin, resolved_at__lt=end).count(),
        "figures": figures(actor, since=begin, until=end, place=code),
        "came": [_told(one, names) for one in came],
        "left": [{**_told(one, names), "state": how.state, "tier": how.tier} for one, how in left],
        "urgent": [_history(one, end, names) for one in came if one.priority == "P1"],
        "people": _people(actor, code, begin, end),
    }  # fmt: skip


def workbook(found: Mapping[str, Any]) -> HttpResponse:
    """The same as a workbook."""
    book = {
        _TITLES["summary"]: _summary(found),
        _TITLES["came"]: _columns(found["came"]),
        _TITLES["left"]: _columns(found["left"]),
        _TITLES["urgent"]: _columns(
            [{"ref": one["ref"], "title": one["title"], **step} for one in found["urgent"] for step in one["history"]]
        ),
        _TITLES["people"]: _columns(found["people"]),
    }  # fmt: skip
    name = f"shift-{timezone.localtime(found['until']):%Y%m%d-%H%M}"
    return download(name, "xlsx", lambda path: write_book(path, book, frozen=2, width=18))


def _told(one: Any, names: Names) -> dict[str, Any]:
    told = {**cases.told(one), **names[one.place.code]}
    return {name: told[name] for name in _TOLD}


def _history(one: Any, end: dt.datetime, names: Names) -> dict[str, Any]:
    happened = cases.events(one).filter(at__lt=end)
    steps = [
        {"at": each.at, "by": each.by, "what": each.what, "note": each.note} for each in happened
    ]
    return {
        "ref": one.ref,
        "title": one.title,
        "place_zh": names[one.place.code]["place_zh"],
        "history": steps,
    }


def _people(actor: Actor, code: str, begin: dt.datetime, end: dt.datetime) -> list[dict[str, Any]]:
    rows = duty.shifts(actor, place=code).filter(starts_at__lt=end, ends_at__gt=begin)
    return [
        {
            "name": (one.substitute or one.account).name, "place_zh": one.place.name_zh, "starts_at": one.starts_at,
            "ends_at": one.ends_at, "handed_over_at": one.handed_over_at, "note": one.note,
        }
        for one in rows
    ]  # fmt: skip


def _summary(found: Mapping[str, Any]) -> dict[str, list[Any]]:
    counted = found["figures"]
    rows = [
        ("地方 Place", found["place_zh"]), ("起 Since", _cell(found["since"])), ("止 Until", _cell(found["until"])),
        ("接班时未结 Open before", found["open_before"]), ("新增 Received", counted["received"]),
        ("办结 Settled", found["settled"]), ("交班时未结 Open after", found["open_after"]),
        *((f"{name}时限内 {en} in time", counted[key]["in_time"])
          for key, name, en in (("answer", "接单", "Answered"), ("arrive", "到场", "Arrived"), ("close", "办结", "Settled"))),
        *((f"{key} 新增 received", count) for key, count in sorted(counted["by_priority"].items())),
    ]  # fmt: skip
    return {"项目 Item": [name for name, _ in rows], "数值 Value": [value for _, value in rows]}


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {name: [_cell(row[name]) for row in rows] for name in (rows[0] if rows else {"–": ""})}


def _cell(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    return ", ".join(value) if isinstance(value, list) else value
