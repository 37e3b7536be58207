"""Which idle spaces bring one type of facility to the most people who do not reach it now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from pyproj import Transformer

from lifecircle.engine.bundle.model import District
from lifecircle.engine.drafting import CardChange, Draft
from lifecircle.engine.siting.covering import maximal_covering
from lifecircle.engine.siting.locating import Watch
from lifecircle.engine.siting.model import Floats, Siting
from lifecircle.engine.siting.reaching import allowed_types, least_area, with_spaces
from lifecircle.engine.standards.model import FacilityType
from lifecircle.errors import InputError, Issue, NotFoundError
from lifecircle.progress import Progress


@dataclass(frozen=True, slots=True)
class Site:
    """A space that is proposed; `reached` are the people whom it reaches and no earlier one does.

    `cost_cny` is NaN where it is not known.
    """

    space: str
    name: str
    lon: float
    lat: float
    area_m2: float
    cost_cny: float
    reached: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where to put a type, and what that does.

    `sites`, the one that reaches most first; `unreached` people of the group before, and
    `by_community` the newly reached, by code; those who live beyond the boundary do not count.
    `siting` says how good the choice is by those people; `cards` are those that change, graded anew
    with all sites, without a capacity of theirs.
    """

    kind: str
    sites: tuple[Site, ...]
    candidates: int
    unreached: float
    by_community: dict[str, float]
    siting: Siting
    cards: tuple[CardChange, ...]


def propose(
    draft: Draft,
    kind: str,
    count: int,
    *,
    seconds: float = 30.0,
    watch: Watch | None = None,
    progress: Progress | None = None,
) -> Proposal:
    """Choose `count` idle spaces for a type of facility.

    Parameters
    ----------
    draft
        The district as it is, or as it is planned so far; it is not changed.
    kind
        A facility type's id; one with a walking time.
    count
        How many spaces to use.
    seconds, watch
        As of `locate`.
    progress
        Told of the stages `reach`, `site` and `grade`.

    Raises
    ------
    NotFoundError
        There is no such type.
    InputError
        The type has no walking time, or fewer spaces allow it, and are large enough, than are wanted;
        the message says how many each condition leaves.
    """
    progress = progress or Progress()
    district = draft.district
    wanted = _type(district, kind)
    rows = _spaces(district, wanted, count)
    with progress.stage("reach"):
        covers, people, community = _reach(draft, wanted, rows)
    with progress.stage("site"):
        found = maximal_covering(covers, people, count, seconds=seconds, watch=watch)
        order, gains, newly = _by_gain(covers, people, found.chosen)
    sites = tuple(_site(district, int(rows[j]), gain) for j, gain in zip(order, gains, strict=True))
    with progress.stage("grade"):
        done = draft.copy().add_facilities(
            {"id": f"site:{one.space}", "name": one.name, "type": kind, "lon": one.lon, "lat": one.lat}
            for one in sites
        )  # fmt: skip
    return Proposal(
        kind, sites, len(rows), float(people.sum()), _shared(district, newly, community), found, done.cards
    )  # fmt: skip


def _type(district: District, kind: str) -> FacilityType:
    types = district.standards.types
    if kind not in types:
        raise NotFoundError(f"no facility type {kind!r} / 没有这个设施类型")
    if types[kind].walk_s is None:
        expected = "a type that is walked to", "有步行时间要求的类型"
        issue = Issue("siting", "type", *expected, value=kind)
        raise InputError("nothing can be sited / 无法选址", (issue,))
    return types[kind]


def _spaces(district: District, kind: FacilityType, count: int) -> NDArray[np.intp]:
    """Rows of the spaces that may become the type."""
    spaces = district.spaces
    kinds = [allowed_types(text) for text in spaces.allowed_types]
    allowed = np.array([not one or kind.id in one for one in kinds], dtype=bool)
    least = least_area(kind)
    large = allowed & (spaces.area_m2 >= least)
    if count < 1 or large.sum() < count:
        issue = Issue(
            "siting", "spaces",
            f"1 or more, at most {large.sum()}: of {len(large)} spaces {allowed.sum()} allow it, and {large.sum()} of "
            f"these have {least:g} m2",
            f"不少于 1, 至多 {large.sum()}: {len(large)} 处闲置空间中 {allowed.sum()} 处允许该类型, 其中 {large.sum()} 处"
            f"不小于 {least:g} 平方米",
            column="count", value=str(count),
        )  # fmt: skip
        raise InputError("not so many sites / 没有这么多可选空间", (issue,))
    return np.flatnonzero(large)


def _reach(
    draft: Draft, kind: FacilityType, rows: NDArray[np.intp]
) -> tuple[scipy.sparse.csr_array, Floats, NDArray[np.int32]]:
    """Whom each space would reach: (spaces, points) over all walkers, their unreached, their community."""
    demand, parts = draft.district.demand, draft.parts[kind.id]
    there, new = with_spaces(draft.walks, rows)
    home = demand.community >= 0  # those beyond the boundary are not the district's
    covers, people = [], []
    for walker, covered in zip(parts.walkers, parts.covered_by, strict=True):
        table = there.table(walker.profile, new, float(kind.walk_s or 0))
        ones = np.ones(len(table.source), dtype=bool)
        shape = (len(rows), len(covered))
        covers.append(scipy.sparse.csr_array((ones, (table.source, table.target)), shape=shape))
        people.append(np.where(home, walker.people - covered, 0.0))
    community = np.tile(demand.community, len(people))
    return scipy.sparse.csr_array(scipy.sparse.hstack(covers)), np.concatenate(people), community


def _by_gain(
    covers: scipy.sparse.csr_array, people: Floats, chosen: NDArray[np.intp]
) -> tuple[list[int], list[float], Floats]:
    """The chosen, the one that adds most first; what each adds; the newly reached of every point."""
    left, order, gains = people.copy(), [], []
    waiting = [int(j) for j in chosen]
    while waiting:
        added = [float((covers[[j]] @ left)[0]) for j in waiting]
        best = int(np.argmax(added))
        order.append(waiting.pop(best))
        gains.append(added[best])
        left[covers[[order[-1]]].indices] = 0.0
    return order, gains, people - left


def _shared(district: District, newly: Floats, community: NDArray[np.int32]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for place in np.unique(community[(newly > 0) & (community >= 0)]):
        sums[str(district.places.code[place])] = float(newly[community == place].sum())
    return dict(sorted(sums.items(), key=lambda one: -one[1]))


def _site(district: District, row: int, reached: float) -> Site:
    spaces = district.spaces
    turned = Transformer.from_crs(district.crs, "EPSG:4326", always_xy=True)
    lon, lat = turned.transform(spaces.x[row], spaces.y[row])
    return Site(
        str(spaces.id[row]), str(spaces.name[row]), float(lon), float(lat), float(spaces.area_m2[row]),
        float(spaces.cost_cny[row]), reached,
    )  # fmt: skip
