"""How many facilities of each type each community gets: the standard's norms, told unevenly."""

from __future__ import annotations

import numpy as np

from lifecircle.engine.bundle.model import Floats, Ints
from lifecircle.engine.bundle.synthesis.setting import Setting
from lifecircle.engine.bundle.synthesis.stories import sizes, stories
from lifecircle.engine.standards.model import FacilityType

_CIRCLE_PACKING = 0.45
"""Walks wind: a radius serves about this share of its circle."""
_RESIDENTS_A_STREET = 52_000.0
_LOTS_M2 = 400_000.0
"""Floor area that one property office looks after."""


def asked_capacity(kind: FacilityType, setting: Setting) -> Floats:
    """What the norm asks of each zone in the type's capacity unit; zeros without such a norm."""
    zones = len(setting.code)
    if kind.norm is None or kind.measure not in {"supply", "count", "ratio", "enrolment"}:
        return np.zeros(zones)
    group = setting.persons.get(kind.group, np.zeros(zones))
    base = {
        "group": group,
        "group_1000": group / 1000.0,
        "residents_1000": setting.persons["residents"] / 1000.0,
        "floor_1000_m2": setting.floor_area_m2() / 1000.0,
    }[kind.norm_base]
    return np.asarray(base * kind.norm.value, dtype=np.float64)


def expected(kind: FacilityType, setting: Setting) -> Floats:
    """Facilities that each zone would have if all were well, as fractions.

    The surround has as many to a resident as the district.
    """
    count = _asked_count(kind, setting)
    residents, within = setting.persons["residents"], setting.within
    each = count[within].sum() / residents[within].sum()
    return np.where(within, count, residents * each)


def _asked_count(kind: FacilityType, setting: Setting) -> Floats:
    size = sizes()[kind.id]
    residents = setting.persons["residents"]
    if kind.measure == "enrolment":
        return np.ones(len(residents))
    if kind.id == "property_service":
        return setting.floor_area_m2() / _LOTS_M2
    if kind.measure in {"supply", "count"}:
        return size.factor * asked_capacity(kind, setting) / size.capacity
    if kind.measure == "per_place":
        one = np.ones(len(residents)) if kind.norm_base == "community" else _a_street(setting)
        return size.factor * one
    if kind.radius_m is None:
        return size.factor * residents / _RESIDENTS_A_STREET
    served = np.pi * kind.radius_m.value**2 * _CIRCLE_PACKING
    return size.factor * _lived_area_m2(setting) / served


def counts(kind: FacilityType, setting: Setting, rng: np.random.Generator) -> Ints:
    """Whole facilities a zone: what is expected, by each community's story.

    Fractions are rounded by systematic sampling (one random start, equal steps), so that the sum
    is what the fractions sum to.
    """
    told = stories()
    supplied = np.array([told[str(c)].supplied(kind.category) for c in setting.character])
    chance = np.array([told[str(c)].missing.get(kind.id, 0.0) for c in setting.character])
    absent = rng.random(len(supplied)) < chance
    fraction = expected(kind, setting) * supplied * ~absent
    if kind.measure == "per_place":
        fraction = np.minimum(fraction, 1.0)
    steps = np.floor(np.cumsum(fraction) + rng.random())
    return np.diff(steps, prepend=0.0).clip(0).astype(np.int32)


def _a_street(setting: Setting) -> Floats:
    """One a street, spread evenly over its communities."""
    members = np.bincount(setting.street)[setting.street]
    return np.asarray(1.0 / members, dtype=np.float64)


def _lived_area_m2(setting: Setting) -> Floats:
    """Area of a zone that is within about 100 m of a building, at most the whole."""
    homes = setting.homes
    block = np.unique(np.column_stack([homes.x // 150, homes.y // 150, homes.zone]), axis=0)
    lived = np.bincount(block[:, 2].astype(np.intp), minlength=len(setting.code)) * 150.0**2
    return np.asarray(np.minimum(lived, setting.area_m2), dtype=np.float64)
