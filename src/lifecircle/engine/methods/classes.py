"""Relative classes: Jenks natural breaks with their goodness, equal intervals, quantiles.

For ranking only: relative breaks always paint somebody red and cannot show progress between years.

Sources
-------
Fisher 1958; Jenks 1977.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
CLASSES = 5


@dataclass(frozen=True, slots=True)
class Classes:
    """Upper bounds of the classes, rising, (classes,); each value's class from 0; the goodness.

    `goodness` is the goodness of variance fit: 1 - within-class over total squared deviation; 0.8
    and more is good.
    """

    bounds: Floats
    label: NDArray[np.int64]
    goodness: float


def jenks(values: ArrayLike, k: int = CLASSES) -> Classes:
    """Natural breaks: the classes with the least squared deviation within (exactly, Fisher 1958).

    Raises
    ------
    ValueError
        Fewer than `k` distinct values.
    """
    x = np.asarray(values, dtype=np.float64)
    distinct, count = np.unique(x, return_counts=True)
    n = len(distinct)
    if n < k:
        raise ValueError(f"{n} distinct values cannot make {k} classes")
    weight = np.concatenate([[0.0], np.cumsum(count)])
    total = np.concatenate([[0.0], np.cumsum(count * distinct)])
    square = np.concatenate([[0.0], np.cumsum(count * distinct**2)])
    i = np.arange(n)

    def cost(first: NDArray[np.int64], last: int) -> Floats:
        w, s = weight[last] - weight[first], total[last] - total[first]
        result: Floats = square[last] - square[first] - s * s / w
        return result

    best = np.array([cost(np.array([0]), last)[0] for last in range(1, n + 1)])
    starts = [np.zeros(n, dtype=np.int64)]
    for classes in range(1, k):
        now, start = np.full(n, np.inf), np.zeros(n, dtype=np.int64)
        for last in range(classes, n):
            first = i[classes : last + 1]
            options = best[first - 1] + cost(first, last + 1)
            chosen = int(np.argmin(options))
            now[last], start[last] = options[chosen], first[chosen]
        best = now
        starts.append(start)
    bounds, last = [], n - 1
    for start in reversed(starts):
        bounds.append(distinct[last])
        last = int(start[last]) - 1
    return _classes(x, np.array(bounds[::-1]))


def equal_interval(values: ArrayLike, k: int = CLASSES) -> Classes:
    """Classes of one width between the least and the largest value."""
    x = np.asarray(values, dtype=np.float64)
    return _classes(x, np.linspace(x.min(), x.max(), k + 1)[1:])


def quantile(values: ArrayLike, k: int = CLASSES) -> Classes:
    """Classes of about as many values each."""
    x = np.asarray(values, dtype=np.float64)
    return _classes(x, np.quantile(x, np.arange(1, k + 1) / k))


def classify(values: ArrayLike, method: str, k: int = CLASSES) -> Classes:
    """Classify by a method's name: `jenks`, `equal`, `quantile`.

    Raises
    ------
    ValueError
        There is no such method, or too few distinct values.
    """
    methods: dict[str, Callable[[ArrayLike, int], Classes]] = {
        "jenks": jenks, "equal": equal_interval, "quantile": quantile,
    }  # fmt: skip
    if method not in methods:
        raise ValueError(f"classes are by {', '.join(methods)}, not {method!r}")
    return methods[method](values, k)


def _classes(x: Floats, bounds: Floats) -> Classes:
    label = np.minimum(np.searchsorted(bounds, x, side="left"), len(bounds) - 1)
    spread = float(((x - x.mean()) ** 2).sum())
    within = sum(
        float(((x[label == c] - x[label == c].mean()) ** 2).sum()) for c in np.unique(label)
    )
    return Classes(bounds, label.astype(np.int64), 1.0 - within / spread if spread > 0 else 1.0)
