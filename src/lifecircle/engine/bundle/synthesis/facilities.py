"""Made-up facilities of all types, beside what the map itself has."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from lifecircle.engine.bundle.extract import MapFacilities
from lifecircle.engine.bundle.model import Floats, Ints, Strings
from lifecircle.engine.bundle.synthesis import siting, supply
from lifecircle.engine.bundle.synthesis.attributes import describe
from lifecircle.engine.bundle.synthesis.setting import Setting
from lifecircle.engine.standards.model import FacilityType, Standards

SOURCE = "合成数据 synthetic"


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Columns of the facilities table but for the id, with metres and the zone beside."""

    x: Floats
    y: Floats
    zone: NDArray[np.intp]
    columns: dict[str, Any]


def generator(seed: int, *names: str) -> np.random.Generator:
    """A generator of its own for each purpose, so that one more draw here moves nothing there."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def synthesise_facilities(
    standards: Standards, setting: Setting, real: MapFacilities, seed: int
) -> MadeUp:
    """Make up what the standards ask for less what the map has, unevenly by community.

    Parameters
    ----------
    real
        The map's own facilities; each counts for the zone of the building nearest to it.
    """
    homes = KDTree(np.column_stack([setting.homes.x, setting.homes.y]))
    _, nearest = homes.query(np.column_stack([real.x, real.y]))
    real_zone = setting.homes.zone[nearest]
    parts = [
        _of_type(kind, setting, real, real_zone, generator(seed, "facilities", kind.id))
        for kind in standards.types.values()
    ]
    names = parts[0].columns
    return MadeUp(
        x=np.concatenate([part.x for part in parts]),
        y=np.concatenate([part.y for part in parts]),
        zone=np.concatenate([part.zone for part in parts]),
        columns={name: np.concatenate([part.columns[name] for part in parts]) for name in names},
    )


def _of_type(
    kind: FacilityType,
    setting: Setting,
    real: MapFacilities,
    real_zone: Ints,
    rng: np.random.Generator,
) -> MadeUp:
    same = real.type == kind.id
    there = np.bincount(real_zone[same], minlength=len(setting.code))
    count = supply.counts(kind, setting, rng)
    if kind.measure != "enrolment":
        count = np.maximum(count - there, 0).astype(np.int32)
    if not count.any() and not same.any():
        count[int(np.argmax(setting.persons["residents"]))] = 1  # no type is unheard of
    taken = np.column_stack([real.x[same], real.y[same]])
    zone, position = siting.place(count, setting, taken, rng)
    columns = {"name": _names(kind, setting, zone), "type": np.full(len(zone), kind.id, object)}
    columns |= describe(kind, setting, zone, rng)
    columns["source"] = np.full(len(zone), SOURCE, dtype=object)
    return MadeUp(position[:, 0], position[:, 1], zone, columns)


def _names(kind: FacilityType, setting: Setting, zone: NDArray[np.intp]) -> Strings:
    """The community's name, the type's, and a number from the second on."""
    word = kind.name_zh.split("/")[0].split("(")[0]
    seen: dict[int, int] = {}
    names = []
    for z in zone.tolist():
        seen[z] = seen.get(z, 0) + 1
        names.append(f"{setting.stem[z]}{word}" + (str(seen[z]) if seen[z] > 1 else ""))
    return np.array(names, dtype=object)
