"""Grouping communities or grids into circles: in one piece, within bounds, walkable, compact."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from lifecircle.engine.circles import kernels
from lifecircle.engine.circles.model import Circle, Division, Floats, Ints, Units, refused
from lifecircle.errors import InputError, Issue
from lifecircle.progress import Progress

LEAST, MOST = 50_000, 100_000
"""People of a 15-minute circle: GB 50180-2018, table 3.0.4."""

_WEIGHTS = {
    "compact": (1.0, 0.0, 0.05), "streets": (1.0, 2.0, 0.05), "even": (1.0, 0.0, 2.0),
    "between": (1.0, 0.5, 0.4),
}  # fmt: skip
"""What each search looks for: the walk to the centre, streets kept together, circles of one size."""
_STARTS = 3
_HOT, _COLD = 0.03, 0.0002


def draw_circles(
    units: Units,
    count: int | None = None,
    *,
    least: float = LEAST,
    most: float = MOST,
    hard: bool = True,
    steps: int = 60_000,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Division]:
    """Group units into circles: several answers, none of which is worse than another in everything.

    Parameters
    ----------
    units
        What is grouped; each goes into one circle.
    count
        How many circles; without it every number that the bounds allow is tried.
    least, most
        People of a circle. With `hard` a division outside them is none; else it costs, and
        `Circle.beyond` tells by how many people.
    steps, seed
        Moves of one search, and what its random numbers start from: the same gives the same circles.
    progress
        Told of the stage `circles`.

    Returns
    -------
    list of Division
        By the number of circles, then by the walk to the centre, the shortest first; for each number at most
        one a wish, and none that another is better than in everything: the walk, the people apart from their
        street, the evenness (and with soft bounds, the people beyond them).

    Raises
    ------
    InputError
        There is no such division, or none was found; the message says why, and how near one came.

    Notes
    -----
    Simulated annealing over divisions in one piece (`kernels.anneal`), from several starts and for several
    wishes. It is a heuristic: that it finds none is a proof only where the message names the reason.
    """
    counts = _counts(units, count, least, most, hard=hard)
    progress = progress or Progress()
    rng = np.random.default_rng(seed)
    parts = {n: _parts(units, n, least, most, hard=hard) for n in counts}
    runs = [(n, wish) for n in counts if parts[n] for wish in _WEIGHTS for _ in range(_STARTS)]
    if not runs:
        _raise_components(units, counts, least, most)
    found: dict[tuple[int, str], tuple[float, Ints]] = {}
    nearest: tuple[float, Ints] | None = None
    with progress.stage("circles", len(runs)) as advance:
        for n, wish in runs:
            label = _start(rng, units, parts[n])
            within, cost, best, best_cost = _anneal(rng, units, n, label, least, most, wish, steps)
            if not hard and not np.isfinite(cost):
                within, cost = best, best_cost
            if cost < found.get((n, wish), (np.inf, label))[0]:
                found[n, wish] = cost, within
            if nearest is None or best_cost < nearest[0]:
                nearest = best_cost, best
            advance(1)
    if not found and nearest is not None:
        _raise_nearest(units, nearest[1], least, most)
    divisions = [
        replace(divide(units, label, least=least, most=most), wish=wish)
        for (_, wish), (_, label) in found.items()
    ]
    return _best_of(divisions, hard=hard)


def divide(units: Units, label: ArrayLike, *, least: float = LEAST, most: float = MOST) -> Division:
    """Say how a division comes out that was made by hand.

    Parameters
    ----------
    units
        What is grouped.
    label
        (units,) which circle each unit is in, by any whole numbers.
    least, most
        People of a circle.

    Raises
    ------
    InputError
        There is not one number a unit.
    """
    given = np.asarray(label, dtype=np.int64)
    if given.shape != (len(units),):
        raise refused("label", str(given.shape), f"shape ({len(units)},)", f"形状 ({len(units)},)")
    _, first, circle = np.unique(given, return_index=True, return_inverse=True)
    order = np.empty(len(first), dtype=np.int64)
    order[np.argsort(first)] = np.arange(len(first))  # circles in the order of their first units
    circle = order[circle]
    pieces = units.pieces(circle)
    circles = tuple(
        _circle(units, np.flatnonzero(circle == r), pieces, least, most) for r in range(len(first))
    )
    total = float(units.people.sum())
    even = total / len(circles)
    return Division(
        circle, circles,
        sum(one.walk_s * one.people for one in circles) / total,
        _split(units, circle) / total,
        max(abs(one.people - even) for one in circles) / even,
    )  # fmt: skip


def _counts(
    units: Units, count: int | None, least: float, most: float, *, hard: bool
) -> Sequence[int]:
    """The numbers of circles to try; `InputError` where the bounds allow none."""
    if not 0 < least <= most:
        value = f"{least:g}..{most:g}"
        raise refused("least", value, "0 < least <= most", "0 < 下限 <= 上限")
    total = float(units.people.sum())
    fewest, many = max(math.ceil(total / most), 1), math.floor(total / least)
    if count is not None and not 1 <= count <= len(units):
        raise refused(
            "count", str(count), f"1 to {len(units)} circles", f"1 至 {len(units)} 个生活圈"
        )
    if not hard:
        usual = max(round(total / (least + most) * 2), 1)
        return [min(usual, len(units)) if count is None else count]
    if fewest > many or (count is not None and not fewest <= count <= many):
        allowed = f"{fewest} to {many}" if fewest <= many else "none"
        allowed_zh = f"{fewest} 至 {many}" if fewest <= many else "无"
        raise refused(
            "count", "" if count is None else str(count),
            f"{total:,.0f} people make {allowed} circles of {least:,.0f} to {most:,.0f}",
            f"{total:,.0f} 人按每圈 {least:,.0f}–{most:,.0f} 人可划 {allowed_zh} 个圈",
        )  # fmt: skip
    large = int(np.argmax(units.people))
    if units.people[large] > most:
        raise refused(
            "people", f"{units.people[large]:,.0f}",
            f"units of at most {most:,.0f} people; {units.name[large]} has more alone",
            f"单元人数不超过 {most:,.0f}; {units.name[large]} 一处已超过",
        )  # fmt: skip
    return range(fewest, min(many, len(units)) + 1) if count is None else [count]


def _components(units: Units) -> list[Ints]:
    piece = units.pieces(np.zeros(len(units)))
    return [np.flatnonzero(piece == k) for k in range(piece.max() + 1)]


def _parts(
    units: Units, count: int, least: float, most: float, *, hard: bool
) -> list[tuple[Ints, int]]:
    """How many circles each connected part of the district gets; empty where that cannot be."""
    components = _components(units)
    even = units.people.sum() / count
    choices: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for members in components:
        held = float(units.people[members].sum())
        after: dict[int, tuple[float, list[int]]] = {}
        for used, (cost, row) in choices.items():
            for n in range(1, min(len(members), count - used) + 1):
                if hard and not n * least <= held <= n * most:
                    continue
                then = cost + abs(held - n * even)
                if used + n not in after or then < after[used + n][0]:
                    after[used + n] = then, [*row, n]
        choices = after
    return list(zip(components, choices[count][1], strict=True)) if count in choices else []


def _start(rng: np.random.Generator, units: Units, parts: Sequence[tuple[Ints, int]]) -> Ints:
    """Cut each connected part into its number of circles of about one size."""
    label = np.zeros(len(units), dtype=np.int64)
    graph, first = units.graph, 0
    for members, count in parts:
        label[members] = first
        waiting = [(first, count)]
        free = first + 1
        first += count
        while waiting:
            circle, n = waiting.pop()
            if n == 1:
                continue
            half = n // 2
            kernels.halve(
                rng, label, circle, free, half / n, graph.indptr, graph.indices, units.people, 20
            )
            waiting += [(circle, n - half), (free, half)]
            free += 1
    return label


def _anneal(
    rng: np.random.Generator,
    units: Units,
    count: int,
    label: Ints,
    least: float,
    most: float,
    wish: str,
    steps: int,
) -> tuple[Ints, float, Ints, float]:
    graph = units.graph
    streets = int(units.street.max()) + 1
    return kernels.anneal(
        rng, label, count, units.people, units.street, streets, graph.indptr, graph.indices, units.walk_s,
        float(least), float(most), np.array(_WEIGHTS[wish]), steps, _HOT, _COLD,
    )  # fmt: skip


def _circle(units: Units, members: Ints, pieces: Ints, least: float, most: float) -> Circle:
    people = units.people[members]
    held = float(people.sum())
    walked = people @ units.walk_s[np.ix_(members, members)]
    centre = int(np.argmin(walked))
    beyond = max(held - most, 0.0) - max(least - held, 0.0)
    return Circle(
        tuple(units.code[u] for u in members), units.code[members[centre]], held,
        float(walked[centre] / held) if held > 0 else 0.0, beyond, len(np.unique(pieces[members])),
    )  # fmt: skip


def _split(units: Units, circle: Ints) -> float:
    rows = units.street >= 0
    if not rows.any():
        return 0.0
    lives = np.zeros((int(units.street.max()) + 1, int(circle.max()) + 1))
    np.add.at(lives, (units.street[rows], circle[rows]), units.people[rows])
    return float((lives.sum(axis=1) - lives.max(axis=1)).sum())


def _best_of(divisions: Iterable[Division], *, hard: bool) -> list[Division]:
    """The divisions that no other is better than in everything, each once."""
    unique = {one.label.tobytes(): one for one in divisions}
    rows = [(one, _measures(one, hard=hard)) for one in unique.values()]
    best = [
        one for one, mine in rows
        if not any(
            np.all(other <= mine) and np.any(other < mine)
            for two, other in rows if len(two.circles) == len(one.circles)
        )
    ]  # fmt: skip
    return sorted(best, key=lambda one: (len(one.circles), one.walk_s))


def _measures(one: Division, *, hard: bool) -> Floats:
    outside = 0.0 if hard else sum(abs(c.beyond) for c in one.circles)
    return np.round([one.walk_s, one.split, one.uneven, outside], 9)


def _raise_components(units: Units, counts: Sequence[int], least: float, most: float) -> None:
    """Name the connected parts that cannot be divided within the bounds, or that are too many."""
    issues = []
    components = _components(units)
    for members in components:
        held = float(units.people[members].sum())
        if math.ceil(held / most) > math.floor(held / least):
            names = ", ".join(units.name[u] for u in members[:5])
            more = f" + {len(members) - 5}" if len(members) > 5 else ""
            issues.append(
                Issue(
                    "circles",
                    "units",
                    f"parts that make whole circles of {least:,.0f} to {most:,.0f} people; nobody walks from here to "
                    f"the rest: {names}{more}",
                    f"能组成 {least:,.0f}–{most:,.0f} 人生活圈的连片; 此处步行不通往其余: {names}{more}",
                    column="links",
                    value=f"{held:,.0f}",
                )
            )
    if not issues:
        said = ", ".join(str(n) for n in counts)
        issues.append(
            Issue(
                "circles",
                "units",
                f"as many circles as {len(components)} parts make that nobody walks between, within the bounds",
                f"与 {len(components)} 个互不相通的连片在上下限内所能组成的圈数相符",
                column="count",
                value=said,
            )
        )
    raise InputError("no circles can be drawn / 无法划定生活圈", tuple(issues))


def _raise_nearest(units: Units, label: Ints, least: float, most: float) -> None:
    near = divide(units, label, least=least, most=most)
    issues = tuple(
        Issue(
            "circles", "units",
            f"{least:,.0f} to {most:,.0f} people; {abs(one.beyond):,.0f} too {'many' if one.beyond > 0 else 'few'} in the "
            f"nearest division found, around {one.centre}",
            f"{least:,.0f}–{most:,.0f} 人; 已找到的最接近方案中, {one.centre} 一带{'多' if one.beyond > 0 else '少'}"
            f" {abs(one.beyond):,.0f} 人",
            column="people", value=f"{one.people:,.0f}",
        )
        for one in near.circles if one.beyond
    )  # fmt: skip
    raise InputError(
        "no division within the bounds was found; smaller units or soft bounds give one / "
        "未找到符合上下限的方案; 可改用网格或放宽上下限",
        issues,
    )
