"""The monthly report of projects as a PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from django.utils import timezone

from lifecircle.engine.papers.typesetting import typeset
from lifecircle.hub.actor import Actor
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places import queries as places
from lifecircle.hub.planning import goals, queries
from lifecircle.hub.planning.models import Project
from lifecircle.hub.planning.states import NAMES, days_late

_STANDING = {
    "done": "完成 done",
    "on_track": "正常 on track",
    "behind": "滞后 behind",
    "overdue": "逾期 overdue",
}


def monthly(actor: Actor, place: str = "") -> bytes:
    """The report of this month at a place and below, as the caller sees it."""
    today = timezone.localdate()
    found = list(queries.projects(actor, place=place))
    where = places.place(actor, place, right="project.read").name_zh if place else "全部 all"
    template = (files("lifecircle.hub.planning") / "monthly.typ").read_text(encoding="utf-8")
    return typeset(template, _content(actor, found, place, where, today))


def _content(
    actor: Actor, found: Sequence[Project], place: str, where: str, today: dt.date
) -> dict[str, Any]:
    live = [one for one in found if one.state != "dropped"]
    late = sorted(((days_late(one, today), one) for one in live), key=lambda pair: -pair[0])
    planned = sum(line.planned_cny for one in live for line in one.budget.all())
    spent = sum(line.spent_cny for one in live for line in one.budget.all())
    building = sum(one.state == "building" for one in live)
    accepted = [one for one in live if one.accepted_on and one.accepted_on.year == today.year]
    return {
        "title": "项目月报 Projects this month", "place": where, "month": f"{today:%Y-%m}",
        "footer": f"生活圈 Lifecircle · {today.isoformat()}",
        "figures": [
            ["项目 projects", str(len(live))], ["实施中 being built", str(building)],
            ["今年验收 accepted", str(len(accepted))], ["逾期 late", str(sum(days > 0 for days, _ in late))],
            ["预算 planned (元)", f"{planned:,.0f}"], ["支出 spent (元)", f"{spent:,.0f}"],
        ],
        "late": _part(
            ["编号", "项目", "地方", "责任人", "逾期天数"],
            [[one.ref, one.name, one.place.name_zh, _name(one), str(days)] for days, one in late if days],
        ),
        "steps": _part(["编号", "项目", "节点", "应完成", "已完成"], _steps(live, today)),
        "money": _part(
            ["年度", "来源", "预算 (元)", "支出 (元)", "执行"],
            [
                [str(row["year"]), row["source"], f"{row['planned_cny']:,.0f}", f"{row['spent_cny']:,.0f}",
                 f"{row['spent_cny'] / row['planned_cny']:.0%}" if row["planned_cny"] else "–"]
                for row in queries.summary(actor, place)["money"]
            ],
        ),
        "goals": _part(["目标", "责任部门", "现值", "目标值", "截止", "进展"], _goals(actor, place)),
        "proofs": _part(["编号", "项目", "承诺人数", "新覆盖", "预算 (元)", "支出 (元)"], _proofs(actor, {one.pk for one in live})),
        "projects": _part(
            ["编号", "项目", "地方", "类型", "状态", "完成日期"],
            [
                [one.ref, one.name, one.place.name_zh, _type(one), NAMES[one.state][1],  # type: ignore[index]
                 one.due_on.isoformat() if one.due_on else "–"]
                for one in live
            ],
        ),
    }  # fmt: skip


def _steps(found: Sequence[Project], today: dt.date) -> list[list[str]]:
    first = today.replace(day=1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    end = (following + dt.timedelta(days=32)).replace(day=1)
    rows = []
    for one in found:
        for step in one.milestones.all():
            done = step.done_on is not None and first <= step.done_on < following
            due = step.done_on is None and step.due_on < end
            if done or due:
                ended = step.done_on.isoformat() if step.done_on else "–"
                rows.append([one.ref, one.name, step.name, step.due_on.isoformat(), ended])
    return sorted(rows, key=lambda row: row[3])


def _goals(actor: Actor, place: str) -> list[list[str]]:
    return [
        [one["name"], one["department"] or "–", f"{one['value']:g} {one['unit']}", f"{one['target']:g}",
         one["due_on"].isoformat(), _STANDING[one["standing"]]]
        for one in map(goals.told, goals.goals(actor, place=place))
    ]  # fmt: skip


def _proofs(actor: Actor, keys: set[int]) -> list[list[str]]:
    rows = []
    for proof in queries.proofs(actor):
        if proof.project_id in keys:
            told = proof.figures
            rows.append([
                proof.project.ref, proof.project.name, _number(told.get("promised", {}).get("people")),
                _number(told.get("newly_reached")), _number(told.get("planned_cny")), _number(told.get("spent_cny")),
            ])  # fmt: skip
    return rows


def _part(head: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {"head": head, "rows": rows}


def _name(one: Project) -> str:
    return "–" if one.responsible is None else one.responsible.name


def _type(one: Project) -> str:
    kind = facilities.standards().types.get(one.facility_type)
    return "–" if kind is None else kind.name_zh


def _number(value: Any) -> str:
    return "–" if value is None else f"{value:,.0f}"
