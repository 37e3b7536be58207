"""Which lifts, escalators, stairs and paths to build: they change the network, and what one brings hangs on the others."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lifecircle.engine.bundle.readers import read_table
from lifecircle.engine.bundle.schema import Column, TableSpec
from lifecircle.engine.bundle.validate import validate
from lifecircle.engine.drafting import CardChange, Draft
from lifecircle.engine.network.drawing import KINDS, Drawable
from lifecircle.errors import BundleError, InputError, Issue
from lifecircle.progress import Progress


@dataclass(frozen=True, slots=True)
class WayOption:
    """A `path`, `steps`, `lift` or (a pair of) `escalator` that could be built between two points (longitude, latitude, WGS84)."""

    name: str
    kind: Drawable
    start: tuple[float, float]
    end: tuple[float, float]
    cost_cny: float = 0.0


@dataclass(frozen=True, slots=True)
class WayStep:
    """One that is chosen: what it brings `alone`, and what it `adds` to those before it, in people newly reached."""

    option: WayOption
    alone: float
    adds: float


@dataclass(frozen=True, slots=True)
class WayPlan:
    """The ways that are chosen, in order, and what they do together: a heuristic, no bound is known.

    `reached` are the people newly within the walk, summed over all types by the weight of their class; `cards`
    those that change; `tried` how often the district was graded anew; `stopped` whether time ran out.
    """

    steps: tuple[WayStep, ...]
    reached: float
    cost_cny: float
    cards: tuple[CardChange, ...]
    tried: int
    stopped: bool


_TABLE = TableSpec(
    "ways",
    (
        Column("name", "名称", required=True),
        Column(
            "kind",
            "类型",
            "choice",
            required=True,
            choices=tuple(zip(KINDS, ("步道", "梯道", "电梯", "扶梯"), strict=True)),
        ),
        Column("lon", "经度", "number", required=True, least=-180, most=180),
        Column("lat", "纬度", "number", required=True, least=-90, most=90),
        Column("to_lon", "终点经度", "number", required=True, least=-180, most=180),
        Column("to_lat", "终点纬度", "number", required=True, least=-90, most=90),
        Column("cost_cny", "费用", "number", least=0, most=1e11),
    ),
)


def read_ways(path: Path) -> list[WayOption]:
    """Read options from a table: `name`, `kind`, `lon`, `lat`, `to_lon`, `to_lat` (WGS84), `cost_cny`.

    Raises
    ------
    BundleError
        The file cannot be read, or a cell is wrong; all are named.
    """
    table, issues = validate(read_table(path, "ways"), _TABLE)
    errors = tuple(issue for issue in issues if issue.severity == "error")
    if errors:
        raise BundleError(f"{path}: the options cannot be used / 备选项有误", errors)
    cost = np.nan_to_num(table["cost_cny"])
    return [
        WayOption(
            str(table["name"][k]), table["kind"][k], (float(table["lon"][k]), float(table["lat"][k])),
            (float(table["to_lon"][k]), float(table["to_lat"][k])), float(cost[k]),
        )
        for k in range(len(table))
    ]  # fmt: skip


def choose_ways(
    draft: Draft,
    options: Sequence[WayOption],
    *,
    count: int | None = None,
    budget: float | None = None,
    seconds: float = 60.0,
    progress: Progress | None = None,
) -> WayPlan:
    """Choose ways one after the other, each time the one that brings most people per yuan with those before.

    Parameters
    ----------
    draft
        The district as it is, or as it is planned so far; it is not changed.
    options
        What could be built.
    count, budget
        At most so many, for at most so much (CNY).
    seconds
        Choose no further one after that.
    progress
        Told of the stage `site`.

    Raises
    ------
    InputError
        There is no option, or a figure is none.
    NetworkError
        An option's end lies off the network, or both ends join the same node.

    Notes
    -----
    Sets of lifts and paths interact: two flights of one climb are worth more together than apart, two lifts
    side by side less. Every option is graded anew after every choice; pairs that only help together are not
    looked for.
    """
    _check(options, count, budget)
    begun, progress = time.perf_counter(), progress or Progress()
    now, left, money = draft.copy(), list(range(len(options))), np.inf if budget is None else budget
    start = _reached(draft)
    value, steps, tried, stopped = start, list[WayStep](), 0, False
    alone: dict[int, float] = {}
    with progress.stage("site", len(options)) as advance:
        while left and (count is None or len(steps) < count):
            best: tuple[float, int, float, Draft] | None = None
            for k in left:
                one = options[k]
                if one.cost_cny > money:
                    continue
                if steps and time.perf_counter() - begun > seconds:
                    stopped = True
                    break
                there = now.copy()
                there.add_way(one.kind, one.start, one.end)
                tried += 1
                gain = _reached(there) - value
                if k not in alone:
                    alone[k] = gain
                    advance(1)
                worth = gain / max(one.cost_cny, 1.0) if budget is not None else gain
                if gain > 1e-6 and (best is None or worth > best[0]):
                    best = worth, k, gain, there
            if best is None or stopped:
                break
            _, k, gain, now = best
            now = now.copy()
            value += gain
            money -= options[k].cost_cny
            left.remove(k)
            steps.append(WayStep(options[k], alone[k], gain))
    cost = sum(step.option.cost_cny for step in steps)
    return WayPlan(tuple(steps), value - start, cost, draft.differences(now), tried, stopped)


def _reached(draft: Draft) -> float:
    """The people within the walk, over all graded types by the weight of their class, in the district."""
    home = draft.district.demand.community >= 0
    weights = draft.district.standards.rules.class_weights
    return sum(
        weights[parts.kind.type_class].value * float(parts.covered[home].sum())
        for parts in draft.parts.values()
        if parts.kind.graded
    )


def _check(options: Sequence[WayOption], count: int | None, budget: float | None) -> None:
    wrong = next((one for one in options if not 0 <= one.cost_cny < np.inf), None)
    for bad, column, value, en, zh in (
        (not options, "options", "0", "one or more options", "至少一个备选项"),
        (wrong is not None, "cost_cny", wrong.name if wrong else "", "costs of 0 or more", "不小于 0 的费用"),
        (count is not None and count < 1, "count", str(count), "1 or more", "不少于 1"),
        (budget is not None and not 0 <= budget < np.inf, "budget", str(budget), "0 or more", "不小于 0"),
    ):  # fmt: skip
        if bad:
            issue = Issue("siting", "ways", en, zh, column=column, value=value)
            raise InputError("no ways can be chosen / 无法选择通道", (issue,))
