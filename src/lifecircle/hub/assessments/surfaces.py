"""What one type is like at every home: by building, or by H3 hexagon; only where the caller may look."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lifecircle.engine.runs import Run as Results
from lifecircle.errors import MissingExtraError
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments.models import Run
from lifecircle.hub.errors import MissingError
from lifecircle.hub.places import queries as places

MEASURES = {
    "minutes": ("s", 1 / 60),
    "share": ("share", 1.0),
    "scale": ("scale", 1.0),
    "quality": ("quality", 1.0),
}
"""By name: the column of the run's buildings that it is, and the factor."""
HEXAGON = 10
"""Resolution of H3: hexagons some 130 m across."""
_FEWEST = 5
"""Hexagons with fewer residents are left out."""

Floats = NDArray[np.float64]


def surface(actor: Actor, run: Run, key: str, measure: str, *, hexagons: bool) -> dict[str, Any]:
    """The measure of a type at every home that the caller may look at.

    Returns
    -------
    dict
        `lon`, `lat`, `value` and `residents`, a list each; with hexagons `cell` too, and values are means over
        residents. What is not known is left out.

    Raises
    ------
    MissingError
        The run has no such type.
    """
    table = _buildings(str(run.folder / "results"))
    name, factor = MEASURES[measure]
    column = f"{key}_{name}"
    if column not in table.column_names:
        raise MissingError(f"no {measure} of {key}", f"没有 {key} 的 {measure}")
    codes = (
        places.places(actor, right="card.read")
        .filter(level="community")
        .values_list("code", flat=True)
    )
    seen = pc.is_in(table["community"], value_set=pa.array(list(codes), pa.string()))
    here = table.filter(pc.and_(seen, pc.is_valid(table[column])))
    lon, lat, value, people = (
        here[n].to_numpy().astype(np.float64) for n in ("lon", "lat", column, "residents")
    )
    if hexagons:
        return _by_hexagon(lon, lat, value * factor, people)
    return {
        "lon": np.round(lon, 6).tolist(), "lat": np.round(lat, 6).tolist(),
        "value": np.round(value * factor, 4).tolist(), "residents": np.round(people).tolist(),
    }  # fmt: skip


@lru_cache(maxsize=2)
def _buildings(folder: str) -> pa.Table:
    return Results.open(folder).table("buildings")


def _by_hexagon(lon: Floats, lat: Floats, value: Floats, people: Floats) -> dict[str, Any]:
    try:
        import h3  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MissingExtraError("h3", "geo") from error
    cells = np.array(
        [h3.latlng_to_cell(y, x, HEXAGON) for x, y in zip(lon, lat, strict=True)], dtype=object
    )
    names, where = np.unique(cells.astype(str), return_inverse=True)
    total = np.bincount(where, weights=people, minlength=len(names))
    mean = np.divide(np.bincount(where, weights=people * value, minlength=len(names)), total,
                     out=np.full(len(names), np.nan), where=total > 0)  # fmt: skip
    kept = np.flatnonzero(total >= _FEWEST)
    centres = [h3.cell_to_latlng(names[k]) for k in kept]
    return {
        "cell": names[kept].tolist(), "lon": [round(c[1], 6) for c in centres],
        "lat": [round(c[0], 6) for c in centres], "value": np.round(mean[kept], 4).tolist(),
        "residents": np.round(total[kept]).tolist(),
    }  # fmt: skip
