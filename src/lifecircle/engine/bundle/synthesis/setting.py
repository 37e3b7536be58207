"""What the synthesis knows of each community: who lives there, in what kind of town.

A community's character is read from the map alone: density, storeys, slope and the share of
floors that nobody lives in. The stories in `data/stories.toml` go by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lifecircle.engine.bundle.model import Bools, Floats, Ints, Strings

Character = Literal["core", "ordinary", "ageing_slope", "new_estate", "remote"]
CHARACTERS: tuple[Character, ...] = ("core", "ordinary", "ageing_slope", "new_estate", "remote")
_REMOTE, _ESTATE, _CORE, _AGEING = 0.10, 0.18, 0.20, 0.24


@dataclass(frozen=True, slots=True)
class Homes:
    """Every building of the map that something can stand by; metres; arrays of one length.

    `zone` indexes the zones of a `Setting`; `slope` is the ground's, rise over run.
    """

    x: Floats
    y: Floats
    floor_area_m2: Floats
    storeys: Floats
    lived_in: Bools
    slope: Floats
    zone: Ints

    def take(self, which: Bools) -> Homes:
        """Return the chosen rows."""
        return Homes(
            self.x[which],
            self.y[which],
            self.floor_area_m2[which],
            self.storeys[which],
            self.lived_in[which],
            self.slope[which],
            self.zone[which],
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """Zones (communities, then the surround's cells) as arrays of one length.

    `street` numbers the street of a zone; `persons` maps a group or band to persons a zone;
    `code` is empty in the surround.
    """

    code: Strings
    stem: Strings
    street: Ints
    character: Strings
    area_m2: Floats
    persons: dict[str, Floats]
    homes: Homes

    @property
    def within(self) -> Bools:
        """Which zones are communities, not surround (boolean)."""
        return np.asarray(self.code != "", dtype=np.bool_)

    def floor_area_m2(self) -> Floats:
        """Lived-in floor area a zone."""
        homes = self.homes
        lived_m2 = np.where(homes.lived_in, homes.floor_area_m2, 0.0)
        return weigh(homes.zone, lived_m2, len(self.code))


def weigh(zone: Ints, weight: Floats, zones: int) -> Floats:
    """Sum of `weight` a zone, (zones,)."""
    return np.asarray(np.bincount(zone, weight, minlength=zones), dtype=np.float64)


def zone_mean(zone: Ints, value: Floats, weight: Floats, zones: int) -> Floats:
    """Weighted mean of `value` a zone; 0 where a zone has no weight."""
    total = weigh(zone, weight, zones)
    return weigh(zone, weight * value, zones) / np.maximum(total, 1e-9)


def characters(homes: Homes, area_m2: Floats) -> Strings:
    """Give each zone its character, in shares: a tenth remote, a fifth core and so on.

    Parameters
    ----------
    homes
        Buildings with their zone.
    area_m2
        (zones,).
    """
    zones = len(area_m2)
    floor = weigh(homes.zone, homes.floor_area_m2, zones)
    lived = weigh(homes.zone, homes.floor_area_m2 * homes.lived_in, zones)
    storeys = zone_mean(homes.zone, homes.storeys, homes.floor_area_m2, zones)
    slope = zone_mean(homes.zone, homes.slope, homes.floor_area_m2, zones)
    density = floor / area_m2
    result = np.full(zones, "ordinary", dtype=object)
    _take(result, "remote", -density, _REMOTE)
    _take(result, "new_estate", storeys, _ESTATE)
    _take(result, "core", _rank(density) + _rank((floor - lived) / area_m2), _CORE)
    _take(result, "ageing_slope", _rank(slope) - _rank(storeys), _AGEING)
    return result


def _take(result: Strings, character: Character, measure: Floats, share: float) -> None:
    """Give `character` to the highest of the zones that are still ordinary."""
    free = np.flatnonzero(result == "ordinary")
    count = min(len(free), round(share * len(result)))
    order = np.argsort(-measure[free], kind="stable")
    result[free[order[:count]]] = character


def _rank(value: Floats) -> Floats:
    return np.argsort(np.argsort(value, kind="stable"), kind="stable") / max(1, len(value))
