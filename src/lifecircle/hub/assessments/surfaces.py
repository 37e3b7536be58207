"""What one type is like at every home: by building, or by H3 hexagon; only where the caller may look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lifecircle.engine.runs import Run as Results
from lifecircle.errors import MissingExtraError
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments.models import Run
from lifecircle.hub.assessments.workbench import workbench
from lifecircle.hub.errors import MissingError
from lifecircle.hub.places import queries as places

Graded = Literal["minutes", "share", "scale", "quality"]
Measured = Literal["gravity", "supply", "street", "ground"]
Wanted = Literal["need", "need_later", "short", "short_later"]
Measure = Literal[Graded, Measured, Wanted]

_GRADED: dict[str, tuple[str, float]] = {
    "minutes": ("s", 1 / 60), "share": ("share", 1.0), "scale": ("scale", 1.0),
    "quality": ("quality", 1.0),
}  # fmt: skip
"""What the run has graded: the column of its buildings that it is, and the factor."""
_MEASURED: dict[str, tuple[str, float]] = {
    "gravity": ("gravity", 1.0), "supply": ("supply", 1000.0), "street": ("street_m", 1e-3),
    "ground": ("area_m2", 1e-4),
}  # fmt: skip
"""What is measured when first asked for, from the run's own bundle: the column, and the factor."""
_WANTED: dict[str, tuple[str, float]] = {
    "need": ("people_now", 1.0), "need_later": ("people_then", 1.0),
    "short": ("short_now", 1.0), "short_later": ("short_then", 1.0),
}  # fmt: skip
"""Demand, today and some years on: people of the type's group, and what they are short of; hexagons hold sums."""
YEARS = 5
HEXAGON = 10
"""Resolution of H3: hexagons some 130 m across."""
_FEWEST = 5
"""Hexagons with fewer residents are left out."""

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which surface: of a type's `key`, or of the streets by a `profile` in so many `minutes`."""

    measure: Measure
    key: str
    profile: str
    minutes: int


@dataclass(frozen=True, slots=True)
class _Homes:
    """Homes, (homes,) each; NaN where none is near enough to be walked to."""

    id: Texts
    community: Texts
    lon: Floats
    lat: Floats
    residents: Floats
    value: Floats


def surface(actor: Actor, run: Run, asked: Asked, *, hexagons: bool) -> dict[str, Any]:
    """The measure at every home that the caller may look at.

    Returns
    -------
    dict
        `lon`, `lat`, `value`, `residents`, `community`, a list each, and `id`; with hexagons `cell`
        and `ring` instead, and values are means over residents. Of minutes, `beyond` are the residents
        from whom none is near enough to be walked to, and the value is null where that is all of them;
        of other measures, what is not known is left out.

    Raises
    ------
    MissingError
        The run has no such type, or none of it is known anywhere.
    NotFoundError
        The type has no such measure.
    """
    homes = _homes(run, asked)
    codes = places.places(actor, right="card.read").filter(level="community")
    seen = pc.is_in(
        homes["community"],
        value_set=pa.array(list(codes.values_list("code", flat=True)), pa.string()),
    )
    column, factor = {**_GRADED, **_MEASURED, **_WANTED}[asked.measure]
    name = f"{asked.key}_{column}" if asked.measure in _GRADED else column
    value = pc.fill_null(pc.cast(homes[name], pa.float64()), np.nan)
    kept = seen if asked.measure == "minutes" else pc.and_(seen, pc.is_finite(value))
    here = homes.append_column("value", value).filter(kept)
    texts = {name: here[name].to_numpy().astype(object) for name in ("id", "community")}
    numbers = {name: here[name].to_numpy() * 1.0 for name in ("lon", "lat", "residents")}
    found = _Homes(**texts, **numbers, value=here["value"].to_numpy() * factor)
    sums = asked.measure in _WANTED
    answer = _by_hexagon(found, sums=sums) if hexagons else _by_home(found)
    return answer if asked.measure == "minutes" else {**answer, "beyond": None}


def _homes(run: Run, asked: Asked) -> pa.Table:
    """The run's table that has the measure."""
    if asked.measure in get_args(Graded):
        table = _buildings(str(run.folder / "results"))
        name = f"{asked.key}_{_GRADED[asked.measure][0]}"
        if name not in table.column_names or table[name].null_count == len(table):
            raise MissingError(
                f"no {asked.measure} of {asked.key}", f"没有 {asked.key} 的 {asked.measure}"
            )
        return table
    bench = workbench(run)
    if asked.measure in _WANTED:
        table = bench.demand_by_home(asked.key, YEARS)
        if table[_WANTED[asked.measure][0]].null_count == len(table):
            raise MissingError(f"no {asked.measure} of {asked.key}", f"没有 {asked.key} 的需求")
        return table
    if asked.measure in ("street", "ground"):
        return bench.measured("connectivity", minutes=asked.minutes, profile=asked.profile)
    if asked.measure == "supply":
        return bench.measured(asked.key, of="supply")
    return bench.measured(asked.key, of="gravity", profile=asked.profile)


@lru_cache(maxsize=2)
def _buildings(folder: str) -> pa.Table:
    return Results.open(folder).table("buildings")


def _by_home(homes: _Homes) -> dict[str, Any]:
    return {
        "id": homes.id.tolist(), "community": homes.community.tolist(),
        "lon": np.round(homes.lon, 6).tolist(), "lat": np.round(homes.lat, 6).tolist(),
        "value": _known(homes.value), "residents": np.round(homes.residents).tolist(),
        "beyond": np.round(np.where(np.isnan(homes.value), homes.residents, 0.0)).tolist(),
    }  # fmt: skip


def _by_hexagon(homes: _Homes, *, sums: bool) -> dict[str, Any]:
    try:
        import h3  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MissingExtraError("h3", "geo") from error
    cells = [h3.latlng_to_cell(y, x, HEXAGON) for x, y in zip(homes.lon, homes.lat, strict=True)]
    names, where = np.unique(np.array(cells, dtype=str), return_inverse=True)
    total, beyond = (
        np.bincount(where, weights=people, minlength=len(names))
        for people in (homes.residents, np.where(np.isnan(homes.value), homes.residents, 0.0))
    )
    near = total - beyond
    each = np.ones(len(where)) if sums else homes.residents
    amount = np.bincount(where, weights=each * np.nan_to_num(homes.value), minlength=len(names))
    mean = np.divide(amount, near, out=np.full(len(names), np.nan), where=near > 0)
    mean = amount.astype(np.float64) if sums else mean
    kept = np.flatnonzero(total >= _FEWEST)
    centres = [h3.cell_to_latlng(names[k]) for k in kept]
    return {
        "cell": names[kept].tolist(), "ring": [_ring(h3.cell_to_boundary(names[k])) for k in kept],
        "community": _mostly(where, homes, len(names))[kept].tolist(),
        "lon": [round(c[1], 6) for c in centres], "lat": [round(c[0], 6) for c in centres],
        "value": _known(mean[kept]), "residents": np.round(total[kept]).tolist(),
        "beyond": np.round(beyond[kept]).tolist(),
    }  # fmt: skip


def _mostly(where: NDArray[np.intp], homes: _Homes, cells: int) -> Texts:
    """The community that most of a cell's residents live in, (cells,)."""
    codes, code = np.unique(homes.community.astype(str), return_inverse=True)
    people = np.zeros((cells, len(codes)))
    np.add.at(people, (where, code), homes.residents)
    return codes[people.argmax(axis=1)].astype(object) if len(codes) else codes.astype(object)


def _ring(corners: tuple[tuple[float, float], ...]) -> list[list[float]]:
    """A closed ring of GeoJSON."""
    return [[round(lon, 6), round(lat, 6)] for lat, lon in (*corners, corners[0])]


def _known(values: Floats) -> list[float | None]:
    return [None if np.isnan(one) else one for one in np.round(values, 4).tolist()]
