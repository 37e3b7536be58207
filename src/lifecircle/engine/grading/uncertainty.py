"""How sure a colour is: cards graded anew under drawn norms, populations and walking speeds.

What is drawn (all proposals): each type's norm per person within about 10 %, each community's people
within about 5 %, walking speeds of -10 %, 0 and +10 % in turn. What is not: counts that a rule fixes
(one a street), quality, satisfaction, the map.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from lifecircle.checkpoint import Arrays, Checkpoint
from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading.areas import add_up
from lifecircle.engine.grading.assess import grade_moment
from lifecircle.engine.grading.card import Card, rank
from lifecircle.engine.grading.parts import TypeParts, pool_of
from lifecircle.engine.grading.rollup import HELD_LEVELS
from lifecircle.engine.grading.supply import norm_value
from lifecircle.engine.grading.walks import Walks
from lifecircle.engine.network import Snapped, WalkNetwork
from lifecircle.engine.reach import Way, gaussian
from lifecircle.engine.standards.model import FacilityType, Number, Profile, Standards
from lifecircle.progress import Advance, Progress

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SPEEDS = (0.9, 1.0, 1.1)
NORM_SD, NORM_MOST = 0.10, 0.20
PEOPLE_SD, PEOPLE_MOST = 0.05, 0.15
GREY = 5
"""The colours are numbered 0 green to 4 red; 5 is grey."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Scores and colours of every card in every draw, by scope and key: (places, draws) each."""

    score: dict[tuple[str, str], Floats]
    colour: dict[tuple[str, str], Ints]


def draw_cards(
    district: District,
    network: WalkNetwork,
    *,
    way: Way = "both",
    draws: int = 200,
    seed: int = 2026,
    kept: Checkpoint | None = None,
    progress: Progress | None = None,
) -> Drawn:
    """Grade every card `draws` times.

    Parameters
    ----------
    district, network, way
        As for `grade_district`.
    draws
        How many; speeds take turns.
    seed
        Chooses the draws; the same seed gives the same cards to the bit.
    kept
        Where the draws of each speed are kept, and found again after an interrupt.

    Raises
    ------
    ValueError
        Fewer than 3 draws: one a speed.
    """
    if draws < len(SPEEDS):
        raise ValueError(f"at least {len(SPEEDS)} draws, one a speed")
    progress = progress or Progress()
    rng = np.random.default_rng(seed)
    kinds = list(district.standards.types.values())
    norms = _around_one(rng, NORM_SD, NORM_MOST, (len(kinds), draws))
    communities = len(district.places.code)
    people = _around_one(rng, PEOPLE_SD, PEOPLE_MOST, (communities + 1, draws))
    people[-1] = 1.0  # the surround
    snapped = cache(lambda: _snapped(Walks(district, network, way)))
    found = []
    with progress.stage("draw", total=len(SPEEDS) * len(kinds)) as advance:
        for turn, speed in enumerate(SPEEDS):
            chosen = np.arange(turn, draws, len(SPEEDS))

            def make(speed: float = speed, chosen: NDArray[np.intp] = chosen) -> Arrays:
                walks = Walks(_at_speed(district, speed), network, way, snapped=snapped())
                return _draw_at(walks, people[:, chosen], norms[:, chosen], advance)

            found.append(make() if kept is None else kept.piece(f"speed-{turn}", make))
    order = np.argsort(
        np.concatenate([np.arange(t, draws, len(SPEEDS)) for t in range(len(SPEEDS))])
    )
    score: dict[tuple[str, str], Floats] = {}
    colour: dict[tuple[str, str], Ints] = {}
    for k, kind in enumerate(kinds):
        score["type", kind.id] = np.hstack([one["score"][k] for one in found])[:, order]
        colour["type", kind.id] = np.hstack([one["colour"][k] for one in found])[:, order]
    _roll_up(district, score, colour)
    return Drawn(score, colour)


def _snapped(walks: Walks) -> tuple[Snapped, Snapped]:
    return walks.homes, walks.sites


def _draw_at(walks: Walks, people: Floats, norms: Floats, advance: Advance) -> Arrays:
    """Scores and colours at one speed: (types, places, draws) each."""
    parts, cards = grade_moment(walks, Progress())
    scene = _Scene(walks, people)
    nominal = {(c.key, c.place): c for c in cards if c.scope == "type"}
    places = range(len(walks.district.places.code))
    scores, colours = [], []
    for k, one in enumerate(parts):
        row = [nominal[one.kind.id, place] for place in places]
        score, colour = scene.grade(one, parts, row, norms[k])
        scores.append(score)
        colours.append(colour)
        advance(1)
    return {"score": np.stack(scores), "colour": np.stack(colours)}


def _around_one(rng: np.random.Generator, sd: float, most: float, shape: tuple[int, int]) -> Floats:
    return np.clip(rng.normal(1.0, sd, shape), 1.0 - most, 1.0 + most)


def _at_speed(district: District, factor: float) -> District:
    """The district with everybody walking faster or slower; lifts and waits stay as they are."""

    def times(number: Number) -> Number:
        return replace(number, value=number.value * factor)

    def faster(profile: Profile) -> Profile:
        up, down = profile.stairs_up_mps, profile.stairs_down_mps
        return replace(
            profile,
            flat_mps=times(profile.flat_mps),
            stairs_up_mps=None if up is None else times(up),
            stairs_down_mps=None if down is None else times(down),
        )

    profiles = {k: faster(profile) for k, profile in district.standards.profiles.items()}
    return replace(district, standards=replace(district.standards, profiles=profiles))


class _Scene:
    """One speed's walks under some draws of people, (communities + 1, draws)."""

    def __init__(self, walks: Walks, people: Floats) -> None:
        self.walks, self.people = walks, people
        self.district = walks.district
        places, demand = self.district.places, self.district.demand
        count, points = len(places.code), len(demand.x)
        self.home = np.where(demand.community >= 0, demand.community, count)
        self.places = _membership(walks.district)
        self.at_home = scipy.sparse.coo_array(
            (np.ones(points), (np.arange(points), self.home)), shape=(points, count + 1)
        ).tocsr()

    def sums(self, values: Floats) -> Floats:
        """Sum values at points over the places under every draw of people, (places, draws)."""
        by_home = (self.places.multiply(values[None, :]).tocsr() @ self.at_home).toarray()
        result: Floats = by_home @ self.people
        return result

    def grade(
        self, one: TypeParts, parts: list[TypeParts], cards: list[Card], norm: Floats
    ) -> tuple[Floats, Ints]:
        """Score and colour one type in every place and draw."""
        rules = self.district.standards.rules
        draws = self.people.shape[1]
        people = self.sums(one.people)
        values = {
            name: np.repeat([[card.part(name)] for card in cards], draws, axis=1)
            for name in ("scale", "coverage", "quality", "satisfaction")
        }
        share = _over(self.sums(one.covered), people)
        absent = _over(self.sums(one.absent), people)
        reached = np.array(["coverage" in card.applicable for card in cards])[:, None]
        share = np.where(reached, share, np.nan)
        values["coverage"] = 100.0 * np.minimum(1.0, share / rules.coverage_full.value)
        scale = self._scale(one, parts, people, norm)
        known = np.isfinite(values["scale"])
        values["scale"] = np.where(known, values["scale"] if scale is None else scale, np.nan)
        total, weight = np.zeros(people.shape), np.zeros(people.shape)
        for name, part in values.items():
            use = np.array([name in card.applicable for card in cards])[:, None] & np.isfinite(part)
            total += np.where(use, part, 0.0) * rules.weights[name].value
            weight += use * rules.weights[name].value
        score = _over(total, weight)
        colour = _colours(score, self.district.standards)
        capped = reached & (share < rules.coverage_yellow_below.value)
        colour = np.where(capped, np.maximum(colour, rank("yellow")), colour)
        failing = np.array([card.failing_share for card in cards])[:, None]
        veto = np.broadcast_to(failing > rules.failing_share.value, colour.shape).copy()
        if one.kind.type_class == "base":
            veto |= reached & (absent >= rules.veto_share.value)
        colour = np.where(veto, rank("red"), colour)
        grey = np.array([card.colour == "grey" for card in cards])[:, None]
        return np.where(grey, np.nan, score), np.where(grey, GREY, colour)

    def _scale(
        self, one: TypeParts, parts: list[TypeParts], people: Floats, norm: Floats
    ) -> Floats | None:
        """The scale part in every place and draw; None where nothing of it is drawn."""
        kind = one.kind
        if kind.measure == "supply" and one.norm is not None:
            counted = self._supplied(pool_of(one, parts), one.norm * norm)
            return 100.0 * np.minimum(_over(counted, one.norm * norm * people), 1.0)
        if kind.measure not in {"count", "ratio"}:
            return None
        demand = self.district.demand
        residents = self.sums(np.where(demand.community >= 0, demand.persons.sum(axis=1), 0.0))
        sites = self.district.facilities.located.take(one.sites)
        there = add_up(self.district.places, sites, one.capacity)[:, None]
        if kind.norm_base != "residents_1000":
            return None
        needed = norm_value(self.district, kind) * norm * residents / 1000.0
        return 100.0 * np.minimum(_over(there, needed), 1.0)

    def _supplied(self, pool: list[TypeParts], norm: Floats) -> Floats:
        """What counts towards the norm, capped person by person: (places, draws)."""
        walkers = pool[0].walkers
        access = [np.zeros((len(self.home), self.people.shape[1])) for _ in walkers]
        for one in pool:
            if one.kind.walk_s is None or len(one.sites) == 0:
                continue
            weights = []
            drawn = np.zeros((len(one.sites), self.people.shape[0]))
            for walker in walkers:
                table = self.walks.table(walker.profile, one.sites, one.kind.walk_s)
                weight = gaussian(one.kind.walk_s)(table.seconds)
                shape = (len(one.sites), len(self.home))
                matrix = scipy.sparse.csr_array((weight, table.target, table.indptr), shape=shape)
                weights.append(matrix)
                drawn += (matrix.multiply(walker.people[None, :]).tocsr() @ self.at_home).toarray()
            ratio = _over(one.capacity[:, None], drawn @ self.people, 0.0)
            for k, matrix in enumerate(weights):
                access[k] += matrix.T @ ratio
        factor = self.people[self.home]
        total = np.zeros((self.places.shape[0], self.people.shape[1]))
        for walker, gets in zip(walkers, access, strict=True):
            total += self.places @ (walker.people[:, None] * factor * np.minimum(gets, norm))
        return total


def _membership(district: District) -> scipy.sparse.csr_array:
    """(places, points): the points that each place adds up, up the tree and over free areas."""
    places, demand = district.places, district.demand
    point = np.flatnonzero(demand.community >= 0)
    place = demand.community[point]
    rows, columns = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    while len(point):
        rows.append(place.astype(np.int64))
        columns.append(point)
        above = places.parent[place]
        point, place = point[above >= 0], above[above >= 0]
    free = demand.located.free.tocoo()
    rows.append(places.free[free.row])
    columns.append(free.col.astype(np.int64))
    row, column = np.concatenate(rows), np.concatenate(columns)
    shape = (len(places.code), len(demand.x))
    return scipy.sparse.coo_array((np.ones(len(row)), (row, column)), shape=shape).tocsr()


def _over(above: Floats, below: Floats, otherwise: float = np.nan) -> Floats:
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.full(below.shape, otherwise), where=below > 0)


def _colours(score: Floats, standards: Standards) -> Ints:
    floors = [s.floor.value for s in standards.rules.colours if s.floor is not None]
    below = [np.nan_to_num(score) < floor - 1e-9 for floor in floors[:-1]]
    return np.sum(below, axis=0).astype(np.int64)


def _roll_up(
    district: District,
    score: dict[tuple[str, str], Floats],
    colour: dict[tuple[str, str], Ints],
) -> None:
    """Add categories, themes and the whole, as `rollup` makes them."""
    standards = district.standards
    held = np.isin(district.places.level, list(HELD_LEVELS))[:, None]
    graded = [t for t in standards.types.values() if t.graded]
    groups: list[tuple[str, str, list[FacilityType]]] = [
        *(("category", c, [t for t in graded if t.category == c]) for c in standards.categories),
        *(("theme", s, [t for t in graded if t.theme == s]) for s in standards.themes),
        ("overall", "overall", graded),
    ]
    rules = standards.rules
    for scope, key, kinds in groups:
        weights = np.array([rules.class_weights[t.type_class].value for t in kinds])[:, None, None]
        scores = np.stack([score["type", t.id] for t in kinds])
        colours = np.stack([colour["type", t.id] for t in kinds])
        rated = colours != GREY
        known = (weights * rated).sum(axis=0)
        total = np.where(rated, np.nan_to_num(scores) * weights, 0.0).sum(axis=0)
        result = _over(total, known)
        shade = _colours(result, standards)
        if scope != "overall":
            base = np.array([t.type_class == "base" for t in kinds])[:, None, None]
            worst = np.where(rated & base, colours, 0).max(axis=0)
            lead = int(rules.worst_base_lead.value)
            shade = np.where(held, np.maximum(shade, worst - lead), shade)
        grey = known < (rules.completeness_min.value - 1e-9) * weights.sum()
        score[scope, key] = np.where(grey, np.nan, result)
        colour[scope, key] = np.where(grey, GREY, shade)
