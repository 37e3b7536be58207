"""Weights from data (entropy) and from judgement (AHP); TOPSIS on weighted criteria.

Sources
-------
Shannon 1948; Saaty 1980 (AHP, random indices); Hwang & Yoon 1981 (TOPSIS).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

CONSISTENT = 0.10
"""Judgements with a consistency ratio from here on contradict themselves."""
_RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)


def entropy_weights(values: ArrayLike) -> Floats:
    """Weigh criteria by how much they tell places apart: (criteria,), summing to 1.

    w_j = (1 - e_j) / sum (1 - e_k), e_j = -1/ln n sum p_ij ln p_ij, p_ij = x_ij / sum_i x_ij; 0 ln 0
    is 0. A criterion that is the same everywhere, or nought, weighs 0; if all are, all weigh alike.

    Parameters
    ----------
    values
        (places, criteria) numbers of at least 0, two places or more.

    Raises
    ------
    ValueError
        Negative or missing values, or fewer than two places.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 2 or len(x) < 2 or not np.isfinite(x).all() or (x < 0).any():
        raise ValueError("entropy weights need a (places >= 2, criteria) table of numbers >= 0")
    total = x.sum(axis=0)
    p = np.divide(x, total, out=np.zeros_like(x), where=total > 0)
    entropy = -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1.0)), 0.0), axis=0) / np.log(
        len(x)
    )
    apart = np.where(total > 0, np.maximum(1.0 - entropy, 0.0), 0.0)
    apart[apart < 1e-12] = 0.0
    if apart.sum() <= 0:
        return np.full(x.shape[1], 1.0 / x.shape[1])
    weights: Floats = apart / apart.sum()
    return weights


def ahp_weights(pairwise: ArrayLike) -> Floats:
    """Weights from pairwise judgements: the principal eigenvector, (criteria,), summing to 1.

    Parameters
    ----------
    pairwise
        (criteria, criteria): how much more row counts than column, 1/9 to 9, reciprocal.

    Raises
    ------
    ValueError
        Not square, reciprocal and positive; over 10 criteria; or a consistency ratio of 0.10 or
        more: the message says it.
    """
    ratio = consistency_ratio(pairwise)
    if ratio >= CONSISTENT:
        raise ValueError(
            f"the judgements contradict themselves: CR = {ratio:.3f}, not under {CONSISTENT}"
        )
    return _principal(np.asarray(pairwise, dtype=np.float64))[0]


def consistency_ratio(pairwise: ArrayLike) -> float:
    """How far judgements contradict themselves: CR = CI / RI, CI = (lambda - n) / (n - 1).

    Raises
    ------
    ValueError
        Not square, reciprocal and positive, or over 10 criteria.
    """
    a = np.asarray(pairwise, dtype=np.float64)
    n = len(a)
    if a.shape != (n, n) or not 1 <= n <= len(_RANDOM_INDEX):
        raise ValueError(f"judgements are a square table of 1 to {len(_RANDOM_INDEX)} criteria")
    if not (a > 0).all() or not np.allclose(a * a.T, 1.0, atol=0.02):
        raise ValueError("judgements are positive and reciprocal: a_ji = 1 / a_ij")
    if n < 3:
        return 0.0
    return max((_principal(a)[1] - n) / (n - 1) / _RANDOM_INDEX[n - 1], 0.0)


def _principal(a: Floats) -> tuple[Floats, float]:
    values, vectors = np.linalg.eig(a)
    k = int(np.argmax(values.real))
    vector = np.abs(vectors[:, k].real)
    return vector / vector.sum(), float(values[k].real)


def topsis(values: ArrayLike, weights: ArrayLike) -> Floats:
    """Closeness to the best and distance from the worst of all, (places,), 0 to 1.

    C = D- / (D+ + D-) after vector normalisation; every criterion is the better the larger.

    Parameters
    ----------
    values
        (places, criteria).
    weights
        (criteria,) at least 0.
    """
    x = np.asarray(values, dtype=np.float64)
    size = np.sqrt((x**2).sum(axis=0))
    v = np.divide(x, size, out=np.zeros_like(x), where=size > 0) * np.asarray(
        weights, dtype=np.float64
    )
    up, down = (np.sqrt(((v - edge) ** 2).sum(axis=1)) for edge in (v.max(axis=0), v.min(axis=0)))
    return np.divide(down, up + down, out=np.full(len(x), 0.5), where=up + down > 0)
