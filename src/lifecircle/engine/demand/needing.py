"""Who needs what: people of each type's group, what they need, get and use, by community and by home."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import District
from lifecircle.engine.demand.ageing import Ageing, aged_district
from lifecircle.engine.grading.parts import TypeParts, received
from lifecircle.engine.grading.satisfaction import satisfaction
from lifecircle.engine.grading.walked import measured
from lifecircle.engine.grading.walks import Walks
from lifecircle.engine.network import WalkNetwork
from lifecircle.engine.reach import Way
from lifecircle.errors import NotFoundError
from lifecircle.progress import Progress

Floats = NDArray[np.float64]

_SIDES = ("now", "then")
DEMAND = pa.schema(
    [
        ("place", pa.string()), ("place_zh", pa.string()), ("level", pa.string()), ("type", pa.string()),
        ("type_zh", pa.string()), ("group", pa.string()), ("unit", pa.string()),
        *((f"{name}_{side}", pa.float64()) for side in _SIDES for name in ("people", "beyond", "needed", "received", "short")),
        ("use", pa.float64()), ("satisfaction", pa.float64()), ("answers", pa.int64()),
    ]
)  # fmt: skip
"""Of each community, street and the district, and each type: `people` of its group, `beyond` its walk; of types with
a norm a person what they have `needed`, `received` and are `short` of, in `unit`, today and then; how full the
facilities there are by capacity (`use`, 1 is full); what residents say."""


def demand(
    district: District, network: WalkNetwork, *, years: int = 5, ageing: Ageing | None = None, way: Way = "both",
    progress: Progress | None = None,
) -> pa.Table:  # fmt: skip
    """Need against supply, by place and type, today and some years on with today's facilities.

    Parameters
    ----------
    district, network
        As read and built.
    years, ageing
        As of `aged`.
    way
        As of `grade_district`.
    progress
        Told of the stage `reach`, twice.

    Returns
    -------
    Table of `DEMAND`
        The district, streets, communities; null where a type has no walk, no norm a person, or no answers.
    """
    progress = progress or Progress()
    sides = _both(district, network, years, ageing, way, progress)
    places, standards = district.places, district.standards
    rows: list[dict[str, Any]] = []
    levels = [k for level in ("district", "street", "community") for k in places.at(level)]
    for kind in standards.types.values():
        if not sides["now"][kind.id].walkers:
            continue
        said, answers = satisfaction(district, kind.id)
        full = _use(district, kind.id)
        sums = {
            f"{name}_{side}": _by_place(district, values)
            for side in _SIDES
            for name, values in _points(sides[side][kind.id]).items()
        }
        for place in levels:
            row = {
                "place": str(places.code[place]), "place_zh": str(places.name_zh[place]), "level": str(places.level[place]),
                "type": kind.id, "type_zh": kind.name_zh, "group": kind.group, "unit": kind.capacity_unit,
                **{name: _known(values[place]) for name, values in sums.items()},
                "use": _known(full[place]), "satisfaction": _known(said[place]), "answers": int(answers[place]),
            }  # fmt: skip
            rows.append(row)
    return pa.Table.from_pylist(rows, schema=DEMAND)


def demand_by_home(
    district: District, network: WalkNetwork, kind: str, *, years: int = 5, ageing: Ageing | None = None,
    way: Way = "both", progress: Progress | None = None,
) -> pa.Table:  # fmt: skip
    """The same of one type at every home: `id`, `community`, `lon`, `lat`, then the figures of `DEMAND`.

    Raises
    ------
    NotFoundError
        There is no such type.
    """
    from pyproj import Transformer  # noqa: PLC0415

    if kind not in district.standards.types:
        raise NotFoundError(f"no facility type {kind!r} / 没有这个设施类型")
    sides = _both(district, network, years, ageing, way, progress or Progress(), (kind,))
    home = np.flatnonzero(district.demand.community >= 0)
    walks = Walks(district, network, way)
    turned = Transformer.from_crs(district.crs, "EPSG:4326", always_xy=True)
    lon, lat = turned.transform(district.demand.x[home], district.demand.y[home])
    columns: dict[str, Any] = {
        "id": walks.home_ids(home), "community": district.places.code[district.demand.community[home]].astype(str),
        "lon": lon, "lat": lat,
    }  # fmt: skip
    for side in _SIDES:
        for name, values in _points(sides[side][kind]).items():
            columns[f"{name}_{side}"] = pa.array(values[home], from_pandas=True)
    return pa.table(columns)


def _both(
    district: District, network: WalkNetwork, years: int, ageing: Ageing | None, way: Way, progress: Progress,
    kinds: tuple[str, ...] | None = None,
) -> dict[str, dict[str, TypeParts]]:  # fmt: skip
    later = aged_district(district, years, ageing)
    wanted = tuple(district.standards.types) if kinds is None else kinds
    walks = Walks(district, network, way)
    snapped = walks.homes, walks.sites
    return {
        "now": measured(walks, wanted, progress),
        "then": measured(Walks(later, network, way, snapped=snapped), wanted, progress),
    }


def _points(parts: TypeParts) -> dict[str, Floats]:
    """(demand,) what each figure is at every home; NaN where it is none."""
    nothing = np.full(len(parts.people), np.nan)
    walked = parts.kind.walk_s is not None
    result = {"people": parts.people, "beyond": parts.people - parts.covered if walked else nothing}
    if parts.norm is None or not parts.sized:
        return result | dict.fromkeys(("needed", "received", "short"), nothing)
    needed, got = parts.norm * parts.people, received(parts)
    short = sum(
        walker.people * np.maximum(parts.norm - access, 0.0)
        for walker, access in zip(parts.walkers, parts.access, strict=True)
    )
    return result | {"needed": needed, "received": got, "short": np.asarray(short)}


def _by_place(district: District, values: Floats) -> Floats:
    """(places,) sums over the people of communities, streets and the district; NaN where there is no figure."""
    places, community = district.places, district.demand.community
    home = community >= 0
    if np.isnan(values[home]).all():
        return np.full(len(places.code), np.nan)
    sums = np.bincount(community[home], values[home], minlength=len(places.code)).astype(np.float64)
    for level in ("community", "street"):
        for place in np.flatnonzero(places.level == level):
            sums[places.parent[place]] += sums[place]
    return sums


def _use(district: District, kind: str) -> Floats:
    """(places,) mean utilisation of the open facilities of a type that stand there; NaN where none is known."""
    places, all_ = district.places, district.facilities
    here = (
        (all_.type == kind)
        & (all_.operating != 0)
        & (all_.community >= 0)
        & np.isfinite(all_.utilisation)
    )
    weight = np.nan_to_num(all_.capacity[here])
    weight = np.where(weight > 0, weight, 1.0)
    count = len(places.code)
    held, used = (
        np.bincount(all_.community[here], weights=part, minlength=count).astype(np.float64)
        for part in (weight, weight * all_.utilisation[here])
    )
    for level in ("community", "street"):
        for place in np.flatnonzero(places.level == level):
            held[places.parent[place]] += held[place]
            used[places.parent[place]] += used[place]
    return np.divide(used, held, out=np.full(count, np.nan), where=held > 0)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
