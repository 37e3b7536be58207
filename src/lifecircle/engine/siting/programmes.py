"""Programmes: several types at once, that share spaces, built over years under a budget.

Only arrays are known here; `planning` makes them of a district.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse
import scipy.sparse.csgraph
from numpy.typing import ArrayLike, NDArray

from lifecircle.engine.siting import programme_kernels as kernels
from lifecircle.errors import InputError, Issue

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Watch = Callable[["Programme"], bool]
"""Told of every better answer; returns whether to go on."""

NO_LIMIT = 1e18
_FLOORS = (0.1, 0.5, 2.0, 5.0)
"""How much an option is wished for that the bound's prices do not want; those they want, by 1 more."""
_ROUNDS, _MOST_ROUNDS = 300, 1000
"""Of the bound: at first, and in the end."""
_WORSE = 0.0001
"""How much worse an answer may be that the search goes on from, as a share, at the start."""


@dataclass(frozen=True, slots=True, repr=False)
class Options:
    """What may be built, what it serves, and what there is to build it with.

    Attributes
    ----------
    starts, needs
        The needs that each option serves: (options + 1,) and (entries,).
    weight
        (needs,) people that are not served today.
    space, kind
        (options,) the space that it takes part of (-1: none) and its type; a space holds a type once.
    area, cost
        (options,) square metres and CNY.
    capacity
        (options,) people that it can serve; infinite where that is not known.
    first
        (options,) the first year, from 0, in which it may be built.
    when
        (options, slots) the times of the day in which it needs its area.
    rooms
        (spaces, slots) the area that is free then.
    budgets
        (years,) CNY; what is left over in a year is lost.
    apart
        (kinds, kinds) whether two types may not share a space.
    family
        (options,) options of different ones share no need.
    """

    starts: Ints
    needs: NDArray[np.int32]
    weight: Floats
    space: Ints
    kind: Ints
    area: Floats
    cost: Floats
    capacity: Floats
    first: Ints
    when: Bools
    rooms: Floats
    budgets: Floats
    apart: Bools
    family: Ints

    @classmethod
    def of(  # noqa: PLR0913  (a table's columns, by name)
        cls,
        covers: Any,
        weight: ArrayLike,
        *,
        space: ArrayLike,
        kind: ArrayLike,
        area: ArrayLike,
        cost: ArrayLike,
        rooms: ArrayLike,
        budgets: Sequence[float] | None = None,
        capacity: ArrayLike | None = None,
        first: ArrayLike | None = None,
        when: ArrayLike | None = None,
        apart: Sequence[tuple[int, int]] = (),
    ) -> Options:
        """Make them of plain arrays; `covers` is (options, needs), sparse or not.

        Raises
        ------
        InputError
            Shapes do not match, or a number is negative or not finite.
        """
        table = scipy.sparse.csr_array(covers)
        size, count = table.shape
        room = np.asarray(rooms, dtype=np.float64)
        room = room[:, None] if room.ndim == 1 else room
        kinds = np.asarray(kind, dtype=np.int64)
        keep_apart = np.zeros((int(kinds.max(initial=-1)) + 1,) * 2, dtype=bool)
        for a, b in apart:
            if max(a, b) < len(keep_apart):
                keep_apart[a, b] = keep_apart[b, a] = True
        money = np.full(1, NO_LIMIT) if budgets is None else np.asarray(budgets, dtype=np.float64)
        found = cls(
            table.indptr.astype(np.int64), table.indices.astype(np.int32),
            np.ascontiguousarray(weight, dtype=np.float64), np.asarray(space, dtype=np.int64), kinds,
            np.asarray(area, dtype=np.float64), np.asarray(cost, dtype=np.float64),
            np.full(size, np.inf) if capacity is None else np.asarray(capacity, dtype=np.float64),
            np.zeros(size, dtype=np.int64) if first is None else np.asarray(first, dtype=np.int64),
            np.ones((size, room.shape[1]), dtype=bool) if when is None else np.asarray(when, dtype=bool),
            np.ascontiguousarray(room), money, keep_apart,
            _families(table),
        )  # fmt: skip
        for column, shape in (
            ("weight", (count,)), ("space", (size,)), ("kind", (size,)), ("area", (size,)), ("cost", (size,)),
            ("capacity", (size,)), ("first", (size,)), ("when", (size, room.shape[1])),
        ):  # fmt: skip
            values = getattr(found, column)
            if values.shape != shape:
                raise refused(column, str(values.shape), f"shape {shape}", f"形状 {shape}")
        for column in ("weight", "area", "cost", "rooms", "budgets", "capacity"):
            values = getattr(found, column)
            wrong = values[~(values >= 0) | (np.isinf(values) if column != "capacity" else False)]
            if wrong.size:
                raise refused(
                    column, f"{wrong[0]:g}", "finite numbers of 0 or more", "0 或更大的有限数"
                )
        if size and (found.space.max() >= len(found.rooms) or found.kind.min() < 0):
            raise refused(
                "space",
                str(found.space.max()),
                f"below {len(found.rooms)}",
                f"小于 {len(found.rooms)}",
            )
        return found

    def __len__(self) -> int:
        return len(self.space)

    @property
    def arrays(self) -> kernels.Arrays:
        """The same for the kernels."""
        return kernels.Arrays(*(getattr(self, name) for name in kernels.Arrays._fields))

    def __repr__(self) -> str:
        return (
            f"<Options: {len(self):,} in {len(self.rooms):,} spaces, {len(self.weight):,} needs, "
            f"{len(self.budgets)} years>"
        )

    @property
    def years(self) -> int:
        """In how many years it is built."""
        return len(self.budgets)

    @property
    def covers(self) -> scipy.sparse.csr_array:
        """(options, needs) of ones."""
        shape = (len(self), len(self.weight))
        return scipy.sparse.csr_array(
            (np.ones(len(self.needs)), self.needs, self.starts), shape=shape
        )


@dataclass(frozen=True, slots=True)
class Programme:
    """What to build when.

    `year`, (options,), is the year of each option, from 0, and -1 where it is not built. `value` is the mean
    over the years of the people served by the end of each; `bound` is what no programme can beat; `served`,
    (needs,), the people served in the end.
    """

    year: Ints
    value: float
    bound: float
    served: Floats
    seconds: float

    @property
    def chosen(self) -> NDArray[np.intp]:
        """The options that are built."""
        return np.flatnonzero(self.year >= 0)

    @property
    def gap(self) -> float:
        """The proven distance to the best, as a share of the value."""
        return max(self.bound - self.value, 0.0) / max(abs(self.value), 1e-12)


def programme(
    options: Options,
    *,
    seconds: float = 10.0,
    gap: float = 1e-3,
    seed: int = 0,
    watch: Watch | None = None,
) -> Programme:
    """Choose what to build: an answer at once, made better while there is time, and how good it is.

    A heuristic: greedy by what is served, and per yuan; then parts of it are torn down and built anew
    (large neighbourhood search, Shaw 1998). The bound is Lagrangian.

    Parameters
    ----------
    options
        What there is to choose from.
    seconds, gap
        Search no longer, or until the bound proves it as near.
    seed
        What its random numbers start from.
    watch
        Told of every better answer; False stops.
    """
    start = time.perf_counter()
    rng = np.random.default_rng(seed)
    nothing = np.full(len(options), -1)
    powers = (1.0, 0.5, 0.0) if options.budgets.max(initial=0.0) < NO_LIMIT else (0.0,)

    def greedy(wishes: Iterable[Floats]) -> tuple[float, Ints, float]:
        found = (
            (*_rebuilt(options, nothing.copy(), power, wish), power)
            for wish in wishes for power in powers
        )  # fmt: skip
        return max(found, key=lambda one: one[0])

    value, best, power = greedy([np.ones(len(options))])
    limit = loose_bound(options)

    def answer() -> Programme:
        served, worth = served_by(options, best)
        return Programme(best, worth, max(limit, worth), served, time.perf_counter() - start)

    if watch and not watch(answer()):
        return answer()
    asked = time.perf_counter()
    proven, wanted = _bound(options, value, _ROUNDS)
    a_round = (time.perf_counter() - asked) / _ROUNDS
    limit = min(limit, proven)
    found, trial, kept = greedy(floor + wanted for floor in _FLOORS)
    if found > value:
        value, best, power = found, trial, kept
        if watch and not watch(answer()):
            return answer()
    now, held = best, value
    while limit - value > gap * value and (built := np.flatnonzero(now >= 0)).size:
        part = (time.perf_counter() - start) / seconds if seconds > 0 else 1.0
        if part >= 1.0:
            break
        trial = now.copy()
        trial[_torn_down(options, built, rng)] = -1
        wish = rng.uniform(0.9, 1.0, len(options)) * (rng.choice(_FLOORS) + wanted)
        found, trial = _rebuilt(
            options, trial, power if rng.random() < 0.8 else rng.choice(powers), wish
        )
        if found >= held - _WORSE * value * (1 - part):
            now, held = trial, found
        if found > value * (1 + 1e-9):
            best, value = trial, found
            if watch and not watch(answer()):
                return answer()
    rounds = min(int(0.5 * seconds / max(a_round, 1e-9)), _MOST_ROUNDS)
    if (
        limit - value > gap * value and rounds > _ROUNDS
    ):  # a better bound, for half as long again at most
        limit = min(limit, _bound(options, value, rounds)[0])
    return answer()


def _rebuilt(options: Options, year: Ints, power: float, noise: Floats) -> tuple[float, Ints]:
    """Build on until nothing fits; `year` is changed and returned with its value."""
    left = np.empty(len(options.weight))
    return float(kernels.rebuild(options.arrays, year, left, power, noise)), year


def _torn_down(
    options: Options, built: NDArray[np.intp], rng: np.random.Generator
) -> NDArray[np.intp]:
    """Which of what is built is to go: some at random, of one type, of one year's, or of spaces nearby."""
    count = min(len(built), int(rng.integers(1, max(len(built) // 8, 4) + 1)))
    how = rng.integers(3)
    if how == 0:
        return rng.choice(built, count, replace=False)
    if how == 1:
        one = rng.choice(built)
        return built[options.kind[built] == options.kind[one]][:count]
    spaces = rng.choice(np.unique(options.space[built]), 1 + count // 4)
    return built[np.isin(options.space[built], spaces)]


def loose_bound(options: Options) -> float:
    """Everybody whom anything could serve, from the first year on."""
    reached = np.zeros(len(options.weight), dtype=bool)
    reached[options.needs] = True
    return float(options.weight[reached].sum())


def _bound(options: Options, known: float, rounds: int) -> tuple[float, Floats]:
    """A value that no programme can beat, and how much each option is wanted by it, (options,)."""
    owner = np.where(options.space < 0, len(options.rooms), options.space)
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(len(options.rooms) + 2))
    wanted = np.zeros(len(options))
    limit = kernels.bound(options.arrays, order, starts, known, rounds, wanted)
    return float(limit), wanted


def _families(table: scipy.sparse.csr_array) -> Ints:
    """Number the options that are joined by needs they share, (options,)."""
    size, count = table.shape
    owner = np.repeat(np.arange(size), np.diff(table.indptr))
    ones = np.ones(len(owner), dtype=np.int8)
    both = scipy.sparse.csr_array((ones, (owner, size + table.indices)), shape=(size + count,) * 2)
    label = scipy.sparse.csgraph.connected_components(both, directed=False)[1][:size]
    return np.unique(label, return_inverse=True)[1].astype(np.int64)


def served_by(options: Options, year: Ints) -> tuple[Floats, float]:
    """(needs,) people served in the end, and the mean over the years: nobody's place is wasted.

    The places of options with a capacity are given out by a linear program: the kernels' shares are
    quick, and less than that.
    """
    table = options.covers
    limited = np.isfinite(options.capacity)
    total, served = 0.0, np.zeros(len(options.weight))
    for t in range(options.years):
        here = (year >= 0) & (year <= t)
        free = table[here & ~limited].sum(axis=0) > 0
        served = np.where(free, options.weight, 0.0)
        scarce = np.flatnonzero(here & limited)
        if len(scarce):
            entries = table[scarce].tocoo()
            keep = ~free[entries.col] & (options.weight[entries.col] > 0)
            row, need = entries.row[keep], entries.col[keep]
            count = np.arange(len(need))
            ones = np.ones(len(need))
            size = len(options.weight)
            rows = scipy.sparse.vstack(
                [scipy.sparse.csr_array((ones, (row, count)), (len(scarce), len(need))),
                 scipy.sparse.csr_array((ones, (need, count)), (size, len(need)))]
            )  # fmt: skip
            most = np.concatenate([options.capacity[scarce], options.weight])
            if len(need):
                given = scipy.optimize.linprog(-ones, rows, most, method="highs").x
                served = served + np.bincount(need, given, minlength=size)
        total += float(served.sum())
    return served, total / options.years


def refused(column: str, value: str, en: str, zh: str) -> InputError:
    """Say what is wrong with what a programme is to be made of."""
    issue = Issue("siting", "programme", en, zh, column=column, value=value)
    return InputError("no programme can be made / 无法编制建设计划", (issue,))
