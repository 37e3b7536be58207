"""Streets and communities where the map has none: made-up borders under official names.

Nothing here claims the true borders. Names stand near the landmarks that carry them on the map.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment

from lifecircle.engine.bundle.model import Floats, Strings
from lifecircle.engine.bundle.synthesis import zones
from lifecircle.engine.bundle.synthesis.names import Name, Names
from lifecircle.errors import BundleError

Landmarks = dict[str, tuple[float, float]]
_UNKNOWN_M = 1500.0


@dataclass(frozen=True, slots=True)
class Division:
    """Streets and communities with their polygons (metres)."""

    streets: tuple[Name, ...]
    street_polygons: Strings
    communities: tuple[Name, ...]
    polygons: Strings


def divide(
    area: shapely.Geometry, points: Floats, weight: Floats, names: Names, landmarks: Landmarks
) -> Division:
    """Divide `area` into the named streets and these into their communities.

    Parameters
    ----------
    area
        Polygon, metres.
    points, weight
        (n, 2) and (n,): distinct positions in `area` and how much lives at each.
    names
        The streets and communities there are to be.
    landmarks
        Stem of a name to its position, for as many as the map knows.

    Returns
    -------
    Division
        Communities tile the area; a street is the union of its own.
    """
    voronoi = zones.cells(area, points)
    weight = weight / weight.sum() + shapely.area(voronoi) / shapely.area(area)  # maps have gaps
    street_share = np.array([len(names.of(street)) for street in names.streets], dtype=np.float64)
    street_of = _named_zones(points, weight, names.streets, street_share, landmarks)
    communities: list[Name] = []
    label = np.zeros(len(points), dtype=np.intp)
    for index, street in enumerate(names.streets):
        own = names.of(street)
        inside = street_of == index
        zone = _named_zones(points[inside], weight[inside], own, np.ones(len(own)), landmarks)
        label[inside] = zone + len(communities)
        communities += own
    polygons = zones.dissolve(area, voronoi, label, len(communities))
    parents = np.array([name.parent for name in communities], dtype=object)
    streets = [zones.union(polygons[parents == street.code]) for street in names.streets]
    return Division(names.streets, np.array(streets, dtype=object), tuple(communities), polygons)


def _named_zones(
    points: Floats, weight: Floats, names: tuple[Name, ...], share: Floats, landmarks: Landmarks
) -> zones.Labels:
    """Balanced zones, the k-th of which is the k-th name's."""
    if len(names) > len(points):
        names_s = ", ".join(name.name_zh for name in names)
        raise BundleError(f"fewer homes than places / 住宅少于地方: {names_s}")
    near = {name.stem: landmarks.get(name.stem) for name in names}
    room = 0.5 * float(np.sqrt(np.ptp(points, axis=0).prod() / len(names)))
    landmarks = {stem: at for stem, at in near.items() if at and _close(points, at, room)}
    centres = zones.spread_centres(points, weight, len(names))
    first = zones.balance(points, weight, centres, np.full(len(names), share.mean()))
    middle = np.array(
        [
            points[first == zone].mean(axis=0) if (first == zone).any() else centre
            for zone, centre in enumerate(centres)
        ]
    )
    start = middle[_assign(middle, names, landmarks)]
    known = [landmarks.get(name.stem) for name in names]
    start = np.array([at or tuple(place) for at, place in zip(known, start, strict=True)])
    fixed = np.array([at is not None for at in known])
    return zones.balance(points, weight, start, share, fixed)


def _close(points: Floats, at: tuple[float, float], room: float) -> bool:
    """Whether a landmark stands among the points (its name may be far from its place)."""
    return bool(((points - np.array(at)) ** 2).sum(axis=1).min() < room**2)


def _assign(middle: Floats, names: tuple[Name, ...], landmarks: Landmarks) -> zones.Labels:
    """For each name the zone that it takes: least total squared distance to the landmarks.

    Names without a landmark take what is left, from west to east.
    """
    order = np.argsort(middle[:, 0], kind="stable")
    rank = np.empty(len(order))
    rank[order] = np.arange(len(order))
    cost = np.empty((len(names), len(middle)))
    for row, name in enumerate(names):
        at = landmarks.get(name.stem)
        if at is None:
            cost[row] = _UNKNOWN_M**2 + np.abs(rank - row)
        else:
            cost[row] = ((middle - np.array(at)) ** 2).sum(axis=1)
    _, zone = linear_sum_assignment(cost)
    result: zones.Labels = np.asarray(zone, dtype=np.intp)
    return result


def undivided(area: shapely.Geometry, district: Name) -> Division:
    """One street and one community that are the whole district."""
    street = Name(f"{district.code}001", district.name_zh, district.name_en)
    community = Name(f"{street.code}001", district.name_zh, district.name_en, street.code)
    whole = np.array([area], dtype=object)
    return Division((street,), whole, (community,), whole)
