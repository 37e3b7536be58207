"""What a made-up facility is like: size, hours, condition; some of it not known."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import Floats, Strings
from lifecircle.engine.bundle.synthesis.setting import Setting
from lifecircle.engine.bundle.synthesis.stories import Size, Story, sizes, stories
from lifecircle.engine.bundle.synthesis.supply import asked_capacity
from lifecircle.engine.standards.model import FacilityType

_TOO_SMALL = 0.35
_SPREAD = 0.22
_LICENSED_RUNS = {"private", "mixed"}
_USE_SHOWN = 0.7
_STATE_KNOWN = 0.85
_COUNTED = {"outlets", "stops", "stations", "points", "centres", "complexes", "rooms"}


def describe(
    kind: FacilityType, setting: Setting, zone: NDArray[np.intp], rng: np.random.Generator
) -> dict[str, Any]:
    """Columns of the facilities table for facilities of one type in the given zones.

    Numbers that are not known are NaN, text and yes/no that are not known are empty.
    """
    size = sizes()[kind.id]
    told = [stories()[str(setting.character[z])] for z in zone]
    scale = _scale(told, rng)
    floor = np.round(size.floor_area_m2 * scale)
    known = rng.random(len(zone)) < _STATE_KNOWN
    return {
        "level": np.full(len(zone), "" if size.level == "none" else size.level, dtype=object),
        "capacity": _capacity(kind, setting, zone, size, scale, rng),
        "floor_area_m2": np.where(floor > 0, floor, np.nan),
        "hours": _hours(size, told, rng),
        "operating": _yes_no(1 - _of(told, "closed"), rng),
        "open_as_stated": np.where(known, _yes_no(_of(told, "open_as_stated"), rng), ""),
        "barrier_free": np.where(known, _yes_no(_of(told, "barrier_free"), rng), ""),
        "safe": np.where(known, _yes_no(1 - _of(told, "unsafe"), rng), ""),
        "licensed": _licensed(size, told, rng),
        "condition": np.where(known, _condition(told, rng), np.nan),
        "utilisation": _utilisation(told, rng),
        "year": 2025.0 - np.floor(rng.exponential(1.2, len(zone))).clip(0, 6),
    }


def _of(told: list[Story], name: str) -> Floats:
    return np.array([getattr(story, name) for story in told], dtype=np.float64)


def _scale(told: list[Story], rng: np.random.Generator) -> Floats:
    """Size over the typical one: log-normal about the story's, some far too small."""
    scale = _of(told, "size") * np.exp(rng.normal(0, _SPREAD, len(told)))
    small = rng.random(len(told)) < _of(told, "small")
    return np.where(small, _TOO_SMALL, 1.0) * scale


def _capacity(
    kind: FacilityType,
    setting: Setting,
    zone: NDArray[np.intp],
    size: Size,
    scale: Floats,
    rng: np.random.Generator,
) -> Floats:
    if kind.measure == "enrolment":
        share = rng.beta(4, 2, len(zone)) * np.minimum(1.2, 0.7 + 0.3 * scale)
        return np.floor(asked_capacity(kind, setting)[zone] * np.minimum(share, 1.0))
    if kind.id == "property_service":
        offices = np.bincount(zone, minlength=len(setting.code))[zone]
        return np.round(asked_capacity(kind, setting)[zone] / offices * np.minimum(scale, 1.4))
    if size.capacity <= 1 or kind.capacity_unit in _COUNTED:
        return np.full(len(zone), size.capacity)
    return np.maximum(1.0, np.round(size.capacity * scale))


def _hours(size: Size, told: list[Story], rng: np.random.Generator) -> Strings:
    """One of the type's hours, the first the likeliest; empty where not known or always free."""
    if not size.hours:
        return np.full(len(told), "", dtype=object)
    likely = 0.35 ** np.arange(len(size.hours))
    chosen = rng.choice(len(size.hours), len(told), p=likely / likely.sum())
    known = rng.random(len(told)) < _of(told, "hours_known")
    return np.where(known, np.array(size.hours, dtype=object)[chosen], "")


def _yes_no(share: Floats, rng: np.random.Generator) -> Strings:
    return np.where(rng.random(len(share)) < share, "yes", "no").astype(object)


def _licensed(size: Size, told: list[Story], rng: np.random.Generator) -> Strings:
    """Only what is run privately needs a licence of its own."""
    answer = _yes_no(1 - _of(told, "unlicensed"), rng)
    return answer if size.run in _LICENSED_RUNS else np.full(len(told), "", dtype=object)


def _condition(told: list[Story], rng: np.random.Generator) -> Floats:
    return np.clip(np.round(_of(told, "condition") + rng.normal(0, 0.7, len(told))), 1, 5)


def _utilisation(told: list[Story], rng: np.random.Generator) -> Floats:
    shown = rng.random(len(told)) < _USE_SHOWN
    value = np.clip(_of(told, "utilisation") + rng.normal(0, 0.18, len(told)), 0.05, 1.3)
    return np.where(shown, np.round(value, 2), np.nan)
