"""Floating catchment areas: supply shared among the people who can walk to it.

Sources
-------
Luo & Wang 2003 (2SFCA); Luo & Qi 2009 (E2SFCA, zones); Dai 2010 (Gaussian); Wan, Zou & Sternberg
2012 (3SFCA).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lifecircle.engine.reach.table import WalkTable

Floats = NDArray[np.float64]
Decay = Callable[[Floats], Floats]
"""From seconds, (pairs,), to weights in 0..1."""


def binary(d0_s: float) -> Decay:
    """Weigh 1 up to and including `d0_s` seconds, 0 beyond (Luo & Wang 2003)."""
    return lambda seconds: (seconds <= d0_s).astype(np.float64)


def zones(limits_s: Sequence[float], weights: Sequence[float]) -> Decay:
    """Weigh by zone: `weights[k]` up to and including `limits_s[k]` (Luo & Qi 2009).

    Raises
    ------
    ValueError
        The limits do not rise, or there are not as many weights.
    """
    edges = np.asarray(limits_s, dtype=np.float64)
    steps = np.append(np.asarray(weights, dtype=np.float64), 0.0)
    if len(steps) != len(edges) + 1 or np.any(np.diff(edges) <= 0):
        raise ValueError("zones need rising limits and one weight each")
    return lambda seconds: steps[np.searchsorted(edges, seconds, side="left")]


def gaussian(d0_s: float) -> Decay:
    """Weigh by Dai's (2010) Gaussian: 1 at 0, exactly 0 at `d0_s` and beyond.

    Raises
    ------
    ValueError
        `d0_s` is not positive.
    """
    if not d0_s > 0:
        raise ValueError("d0_s must be positive")
    floor = np.exp(-0.5)

    def decay(seconds: Floats) -> Floats:
        weight = (np.exp(-0.5 * (seconds / d0_s) ** 2) - floor) / (1.0 - floor)
        return np.where(seconds < d0_s, weight, 0.0)

    return decay


@dataclass(frozen=True, slots=True)
class Catchment:
    """The two sides of a floating catchment area.

    `ratio` is supply over weighted demand, (sources,), 0 where no demand reaches; `access` what a
    person gets, (targets,); `weighted_demand` the denominators, (sources,).
    """

    ratio: Floats
    access: Floats
    weighted_demand: Floats


def two_step(table: WalkTable, supply: ArrayLike, demand: ArrayLike, decay: Decay) -> Catchment:
    """Two-step floating catchment area.

    Parameters
    ----------
    table
        Walks between the supply points (sources) and the demand points (targets).
    supply
        (sources,) capacity S_j.
    demand
        (targets,) people p_i.
    decay
        `binary` for 2SFCA, `zones` for E2SFCA, `gaussian` for the Gaussian form.

    Notes
    -----
    R_j = S_j / sum_i p_i w_ij and A_i = sum_j R_j w_ij, so that sum_i p_i A_i = sum_j S_j over the
    supply that some demand reaches with positive weight. Sums run in the order of the table:
    the same bits whatever the number of threads.
    """
    weight = decay(table.seconds)
    return _share(table, np.asarray(supply, dtype=np.float64), np.asarray(demand, float), weight)


def three_step(table: WalkTable, supply: ArrayLike, demand: ArrayLike, decay: Decay) -> Catchment:
    """Three-step floating catchment area (Wan et al. 2012): nearer supply draws more demand.

    G_ij = w_ij / sum_k w_ik is the share of i's demand that turns to j; the two steps then use
    G_ij w_ij in place of w_ij.
    """
    weight = decay(table.seconds)
    total = np.bincount(table.target, weights=weight, minlength=table.targets)[table.target]
    chosen = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0) * weight
    return _share(table, np.asarray(supply, dtype=np.float64), np.asarray(demand, float), chosen)


def _share(table: WalkTable, supply: Floats, demand: Floats, weight: Floats) -> Catchment:
    source = table.source
    drawn: Floats = np.bincount(
        source, weights=demand[table.target] * weight, minlength=table.sources
    ).astype(np.float64)
    ratio = np.divide(supply, drawn, out=np.zeros(table.sources), where=drawn > 0)
    access: Floats = np.bincount(
        table.target, weights=ratio[source] * weight, minlength=table.targets
    ).astype(np.float64)
    return Catchment(ratio, access, drawn)
