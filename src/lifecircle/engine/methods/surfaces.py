"""Surfaces: what each home could use, its share of the supply, how much street it reaches.

Sources
-------
Hansen 1959 (gravity); Luo & Wang 2003 (supply shared in two steps); Dai 2010 (Gaussian).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypedDict, Unpack

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyproj import Transformer

from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading.parts import measure_parts, received
from lifecircle.engine.grading.supply import capacities
from lifecircle.engine.grading.walks import Walks
from lifecircle.engine.network import WalkNetwork
from lifecircle.engine.reach import Decay, gaussian, walk_lengths
from lifecircle.engine.standards.model import FacilityType
from lifecircle.errors import MissingExtraError, NotFoundError

Floats = NDArray[np.float64]
Unit = Literal["building", "h3"]
Of = Literal["gravity", "supply"]

_AT_LIMIT = 0.1
"""Exponential and power decays fall to this at the type's limit, unless a sensitivity is given."""
_CELL_M = 50.0
H3_RESOLUTION = 9
_HOME = ("id", "community", "lon", "lat", "residents")


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


class How(TypedDict, total=False):
    """What may be said of a measure; see `homes`."""

    of: Of
    decay: str
    sensitivity: float | None
    minutes: float
    profile: str


def surface(
    district: District,
    network: WalkNetwork,
    measure: str = "connectivity",
    *,
    by: Unit = "building",
    **how: Unpack[How],
) -> pa.Table:
    """Measure every home, and average over hexagons where asked for.

    Parameters
    ----------
    district, network
        Where.
    measure, how
        As `homes`.
    by
        `building`, or `h3`: resolution-9 hexagons, means weighted by residents (extra `geo`).

    Returns
    -------
    pyarrow.Table
        As `homes`; a hexagon has no `community`.

    Raises
    ------
    NotFoundError
        As `homes`.
    MissingExtraError
        Hexagons need h3.
    """
    table = homes(Walks(district, network), measure, **how)
    if by == "building":
        return table
    lon, lat, people = (table[name].to_numpy() for name in ("lon", "lat", "residents"))
    names = [name for name in table.column_names if name not in _HOME]
    return _hexagons(lon, lat, people, {name: table[name].to_numpy() for name in names})


def homes(
    walks: Walks,
    measure: str = "connectivity",
    *,
    of: Of = "gravity",
    decay: str = "gaussian",
    sensitivity: float | None = None,
    minutes: float = 15.0,
    profile: str = "adult",
) -> pa.Table:
    """Measure every home.

    Parameters
    ----------
    walks
        The district's people and facilities on its network.
    measure
        `connectivity`: metres of street and square metres of ground within `minutes`, there and
        back. Or a facility type.
    of
        Of a type. `gravity`: sum_j S_j f(t_ij) of its capacities, there and back. `supply`: the
        capacity that a person of the type's group gets (Gaussian 2SFCA, as the cards' scale but
        before the norm and uncapped), each walking by their own profile; NaN where none lives.
    decay, sensitivity
        Of gravity: `gaussian` (d0 in minutes), `exponential` (beta a minute), `power` (exponent, of
        minutes + 1). Without a sensitivity it follows from the type's own limit.
    minutes
        Of connectivity.
    profile
        Who walks.

    Returns
    -------
    pyarrow.Table
        `id`, `community`, `lon`, `lat`, `residents` and the measure's columns: `gravity`, `supply`,
        or `street_m` and `area_m2`.

    Raises
    ------
    NotFoundError
        There is no such type, decay or profile, or the type's supply is not known.
    """
    district, demand = walks.district, walks.district.demand
    if profile not in district.standards.profiles:
        raise NotFoundError(f"no profile {profile!r} / 没有这个步行画像")
    if measure == "connectivity":
        columns = _connectivity(walks, profile, minutes * 60.0)
    elif of == "supply":
        columns = {"supply": _supply(walks, _kind(walks, measure)[0])}
    else:
        kind, limit_s = _kind(walks, measure)
        columns = {"gravity": _gravity(walks, profile, kind, limit_s, decay, sensitivity)}
    inside = np.flatnonzero(demand.community >= 0)
    lon, lat = Transformer.from_crs(district.crs, "EPSG:4326", always_xy=True).transform(
        demand.x[inside], demand.y[inside]
    )
    codes = district.places.code[demand.community[inside]]
    who = (
        walks.home_ids(inside), pa.array(codes, type=pa.string()), lon, lat,
        demand.persons[inside].sum(axis=1),
    )  # fmt: skip
    values = {name: column[inside] for name, column in columns.items()}
    return pa.table({**dict(zip(_HOME, who, strict=True)), **values})


def _kind(walks: Walks, name: str) -> tuple[FacilityType, float]:
    """A type and its walking limit in seconds."""
    kind = walks.district.standards.types.get(name)
    if kind is None or kind.walk_s is None:
        raise NotFoundError(f"no type with a walking limit called {name!r} / 没有这个类型")
    return kind, kind.walk_s


def _supply(walks: Walks, kind: FacilityType) -> Floats:
    parts = measure_parts(walks, kind)
    if not parts.sized:
        raise NotFoundError(f"no size of any {kind.id} is known / 没有此类设施的规模数据")
    if not parts.walkers:
        raise NotFoundError(f"nobody of {kind.group} is recorded / 没有该人群的数据")
    gets, people = received(parts), parts.people
    return np.divide(gets, people, out=np.full(len(people), np.nan), where=people > 0)


def _gravity(
    walks: Walks, profile: str, kind: FacilityType, limit_s: float, decay: str,
    sensitivity: float | None,
) -> Floats:  # fmt: skip
    if decay not in DECAYS:
        raise NotFoundError(f"no decay {decay!r}; there are {', '.join(DECAYS)} / 没有这种衰减")
    sites = walks.sites_of(kind)
    limit_s = limit_s if decay != "gaussian" or sensitivity is None else sensitivity * 60.0
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
    means = {name: _mean(number, people, column) for name, column in values.items()}
    return pa.table(
        {"id": names, "lon": centres[:, 1], "lat": centres[:, 0], "residents": total, **means}
    )


def _mean(number: NDArray[np.intp], people: Floats, column: Floats) -> Floats:
    """The mean over those people for whom the value is known, of each number; NaN for none."""
    weight = np.where(np.isfinite(column), people, 0.0)
    total = np.bincount(number, weights=weight)
    amount = np.bincount(number, weights=weight * np.nan_to_num(column))
    return np.divide(amount, total, out=np.full(len(total), np.nan), where=total > 0)
