"""A programme as an integer program, for HiGHS."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse
from numpy.typing import NDArray

from lifecircle.engine.siting.programmes import (
    NO_LIMIT,
    Floats,
    Ints,
    Options,
    Programme,
    loose_bound,
    served_by,
)


def programme_exactly(
    options: Options, *, seconds: float = 60.0, gap: float = 1e-4, start: Programme | None = None
) -> Programme:
    """Solve as an integer program with HiGHS, to a gap or a time limit.

    Needs that the same options serve are one. An option with a capacity serves its needs in parts.

    Parameters
    ----------
    options, seconds, gap
        As of `programme`.
    start
        An answer that is known; it is returned where none better is found in time.

    Notes
    -----
    The whole program is built in memory: some 10 numbers for each need, option that serves it, and year.
    """
    begun = time.perf_counter()
    model = _Model(options)
    found = scipy.optimize.milp(
        -model.worth, integrality=model.integral, bounds=scipy.optimize.Bounds(0, model.most),
        constraints=model.rows, options={"time_limit": seconds, "mip_rel_gap": gap},
    )  # fmt: skip
    limit = loose_bound(options)
    if found.mip_dual_bound is not None and np.isfinite(found.mip_dual_bound):
        limit = min(limit, -found.mip_dual_bound)
    best = None if found.x is None else model.programme(found.x, limit)
    if start is not None and (best is None or best.value < start.value):
        best = Programme(
            start.year, start.value, min(limit, start.bound), start.served, start.seconds
        )
    if best is None:
        nothing = np.full(len(options), -1)
        best = Programme(nothing, 0.0, limit, np.zeros(len(options.weight)), 0.0)
    return Programme(
        best.year, best.value, max(best.bound, best.value), best.served, time.perf_counter() - begun
    )


class _Model:
    """The integer program.

    Columns, year after year in each: whether an option is `built` in a year; the share of a need that is
    `served` by its end; the share that an option with a capacity has `given` to a need by then. A need is
    served as far as something without a capacity that serves it is built by then, or as it is given.
    """

    def __init__(self, options: Options) -> None:
        self.options, self.years = options, options.years
        self.group, self.weight = _groups(options)
        table = _merged(options, self.group, len(self.weight))
        self.limited = np.flatnonzero(np.isfinite(options.capacity))
        self.parts = table[self.limited].tocoo()
        self.widths = (len(options), len(self.weight), self.parts.nnz)
        self.worth = np.zeros(sum(self.widths) * self.years)
        served = len(options) * self.years
        self.worth[served : served + len(self.weight) * self.years] = np.tile(
            self.weight / self.years, self.years
        )
        self.integral = np.zeros(len(self.worth))
        self.integral[:served] = 1
        self.most = np.ones(len(self.worth))
        self.most[:served] = np.concatenate([options.first <= year for year in range(self.years)])
        self.rows: list[scipy.optimize.LinearConstraint] = []
        self._add_needs(table)
        self._add_capacities()
        self._add_money()
        self._add_spaces()

    def _add(
        self, most: float | Floats, year: int, *, by_then: Any = None, in_year: Any = None,
        served: Any = None, given: Any = None,
    ) -> None:  # fmt: skip
        """Add rows; `by_then` counts what is built up to a year, the others what is so in it."""
        rows = next(m for m in (by_then, in_year, served, given) if m is not None).shape[0]
        blocks: list[Any] = []
        for width, matrix in zip(self.widths, (in_year, served, given), strict=True):
            for t in range(self.years):
                here = matrix if t == year else None
                if by_then is not None and len(blocks) < self.years:
                    here = by_then if t <= year else None
                blocks.append(scipy.sparse.csr_array((rows, width)) if here is None else here)
        table = scipy.sparse.hstack(blocks, format="csc")
        self.rows.append(scipy.optimize.LinearConstraint(table, -np.inf, most))

    def _add_needs(self, table: scipy.sparse.csr_array) -> None:
        unlimited = np.isinf(self.options.capacity).astype(float)
        free = scipy.sparse.csr_array(scipy.sparse.diags_array(unlimited) @ table)
        given, count = self.parts.nnz, len(self.weight)
        to = scipy.sparse.csr_array(
            (np.ones(given), (self.parts.col, np.arange(given))), (count, given)
        )
        for year in range(self.years):
            self._add(0.0, year, by_then=-free.T, served=scipy.sparse.eye_array(count), given=-to)

    def _add_capacities(self) -> None:
        """What an option gives: to no need more than all, together no more than its capacity."""
        parts, size, count = self.parts, len(self.options), len(self.limited)
        if count == 0:
            return
        entries = np.arange(parts.nnz)
        owner = scipy.sparse.csr_array(
            (np.ones(parts.nnz), (entries, self.limited[parts.row])), (parts.nnz, size)
        )
        amount = scipy.sparse.csr_array(
            (self.weight[parts.col], (parts.row, entries)), (count, parts.nnz)
        )
        capacity = scipy.sparse.csr_array(
            (self.options.capacity[self.limited], (np.arange(count), self.limited)), (count, size)
        )
        for year in range(self.years):
            self._add(0.0, year, by_then=-owner, given=scipy.sparse.eye_array(parts.nnz))
            self._add(0.0, year, by_then=-capacity, given=amount)

    def _add_money(self) -> None:
        cost = scipy.sparse.csr_array(self.options.cost[None, :])
        for year, budget in enumerate(self.options.budgets):
            if budget < NO_LIMIT:
                self._add(float(budget), year, in_year=cost)

    def _add_spaces(self) -> None:
        """Each option once; area by slot, one of each type a space, and types that may not share one."""
        o, last = self.options, self.years - 1
        self._add(1.0, last, by_then=scipy.sparse.eye_array(len(o)))
        inside = np.flatnonzero(o.space >= 0)

        def of_spaces(members: NDArray[np.intp], values: Floats) -> scipy.sparse.csr_array:
            shape = (len(o.rooms), len(o))
            return scipy.sparse.csr_array((values, (o.space[members], members)), shape)

        for slot in range(o.rooms.shape[1]):
            used = inside[o.when[inside, slot]]
            self._add(o.rooms[:, slot], last, by_then=of_spaces(used, o.area[used]))
        alone = [(k, k) for k in range(len(o.apart))]
        for a, b in [*alone, *np.argwhere(np.triu(o.apart, 1)).tolist()]:
            members = inside[(o.kind[inside] == a) | (o.kind[inside] == b)]
            if len(members):
                self._add(1.0, last, by_then=of_spaces(members, np.ones(len(members))))

    def programme(self, x: Floats, limit: float) -> Programme:
        """The programme of a solution."""
        o = self.options
        built = x[: len(o) * self.years].reshape(self.years, len(o)) > 0.5
        year = np.where(built.any(axis=0), built.argmax(axis=0), -1)
        served, value = served_by(o, year)
        return Programme(year, value, limit, served, 0.0)


def _groups(options: Options) -> tuple[Ints, Floats]:
    """Number the needs that the same options serve, (needs,), and their weights together."""
    table = options.covers.tocsc()
    keys = [
        table.indices[a:b].tobytes() for a, b in zip(table.indptr, table.indptr[1:], strict=False)
    ]
    number: dict[bytes, int] = {}
    group = np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64)
    weight = np.bincount(group, options.weight, minlength=len(number)).astype(np.float64)
    return group, weight


def _merged(options: Options, group: Ints, count: int) -> scipy.sparse.csr_array:
    """(options, groups) of ones."""
    owner = np.repeat(np.arange(len(options)), np.diff(options.starts))
    shape = (len(options), count)
    table = scipy.sparse.csr_array(
        (np.ones(len(owner)), (owner, group[options.needs])), shape=shape
    )
    table.sum_duplicates()
    table.data[:] = 1.0
    return table
