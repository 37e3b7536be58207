"""Dasymetric spread (Mennis 2003): people of an area over its residential buildings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def spread_total(total: float, floor_area_m2: Floats, known: Floats) -> Floats:
    """Spread a total over buildings by floor area, those with known residents first.

    Parameters
    ----------
    total
        People of the area.
    floor_area_m2
        (buildings,) weights, at least 0.
    known
        (buildings,) residents that are known, NaN where they are not.

    Returns
    -------
    (buildings,) people, summing to `total`. Where the known ones alone exceed the total, or leave
    nobody to take the rest, they are scaled to it.
    """
    fixed = np.isfinite(known)
    sure = float(known[fixed].sum())
    weight = np.where(fixed, 0.0, floor_area_m2)
    if not fixed.all() and weight.sum() <= 0:
        weight = np.where(fixed, 0.0, 1.0)
    if sure > total or (fixed.all() and sure > 0):
        return np.where(fixed, np.nan_to_num(known) / sure, 0.0) * total  # no overflow
    rest = total - sure
    share = weight / weight.sum() if weight.sum() > 0 else np.full(len(weight), 1 / len(weight))
    return np.where(fixed, np.nan_to_num(known), 0.0) + rest * share


def integerise(fractions: Floats, total: int | None = None) -> NDArray[np.int64]:
    """Round to whole numbers that keep the total, by largest remainder; ties go to the first.

    Parameters
    ----------
    fractions
        (n,) numbers of at least 0.
    total
        What they shall sum to; the rounded sum when left out.
    """
    goal = round(float(fractions.sum())) if total is None else total
    whole = np.floor(fractions).astype(np.int64)
    missing = goal - int(whole.sum())
    order = np.argsort(whole - fractions, kind="stable")
    if missing > 0 and len(order):
        whole += missing // len(order)
        whole[order[: missing % len(order)]] += 1
    return whole
