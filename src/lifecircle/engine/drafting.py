"""A district on the drawing board: what a planner changes is graded at once.

Only what a change can touch is walked and graded again; the cards are those of a full assessment
of the changed district.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from lifecircle.engine.bundle.model import District, Facilities
from lifecircle.engine.bundle.readers.raw import from_records
from lifecircle.engine.bundle.register import typed_register
from lifecircle.engine.bundle.services import build_facilities, facility_row
from lifecircle.engine.grading.card import Card
from lifecircle.engine.grading.parts import TypeParts, measure_parts, pool_of
from lifecircle.engine.grading.rollup import parent_cards
from lifecircle.engine.grading.type_cards import type_cards
from lifecircle.engine.grading.walked import measured, moved_up
from lifecircle.engine.grading.walks import DESIGN, Walks
from lifecircle.engine.network import WalkNetwork
from lifecircle.engine.network.drawing import Drawable, with_way
from lifecircle.engine.network.model import Edges
from lifecircle.engine.network.tags import Kind
from lifecircle.engine.reach import Points, Way, nearest_seconds
from lifecircle.engine.standards.model import Colour, FacilityType
from lifecircle.engine.standards.overriding import override
from lifecircle.errors import BundleError, Issue, NotFoundError
from lifecircle.progress import Progress

Floats = NDArray[np.float64]

_HERE = "facilities"
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class CardChange:
    """A card before and after: its area's code, its key, colours and scores (NaN where grey)."""

    area: str
    scope: str
    key: str
    colour_before: Colour
    colour_after: Colour
    score_before: float
    score_after: float


@dataclass(frozen=True, slots=True)
class Regraded:
    """What one change did.

    `cards` that changed, districts first; `types` that were walked to again, of `all_types`;
    `seconds` that it took.
    """

    cards: tuple[CardChange, ...]
    types: tuple[str, ...]
    all_types: int
    seconds: float


class Draft:
    """A district that is changed step by step, with its cards kept up.

    Parameters
    ----------
    district, network
        As read and built; neither is changed.
    way
        As of `grade_district`.
    progress
        Told of the first assessment.

    Examples
    --------
    >>> draft = Draft(district, network)  # doctest: +SKIP
    >>> done = draft.add_facility("kindergarten", 106.55, 29.56, capacity=180)  # doctest: +SKIP
    >>> [(c.area, c.colour_before, c.colour_after) for c in done.cards if c.scope == "type"]  # doctest: +SKIP
    """

    def __init__(
        self,
        district: District,
        network: WalkNetwork,
        *,
        way: Way = "both",
        progress: Progress | None = None,
    ) -> None:
        progress = progress or Progress()
        self._walks = Walks(district, network, way)
        self._cards: dict[str, list[Card]] = {}
        self._parents: list[Card] = []
        self._history: list[tuple[Any, ...]] = []
        self._parts = measured(self._walks, district.standards.types, progress)
        with progress.stage("grade"):
            self._grade(district.standards.types.values())

    @property
    def district(self) -> District:
        """The district as it is now."""
        return self._walks.district

    @property
    def network(self) -> WalkNetwork:
        """The network as it is now."""
        return self._walks.network

    @property
    def cards(self) -> list[Card]:
        """All cards as they are now: types, then categories, themes and the whole."""
        return [card for cards in self._cards.values() for card in cards] + self._parents

    @property
    def walks(self) -> Walks:
        """Who walks to what, as it is now."""
        return self._walks

    @property
    def parts(self) -> dict[str, TypeParts]:
        """What was measured of each type, as it is now."""
        return dict(self._parts)

    def copy(self) -> Draft:
        """Another draft that starts from here; what is changed in one is not in the other."""
        other = object.__new__(Draft)
        other._walks, other._parts = self._walks, dict(self._parts)
        other._cards, other._parents, other._history = dict(self._cards), self._parents, []
        return other

    def differences(self, other: Draft) -> tuple[CardChange, ...]:
        """The cards of another draft of the district that differ from these, districts first."""
        return self._differing(self.cards, other.cards)

    def add_facility(self, kind: str, lon: float, lat: float, **columns: object) -> Regraded:
        """Put a facility on the map.

        Parameters
        ----------
        kind
            A facility type's id.
        lon, lat
            WGS84.
        columns
            Of the table of facilities: `id`, `name`, `capacity`, `floor_area_m2`, `hours` ...

        Raises
        ------
        BundleError
            There is no such type or column, the id is taken, or a value is not one for its column.
        """
        facilities = self.district.facilities
        taken = set(facilities.id)
        free = next(ref for k in itertools.count(1) if (ref := f"draft-{k}") not in taken)
        ref = str(columns.get("id", free))
        row = {"name": ref, **columns, "id": ref, "type": kind}
        one = drawn_facility(self.district, row, *_to_metres(self.district, lon, lat))
        if one.id[0] in taken:
            raise _refused("id", ref, "an id that no facility has", "未被使用的编号")
        count = len(facilities.id)
        return self._change(facilities.join(one), np.append(np.arange(count), -1), one.type)

    def add_facilities(self, rows: Iterable[dict[str, object]]) -> Regraded:
        """Put several facilities on the map as one change.

        Parameters
        ----------
        rows
            Each with `id`, `type`, `lon` and `lat` (WGS84), and other columns of the table of facilities.

        Raises
        ------
        BundleError
            As of `add_facility`.
        """
        given = list(rows)
        if not given:
            return Regraded((), (), len(self.district.standards.types), 0.0)
        facilities = self.district.facilities
        refs = [*facilities.id, *(str(row["id"]) for row in given)]
        if len(set(refs)) < len(refs):
            twice = next(ref for ref in refs if refs.count(ref) > 1)
            raise _refused("id", twice, "an id that no facility has", "未被使用的编号")
        spots = [
            _to_metres(self.district, *(float(str(row[n])) for n in ("lon", "lat")))
            for row in given
        ]
        values = [
            {"name": row["id"], **{n: v for n, v in row.items() if n not in {"lon", "lat"}}}
            for row in given
        ]
        new = drawn_facilities(self.district, values, *np.array(spots).reshape(-1, 2).T)
        count = len(facilities.id)
        origin = np.append(np.arange(count), np.full(len(given), -1))
        return self._change(facilities.join(new), origin, set(new.type))

    def change_facility(self, ref: str, **columns: object) -> Regraded:
        """Change columns of a facility: `capacity`, `hours`, `operating`, `type` ...

        Raises
        ------
        NotFoundError
            There is no such facility.
        BundleError
            There is no such column, or a value is not one for it.
        """
        row, facilities = self._row(ref), self.district.facilities
        values = {**facility_row(facilities, row), **columns, "id": ref}
        one = drawn_facility(self.district, values, facilities.x[row], facilities.y[row])
        count = len(facilities.id)
        order = np.arange(count)
        order[row] = count
        kinds = [facilities.type[row], one.type[0]]
        return self._change(facilities.join(one).take(order), np.arange(count), kinds)

    def remove_facility(self, ref: str) -> Regraded:
        """Take a facility off the map.

        Raises
        ------
        NotFoundError
            There is no such facility.
        """
        row, facilities = self._row(ref), self.district.facilities
        keep = np.delete(np.arange(len(facilities.id)), row)
        return self._change(facilities.take(keep), keep, [facilities.type[row]])

    def close_way(self, way: int) -> Regraded:
        """Close a street or stair by the id of its OpenStreetMap way.

        Raises
        ------
        NotFoundError
            There is no such way, or it is closed.
        """
        edges = self.network.edges
        return self._close((edges.way == way) & (way != 0), f"way {way}", f"道路 {way}")

    def close_lift(self, node: int) -> Regraded:
        """Take a lift out of service by the id of its OpenStreetMap node.

        Raises
        ------
        NotFoundError
            There is no such lift, or it is closed.
        """
        edges, ids = self.network.edges, self.network.nodes.osm
        here = (edges.kind == Kind.LIFT) & (ids[edges.tail] == node) & (node != 0)
        return self._close(here, f"lift {node}", f"电梯 {node}")

    def add_way(self, kind: Drawable, *ends: tuple[float, float]) -> Regraded:
        """Draw a path, a stair, a pair of escalators or a lift between two points, joined to the nearest nodes.

        Parameters
        ----------
        kind
            `path`, `steps`, `lift` or `escalator`.
        ends
            Two longitudes and latitudes, WGS84.

        Raises
        ------
        NetworkError
            There is no street near an end, or both ends join the same node.
        """
        start = time.perf_counter()
        spots = np.array([_to_metres(self.district, lon, lat) for lon, lat in ends])
        network, edge = with_way(self.network, kind, spots)
        new = self._walks.with_way(network, edge)
        return self._redo(new, self._walked_over(new, self._walks, np.array([edge])), start)

    def change_profile(self, profile: str, **values: object) -> Regraded:
        """Change how a kind of walker moves: `flat_mps`, `stairs_up_mps`, `lift_wait_s` ...

        Parameters
        ----------
        profile
            A profile's id.
        values
            By the names of `Profile`; "none" takes an optional number away: impassable.

        Raises
        ------
        StandardsError
            There is no such profile or name, or a value is not one for it.
        """
        start = time.perf_counter()
        paths = {f"profiles.{profile}.{name}": value for name, value in values.items()}
        standards = override(self.district.standards, paths)
        walks = self._walks.with_profile(replace(self.district, standards=standards), profile)
        walked = (
            kind
            for kind, parts in self._parts.items()
            if profile in _profiles(parts) and parts.kind.walk_s is not None
        )
        return self._redo(walks, walked if values else (), start)

    def _close(self, here: NDArray[np.bool_], en: str, zh: str) -> Regraded:
        edges = self.network.edges
        here = here & (edges.forward | edges.backward)
        if not here.any():
            raise NotFoundError(f"no open {en} / 没有可通行的{zh}")
        closed = replace(edges, forward=edges.forward & ~here, backward=edges.backward & ~here)
        return self._rewalk(closed, np.flatnonzero(here))

    def undo(self) -> None:
        """Take the last change back.

        Raises
        ------
        NotFoundError
            There is none.
        """
        if not self._history:
            raise NotFoundError("nothing to undo / 没有可撤销的修改")
        self._walks, self._parts, self._cards, self._parents = self._history.pop()

    def _row(self, ref: str) -> int:
        rows = np.flatnonzero(self.district.facilities.id == ref)
        if len(rows) == 0:
            raise NotFoundError(f"no facility {ref} / 没有设施 {ref}")
        return int(rows[0])

    def _change(
        self, facilities: Facilities, origin: NDArray[np.intp], kinds: Iterable[str]
    ) -> Regraded:
        """Grade anew the types whose facilities changed."""
        start = time.perf_counter()
        district = replace(self.district, facilities=facilities)
        return self._redo(self._walks.with_facilities(district, origin), kinds, start)

    def _rewalk(self, edges: Edges, closed: NDArray[np.intp]) -> Regraded:
        """Grade anew the types that somebody walked to, or home from, over what is closed."""
        start = time.perf_counter()
        new = self._walks.with_network(replace(self.network, edges=edges))
        return self._redo(new, self._walked_over(self._walks, new, closed), start)

    def _walked_over(self, walks: Walks, other: Walks, edges: NDArray[np.intp]) -> list[str]:
        """The types that somebody walks to, or home from, over edges that `other` does not have open."""
        used: dict[str, Floats] = {}
        kinds = []
        factor = self.district.standards.rules.veto_minutes_factor.value
        for kind in self.district.standards.types.values():
            parts = self._parts[kind.id]
            if kind.walk_s is None or len(parts.sites) == 0:
                continue
            for profile in _profiles(parts):
                if profile not in used:
                    used[profile] = _users(walks, other, profile, edges)
                if used[profile][parts.sites].min() <= factor * kind.walk_s:
                    kinds.append(kind.id)
                    break
        return kinds

    def _redo(self, walks: Walks, kinds: Iterable[str], start: float) -> Regraded:
        before = self.cards
        self._history.append((self._walks, self._parts, self._cards, self._parents))
        self._walks = walks
        self._parts, self._cards = dict(self._parts), dict(self._cards)
        types = walks.district.standards.types
        wanted = set(kinds)
        again = tuple(k for k in types if k in wanted)
        for key in again:
            self._parts[key] = measure_parts(walks, types[key])
        for key in types.keys() - set(again):
            # The rows of the table of facilities may have moved up.
            self._parts[key] = moved_up(walks, self._parts[key])
        pools = {types[key].pool for key in again} - {None, ""}
        self._grade(t for t in types.values() if t.id in again or t.pool in pools)
        changes = self._differing(before, self.cards)
        return Regraded(changes, again, len(types), time.perf_counter() - start)

    def _grade(self, kinds: Iterable[FacilityType]) -> None:
        for kind in kinds:
            one = self._parts[kind.id]
            pool = pool_of(one, self._parts.values())
            self._cards[kind.id] = type_cards(self.district, one, pool)
        self._parents = parent_cards(self.district, self._cards)

    def _differing(self, before: Iterable[Card], after: Iterable[Card]) -> tuple[CardChange, ...]:
        old = {(c.place, c.scope, c.key): c for c in before}
        return tuple(
            change
            for card in sorted(after, key=lambda card: card.place)
            if (change := self._difference(old[card.place, card.scope, card.key], card))
        )

    def _difference(self, old: Card, new: Card) -> CardChange | None:
        same = old.colour == new.colour and (
            abs(old.score - new.score) <= _SAME or (np.isnan(old.score) and np.isnan(new.score))
        )
        if same:
            return None
        area = str(self.district.places.code[new.place])
        return CardChange(area, new.scope, new.key, old.colour, new.colour, old.score, new.score)


def drawn_facility(district: District, row: dict[str, object], x: float, y: float) -> Facilities:
    """Read one facility as a row of a table is; `x` and `y` are metres. Errors as `drawn_facilities`."""
    return drawn_facilities(district, [row], np.array([x]), np.array([y]))


def drawn_facilities(
    district: District, rows: Sequence[dict[str, object]], x: Floats, y: Floats
) -> Facilities:
    """Read facilities as rows of a table are; `x` and `y`, (rows,), are metres.

    Raises
    ------
    BundleError
        There is no such column, or a value is not one for it.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    raw = from_records(_HERE, names, [[row.get(name) for name in names] for row in rows], 1)
    table, issues = typed_register(raw, "facilities", district.standards)
    if issues:
        raise BundleError("the facility cannot be drawn / 设施有误", tuple(issues))
    return build_facilities(table, shapely.points(x, y), district.places, district.standards)


def _profiles(parts: TypeParts) -> set[str]:
    """The profiles by which a type is walked to."""
    return {DESIGN, *(walker.profile for walker in parts.walkers)}


def _refused(column: str, value: object, en: str, zh: str) -> BundleError:
    issue = Issue("draft", _HERE, en, zh, column=column, value=str(value))
    return BundleError("the facility cannot be drawn / 设施有误", (issue,))


def _to_metres(district: District, lon: float, lat: float) -> tuple[float, float]:
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise _refused("lon", f"{lon}, {lat}", "degrees of WGS84", "WGS84 经纬度")
    turned = Transformer.from_crs("EPSG:4326", district.crs, always_xy=True).transform(lon, lat)
    return float(turned[0]), float(turned[1])


def _users(old: Walks, new: Walks, profile: str, closed: NDArray[np.intp]) -> Floats:
    """Seconds from which on walks to or from each facility may go over what is closed, (facilities,).

    A quickest walk between a site and some home goes over an edge only if the one between the site
    and the edge's farther end does. 0 for a site that meets the network elsewhere now, and for all of
    them where a home does; infinite for one that nobody walks to over it.
    """
    graph, sites = old.graph(profile), old.site_points(profile)
    if _moved(old.home_points(profile), new.home_points(profile)).any():
        return np.zeros(len(sites))
    result = np.where(_moved(sites, new.site_points(profile)), 0.0, np.inf)
    standards = old.district.standards
    limit_s = standards.rules.veto_minutes_factor.value * max(
        kind.walk_s for kind in standards.types.values() if kind.walk_s is not None
    )

    def walk(node: int, way: Literal["out", "back"]) -> Floats:
        return nearest_seconds(graph, Points.at_nodes([node]), sites, cutoff_s=limit_s, way=way)

    def over(far: Floats, near: Floats, ticks: int) -> None:
        same = np.isfinite(far) & (np.rint(10 * far) == np.rint(10 * near) + ticks)
        result[same] = np.minimum(result[same], far[same])

    for edge in closed:
        tail, head = int(graph.tail[edge]), int(graph.head[edge])
        forward, backward = int(graph.forward[edge]), int(graph.backward[edge])
        for start, end, ticks in ((tail, head, forward), (head, tail, backward)):
            if ticks > 0:
                over(walk(start, "back"), walk(end, "back"), ticks)
                over(walk(end, "out"), walk(start, "out"), ticks)
    return result


def _moved(old: Points, new: Points) -> NDArray[np.bool_]:
    """(points,) whose edge, or place on it, is another."""
    moved: NDArray[np.bool_] = np.any(
        [getattr(old, name) != getattr(new, name) for name in Points.__slots__], axis=0
    )
    return moved
