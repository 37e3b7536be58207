"""The parts of a type's grade at every demand point, as sums that areas can add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.grading.supply import (
    capacities,
    failing,
    norm_per_person,
    qualities,
)
from lifecircle.engine.grading.walks import DESIGN, Walkers, Walks
from lifecircle.engine.reach import WalkTable, gaussian, nearest
from lifecircle.engine.standards.model import FacilityType

Floats = NDArray[np.float64]


@dataclass(slots=True)
class TypeParts:
    """One type's sums at the demand points; all (demand,) unless said otherwise.

    `people` of the group; of them `covered` within T lived, `complying` within T at the design
    speed, `absent` from everything within the veto's limit, `in_street` and `in_community` within
    T of a facility of their own street or community. `access` is what each person gets, in capacity
    units, by walker (`sized`: the sizes of facilities are known). `flow` is the use that facilities
    get, `flow_known` the part with a known quality, `flow_quality` that times the quality,
    `flow_failing` the part at facilities that failed a check. `nearest_s` is the largest walker
    group's walk. `covered_by` is `covered` by walker, `near_by_design` whether anything lies within T
    at the design speed. (sites,): `drawn` the weighted people of a facility's catchment, `reached` those
    within T.
    """

    kind: FacilityType
    walkers: list[Walkers]
    sites: NDArray[np.intp]
    capacity: Floats
    quality: Floats
    people: Floats
    nearest_s: Floats
    covered: Floats = field(init=False)
    complying: Floats = field(init=False)
    absent: Floats = field(init=False)
    in_street: Floats = field(init=False)
    in_community: Floats = field(init=False)
    flow: Floats = field(init=False)
    flow_known: Floats = field(init=False)
    flow_quality: Floats = field(init=False)
    flow_failing: Floats = field(init=False)
    drawn: Floats = field(init=False)
    reached: Floats = field(init=False)
    access: list[Floats] = field(default_factory=list)
    covered_by: list[Floats] = field(default_factory=list)
    near_by_design: NDArray[np.bool_] = field(init=False)
    norm: float | None = None
    sized: bool = field(init=False)

    def __post_init__(self) -> None:
        for name in (
            "covered", "complying", "absent", "in_street", "in_community", "flow", "flow_known",
            "flow_quality", "flow_failing",
        ):  # fmt: skip
            setattr(self, name, np.zeros(len(self.people)))
        self.near_by_design = np.zeros(len(self.people), dtype=bool)
        self.sized = bool(np.isfinite(self.capacity).any()) or len(self.sites) == 0
        self.capacity = np.nan_to_num(self.capacity)
        self.drawn, self.reached = np.zeros(len(self.sites)), np.zeros(len(self.sites))


def measure_parts(walks: Walks, kind: FacilityType) -> TypeParts:
    """Walk to every facility of a type and sum its parts at the demand points."""
    district = walks.district
    group = district.standards.groups[kind.group]
    walkers = walks.walkers(group)
    count = len(district.demand.x)
    sites = walks.sites_of(kind)
    people = sum((w.people for w in walkers), start=np.zeros(count))
    parts = TypeParts(
        kind, walkers, sites, capacities(district, kind, sites), qualities(district, kind, sites),
        people, np.full(count, np.inf),
    )  # fmt: skip
    if kind.walk_s is None or not walkers:
        return parts
    if kind.measure == "supply":
        parts.norm = norm_per_person(district, kind, float(people.sum()))
    _walk(walks, parts, kind.walk_s)
    return parts


def pool_of(one: TypeParts, parts: Iterable[TypeParts]) -> list[TypeParts]:
    """The sums of all types that share a type's supply, itself among them."""
    return [p for p in parts if one.kind.pool and p.kind.pool == one.kind.pool] or [one]


def received(parts: TypeParts) -> Floats:
    """What the people of each point get together, in capacity units, (demand,)."""
    return sum(
        (w.people * a for w, a in zip(parts.walkers, parts.access, strict=True)),
        start=np.zeros(len(parts.people)),
    )


def building_parts(parts: TypeParts) -> dict[str, Floats]:
    """Scale (what people get over the norm, uncapped) and quality at each point, in shares.

    NaN where a type has no such part, nobody of the group lives, or nothing is known.
    """
    result: dict[str, Floats] = {}
    if parts.norm is not None and parts.sized:
        result["scale"] = _over(received(parts), parts.norm * parts.people)
    result["quality"] = _over(parts.flow_quality, parts.flow_known)
    return result


def _over(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)


def _walk(walks: Walks, parts: TypeParts, limit_s: float) -> None:
    rules = walks.district.standards.rules
    base = parts.kind.type_class == "base"
    cutoff = limit_s * (rules.veto_minutes_factor.value if base else 1.0)
    open_now = walks.open_now(parts.sites)
    tables = [walks.table(w.profile, parts.sites, cutoff) for w in parts.walkers]
    design = walks.table(DESIGN, parts.sites[open_now], limit_s)
    parts.near_by_design = np.isfinite(nearest(design).seconds)
    parts.complying = np.where(parts.near_by_design, parts.people, 0.0)
    main = int(np.argmax([w.people.sum() for w in parts.walkers]))
    for k, (walker, table) in enumerate(zip(parts.walkers, tables, strict=True)):
        opened = table.rows(np.flatnonzero(open_now))
        seconds = nearest(opened).seconds
        parts.covered_by.append(np.where(seconds <= limit_s, walker.people, 0.0))
        parts.covered += parts.covered_by[-1]
        parts.absent += np.where(np.isinf(seconds), walker.people, 0.0)
        if k == main:
            parts.nearest_s = seconds
        _cover_at_home(walks, parts, walker, opened.within(limit_s), parts.sites[open_now])
        near = table.within(limit_s)
        parts.reached += np.bincount(
            near.source, weights=walker.people[near.target], minlength=len(parts.sites)
        )
    weights = [gaussian(limit_s)(table.seconds) for table in tables]
    for walker, table, weight in zip(parts.walkers, tables, weights, strict=True):
        parts.drawn += np.bincount(
            table.source, weights=walker.people[table.target] * weight, minlength=len(parts.sites)
        )
    _share_out(walks, parts, tables, weights, limit_s)


def _cover_at_home(
    walks: Walks, parts: TypeParts, walker: Walkers, near: WalkTable, sites: NDArray[np.intp]
) -> None:
    """Count those who reach a facility inside their own street, and their own community."""
    district = walks.district
    here = district.demand.community[near.target]
    there = district.facilities.community[sites][near.source]
    parent = district.places.parent
    known = (here >= 0) & (there >= 0)
    for name, same in (
        ("in_community", known & (here == there)),
        ("in_street", known & (parent[here] == parent[there])),
    ):
        hit = np.zeros(len(walker.people), dtype=bool)
        hit[near.target[same]] = True
        setattr(parts, name, getattr(parts, name) + np.where(hit, walker.people, 0.0))


def _share_out(
    walks: Walks, parts: TypeParts, tables: list[WalkTable], weights: list[Floats], limit_s: float
) -> None:
    """Share supply among those who reach it, and follow who uses which facility.

    With a supply the use is the 2SFCA flow p_i R_j w_ij; without one everybody's use is spread
    evenly over the facilities within T.
    """
    count = len(parts.people)
    ratio = np.divide(
        parts.capacity, parts.drawn, out=np.zeros(len(parts.sites)), where=parts.drawn > 0
    )
    quality = np.nan_to_num(parts.quality)
    known = np.isfinite(parts.quality)
    bad = failing(walks.district, parts.sites)
    supplied = parts.kind.measure == "supply"
    for walker, table, weight in zip(parts.walkers, tables, weights, strict=True):
        source, target = table.source, table.target
        gain = ratio[source] * weight
        access = np.bincount(target, weights=gain, minlength=count)
        parts.access.append(access.astype(np.float64))
        if not supplied:
            near = table.ticks <= limit_s * 10
            choices = np.bincount(target[near], minlength=count)
            gain = np.where(near, 1.0 / np.maximum(choices[target], 1), 0.0)
        use = walker.people[target] * gain
        for name, factor in (
            ("flow", None),
            ("flow_known", known),
            ("flow_quality", known * quality),
            ("flow_failing", bad),
        ):
            amount = use if factor is None else use * factor[source]
            total = np.bincount(target, weights=amount, minlength=count)
            setattr(parts, name, getattr(parts, name) + total)
