"""What may be built in the idle spaces of a district, and whom each of it would serve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import District, Spaces
from lifecircle.engine.bundle.tree import locate
from lifecircle.engine.drafting import Draft
from lifecircle.engine.grading.parts import TypeParts
from lifecircle.engine.grading.supply import SIZED_UNITS
from lifecircle.engine.siting.reaching import allowed_types, least_area, with_spaces
from lifecircle.engine.standards.model import FacilityType
from lifecircle.errors import InputError, Issue, NotFoundError
from lifecircle.moment import Moment

Floats = NDArray[np.float64]

SLOTS = ("Mo 10:00", "Mo 19:30", "Sa 10:00", "Sa 19:30")
"""The times by which spaces are shared: working days and weekends, days and evenings."""

_SMALL_M2 = 30.0
"""What a type takes of a space where the standard names no least area (proposal)."""
_SIZES = (1.0, 2.0, 4.0)
"""Of the least area: the sizes in which a type is offered whose capacity is its area."""
_AREA_UNIT = "m2"


@dataclass(frozen=True, slots=True)
class Enlargement:
    """A facility that could be enlarged: by how much, in its type's unit, and for how many CNY."""

    facility: str
    capacity: float
    cost_cny: float


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a plan is asked for, besides money.

    Attributes
    ----------
    kinds
        Facility types; None: all that are graded and walked to.
    spaces
        Idle spaces by id; None: all.
    enlarge
        Facilities that may be enlarged instead.
    hours
        Opening hours of types, by which several share one area (复合利用); a type without them needs its area
        always.
    apart
        Pairs of types that may not share a space.
    from_year
        The calendar year of the first budget: spaces wait for the year from which they are free.
    fair
        0 counts everybody alike; with 1 people of a community that lacks twice as much count twice, with 2 four
        times.
    gap_between
        How far the best and the worst community may be apart in the end (0..1); communities are weighed until it
        holds, or nearly: the plan's notes say where it does not.
    """

    kinds: Sequence[str] | None = None
    spaces: Sequence[str] | None = None
    enlarge: Sequence[Enlargement] = ()
    hours: Mapping[str, str] = field(default_factory=dict)
    apart: Sequence[tuple[str, str]] = ()
    from_year: int | None = None
    fair: float = 0.0
    gap_between: float | None = None


@dataclass(slots=True)
class Offers:
    """Options as they are listed, column by column."""

    kind: list[str] = field(default_factory=list)
    space: list[int] = field(default_factory=list)
    facility: list[str] = field(default_factory=list)
    area: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    capacity: list[float] = field(default_factory=list)
    people: list[float] = field(default_factory=list)
    first: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.kind)

    def sized(self) -> set[str]:
        """The types of whose options it is known how many people they can serve."""
        return {
            kind for kind, people in zip(self.kind, self.people, strict=True) if people < np.inf
        }


@dataclass(frozen=True, slots=True)
class Needs:
    """People that are not served, a need each: how many, of which type, in which community (index)."""

    people: Floats
    kind: NDArray[np.int64]
    community: NDArray[np.int64]


def types_of(draft: Draft, kinds: Sequence[str] | None) -> list[FacilityType]:
    """The graded types of a plan whose people are known, in the order of the standard; errors as `planning.plan`."""
    every = draft.district.standards.types
    for kind in kinds or ():
        if kind not in every:
            raise NotFoundError(f"no facility type {kind!r} / 没有这个设施类型")
        if every[kind].walk_s is None:
            raise refused("kinds", kind, "types that are walked to", "有步行时间要求的类型")
    wanted = every if kinds is None else dict.fromkeys(kinds)
    return [
        t
        for t in every.values()
        if t.id in wanted and t.walk_s is not None and t.graded and draft.parts[t.id].walkers
    ]


def check_wishes(district: District, budgets: Sequence[float] | None, wishes: Wishes) -> None:
    """Raise an error that names the budget, type, hours or figure that is none."""
    if budgets is not None and not (len(budgets) and all(0 <= b < np.inf for b in budgets)):
        given = ", ".join(f"{b:g}" for b in budgets)
        raise refused(
            "budgets", given, "one or more budgets of 0 or more", "一个或多个不小于 0 的预算"
        )
    unknown = set(wishes.spaces or ()) - set(district.spaces.id)
    if unknown:
        raise NotFoundError(f"no space {min(unknown)} / 没有闲置空间 {min(unknown)}")
    for kind in [*wishes.hours, *(kind for pair in wishes.apart for kind in pair)]:
        if kind not in district.standards.types:
            raise NotFoundError(f"no facility type {kind!r} / 没有这个设施类型")
    for text in wishes.hours.values():
        if not any(Moment.parse(slot).is_open(text) for slot in SLOTS):
            slots = ", ".join(SLOTS)
            said = f"opening hours that hold one of {slots}", f"开放时间, 含 {slots} 之一"
            raise refused("hours", text, *said)
    if not 0 <= wishes.fair <= 10:
        raise refused("fair", f"{wishes.fair:g}", "0 to 10", "0 至 10")
    if wishes.gap_between is not None and not 0 <= wishes.gap_between <= 1:
        raise refused("gap_between", f"{wishes.gap_between:g}", "0 to 1", "0 至 1")


def slots_of(hours: Mapping[str, str], kind: str) -> list[bool]:
    """When a type needs its area."""
    text = hours.get(kind)
    return [text is None or Moment.parse(slot).is_open(text) is True for slot in SLOTS]


def rooms_of(district: District) -> Floats:
    """(spaces, slots) the area that is free then."""
    spaces = district.spaces
    free = [
        [not text or Moment.parse(slot).is_open(text) is True for slot in SLOTS]
        for text in spaces.shared_hours
    ]
    return spaces.area_m2[:, None] * np.reshape(free, (-1, len(SLOTS)))


def offers_of(
    draft: Draft, types: Sequence[FacilityType], budgets: Sequence[float] | None, wishes: Wishes,
    notes: list[Issue],
) -> Offers:  # fmt: skip
    """Everything that may be built; `notes` get what was left out.

    Raises
    ------
    NotFoundError
        There is no such facility to enlarge.
    InputError
        There is nothing: the message says how many spaces each condition leaves.
    """
    offers, spaces = Offers(), draft.district.spaces
    asked = (
        np.ones(len(spaces.id), dtype=bool)
        if wishes.spaces is None
        else np.isin(spaces.id, list(wishes.spaces))
    )
    inside = locate(draft.district.places, spaces.x, spaces.y) >= 0
    rooms = rooms_of(draft.district)
    funnel = _Funnel()
    for row in np.flatnonzero(inside & asked).tolist():
        for kind in types:
            size = funnel.least(draft.district, rooms[row], row, kind, budgets, wishes)
            if size is None:
                continue
            price = float(np.nan_to_num(spaces.cost_cny[row])) / spaces.area_m2[row]
            most = np.inf if budgets is None else max(budgets)
            by_area = kind.capacity_unit == _AREA_UNIT and draft.parts[kind.id].norm is not None
            for area in size * np.array(_SIZES if by_area else _SIZES[:1]):
                if (
                    area <= rooms[row][slots_of(wishes.hours, kind.id)].min()
                    and area * price <= most
                ):
                    _offer(
                        offers,
                        draft,
                        kind,
                        row,
                        float(area),
                        price,
                        funnel.late(spaces, row, wishes),
                    )
    for one in wishes.enlarge:
        _enlargement(offers, draft, {t.id: t for t in types}, one)
    if not inside[asked].all():
        said = "spaces inside the district; left out", "位于区内的闲置空间; 已略去"
        notes.append(note("spaces", ", ".join(spaces.id[~inside & asked][:5]), *said))
    if funnel.unpriced:
        said = "a cost, where there is a budget; left out", "有预算时须有费用; 已略去"
        notes.append(note("cost_cny", ", ".join(sorted(funnel.unpriced)[:5]), *said))
    if len(offers) == 0:
        raise funnel.nothing(int((inside & asked).sum()))
    return offers


class _Funnel:
    """How many spaces each condition leaves."""

    WORDS: ClassVar = {
        "inside": ("in the district", "位于区内"), "allowed": ("allow a wanted type", "允许所选类型"),
        "large": ("are large enough", "面积足够"), "open": ("are free at its hours", "所需时段空闲"),
        "in_time": ("are free in time", "规划期内可用"), "priced": ("have a cost", "有费用"),
        "affordable": ("fit into a year's budget", "不超过单年预算"),
    }  # fmt: skip

    def __init__(self) -> None:
        self.left: dict[str, set[int]] = {name: set() for name in self.WORDS}
        self.unpriced: set[str] = set()

    @staticmethod
    def late(spaces: Spaces, row: int, wishes: Wishes) -> int:
        """The first year, from 0, in which a space may be used."""
        free = spaces.free_from[row]
        return (
            0
            if wishes.from_year is None or np.isnan(free)
            else max(int(free) - wishes.from_year, 0)
        )

    def least(
        self, district: District, rooms: Floats, row: int, kind: FacilityType, budgets: Sequence[float] | None,
        wishes: Wishes,
    ) -> float | None:  # fmt: skip
        """The least area that a type takes of a space; None where it cannot go there."""
        spaces = district.spaces
        allowed = allowed_types(str(spaces.allowed_types[row]))
        area = least_area(kind) or _SMALL_M2
        price = spaces.cost_cny[row] / spaces.area_m2[row]
        conditions = {
            "allowed": not allowed or kind.id in allowed,
            "large": spaces.area_m2[row] >= area,
            "open": rooms[slots_of(wishes.hours, kind.id)].min() >= area,
            "in_time": self.late(spaces, row, wishes) < len(budgets or [0]),
            "priced": budgets is None or bool(np.isfinite(price)),
            "affordable": budgets is None or area * price <= max(budgets),
        }
        for name, holds in conditions.items():
            if not holds:
                if name == "priced":
                    self.unpriced.add(str(spaces.id[row]))
                return None
            self.left[name].add(row)
        return area

    def nothing(self, inside: int) -> InputError:
        """Say what each condition leaves, and which to relax first."""
        counts = {name: len(rows) for name, rows in self.left.items()} | {"inside": inside}
        said = "; ".join(f"{counts[name]} {en}" for name, (en, _) in self.WORDS.items())
        said_zh = "; ".join(f"{zh} {counts[name]}" for name, (_, zh) in self.WORDS.items())
        first = next((name for name, n in counts.items() if n == 0), "affordable")
        first = "inside" if inside == 0 else first
        return refused(
            "spaces", "0", f"spaces that can be used: {said}. Relax: {self.WORDS[first][0]}",
            f"可用的闲置空间: {said_zh}。请放宽: {self.WORDS[first][1]}",
        )  # fmt: skip


def _offer(
    offers: Offers, draft: Draft, kind: FacilityType, row: int, area: float, price: float, first: int
) -> None:  # fmt: skip
    counted = kind.capacity_unit not in SIZED_UNITS
    capacity = area if kind.capacity_unit == _AREA_UNIT else (1.0 if counted else np.nan)
    norm = draft.parts[kind.id].norm
    offers.kind.append(kind.id)
    offers.space.append(row)
    offers.facility.append("")
    offers.area.append(area)
    offers.cost.append(float(area * price))
    offers.capacity.append(capacity)
    offers.people.append(capacity / norm if norm and np.isfinite(capacity) else np.inf)
    offers.first.append(first)


def _enlargement(
    offers: Offers, draft: Draft, types: Mapping[str, FacilityType], one: Enlargement
) -> None:
    facilities = draft.district.facilities
    rows = np.flatnonzero(facilities.id == one.facility)
    if len(rows) == 0:
        raise NotFoundError(f"no facility {one.facility} / 没有设施 {one.facility}")
    kind = types.get(str(facilities.type[rows[0]]))
    norm = None if kind is None else draft.parts[kind.id].norm
    if kind is None or not norm or not draft.parts[kind.id].sized:
        raise refused(
            "enlarge",
            one.facility,
            "facilities of the types of the plan, that have a norm a person",
            "属于计划类型且有人均标准的设施",
        )
    if not (one.capacity > 0 and 0 <= one.cost_cny < np.inf):
        raise refused(
            "enlarge",
            f"{one.capacity:g}, {one.cost_cny:g}",
            "a capacity above 0 and a cost of 0 or more",
            "大于 0 的规模与不小于 0 的费用",
        )
    offers.kind.append(kind.id)
    offers.space.append(-1)
    offers.facility.append(one.facility)
    offers.area.append(0.0)
    offers.cost.append(one.cost_cny)
    offers.capacity.append(one.capacity)
    offers.people.append(one.capacity / norm)
    offers.first.append(0)


def unmet_of(parts: TypeParts, *, sized: bool) -> list[Floats]:
    """(demand,) by walker: people beyond the walk, and where sizes count what those within it get too little."""
    unmet = []
    for k, (walker, covered) in enumerate(zip(parts.walkers, parts.covered_by, strict=True)):
        lack = walker.people - covered
        if sized and parts.norm:
            lack = lack + covered * np.maximum(1.0 - parts.access[k] / parts.norm, 0.0)
        unmet.append(lack)
    return unmet


def needs_of(
    draft: Draft, types: Sequence[FacilityType], offers: Offers
) -> tuple[scipy.sparse.csr_array, Needs]:
    """Whom each option would serve, (options, needs); people who can be served by the same options are one need."""
    district, demand = draft.district, draft.district.demand
    used = np.unique([row for row in offers.space if row >= 0]).astype(np.intp)
    there, new = with_spaces(draft.walks, used)
    site_of_space = dict(zip(used.tolist(), new.tolist(), strict=True))
    site_of_facility = {str(ref): k for k, ref in enumerate(district.facilities.id)}
    longest: dict[str, float] = {}
    for kind in types:
        for walker in draft.parts[kind.id].walkers:
            longest[walker.profile] = max(longest.get(walker.profile, 0.0), float(kind.walk_s or 0))
    sites = np.unique(
        [
            site_of_space[r] if r >= 0 else site_of_facility[f]
            for r, f in zip(offers.space, offers.facility, strict=True)
        ]
    )
    tables = {profile: there.table(profile, sites, cutoff) for profile, cutoff in longest.items()}
    home = demand.community >= 0
    number = community_numbers(district)
    community = np.where(home, number[demand.community], 0)
    blocks, people, kinds, places = [], [], [], []
    sized = offers.sized()
    for index, kind in enumerate(types):
        mine = [k for k, one in enumerate(offers.kind) if one == kind.id]
        if not mine:
            continue
        here = [
            site_of_space[offers.space[k]]
            if offers.space[k] >= 0
            else site_of_facility[offers.facility[k]]
            for k in mine
        ]
        own = np.unique(here)
        parts, columns, amounts = draft.parts[kind.id], [], []
        for walker, unmet in zip(
            parts.walkers, unmet_of(parts, sized=kind.id in sized), strict=True
        ):
            table = (
                tables[walker.profile]
                .rows(np.searchsorted(sites, own))
                .within(float(kind.walk_s or 0))
            )
            ones = np.ones(len(table.target))
            columns.append(
                scipy.sparse.csr_array(
                    (ones, table.target, table.indptr), shape=(len(own), len(unmet))
                )
            )
            amounts.append(np.where(home, unmet, 0.0))
        grouped, total, place = _grouped(
            scipy.sparse.csr_array(scipy.sparse.hstack(columns)), np.concatenate(amounts),
            np.tile(community, len(amounts)),
        )  # fmt: skip
        blocks.append((mine, grouped[np.searchsorted(own, here)]))
        people.append(total)
        kinds.append(np.full(len(total), index))
        places.append(place)
    order = np.concatenate([mine for mine, _ in blocks]) if blocks else np.zeros(0, dtype=int)
    covers = scipy.sparse.csr_array(
        scipy.sparse.block_diag([block for _, block in blocks], format="csr")
    )
    needs = Needs(np.concatenate(people), np.concatenate(kinds), np.concatenate(places))
    return covers[np.argsort(order)], needs


def _grouped(
    covers: scipy.sparse.csr_array, people: Floats, community: NDArray[np.int64]
) -> tuple[scipy.sparse.csr_array, Floats, NDArray[np.int64]]:
    """Points of one community that the same sites reach are one: their covers, people and community."""
    random = np.random.default_rng(0).integers(1, 2**63, covers.shape[0], dtype=np.uint64)
    table = covers.tocsc()
    reached = np.flatnonzero((people > 0) & (np.diff(table.indptr) > 0))
    table = table[:, reached]
    # A sum of random words tells sets of sites apart: two of n sets agree by chance once in 2 ** 64 / n ** 2.
    owner = np.repeat(np.arange(len(reached)), np.diff(table.indptr))
    key = np.zeros(len(reached), dtype=np.uint64)
    np.add.at(key, owner, random[table.indices])
    key += community[reached].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    total = np.bincount(group, people[reached], minlength=len(first)).astype(np.float64)
    return scipy.sparse.csr_array(table[:, first]), total, community[reached][first]


def community_numbers(district: District) -> NDArray[np.int64]:
    """(places,) the number of each community among communities; -1 for other places."""
    rows = district.places.at("community")
    number = np.full(len(district.places.code), -1, dtype=np.int64)
    number[rows] = np.arange(len(rows))
    return number


def note(column: str, value: str, en: str, zh: str) -> Issue:
    """A warning about a plan."""
    return Issue("siting", "plan", en, zh, column=column, value=value[:120], severity="warning")


def refused(column: str, value: str, en: str, zh: str) -> InputError:
    """Say what is wrong with what a plan is to be made of."""
    issue = Issue("siting", "plan", en, zh, column=column, value=value[:80])
    return InputError("nothing can be planned / 无法编制计划", (issue,))
