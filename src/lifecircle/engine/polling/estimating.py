"""What weighted answers say of everybody, and between which values it lies."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.stats
from numpy.typing import ArrayLike, NDArray

from lifecircle.errors import InputError, Issue

Floats = NDArray[np.float64]

LEAST_ANSWERS = 10
"""Estimates of fewer answers are not shown (proposal): they say more of a few people than of a group."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate, its standard error and interval, and how many answers it stands on.

    Where these are fewer than were asked for, `suppressed` is true and the figures are NaN.
    """

    value: float
    error: float
    low: float
    high: float
    answers: int
    suppressed: bool = False


def mean(
    values: ArrayLike, weight: ArrayLike, *, within: ArrayLike | None = None, strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None, level: float = 0.95, least: int = LEAST_ANSWERS,
) -> Estimate:  # fmt: skip
    """Estimate a mean over everybody, or over a part of them.

    Linearised variance of a weighted mean (Binder 1983; Lumley 2010), clusters drawn with replacement within strata; an
    interval of Student's t with clusters less strata degrees of freedom. A stratum with one cluster is
    centred at the mean over all.

    Parameters
    ----------
    values
        (answers,); NaN is no answer to this question.
    weight
        (answers,) people that each stands for.
    within
        (answers,) which belong to the part that is asked about.
    strata, clusters
        (answers,) how they were drawn: communities, buildings; without, everybody by themselves.
    level
        Of the interval.
    least
        Estimates on fewer answers are suppressed.

    Raises
    ------
    InputError
        Shapes do not match, a weight is none, or the level is not between 0 and 1.
    """
    y, w, part, stratum, cluster = _arrays(values, weight, within, strata, clusters, level)
    answers = int(part.sum())
    if answers < max(least, 1):
        nothing = float("nan")
        return Estimate(nothing, nothing, nothing, nothing, answers, suppressed=True)
    inside = w * part
    value = float(inside @ np.where(part, y, 0.0) / inside.sum())
    residual = inside * (np.where(part, y, value) - value) / inside.sum()
    error, freedom = _error(residual, stratum, cluster)
    half = float(scipy.stats.t.ppf(0.5 + level / 2, freedom)) * error if freedom > 0 else math.inf
    return Estimate(value, error, value - half, value + half, answers)


def share(
    chosen: ArrayLike, weight: ArrayLike, *, level: float = 0.95, least: int = LEAST_ANSWERS, **how: Any
) -> Estimate:  # fmt: skip
    """Estimate the share of everybody who would choose something; the interval stays within 0 and 1 (logit).

    Parameters
    ----------
    chosen
        (answers,) 1, 0, or NaN for no answer.
    weight, level, least, how
        As of `mean`.
    """
    one = mean(chosen, weight, level=level, least=least, **how)
    if one.suppressed or not 0.0 < one.value < 1.0:
        return one
    # As on the logit scale: the t quantile is that of the plain interval.
    quantile = (one.high - one.value) / one.error if one.error > 0 else 0.0
    if not math.isfinite(quantile):
        return Estimate(one.value, one.error, 0.0, 1.0, one.answers)
    centre = math.log(one.value / (1.0 - one.value))
    half = quantile * one.error / (one.value * (1.0 - one.value))
    low, high = (
        1.0 / (1.0 + math.exp(-min(max(x, -700.0), 700.0))) for x in (centre - half, centre + half)
    )
    return Estimate(one.value, one.error, low, high, one.answers)


def shares(
    answer: Sequence[Hashable | None], weight: ArrayLike, *, options: Sequence[Hashable] | None = None, **how: Any
) -> Mapping[Any, Estimate]:  # fmt: skip
    """Estimate the share of each option of a question; None is no answer. As `share`."""
    given = [one for one in dict.fromkeys(answer) if one is not None]
    known = np.array([one is not None for one in answer], dtype=bool)
    return {
        option: share(np.where(known, [one == option for one in answer], np.nan), weight, **how)
        for option in (options or given)
    }


def _error(
    residual: Floats, stratum: NDArray[np.int64], cluster: NDArray[np.int64]
) -> tuple[float, int]:
    """The standard error of a sum of residuals, and its degrees of freedom."""
    _, first, number = np.unique(cluster, return_index=True, return_inverse=True)
    total = np.bincount(number, residual)
    of = stratum[first]
    variance, strata = 0.0, np.unique(of)
    for one in strata:
        here = total[of == one]
        count = len(here)
        if count > 1:
            variance += count / (count - 1) * float(((here - here.mean()) ** 2).sum())
        else:
            variance += float(here[0] ** 2)
    return math.sqrt(variance), len(total) - len(strata)


def _arrays(
    values: ArrayLike, weight: ArrayLike, within: ArrayLike | None, strata: ArrayLike | None,
    clusters: ArrayLike | None, level: float,
) -> tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    y = np.asarray(values, dtype=np.float64)
    w = np.asarray(weight, dtype=np.float64)
    count = len(y)
    known = np.isfinite(y)
    part = known if within is None else known & np.asarray(within, dtype=bool)
    stratum = np.zeros(count, dtype=np.int64) if strata is None else _numbers(strata)
    cluster = np.arange(count) if clusters is None else _numbers(clusters)
    for column, one in (
        ("weight", w),
        ("within", part),
        ("strata", stratum),
        ("clusters", cluster),
    ):
        if one.shape != (count,):
            raise _refused(
                column, str(one.shape), f"{count}, one an answer", f"{count} 个, 每份答卷一个"
            )
    if not (np.isfinite(w).all() and (w > 0).all()):
        raise _refused("weight", "", "numbers above 0", "大于 0 的数")
    if not 0 < level < 1:
        raise _refused("level", f"{level:g}", "between 0 and 1", "0 与 1 之间")
    # A cluster's number may come again in another stratum: together they name it.
    pair = np.unique(np.column_stack([stratum, cluster]), axis=0, return_inverse=True)[1]
    return y, w, part, stratum, pair.ravel().astype(np.int64)


def _numbers(labels: ArrayLike) -> NDArray[np.int64]:
    return np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64)


def _refused(column: str, value: str, en: str, zh: str) -> InputError:
    issue = Issue("polling", "answers", en, zh, column=column, value=value[:80])
    return InputError("nothing can be estimated / 无法估计", (issue,))
