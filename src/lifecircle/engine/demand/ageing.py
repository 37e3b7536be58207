"""Simple cohort ageing: everybody who stays alive gets a year older every year; nobody moves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lifecircle.engine.bundle.model import District
from lifecircle.errors import InputError, Issue

Floats = NDArray[np.float64]

_AGES = re.compile(r"age_(\d+)_(?:(\d+)|plus)$")
_MOST_YEARS = 50


@dataclass(frozen=True, slots=True)
class Ageing:
    """What happens to people in a year.

    Attributes
    ----------
    births_per_1000
        Births to 1,000 residents.
    deaths_per_1000
        Deaths among 1,000 people of an age band, by the band's id; 0 for bands that are not named.

    Notes
    -----
    The defaults are proposals, to be verified: births of the whole country (6.39 per 1,000 in 2023, National
    Bureau of Statistics), deaths of each age rounded from national life tables.
    """

    births_per_1000: float = 6.4
    deaths_per_1000: Mapping[str, float] = field(
        default_factory=lambda: {
            "age_0_2": 1.5, "age_3_5": 0.3, "age_6_11": 0.2, "age_12_14": 0.3, "age_15_59": 1.7,
            "age_60_74": 13.0, "age_75_plus": 68.0,
        }
    )  # fmt: skip


def aged(
    persons: ArrayLike, bands: Sequence[str], years: int = 5, ageing: Ageing | None = None
) -> Floats:
    """Grow people older.

    Within a band people are spread evenly over its years at first; the oldest band is open. Every year some of each
    age die, the others become a year older, and children are born to all residents.

    Parameters
    ----------
    persons
        (points, bands) people now.
    bands
        Their ids: `age_0_2` .. `age_75_plus`, the youngest first, without gaps.
    years
        0 to 50.
    ageing
        Births and deaths.

    Returns
    -------
    (points, bands) people then, in fractions.

    Raises
    ------
    InputError
        The bands are not ages without gaps from 0, or a number is none.
    """
    ageing = ageing or Ageing()
    starts = _starts(bands)
    now = np.asarray(persons, dtype=np.float64)
    _check(now, bands, years, ageing)
    deaths = np.array([ageing.deaths_per_1000.get(band, 0.0) for band in bands]) / 1000.0
    oldest = starts[-1]
    band_of_age = np.searchsorted(starts, np.arange(oldest + 1), side="right") - 1
    widths = np.append(np.diff(starts), 1)
    ages = now[:, band_of_age] / widths[band_of_age]
    for _ in range(years):
        born = ages.sum(axis=1) * ageing.births_per_1000 / 1000.0
        alive = ages * (1.0 - deaths[band_of_age])
        ages[:, 1:] = alive[:, :-1]
        ages[:, -1] += alive[:, -1]
        ages[:, 0] = born
    return np.add.reduceat(ages, starts, axis=1)


def aged_district(district: District, years: int = 5, ageing: Ageing | None = None) -> District:
    """The same district when its people are some years older; groups by record stay as they were counted."""
    people = aged(district.demand.persons, list(district.standards.bands), years, ageing)
    return replace(district, demand=replace(district.demand, persons=people))


def _starts(bands: Sequence[str]) -> NDArray[np.int64]:
    """The first age of each band."""
    starts, after = [], 0
    for k, band in enumerate(bands):
        found = _AGES.match(band)
        last = k == len(bands) - 1
        if found is None or int(found[1]) != after or (found[2] is None) != last:
            said = (
                "age bands from 0 without gaps, the last open",
                "从 0 岁起无间断的年龄段, 末段开口",
            )
            raise _refused("bands", band, *said)
        starts.append(after)
        after = 0 if found[2] is None else int(found[2]) + 1
    return np.array(starts, dtype=np.int64)


def _check(persons: Floats, bands: Sequence[str], years: int, ageing: Ageing) -> None:
    if persons.ndim != 2 or persons.shape[1] != len(bands):
        raise _refused(
            "persons", str(persons.shape), f"(points, {len(bands)})", f"(点, {len(bands)})"
        )
    if not (np.isfinite(persons).all() and (persons >= 0).all()):
        raise _refused("persons", "", "numbers of 0 or more", "不小于 0 的数")
    if not 0 <= years <= _MOST_YEARS:
        raise _refused("years", str(years), f"0 to {_MOST_YEARS}", f"0 至 {_MOST_YEARS}")
    rates = [ageing.births_per_1000, *ageing.deaths_per_1000.values()]
    if not all(0 <= rate <= 1000 for rate in rates):
        raise _refused("ageing", str(rates), "0 to 1,000 per 1,000", "每千人 0 至 1000")


def _refused(column: str, value: str, en: str, zh: str) -> InputError:
    issue = Issue("demand", "ageing", en, zh, column=column, value=value[:80])
    return InputError("people cannot be aged / 无法推算人口", (issue,))
