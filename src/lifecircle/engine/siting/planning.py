"""What to build where and when, in a district: several types in its idle spaces, under a budget a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from pyproj import Transformer

from lifecircle.engine.bundle.model import District
from lifecircle.engine.drafting import CardChange, Draft
from lifecircle.engine.siting.exact import programme_exactly
from lifecircle.engine.siting.offering import (
    Needs,
    Offers,
    Wishes,
    check_wishes,
    community_numbers,
    needs_of,
    note,
    offers_of,
    rooms_of,
    slots_of,
    types_of,
    unmet_of,
)
from lifecircle.engine.siting.programmes import Options, Programme, Watch, programme
from lifecircle.engine.standards.model import FacilityType
from lifecircle.errors import Issue
from lifecircle.progress import Progress

Floats = NDArray[np.float64]

_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Build:
    """Something that the plan builds in `year` (from 1).

    In a `space` ("" for a facility that is enlarged, then `facility` is its id), `area_m2` of it. `serves` are the
    people that it serves and nothing else does, on paper; NaN where a number is not known.
    """

    year: int
    kind: str
    space: str
    facility: str
    name: str
    lon: float
    lat: float
    area_m2: float
    cost_cny: float
    capacity: float
    serves: float


@dataclass(frozen=True, slots=True)
class Share:
    """How much of its people's needs a community has met, 0..1, before and after; all types by their weight."""

    place: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build, and what that does.

    `promised` are the people newly served by type, as the search counts them: each within the walk of something
    new that has room. `reached` are those newly within the walk, by type, and `cards` those that change,
    both from the district graded anew with everything built. `programme` says how near to the best the search came, by
    people weighted by the class of the type and by fairness; `shares` who has how much of what they need;
    `cost_by_year` what is spent. `notes` say what was left out and why.
    """

    builds: tuple[Build, ...]
    options: int
    programme: Programme
    promised: dict[str, float]
    reached: dict[str, float]
    cards: tuple[CardChange, ...]
    shares: tuple[Share, ...]
    cost_by_year: tuple[float, ...]
    notes: tuple[Issue, ...]

    @property
    def cost_cny(self) -> float:
        """What all of it costs."""
        return sum(self.cost_by_year)

    @property
    def cost_per_person(self) -> float:
        """CNY a person who is newly served, on paper; NaN where nobody is."""
        people = sum(self.promised.values())
        return self.cost_cny / people if people > 0 else float("nan")

    @property
    def gap_between(self) -> tuple[float, float]:
        """Between the best and the worst community, before and after."""
        before, after = ([getattr(s, side) for s in self.shares] for side in ("before", "after"))
        return max(before) - min(before), max(after) - min(after)


def plan(
    draft: Draft,
    budgets: Sequence[float] | None = None,
    wishes: Wishes | None = None,
    *,
    seconds: float = 10.0,
    exact: bool = False,
    watch: Watch | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Choose what to build in the idle spaces of a district.

    Parameters
    ----------
    draft
        The district as it is, or as it is planned so far; it is not changed.
    budgets
        CNY by year; None: no limit, in one year. A space's cost is shared by the area that is taken of it.
    wishes
        Which types, what may be enlarged or shared, how fair.
    seconds, watch
        As of `programme`.
    exact
        Then solve on as an integer program for as long again.
    progress
        Told of the stages `reach`, `site` and `grade`.

    Raises
    ------
    NotFoundError
        There is no such type or facility.
    InputError
        Budgets or hours are none, or nothing can be built: the message says how many spaces each condition
        leaves.

    Notes
    -----
    What people get of a supply (2SFCA) is not linear in what is built. The search counts people instead:
    those beyond the walk, and of types with a norm those within it who get less than the norm, up to the
    capacity of what is built. Everything is graded anew at the end; both figures are given.
    """
    progress, wishes = progress or Progress(), wishes or Wishes()
    district, notes = draft.district, list[Issue]()
    check_wishes(district, budgets, wishes)
    types = types_of(draft, wishes.kinds)
    codes = [t.id for t in types]
    with progress.stage("reach"):
        offers = offers_of(draft, types, budgets, wishes, notes)
        covers, needs = needs_of(draft, types, offers)
    rules = district.standards.rules
    importance = np.array([rules.class_weights[t.type_class].value for t in types])
    shares = _Shares(draft, types, importance, offers)
    weight = needs.people * importance[needs.kind] * shares.fairness(wishes.fair)[needs.community]

    def solve(factor: Floats, limit_s: float) -> Programme:
        here = weight * factor[needs.community]
        options = Options.of(
            covers, here, space=offers.space, kind=[codes.index(kind) for kind in offers.kind],
            area=offers.area, cost=offers.cost, rooms=rooms_of(district), budgets=budgets, first=offers.first,
            when=[slots_of(wishes.hours, kind) for kind in offers.kind],
            capacity=_weighted(covers, needs, here, offers),
            apart=[(codes.index(a), codes.index(b)) for a, b in wishes.apart if {a, b} <= set(codes)],
        )  # fmt: skip
        found = programme(options, seconds=limit_s, watch=watch)
        return programme_exactly(options, seconds=limit_s, start=found) if exact else found

    with progress.stage("site"):
        best = _even(solve, shares, covers, needs, offers, wishes.gap_between, seconds, notes)
    serves, left = _served(best, covers, needs, offers)
    builds = _builds(district, offers, best, serves)
    with progress.stage("grade"):
        after = draft.copy()
        _build_all(after, builds)
    kinds = list(dict.fromkeys(one.kind for one in builds))
    return Plan(
        builds, len(offers), best,
        {kind: sum(one.serves for one in builds if one.kind == kind) for kind in kinds},
        _newly(draft, after, kinds), draft.differences(after), shares.of(needs.people - left, needs),
        tuple(
            float(sum(one.cost_cny for one in builds if one.year == year + 1))
            for year in range(len(budgets or [0]))
        ),
        tuple(notes),
    )  # fmt: skip


class _Shares:
    """How much of its people's needs each community has met, all types by their weight."""

    def __init__(
        self, draft: Draft, types: Sequence[FacilityType], importance: Floats, offers: Offers
    ) -> None:
        places = draft.district.places
        self.rows = places.at("community")
        self.codes = [str(code) for code in places.code[self.rows]]
        self.importance = importance
        number = community_numbers(draft.district)
        community = draft.district.demand.community
        here = number[community[community >= 0]]
        self.wanted, self.unmet = np.zeros(len(self.rows)), np.zeros(len(self.rows))
        sized = offers.sized()
        for kind, weight in zip(types, importance, strict=True):
            parts = draft.parts[kind.id]
            for walker, unmet in zip(
                parts.walkers, unmet_of(parts, sized=kind.id in sized), strict=True
            ):
                inside = community >= 0
                self.wanted += weight * np.bincount(
                    here, walker.people[inside], minlength=len(self.rows)
                )
                self.unmet += weight * np.bincount(here, unmet[inside], minlength=len(self.rows))

    def fairness(self, power: float) -> Floats:
        """What a person of each community counts."""
        lack = np.divide(
            self.unmet, self.wanted, out=np.zeros_like(self.unmet), where=self.wanted > 0
        )
        mean = self.unmet.sum() / max(self.wanted.sum(), 1e-12)
        return np.asarray((lack / mean) ** power if mean > 0 else np.ones(len(lack)))

    def after(self, served: Floats, needs: Needs) -> Floats:
        """(communities,) 0..1 once `served`, (needs,), people of each need are served; NaN where nobody lives."""
        newly = np.bincount(
            needs.community, served * self.importance[needs.kind], minlength=len(self.rows)
        )
        met = self.wanted - self.unmet + newly
        return np.divide(met, self.wanted, out=np.full(len(met), np.nan), where=self.wanted > 0)

    def of(self, served: Floats, needs: Needs) -> tuple[Share, ...]:
        """Before and after, of the communities where somebody lives."""
        sides = [self.after(np.zeros_like(served), needs), self.after(served, needs)]
        return tuple(
            Share(code, float(a), float(b))
            for code, a, b in zip(self.codes, *sides, strict=True)
            if np.isfinite(a)
        )


def _weighted(
    covers: scipy.sparse.csr_array, needs: Needs, weight: Floats, offers: Offers
) -> Floats:
    """Capacities in what people count for: by the mean of those whom an option can serve."""
    people, counted = covers @ needs.people, covers @ weight
    mean = np.divide(counted, people, out=np.ones(len(people)), where=people > 0)
    return np.array(offers.people) * mean


def _even(
    solve: Callable[[Floats, float], Programme], shares: _Shares, covers: scipy.sparse.csr_array, needs: Needs,
    offers: Offers, most: float | None, seconds: float, notes: list[Issue],
) -> Programme:  # fmt: skip
    """Solve; while communities are farther apart than `most`, weigh those that have least more and solve again."""
    factor = np.ones(len(shares.rows))
    if most is None:
        return solve(factor, seconds)
    best: tuple[float, Programme] | None = None
    for _ in range(_ROUNDS):
        found = solve(factor, seconds / _ROUNDS)
        _, left = _served(found, covers, needs, offers)
        after = shares.after(needs.people - left, needs)
        apart = float(np.nanmax(after) - np.nanmin(after))
        if best is None or apart < best[0]:
            best = apart, found
        if apart <= most:
            return found
        behind = np.nan_to_num(np.nanmax(after) - after) / apart
        factor = factor * (1.0 + behind) ** 2
    assert best is not None  # noqa: S101  (there is a round)
    notes.append(
        note(
            "gap_between",
            f"{best[0]:.3f}",
            f"at most {most:g} between communities; this is the least that was found",
            f"社区间差距不超过 {most:g}; 此为已找到的最小差距",
        )
    )
    return best[1]


def _served(
    best: Programme, covers: scipy.sparse.csr_array, needs: Needs, offers: Offers
) -> tuple[dict[int, float], Floats]:
    """People served by what is built, the earliest and largest first, and (needs,) those that are not."""
    left, serves = needs.people.copy(), {}
    total = covers @ needs.people
    for p in sorted(best.chosen.tolist(), key=lambda p: (best.year[p], -total[p])):
        mine = covers.indices[covers.indptr[p] : covers.indptr[p + 1]]
        waiting = float(left[mine].sum())
        serves[p] = min(waiting, offers.people[p])
        if waiting > 0:
            left[mine] *= 1.0 - serves[p] / waiting
    return serves, left


def _builds(
    district: District, offers: Offers, best: Programme, serves: Mapping[int, float]
) -> tuple[Build, ...]:
    turned = Transformer.from_crs(district.crs, "EPSG:4326", always_xy=True)
    rows = []
    for p, served in serves.items():
        row, ref = offers.space[p], offers.facility[p]
        table = district.spaces if row >= 0 else district.facilities
        at = row if row >= 0 else int(np.flatnonzero(district.facilities.id == ref)[0])
        lon, lat = turned.transform(table.x[at], table.y[at])
        rows.append(
            Build(
                int(best.year[p]) + 1, offers.kind[p], str(district.spaces.id[row]) if row >= 0 else "", ref,
                str(table.name[at]), float(lon), float(lat), offers.area[p] if row >= 0 else float("nan"),
                offers.cost[p], offers.capacity[p], served,
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda one: (one.year, -one.serves)))


def _build_all(draft: Draft, builds: Iterable[Build]) -> None:
    """Put everything into the draft."""
    new: list[dict[str, object]] = []
    for one in builds:
        if one.facility:
            now = draft.district.facilities.capacity[draft.district.facilities.id == one.facility][
                0
            ]
            draft.change_facility(one.facility, capacity=float(np.nan_to_num(now)) + one.capacity)
            continue
        row: dict[str, object] = {
            "id": f"plan:{one.space}:{one.kind}", "type": one.kind, "name": one.name, "lon": one.lon,
            "lat": one.lat, "floor_area_m2": one.area_m2,
        }  # fmt: skip
        new.append(row | ({"capacity": one.capacity} if np.isfinite(one.capacity) else {}))
    draft.add_facilities(new)


def _newly(before: Draft, after: Draft, kinds: Iterable[str]) -> dict[str, float]:
    """The people of the district newly within the walk, by type."""
    home = before.district.demand.community >= 0
    return {
        kind: float((after.parts[kind].covered - before.parts[kind].covered)[home].sum())
        for kind in dict.fromkeys(kinds)
    }
