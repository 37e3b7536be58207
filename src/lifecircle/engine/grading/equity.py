"""How evenly access is spread over residents: Lorenz curve and Gini coefficient.

Gini (1912), Lorenz (1905). The bands that are used for income (under 0.2 very even ... over 0.5 severe)
carry over to facilities with caution only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.grading.parts import TypeParts

Floats = NDArray[np.float64]


def reach_share(parts: list[TypeParts]) -> Floats:
    """The mean share of people served by the base types at each demand point, (points,).

    Each base type with a walking limit counts alike; at a point where nobody of a type's group
    lives, that type is left out. NaN where none is left.
    """
    base = [p for p in parts if p.kind.type_class == "base" and p.kind.walk_min is not None]
    count = len(parts[0].people) if parts else 0
    total, types = np.zeros(count), np.zeros(count)
    for one in base:
        lives = one.people > 0
        total[lives] += one.covered[lives] / one.people[lives]
        types += lives
    return np.divide(total, types, out=np.full(count, np.nan), where=types > 0)


def lorenz(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Cumulative shares of people and of what they have, poorest first, from (0, 0) to (1, 1).

    Parameters
    ----------
    values
        (n,) what each person has, at least 0.
    weights
        (n,) people.
    """
    use = np.isfinite(values) & (weights > 0)
    order = np.argsort(values[use], kind="stable")
    people, have = weights[use][order], (values[use] * weights[use])[order]
    if not have.sum() > 0:
        return np.array([0.0, 1.0]), np.array([0.0, 1.0])
    x = np.concatenate([[0.0], np.cumsum(people) / people.sum()])
    y = np.concatenate([[0.0], np.cumsum(have) / have.sum()])
    return x, y


def gini(values: Floats, weights: Floats) -> float:
    """The Gini coefficient over people: 0 all alike, towards 1 one has all; NaN without people."""
    use = np.isfinite(values) & (weights > 0)
    if not use.any():
        return float("nan")
    x, y = lorenz(values, weights)
    return float(1.0 - np.sum(np.diff(x) * (y[1:] + y[:-1])))
