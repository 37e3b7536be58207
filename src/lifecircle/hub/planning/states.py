"""The life of a project: its states, who may move it on, and what has to be there first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Literal

from lifecircle.errors import Issue
from lifecircle.hub.planning.models import Project
from lifecircle.hub.rights import Right

State = Literal["idea", "reserve", "listed", "approved", "building", "accepted", "dropped"]
CRITERIA = {
    "need": ("residents need it", "居民有需求"), "basis": ("there is a start to build on", "启动有基础"),
    "fit": ("premises and services fit", "软硬件有搭配"), "landing": ("a project can carry it", "落地有项目"),
}  # fmt: skip
"""What a project is scored on (facts, section 1)."""

NAMES: dict[State, tuple[str, str]] = {
    "idea": ("idea", "设想"), "reserve": ("in the reserve", "储备"), "listed": ("on the annual list", "列入年度"),
    "approved": ("approved", "已批准"), "building": ("being built", "实施中"), "accepted": ("accepted", "已验收"),
    "dropped": ("dropped", "已撤销"),
}  # fmt: skip

MOVES: dict[tuple[State, State], tuple[Right, tuple[str, ...]]] = {
    ("idea", "reserve"): ("project.write", ("scored",)),
    ("reserve", "idea"): ("project.write", ()),
    ("reserve", "listed"): ("project.write", ("near", "funded", "dated")),
    ("listed", "reserve"): ("project.write", ()),
    ("listed", "approved"): ("project.approve", ()),
    ("approved", "building"): ("project.write", ("led", "staged")),
    ("building", "accepted"): ("project.approve", ("finished",)),
    ("idea", "dropped"): ("project.write", ("reasoned",)),
    ("reserve", "dropped"): ("project.write", ("reasoned",)),
    ("approved", "dropped"): ("project.approve", ("reasoned",)),
    ("building", "dropped"): ("project.approve", ("reasoned",)),
    ("dropped", "idea"): ("project.write", ()),
}
"""From a state to the next: the right that it takes, and its gates."""


def missing(project: Project, to: State, *, note: str = "", year: int | None = None) -> list[Issue]:
    """What stands between a project and a state: an issue for each gate that is not met."""
    _, gates = MOVES[project.state, to]  # type: ignore[index]
    return [
        Issue("gate", project.ref, *_EXPECTED[gate], column=gate)
        for gate in gates
        if not (note.strip() if gate == "reasoned" else _GATES[gate](project, year))
    ]


def is_scored(scores: Mapping[str, Mapping[str, object]]) -> bool:
    """Whether each criterion has a score."""
    return set(scores) == set(CRITERIA)


def days_late(project: Project, today: dt.date) -> int:
    """By how many days a project, or the milestone that is most behind, is late; 0 for one that is not."""
    if project.state in {"accepted", "dropped"}:
        return 0
    due = [one.due_on for one in project.milestones.all() if one.done_on is None]
    if project.due_on is not None:
        due.append(project.due_on)
    return max(((today - day).days for day in due), default=0) if due and min(due) < today else 0


def _funded(project: Project, year: int | None) -> bool:
    lines = [one for one in project.budget.all() if year is None or one.year == year]
    return sum(one.planned_cny for one in lines) > 0


_GATES: dict[str, Callable[[Project, int | None], bool]] = {
    "scored": lambda one, _: is_scored(one.scores),
    "near": lambda one, _: one.horizon == "near",
    "funded": _funded,
    "dated": lambda one, _: one.due_on is not None,
    "led": lambda one, _: one.responsible_id is not None,
    "staged": lambda one, _: one.milestones.exists(),
    "finished": lambda one, _: not one.milestones.filter(done_on__isnull=True).exists(),
}
_EXPECTED = {
    "scored": ("a score for each of the four criteria", "四项条件均已评分"),
    "near": ("a project that is to be built soon", "列为近期实施"),
    "funded": ("money planned for that year", "当年已有资金安排"),
    "dated": ("a day by which it is done", "已定完成日期"),
    "led": ("somebody who is responsible", "已定责任人"),
    "staged": ("a milestone or more", "至少一个节点"),
    "finished": ("all milestones done", "节点全部完成"),
    "reasoned": ("a reason", "说明原因"),
}
