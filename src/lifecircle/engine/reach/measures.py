"""What a walk table says: the nearest, the mean of the n nearest, how much lies within reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lifecircle.engine.reach.graph import NEVER, TICKS_PER_SECOND
from lifecircle.engine.reach.table import WalkTable


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest source of each target, (targets,): infinite seconds and source -1 for none."""

    seconds: NDArray[np.float64]
    source: NDArray[np.int32]


def nearest(table: WalkTable) -> Nearest:
    """Find the nearest source of each target; of equally near ones the first."""
    best = np.full(table.targets, NEVER, dtype=np.int64)
    np.minimum.at(best, table.target, table.ticks)
    source = np.full(table.targets, -1, dtype=np.int32)
    hit = np.flatnonzero(table.ticks == best[table.target])[::-1]
    source[table.target[hit]] = table.source[hit]
    return Nearest(np.where(best < NEVER, best / TICKS_PER_SECOND, np.inf), source)


def mean_nearest(table: WalkTable, n: int) -> NDArray[np.float64]:
    """Average the seconds to the `n` nearest sources, (targets,); infinite where fewer reach.

    Raises
    ------
    ValueError
        `n` is under 1.
    """
    if n < 1:
        raise ValueError("n must be at least 1")
    order = np.lexsort([table.ticks, table.target])
    target = table.target[order]
    start = np.searchsorted(target, np.arange(table.targets))
    rank = np.arange(len(target)) - start[target]
    chosen = order[rank < n]
    count = np.bincount(table.target[chosen], minlength=table.targets)
    total = np.bincount(table.target[chosen], weights=table.ticks[chosen], minlength=table.targets)
    full = count == n
    return np.where(full, total / (n * TICKS_PER_SECOND), np.inf)


def cumulative(
    table: WalkTable, within_s: float, amount: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Add up the sources within `within_s` seconds of each target, (targets,).

    Parameters
    ----------
    table
        Made with a cut-off of at least `within_s`.
    within_s
        The time bound in seconds, inclusive.
    amount
        (sources,) what each source counts, its capacity say; 1 when left out.
    """
    near = table.within(within_s)
    weights = None if amount is None else np.asarray(amount, dtype=np.float64)[near.source]
    return np.bincount(near.target, weights=weights, minlength=table.targets).astype(np.float64)
