"""The p-median."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse

from lifecircle.engine.siting.locating import Watch, locate
from lifecircle.engine.siting.model import Floats, Indices, Location, Siting


def p_median(
    costs: Floats,
    weights: Floats,
    count: int,
    *,
    fixed: Sequence[int] | Indices = (),
    closed: Sequence[int] | Indices = (),
    gap: float = 1e-4,
    seconds: float = 60.0,
    watch: Watch | None = None,
) -> Siting:
    """Choose `count` candidates to which everybody's way is shortest (Hakimi 1964).

    Parameters
    ----------
    costs
        From each candidate to each point, (candidates, points), finite.
    weights
        People of each point, (points,), 0 or more.
    count
        How many are chosen.
    fixed, closed
        Candidates that are always, or never, among them.
    gap, seconds, watch
        As of `locate`.

    Returns
    -------
    Siting
        `value` is the sum of weight times cost to the nearest chosen.
    """
    table = np.asarray(costs, dtype=np.float64) * np.asarray(weights, dtype=np.float64)
    candidates, size = table.shape
    starts = np.arange(0, candidates * size + 1, size)
    every = (table.ravel(), np.tile(np.arange(size), candidates), starts)
    problem = Location.of(
        scipy.sparse.csr_array(every, shape=table.shape),
        table.max(axis=0, initial=0.0) + 1.0, count, fixed=fixed, closed=closed,
    )  # fmt: skip
    return locate(problem, gap=gap, seconds=seconds, watch=watch)
