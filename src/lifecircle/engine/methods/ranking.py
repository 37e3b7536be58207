"""Ranking places by composites of their type scores: weights and composite chosen by name."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from lifecircle.engine.methods.classes import CLASSES, classify
from lifecircle.engine.methods.weights import ahp_weights, entropy_weights, topsis
from lifecircle.errors import NotFoundError

Floats = NDArray[np.float64]
Weights = Literal["equal", "entropy", "ahp"]
Composite = Literal["mean", "topsis"]

RANKING = pa.schema(
    [
        ("rank", pa.int64()),
        ("level", pa.string()),
        ("area", pa.string()),
        ("area_zh", pa.string()),
        ("area_en", pa.string()),
        ("value", pa.float64()),  # 0..100
        ("grade", pa.int64()),  # 1 best; relative to the other places
        ("grade_rank", pa.int64()),  # the rank by the default overall score, beside it
    ]
)


def rank_places(
    cards: pa.Table,
    *,
    level: str = "community",
    scope: str = "category",
    weights: Weights = "entropy",
    composite: Composite = "topsis",
    classes: str = "jenks",
    pairwise: ArrayLike | None = None,
) -> tuple[pa.Table, dict[str, float], float]:
    """Rank the places of one level by their categories or themes.

    Parameters
    ----------
    cards
        A run's cards (`CARDS`).
    level
        `street`, `community`, `grid` or `circle`.
    scope
        What the criteria are: `category` or `theme`. A criterion that is grey anywhere is left out.
    weights
        `entropy` from the data, `ahp` from `pairwise` judgements, or `equal`.
    composite
        `topsis` or a weighted `mean`.
    classes
        `jenks`, `equal` or `quantile`.
    pairwise
        (criteria, criteria) for `ahp`, in the order of the criteria that are returned.

    Returns
    -------
    table
        Columns `RANKING`, best first.
    weights
        By criterion.
    goodness
        Of the classes (goodness of variance fit).

    Raises
    ------
    NotFoundError
        No places of the level have cards, or no criterion is rated in all of them.
    ValueError
        Too few distinct values for the classes; judgements that are missing or contradict
        themselves.
    """
    rows = [r for r in cards.to_pylist() if r["level"] == level]
    areas = list(dict.fromkeys(r["area"] for r in rows))
    scores: dict[str, dict[str, float | None]] = {}
    for r in rows:
        if r["scope"] == scope:
            scores.setdefault(r["key"], {})[r["area"]] = r["score"]
    rated = {key: by for key, by in scores.items() if all(v is not None for v in by.values())}
    if not areas or not rated:
        raise NotFoundError(f"nothing to rank at the level {level!r} by {scope} / 没有可排名的地方")
    keys = list(rated)
    table = np.array([[rated[key][area] for key in keys] for area in areas], dtype=np.float64)
    weight = _weights(table, weights, pairwise, keys)
    value = 100.0 * topsis(table, weight) if composite == "topsis" else table @ weight
    found = classify(value, classes, min(CLASSES, len(areas)))
    overall = {r["area"]: r["score"] for r in rows if r["scope"] == "overall"}
    usual = sorted(areas, key=lambda a: (-(overall[a] or -1.0), a))
    names = {r["area"]: r for r in rows}
    order = sorted(range(len(areas)), key=lambda k: (-value[k], areas[k]))
    ranked = [
        {
            "rank": n, "level": level, "area": areas[k], "area_zh": names[areas[k]]["area_zh"],
            "area_en": names[areas[k]]["area_en"], "value": float(value[k]),
            "grade": int(len(found.bounds) - found.label[k]), "grade_rank": usual.index(areas[k]) + 1,
        }
        for n, k in enumerate(order, start=1)
    ]  # fmt: skip
    by_key = dict(zip(keys, map(float, weight), strict=True))
    return pa.Table.from_pylist(ranked, schema=RANKING), by_key, found.goodness


def _weights(table: Floats, by: Weights, pairwise: ArrayLike | None, keys: list[str]) -> Floats:
    if by == "equal":
        return np.full(table.shape[1], 1.0 / table.shape[1])
    if by == "entropy":
        return entropy_weights(table)
    if pairwise is None or np.asarray(pairwise).shape != (len(keys), len(keys)):
        raise ValueError(
            f"ahp needs a {len(keys)} x {len(keys)} table of judgements of {', '.join(keys)}"
        )
    return ahp_weights(pairwise)
