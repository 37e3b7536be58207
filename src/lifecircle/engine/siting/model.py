"""A location problem and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from lifecircle.engine.siting import kernels
from lifecircle.errors import InputError, Issue

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, repr=False)
class Location:
    """Which `count` candidates make sum_i min(outside_i, min_j cost_ij) least, over chosen j.

    With costs of 0 and `outside` the people of each point it is maximal covering; with every cost
    given and nothing outside, the p-median; with costs that grow with the walk, gradual covering.

    Attributes
    ----------
    starts, points, costs
        Entries by candidate: (candidates + 1,), and (entries,) of points and of finite costs >= 0.
    firsts, near, prices
        The same entries by point, the cheapest first: (points + 1,), (entries,), (entries,).
    outside
        What a point costs with nothing near, (points,), finite.
    count
        How many candidates are chosen; `fixed`, (candidates,), are always among them, `closed` never.
    """

    starts: NDArray[np.int64]
    points: NDArray[np.int32]
    costs: Floats
    firsts: NDArray[np.int64]
    near: NDArray[np.int32]
    prices: Floats
    outside: Floats
    count: int
    fixed: Bools
    closed: Bools

    @classmethod
    def of(
        cls,
        costs: Any,
        outside: Floats,
        count: int,
        *,
        fixed: Sequence[int] | Indices = (),
        closed: Sequence[int] | Indices = (),
    ) -> Location:
        """Make one of a sparse array (candidates, points), whose stored entries are the costs.

        Raises
        ------
        InputError
            A number is negative or not finite, shapes do not match, a candidate is both fixed and
            closed, or there are not as many candidates as are wanted.
        """
        table = scipy.sparse.csr_array(costs)
        candidates, size = table.shape
        outside = np.ascontiguousarray(outside, dtype=np.float64)
        marks = []
        for rows in (fixed, closed):
            mark = np.zeros(candidates, dtype=bool)
            mark[np.asarray(rows, dtype=np.intp)] = True
            marks.append(mark)
        values = table.data.astype(np.float64)
        wrong = (
            ("costs", values[~(np.isfinite(values) & (values >= 0))]),
            ("outside", outside[~(np.isfinite(outside) & (outside >= 0))]),
        )
        for name, found in wrong:
            if len(found):
                raise _refused(
                    name, float(found[0]), "finite numbers of 0 or more", "0 或更大的有限数"
                )
        if len(outside) != size:
            raise _refused(
                "outside", len(outside), f"{size} numbers, one a point", f"{size} 个数, 每点一个"
            )
        if (marks[0] & marks[1]).any():
            both = int(np.flatnonzero(marks[0] & marks[1])[0])
            raise _refused("fixed", both, "a candidate that is not closed", "未被排除的候选点")
        least, most = int(marks[0].sum()), int((~marks[1]).sum())
        if not max(least, 1) <= count <= most:
            raise _refused(
                "count",
                count,
                f"{max(least, 1)} to {most} candidates",
                f"{max(least, 1)} 至 {most} 个候选点",
            )
        owner = np.repeat(np.arange(candidates, dtype=np.int32), np.diff(table.indptr))
        order = np.lexsort((owner, values, table.indices))
        firsts = np.concatenate([[0], np.cumsum(np.bincount(table.indices, minlength=size))])
        return cls(
            table.indptr.astype(np.int64), table.indices.astype(np.int32), values,
            firsts.astype(np.int64), owner[order], values[order],
            outside, count, *marks,
        )  # fmt: skip

    @property
    def whole(self) -> bool:
        """Whether every cost is a whole number, so that any two answers differ by 1 or more."""
        return all(bool((one == np.rint(one)).all()) for one in (self.costs, self.outside))

    def cost(self, chosen: Bools) -> float:
        """What a choice costs; `chosen` is (candidates,)."""
        now = self.outside.copy()
        for j in np.flatnonzero(chosen):
            here = slice(self.starts[j], self.starts[j + 1])
            rows = self.points[here]
            now[rows] = np.minimum(now[rows], self.costs[here])
        return float(now.sum())

    def second_best(self, chosen: Bools) -> Floats:
        """What each point costs at the second cheapest of the chosen, (points,)."""
        first, second = np.empty_like(self.outside), np.empty_like(self.outside)
        owner = np.empty(len(first), dtype=np.int64)
        kernels.assign_all(
            self.firsts, self.near, self.prices, self.outside, chosen, first, second, owner
        )
        return second


@dataclass(frozen=True, slots=True)
class Siting:
    """An answer: the `chosen` candidates (ascending), its `value`, and how good that is.

    `bound` is a value that no answer can beat; `nodes` of the search tree were explored in `seconds`.
    """

    chosen: Indices
    value: float
    bound: float
    nodes: int
    seconds: float

    @property
    def gap(self) -> float:
        """The proven distance to the optimum, as a share of the value."""
        return abs(self.bound - self.value) / max(abs(self.value), 1e-12)


def _refused(column: str, value: float, en: str, zh: str) -> InputError:
    issue = Issue("siting", "location", en, zh, column=column, value=str(value))
    return InputError("no such location problem / 选址问题有误", (issue,))
