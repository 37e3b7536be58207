"""Where things stand on the map: their own coordinates, else the middle of their place; never a door."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from lifecircle.hub.actor import Actor
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places import queries as places

LonLat = tuple[float, float]
_STATIONS = {
    "street": ("street_service_center",), "community": ("community_station", "embedded_complex"),
}  # fmt: skip
"""Where people who are on duty at a place set out from: facilities of its own, by level."""
_METRES = 111_320.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A point, and what it is: the thing's own, a facility of its place, or the middle of its place."""

    at: LonLat
    how: Literal["own", "station", "centre"]
    name: str = ""


@dataclass
class Spots:
    """Looks spots up, each place once."""

    actor: Actor
    _centres: dict[str, LonLat | None] = field(default_factory=dict)
    _stations: dict[str, Spot | None] = field(default_factory=dict)

    def of(self, one: Any) -> Spot | None:
        """Where a case or a device stands; None where not even its place has a shape."""
        if one.lon is not None and one.lat is not None:
            return Spot((one.lon, one.lat), "own")
        found = self.centre(one.place)
        return None if found is None else Spot(found, "centre", one.place.name_zh)

    def station(self, place: Any) -> Spot | None:
        """Where somebody on duty at a place sets out: its own station, else its middle."""
        if place.code not in self._stations:
            self._stations[place.code] = self._station(place)
        return self._stations[place.code]

    def centre(self, place: Any) -> LonLat | None:
        """A point inside a place, or inside the nearest place above that has a shape."""
        if place.code not in self._centres:
            self._centres[place.code] = self._centre(place)
        return self._centres[place.code]

    @cached_property
    def _known(self) -> list[Any]:
        """All stations that the caller sees: they are few, and asked for place by place they would be many questions."""
        kinds = [kind for kinds in _STATIONS.values() for kind in kinds]
        rows = facilities.facilities(self.actor).filter(type__in=kinds).exclude(operating=False)
        return list(rows.defer("place__shape"))

    def _station(self, place: Any) -> Spot | None:
        centre = self.centre(place)
        for kind in _STATIONS.get(place.level, ()):
            rows = [
                row for row in self._known
                if row.type == kind and row.place.lineage.startswith(place.lineage)
            ]  # fmt: skip
            if rows:
                one = min(
                    rows, key=lambda row: metres((row.lon, row.lat), centre or (row.lon, row.lat))
                )
                return Spot((one.lon, one.lat), "station", one.name)
        return None if centre is None else Spot(centre, "centre", place.name_zh)

    def _centre(self, place: Any) -> LonLat | None:
        if place.geometry is not None:
            inside = place.geometry.representative_point()
            return inside.x, inside.y
        codes = place.lineage.strip("/").split("/")[:-1]
        known = places.by_code(codes)
        for code in reversed(codes):
            if code in known and known[code].geometry is not None:
                return self.centre(known[code])
        return None


def metres(a: LonLat, b: LonLat) -> float:
    """How far two points lie apart, straight; good to some per mille within a city."""
    east = (a[0] - b[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return _METRES * math.hypot(east, a[1] - b[1])
