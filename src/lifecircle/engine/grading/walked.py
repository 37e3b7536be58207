"""Every type of a district walked to; once more only where facilities have changed since."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import District, Facilities
from lifecircle.engine.grading.parts import TypeParts, measure_parts
from lifecircle.engine.grading.walks import Walks
from lifecircle.engine.network import WalkNetwork
from lifecircle.engine.reach import Way
from lifecircle.progress import Progress


@dataclass(frozen=True, slots=True)
class Walked:
    """A district's walks, and the parts of each of its types; `again` are those measured for it."""

    walks: Walks
    parts: dict[str, TypeParts]
    again: tuple[str, ...]


def walk(district: District, network: WalkNetwork, way: Way, progress: Progress) -> Walked:
    """Walk to every facility of every type."""
    with progress.stage("snap"):
        walks = Walks(district, network, way)
    kinds = tuple(district.standards.types)
    return Walked(walks, measured(walks, kinds, progress), kinds)


def walk_again(before: Walked, district: District, progress: Progress) -> Walked:
    """Walk to the types whose facilities differ from those before; all else is as it was.

    Parameters
    ----------
    before
        The same district with other facilities.
    district
        As it is now: of its tables only `facilities` (and `spaces`) may differ.
    """
    with progress.stage("snap"):
        origin, again = _compared(before.walks.district.facilities, district.facilities)
        walks = before.walks.with_facilities(district, origin).on_its_own()
    kinds = tuple(kind for kind in district.standards.types if kind in again)
    parts = measured(walks, kinds, progress)
    for kind in district.standards.types.values():
        if kind.id not in parts:
            parts[kind.id] = moved_up(walks, before.parts[kind.id])
    return Walked(walks, {kind: parts[kind] for kind in district.standards.types}, kinds)


def measured(walks: Walks, kinds: Iterable[str], progress: Progress) -> dict[str, TypeParts]:
    """Walk to some types."""
    types, kinds = walks.district.standards.types, tuple(kinds)
    parts = {}
    with progress.stage("reach", total=len(kinds)) as advance:
        for kind in kinds:
            parts[kind] = measure_parts(walks, types[kind])
            advance(1)
    return parts


def moved_up(walks: Walks, parts: TypeParts) -> TypeParts:
    """The same sums of a type whose rows in the table of facilities may be others."""
    result = copy.copy(parts)
    result.sites = walks.sites_of(parts.kind)
    return result


def _compared(old: Facilities, new: Facilities) -> tuple[NDArray[np.intp], set[str]]:
    """(facilities,) each one's row before where it has not moved, else -1; and the types that differ."""
    row = {ref: k for k, ref in enumerate(old.id)}
    rows = np.array([row.get(ref, -1) for ref in new.id], dtype=np.intp)
    equal = {name: _equal(getattr(new, name), getattr(old, name), rows) for name in new.columns()}
    same = np.logical_and.reduce(list(equal.values()))
    again = {*new.type[~same], *np.delete(old.type, rows[same])}
    for kind in set(new.type) - again:
        if (np.diff(rows[new.type == kind]) < 0).any():
            again.add(kind)
    return np.where(equal["x"] & equal["y"], rows, -1), again


def _equal(new: NDArray[Any], old: NDArray[Any], rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """(facilities,) whether a column has the value that it had before; two unknown ones are equal."""
    if len(old) == 0:
        return np.zeros(len(new), dtype=bool)
    then = old[np.maximum(rows, 0)]
    unknown = np.isnan(new) & np.isnan(then) if new.dtype.kind == "f" else False
    result: NDArray[np.bool_] = (rows >= 0) & ((new == then) | unknown)
    return result
