"""Residents and age bands of communities, from the district's total and the map's floor area."""

from __future__ import annotations

import numpy as np

from lifecircle.engine.bundle.model import Floats, Strings
from lifecircle.engine.standards.model import Standards

_PERSONS_A_HOUSEHOLD = 2.45
"""Chongqing, 7th census 2020."""
_ALONE = 0.11
"""Share of those of 60 and over who live alone: an assumption."""
_AGEDNESS = {
    "core": 0.05,
    "ordinary": 0.0,
    "ageing_slope": 0.35,
    "new_estate": -0.40,
    "remote": 0.10,
}
_FITTING_ROUNDS = 200


def largest_remainder(fractions: Floats, total: int) -> Floats:
    """Round down and hand what is left to the largest remainders; sums to `total` exactly."""
    whole = np.floor(fractions)
    order = np.argsort(whole - fractions, kind="stable")
    whole[order[: round(total - whole.sum())]] += 1
    return whole


def spread_population(
    floor_area_m2: Floats,
    character: Strings,
    total: float,
    standards: Standards,
    rng: np.random.Generator,
) -> dict[str, Floats]:
    """Return whole persons a community by band, and by the groups `residents` and by record.

    Residents follow floor area. Age bands start from the standard's shares, are tilted by the
    community's character and by chance, and are fitted to both margins (Deming and Stephan 1940),
    so that the district as a whole keeps the standard's shares.

    Parameters
    ----------
    floor_area_m2
        (communities,) lived-in floor area.
    character
        (communities,).
    total
        Residents of the district; taken as a whole number.
    """
    persons = round(total)
    residents = largest_remainder(floor_area_m2 / floor_area_m2.sum() * persons, persons)
    share = np.array([band.share.value for band in standards.bands.values()])
    share = share / share.sum()
    age = np.linspace(-1.0, 1.0, len(share))
    tilt = np.array([_AGEDNESS[str(c)] for c in character]) + rng.normal(0, 0.08, len(character))
    bands = share * np.exp(tilt[:, None] * age)
    for _ in range(_FITTING_ROUNDS):
        bands *= (share * persons / np.maximum(bands.sum(axis=0), 1e-12))[None, :]
        bands *= (residents / np.maximum(bands.sum(axis=1), 1e-12))[:, None]
    whole = np.array(
        [largest_remainder(row, int(n)) for row, n in zip(bands, residents, strict=True)]
    )
    result = {"residents": residents} | dict(zip(standards.bands, whole.T, strict=True))
    elders = result["age_60_74"] + result["age_75_plus"]
    result["households"] = np.round(residents / _PERSONS_A_HOUSEHOLD)
    alone = elders * _ALONE * np.exp(0.5 * tilt)
    result["elder_living_alone"] = np.minimum(np.round(alone), elders)
    return result


def group_persons(persons: dict[str, Floats], standards: Standards) -> dict[str, Floats]:
    """Add every demand group that its age bands make up; groups without a record stay absent."""
    groups = {
        group.id: np.sum([persons[band] * part.value for band, part in group.members], axis=0)
        for group in standards.groups.values()
        if not group.by_record
    }
    return groups | persons
