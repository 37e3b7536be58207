"""How many people each answer stands for."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lifecircle.errors import InputError, Issue

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weighted:
    """`weight`, (answers,), people that each answer stands for; `missing` groups of people that nobody answered for.

    `rounds` is how often raking went through its margins (0 for poststratification), `off` the largest share by which a
    margin is missed in the end.
    """

    weight: Floats
    missing: tuple[Any, ...]
    rounds: int = 0
    off: float = 0.0

    @property
    def effective(self) -> float:
        """How many equal answers these are worth: (sum w)^2 / sum w^2 (Kish 1965)."""
        return float(self.weight.sum() ** 2 / (self.weight**2).sum())


def poststratified(
    cell: Sequence[Hashable], population: Mapping[Any, float], *, base: ArrayLike | None = None
) -> Weighted:
    """Weigh answers so that each cell counts as many people as live in it.

    Parameters
    ----------
    cell
        (answers,) which cell each belongs to: a community and an age band, say.
    population
        People of each cell.
    base
        (answers,) weights of the design, where not everybody was asked with the same chance.

    Raises
    ------
    InputError
        An answer's cell has no people, or a number is none.
    """
    cells, weight = list(cell), _base(len(cell), base)
    _check_population(population)
    sums: dict[Any, float] = {}
    for name, one in zip(cells, weight, strict=True):
        sums[name] = sums.get(name, 0.0) + float(one)
    unknown = [name for name in sums if not population.get(name)]
    if unknown:
        raise _refused("cell", str(unknown[0]), "a cell that people live in", "有人口的分组")
    factor = np.array([population[name] / sums[name] for name in cells])
    missing = tuple(name for name, people in population.items() if people > 0 and name not in sums)
    return Weighted(weight * factor, missing)


def raked(
    margins: Sequence[tuple[Sequence[Hashable], Mapping[Any, float]]],
    *,
    base: ArrayLike | None = None,
    tolerance: float = 1e-6,
    most: int = 500,
) -> Weighted:
    """Weigh answers so that every margin counts as many people as it has (Deming and Stephan 1940).

    Where the cells of all margins together are too small for `poststratified`: by community, and by age, say.

    Parameters
    ----------
    margins
        Of each: (answers,) the group that each answer belongs to, and the people of each group.
    base
        As of `poststratified`.
    tolerance, most
        Until every group is met to this share, or for so many rounds; `Weighted.off` says how it ended.

    Raises
    ------
    InputError
        There is no margin, an answer's group has no people, or a number is none.
    """
    if not margins:
        raise _refused("margins", "0", "one or more margins", "至少一个边际")
    weight = _base(len(margins[0][0]), base)
    missing: list[Any] = []
    prepared = []
    for groups, population in margins:
        found = poststratified(groups, population, base=weight)
        missing += found.missing
        names = {name: k for k, name in enumerate(dict.fromkeys(groups))}
        number = np.array([names[name] for name in groups])
        target = np.array([population[name] for name in names], dtype=np.float64)
        prepared.append((number, target))
    off, rounds = np.inf, 0
    while off > tolerance and rounds < most:
        for number, target in prepared:
            weight = weight * (target / np.bincount(number, weight))[number]
        off = max(
            float(np.abs(np.bincount(number, weight) / target - 1.0).max())
            for number, target in prepared
        )
        rounds += 1
    return Weighted(weight, tuple(missing), rounds, off)


def _base(count: int, base: ArrayLike | None) -> Floats:
    if count == 0:
        raise _refused("cell", "0", "one or more answers", "至少一份答卷")
    weight = np.ones(count) if base is None else np.asarray(base, dtype=np.float64)
    if weight.shape != (count,) or not (np.isfinite(weight).all() and (weight > 0).all()):
        raise _refused(
            "base", str(weight.shape), f"{count} numbers above 0", f"{count} 个大于 0 的数"
        )
    return weight


def _check_population(population: Mapping[Any, float]) -> None:
    for name, people in population.items():
        if not (np.isfinite(people) and people >= 0):
            raise _refused(
                "population", f"{name}: {people}", "numbers of 0 or more", "不小于 0 的数"
            )


def _refused(column: str, value: str, en: str, zh: str) -> InputError:
    issue = Issue("polling", "answers", en, zh, column=column, value=value[:80])
    return InputError("answers cannot be weighted / 无法加权", (issue,))
