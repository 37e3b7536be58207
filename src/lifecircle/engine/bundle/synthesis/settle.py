"""From a divided map to a setting: who lives in each community and in each cell of the surround."""

from __future__ import annotations

import numpy as np
import shapely

from lifecircle.engine.bundle.extract import MapBuildings
from lifecircle.engine.bundle.model import Bools, Floats, Ints, Strings
from lifecircle.engine.bundle.synthesis.facilities import generator
from lifecircle.engine.bundle.synthesis.places import Division
from lifecircle.engine.bundle.synthesis.population import group_persons, spread_population
from lifecircle.engine.bundle.synthesis.setting import Homes, Setting, characters, weigh
from lifecircle.engine.bundle.synthesis.zones import balance, spread_centres
from lifecircle.engine.standards.model import Standards

_SURROUND_ZONE_RESIDENTS = 7_300.0
_SURROUND_STEM = "周边"


def settle(
    buildings: MapBuildings,
    slope: Floats,
    division: Division,
    population: float,
    standards: Standards,
    seed: int,
) -> Setting:
    """Spread the population over the communities, and the same density over the surround.

    Parameters
    ----------
    buildings, slope
        All buildings of the map, district and surround, and the ground's slope at each.
    division
        The district's communities.
    population
        Residents of the district alone.
    """
    zone = zone_of(division.polygons, buildings.x, buildings.y)
    inside, count = zone >= 0, len(division.communities)
    storeys = np.where(np.isfinite(buildings.storeys), buildings.storeys, 1.0)
    floor_m2, lived_in = buildings.floor_area_m2(), buildings.lived_in
    columns = (buildings.x, buildings.y, floor_m2, storeys, lived_in, slope)
    everywhere = Homes(*columns, zone=zone)
    area_m2 = np.array(shapely.area(division.polygons))
    character = characters(everywhere.take(inside), area_m2)
    lived_m2 = floor_m2 * lived_in
    settled_m2 = weigh(zone[inside], lived_m2[inside], count)
    rng = generator(seed, "population")
    people = spread_population(settled_m2, character, population, standards, rng)
    each = population / settled_m2.sum()
    zone[~inside] = count + _cells(buildings, ~inside, lived_m2 * each)  # `everywhere` shares it
    beyond = weigh(zone, lived_m2, count)[count:] * each / population
    people = {k: np.concatenate([v, beyond * v.sum()]) for k, v in people.items()}
    outer = len(beyond)
    codes = [street.code for street in division.streets]
    parents = [codes.index(name.parent) for name in division.communities]
    return Setting(
        code=np.array([n.code for n in division.communities] + [""] * outer, dtype=object),
        stem=np.array([n.stem for n in division.communities] + [_SURROUND_STEM] * outer, object),
        street=np.array(parents + [len(codes)] * outer, dtype=np.int32),
        character=np.concatenate([character, np.full(outer, "ordinary", dtype=object)]),
        area_m2=np.concatenate([area_m2, np.full(outer, np.inf)]),
        persons=group_persons(people, standards),
        homes=everywhere,
    )


def zone_of(polygons: Strings, x: Floats, y: Floats) -> Ints:
    """Return the polygon in which each point lies, -1 for none."""
    point, polygon = shapely.STRtree(polygons).query(shapely.points(x, y), predicate="intersects")
    zone = np.full(len(x), -1, dtype=np.int32)
    zone[point] = polygon
    return zone


def _cells(buildings: MapBuildings, outside: Bools, persons: Floats) -> Ints:
    """Cells of about a community's size for the buildings beyond the boundary."""
    points = np.column_stack([buildings.x, buildings.y])[outside]
    if not len(points):
        return np.zeros(0, dtype=np.int32)
    weight = persons[outside] + 1e-6
    count = min(len(points), round(weight.sum() / _SURROUND_ZONE_RESIDENTS) + 1)
    centres = spread_centres(points, weight, count)
    label = balance(points, weight, centres, np.ones(count))
    return np.unique(label, return_inverse=True)[1].astype(np.int32)
