"""Who lives where: from the population table to fractions of persons a building."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from lifecircle.engine.bundle.counts import Counts, age_shares, community_totals, place_totals
from lifecircle.engine.bundle.model import Buildings, Demand, Floats, Ints, Located, Places
from lifecircle.engine.bundle.references import RESIDENTS
from lifecircle.engine.bundle.spread import spread_total
from lifecircle.engine.standards import Standards
from lifecircle.errors import Issue, listed


@dataclass(frozen=True, slots=True)
class _Homes:
    """Where people can live: residential buildings, and points that stand for missing ones.

    `known` holds residents that the buildings' table gives, else NaN; a point has building -1.
    """

    building: Ints
    x: Floats
    y: Floats
    community: Ints
    floor_area_m2: Floats
    known: Floats

    def add_points(self, places: Places, communities: list[int]) -> _Homes:
        """Add a point on the surface of each community."""
        count = len(communities)
        spots = shapely.point_on_surface(places.geometry[communities])
        return _Homes(
            np.append(self.building, np.full(count, -1, dtype=np.int32)),
            np.append(self.x, shapely.get_x(spots)),
            np.append(self.y, shapely.get_y(spots)),
            np.append(self.community, np.array(communities, dtype=np.int32)),
            np.append(self.floor_area_m2, np.ones(count)),
            np.append(self.known, np.full(count, np.nan)),
        )

    def sum_by_community(self, values: Floats, places: int) -> Floats:
        """Sum values of homes by community, (places,); the surround is left out."""
        inside = self.community >= 0
        result: Floats = np.zeros(places)
        np.add.at(result, self.community[inside], values[inside])
        return result


def spread_people(
    counts: Counts,
    places: Places,
    buildings: Buildings,
    known: Floats,
    standards: Standards,
    file: str,
) -> tuple[Demand, list[Issue]]:
    """Spread every place's people over its residential buildings by floor area (Mennis 2003).

    Totals given for a community stand; what a street or the district has beyond its communities is
    spread over the communities without a figure. Where nothing is given, known residents of the
    buildings count. Ages follow the place's own bands, else its parent's, else the standard's
    default shares. Groups by record go the way of the people.

    Parameters
    ----------
    counts
        Persons by group and place.
    known
        (buildings,) residents as the buildings' table gives them, NaN where it does not.
    file
        The table that warnings name.
    """
    homes = _homes(buildings, known)
    floor = homes.sum_by_community(homes.floor_area_m2, len(places.code))
    totals = community_totals(place_totals(counts, standards), places, floor)
    homeless = [c for c, people in totals.items() if people > 0 and c not in homes.community]
    if homeless:
        homes = homes.add_points(places, homeless)
    people = np.nan_to_num(homes.known)  # in the surround, and where no figure is given
    scaled = 0
    for place, total in totals.items():
        here = homes.community == place
        if not here.any():
            continue
        scaled += int(np.nansum(homes.known[here]) > total * (1 + 1e-9))
        people[here] = spread_total(total, homes.floor_area_m2[here], homes.known[here])
    shares = age_shares(counts, places, standards)
    default = np.array([band.share.value for band in standards.bands.values()])
    shares = np.vstack([shares, default / default.sum()])  # the last row, -1, is the surround's
    lived = homes.sum_by_community(people, len(places.code))
    recorded = {
        group: _record(community_totals(by_place, places, lived), homes, people)
        for group, by_place in counts.items()
        if group != RESIDENTS and group not in standards.bands
    }
    demand = Demand(
        homes.building, homes.x, homes.y,
        Located(homes.community, places.membership(homes.x, homes.y)),
        people[:, None] * shares[homes.community], recorded,
    )  # fmt: skip
    without = [c for c in places.at("community").tolist() if c not in totals]
    return demand, _said(file, places, homeless, without, scaled)


def _homes(buildings: Buildings, known: Floats) -> _Homes:
    """Residential buildings of the district, and those of the surround whose people are known."""
    lived_in = buildings.residential & ((buildings.community >= 0) | np.isfinite(known))
    which = np.flatnonzero(lived_in).astype(np.int32)
    return _Homes(
        which,
        buildings.x[which],
        buildings.y[which],
        buildings.community[which],
        buildings.floor_area_m2[which],
        known[which],
    )


def _record(totals: dict[int, float], homes: _Homes, people: Floats) -> Floats:
    """Spread a group by record over a community's homes like its people, else evenly."""
    result = np.zeros(len(people))
    for place, total in totals.items():
        here = np.flatnonzero(homes.community == place)
        if len(here):
            result[here] = spread_total(total, people[here], np.full(len(here), np.nan))
    return result


def _said(
    file: str, places: Places, homeless: list[int], without: list[int], scaled: int
) -> list[Issue]:
    issues = []
    if homeless:
        expected = (
            "residential buildings in every community with people; they are put at a point",
            "有人口的社区应有住宅建筑; 暂置于一点",
        )
        issues.append(_warning("no_home", file, expected, _names(places, homeless)))
    if without:
        expected = (
            "people of every community, its street or the district; without, nobody lives there",
            "各社区(或其街道、区)的人口; 缺少时视为无人居住",
        )
        issues.append(_warning("no_people", file, expected, _names(places, without)))
    if scaled:
        expected = (
            "communities with at least the known residents of their buildings; those are scaled",
            "社区人口不少于其建筑的已知居住人数; 已按比例缩减",
        )
        issues.append(_warning("known_residents", file, expected, str(scaled)))
    return issues


def _warning(code: str, file: str, expected: tuple[str, str], value: str) -> Issue:
    return Issue(code, file, *expected, value=value, severity="warning")


def _names(places: Places, which: list[int]) -> str:
    return listed([str(places.code[k]) for k in which])
