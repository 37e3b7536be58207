"""Surfaces: what each home could use by gravity, and how much street and ground it reaches.

Sources
-------
Hansen 1959 (gravity); Dai 2010 (Gaussian).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyproj import Transformer

from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading.supply import capacities
from lifecircle.engine.grading.walks import Walks
from lifecircle.engine.network import WalkNetwork
from lifecircle.engine.reach import Decay, gaussian, walk_lengths
from lifecircle.errors import MissingExtraError, NotFoundError

Floats = NDArray[np.float64]
Unit = Literal["building", "h3"]

_AT_LIMIT = 0.1
"""Exponential and power decays fall to this at the type's limit, unless a sensitivity is given."""
_CELL_M = 50.0
H3_RESOLUTION = 9


def _exponential(limit_s: float, sensitivity: float | None) -> Decay:
    beta = -np.log(_AT_LIMIT) / limit_s if sensitivity is None else sensitivity / 60.0
    return lambda seconds: np.where(seconds <= limit_s, np.exp(-beta * seconds), 0.0)


def _power(limit_s: float, sensitivity: float | None) -> Decay:
    alpha = (
        -np.log(_AT_LIMIT) / np.log(limit_s / 60.0 + 1.0) if sensitivity is None else sensitivity
    )
    return lambda seconds: np.where(seconds <= limit_s, (seconds / 60.0 + 1.0) ** -alpha, 0.0)


def _gaussian(limit_s: float, sensitivity: float | None) -> Decay:
    return gaussian(limit_s if sensitivity is None else sensitivity * 60.0)


DECAYS: dict[str, Callable[[float, float | None], Decay]] = {
    "gaussian": _gaussian, "exponential": _exponential, "power": _power,
}  # fmt: skip
"""By name: from the limit in seconds and the sensitivity (minutes; per minute; the exponent)."""


def surface(
    district: District,
    network: WalkNetwork,
    measure: str = "connectivity",
    *,
    decay: str = "gaussian",
    sensitivity: float | None = None,
    minutes: float = 15.0,
    profile: str = "adult",
    by: Unit = "building",
) -> pa.Table:
    """Measure every home, and average over hexagons where asked for.

    Parameters
    ----------
    district, network
        Where.
    measure
        `connectivity`: metres of street and square metres of ground within `minutes`, there and
        back. Or a facility type: gravity sum_j S_j f(t_ij) of its capacities, there and back.
    decay, sensitivity
        Of gravity: `gaussian` (d0 in minutes), `exponential` (beta a minute), `power` (exponent, of
        minutes + 1). Without a sensitivity it follows from the type's own limit.
    minutes
        Of connectivity.
    profile
        Who walks.
    by
        `building`, or `h3`: resolution-9 hexagons, means weighted by residents (extra `geo`).

    Returns
    -------
    pyarrow.Table
        `id`, `lon`, `lat`, `residents` and the measure's columns: `gravity`, or `street_m` and
        `area_m2`.

    Raises
    ------
    NotFoundError
        There is no such type, decay or profile.
    MissingExtraError
        Hexagons need h3.
    """
    if profile not in district.standards.profiles:
        raise NotFoundError(f"no profile {profile!r} / 没有这个步行画像")
    walks = Walks(district, network)
    if measure == "connectivity":
        columns = _connectivity(walks, profile, minutes * 60.0)
    else:
        columns = {"gravity": _gravity(walks, profile, measure, decay, sensitivity)}
    demand = district.demand
    inside = demand.community >= 0
    lon, lat = Transformer.from_crs(district.crs, "EPSG:4326", always_xy=True).transform(
        demand.x[inside], demand.y[inside]
    )
    ids = walks.home_ids(np.flatnonzero(inside))
    people = demand.persons[inside].sum(axis=1)
    values = {name: column[inside] for name, column in columns.items()}
    if by == "building":
        return pa.table({"id": ids, "lon": lon, "lat": lat, "residents": people, **values})
    return _hexagons(lon, lat, people, values)


def _gravity(
    walks: Walks, profile: str, measure: str, decay: str, sensitivity: float | None
) -> Floats:
    kind = walks.district.standards.types.get(measure)
    if kind is None or kind.walk_s is None:
        raise NotFoundError(f"no type with a walking limit called {measure!r} / 没有这个类型")
    if decay not in DECAYS:
        raise NotFoundError(f"no decay {decay!r}; there are {', '.join(DECAYS)} / 没有这种衰减")
    sites = walks.sites_of(kind)
    limit_s = kind.walk_s if decay != "gaussian" or sensitivity is None else sensitivity * 60.0
    table = walks.table(profile, sites, limit_s)
    size = np.nan_to_num(capacities(walks.district, kind, sites), nan=1.0)
    weight = DECAYS[decay](limit_s, sensitivity)(table.seconds)
    total = np.bincount(table.target, weights=size[table.source] * weight, minlength=table.targets)
    return total.astype(np.float64)


def _connectivity(walks: Walks, profile: str, limit_s: float) -> dict[str, Floats]:
    nodes = walks.network.nodes
    cell = np.column_stack([nodes.x // _CELL_M, nodes.y // _CELL_M]).astype(np.int64)
    _, number = np.unique(cell, axis=0, return_inverse=True)
    length, cells = walk_lengths(
        walks.graph(profile), walks.home_points(profile), walks.network.edges.length_m,
        number.ravel().astype(np.int32), cutoff_s=limit_s,
    )  # fmt: skip
    return {"street_m": length, "area_m2": cells * _CELL_M**2}


def _hexagons(lon: Floats, lat: Floats, people: Floats, values: dict[str, Floats]) -> pa.Table:
    try:
        import h3  # noqa: PLC0415  (an extra)
    except ImportError:
        raise MissingExtraError("h3", "geo") from None
    cells = np.array(
        [h3.latlng_to_cell(b, a, H3_RESOLUTION) for a, b in zip(lon, lat, strict=True)]
    )
    names, number = np.unique(cells, return_inverse=True)
    total = np.bincount(number, weights=people)
    centres = np.array([h3.cell_to_latlng(name) for name in names]).reshape(-1, 2)
    means = {
        name: np.divide(
            np.bincount(number, weights=people * column),
            total,
            out=np.zeros(len(names)),
            where=total > 0,
        )
        for name, column in values.items()
    }
    return pa.table(
        {"id": names, "lon": centres[:, 1], "lat": centres[:, 0], "residents": total, **means}
    )
