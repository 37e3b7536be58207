"""Maximal covering and set covering."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from lifecircle.engine.siting.locating import Watch, locate
from lifecircle.engine.siting.model import Floats, Indices, Location, Siting
from lifecircle.errors import InputError, Issue, LifecircleError


def maximal_covering(
    covers: Any,
    weights: Floats,
    count: int,
    *,
    fixed: Sequence[int] | Indices = (),
    closed: Sequence[int] | Indices = (),
    gap: float = 1e-4,
    seconds: float = 60.0,
    watch: Watch | None = None,
) -> Siting:
    """Choose `count` candidates that cover the most (MCLP; Church and ReVelle 1974).

    Parameters
    ----------
    covers
        Sparse or dense, (candidates, points): true where a candidate covers a point.
    weights
        People of each point, (points,), 0 or more.
    count
        How many are chosen.
    fixed, closed
        Candidates that are always, or never, among them.
    gap, seconds, watch
        As of `locate`; the gap is a share of what is covered.

    Returns
    -------
    Siting
        `value` is the weight that is covered.
    """
    table = scipy.sparse.csr_array(covers).astype(bool)
    table.eliminate_zeros()
    merged, outside = _merged(table, np.asarray(weights, dtype=np.float64))
    free = np.zeros(merged.nnz)
    costs = scipy.sparse.csr_array((free, merged.indices, merged.indptr), shape=merged.shape)
    problem = Location.of(costs, outside, count, fixed=fixed, closed=closed)
    return locate(problem, gap=gap, base=float(outside.sum()), seconds=seconds, watch=watch)


def _merged(table: Any, weights: Floats) -> tuple[Any, Floats]:
    """Leave out points that nobody covers, and join those that the same candidates cover."""
    by_point = scipy.sparse.csr_array(table.T)
    by_point.sort_indices()
    rows: dict[bytes, int] = {}
    first: list[int] = []
    group = np.full(by_point.shape[0], -1, dtype=np.intp)
    for i in range(by_point.shape[0]):
        here = by_point.indices[by_point.indptr[i] : by_point.indptr[i + 1]]
        if len(here) and weights[i] > 0:
            key = here.tobytes()
            if key not in rows:
                rows[key] = len(first)
                first.append(i)
            group[i] = rows[key]
    known = group >= 0
    sums = np.bincount(group[known], weights=weights[known], minlength=len(first))
    return scipy.sparse.csr_array(by_point[np.array(first, dtype=np.intp)].T), sums.astype(
        np.float64
    )


def set_covering(covers: Any, prices: Floats | None = None, *, seconds: float = 60.0) -> Siting:
    """Choose the candidates that cover every point at the least price (LSCP; Toregas 1971).

    Parameters
    ----------
    covers
        Sparse or dense, (candidates, points): true where a candidate covers a point.
    prices
        Of each candidate, (candidates,), above 0; 1 each without.
    seconds
        Ends then, with the gap that is reached.

    Returns
    -------
    Siting
        `value` is the price of all that are chosen.

    Raises
    ------
    InputError
        Nobody covers some point.
    """
    start = time.perf_counter()
    table = scipy.sparse.csr_array(covers).astype(bool)
    table.eliminate_zeros()
    candidates, size = table.shape
    cost = np.ones(candidates) if prices is None else np.asarray(prices, dtype=np.float64)
    alone = np.flatnonzero(np.bincount(table.indices, minlength=size) == 0)
    if len(alone):
        words = "a candidate within reach of every point", "每点都有可及的候选点"
        issue = Issue(
            "siting", "covers", *words, column="point", value=", ".join(map(str, alone[:20]))
        )
        raise InputError("not every point can be covered / 有点无法覆盖", (issue,))
    merged, _ = _merged(table, np.ones(size))
    done = milp(
        cost, integrality=np.ones(candidates), bounds=Bounds(0, 1),
        constraints=LinearConstraint(merged.T.astype(np.float64), lb=1), options={"time_limit": seconds},
    )  # fmt: skip
    if done.x is None:
        raise LifecircleError(f"no answer within {seconds:g} s / {seconds:g} 秒内没有解")
    chosen = np.flatnonzero(done.x > 0.5)
    spent = time.perf_counter() - start
    return Siting(
        chosen, float(cost[chosen].sum()), done.mip_dual_bound, done.mip_node_count, spent
    )
