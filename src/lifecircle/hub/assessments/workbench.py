"""A run's district in memory: walks from a point, and drafts, answered at once.

A process keeps the one that was asked for last: some 250 MB for a district of half a million people.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from django.db import connection
from pyproj import Transformer

import lifecircle
from lifecircle.engine.bundle.model import District
from lifecircle.engine.demand import demand, demand_by_home
from lifecircle.engine.drafting import CardChange, Draft, Regraded
from lifecircle.engine.grading.walks import Walks
from lifecircle.engine.methods import homes
from lifecircle.engine.network import Kind, Walker, WalkNetwork
from lifecircle.errors import InputError, NotFoundError
from lifecircle.hub.assessments import basemap
from lifecircle.hub.assessments.models import Ground, Run
from lifecircle.hub.errors import InvalidError
from lifecircle.moment import Moment

Change = dict[str, Any]
_MOST_MEASURED = 24
"""Surfaces kept: some 1 MB each for a district of half a million people."""


@dataclass
class Workbench:
    """One district, its network, and what is made of them when first asked for."""

    run: str
    district: District
    network: WalkNetwork
    _walkers: dict[tuple[str, str], Walker] = field(default_factory=dict)
    _applied: list[Change] = field(default_factory=list)
    _done: list[Regraded] = field(default_factory=list)
    _measured: dict[str, pa.Table] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _measuring: threading.Lock = field(default_factory=threading.Lock)

    def walker(self, profile: str, moment: str) -> Walker:
        """The walker of a profile at a moment."""
        if profile not in self.district.standards.profiles:
            known = ", ".join(self.district.standards.profiles)
            raise InvalidError(f"a profile: {known}", f"步行画像: {known}")
        key = (profile, moment)
        if (found := self._walkers.get(key)) is not None:
            return found
        with self.lock:
            if len(self._walkers) > 12:
                self._walkers.clear()
            try:
                when = Moment.parse(moment)
            except ValueError as error:
                raise InvalidError(f"a moment: {error}", "如 Sa 20:00 的时刻") from error
            profiles = self.district.standards.profiles
            walker = self._walkers[key] = Walker(self.network, profiles[profile], when)
            return walker

    @cached_property
    def _lines(self) -> shapely.STRtree:
        return shapely.STRtree(shapely.linestrings(self.network.lines().reshape(-1, 2, 2)))

    def near(self, lon: float, lat: float, within_m: float = 60.0) -> list[dict[str, Any]]:
        """Lifts, stairs and streets near a point that a draft can close, the nearest first."""
        to_metres = Transformer.from_crs("EPSG:4326", self.network.crs, always_xy=True)
        spot = shapely.Point(to_metres.transform(lon, lat))
        edges, osm = self.network.edges, self.network.nodes.osm
        hit = self._lines.query(spot, predicate="dwithin", distance=within_m)
        away = shapely.distance(self._lines.geometries[hit], spot)
        found: dict[tuple[str, int], dict[str, Any]] = {}
        for k in hit[np.argsort(away, kind="stable")].tolist():
            kind = Kind(int(edges.kind[k]))
            lift = kind == Kind.LIFT
            number = int(osm[edges.tail[k]] if lift else edges.way[k])
            if number and (edges.forward[k] or edges.backward[k]):
                do, name = ("close_lift", "node") if lift else ("close_way", "way")
                words = {"kind": kind.name.lower(), "name": self.network.texts[edges.name[k]]}
                found.setdefault((do, number), {"do": do, name: number, **words})
        return list(found.values())[:12]

    @cached_property
    def _walks(self) -> Walks:
        return Walks(self.district, self.network)

    def measured(self, measure: str, **how: Any) -> pa.Table:
        """A surface of the engine's at every home, kept while others are looked at.

        Raises
        ------
        NotFoundError
            There is no such type, or its supply is not known.
        """
        return self._kept(
            f"{measure} {sorted(how.items())}", lambda: homes(self._walks, measure, **how)
        )

    def _kept(self, key: str, make: Callable[[], pa.Table]) -> pa.Table:
        with self._measuring:
            if key not in self._measured:
                if len(self._measured) >= _MOST_MEASURED:
                    self._measured.pop(next(iter(self._measured)))
                self._measured[key] = make()
            return self._measured[key]

    def demand(self, years: int) -> pa.Table:
        """Need against supply by place and type, kept while others are looked at (`engine.demand`)."""
        return self._kept(
            f"demand {years}", lambda: demand(self.district, self.network, years=years)
        )

    def demand_by_home(self, kind: str, years: int) -> pa.Table:
        """The same of one type at every home, with `residents`."""
        return self._kept(f"demand {kind} {years}", lambda: self._demand_by_home(kind, years))

    def _demand_by_home(self, kind: str, years: int) -> pa.Table:
        table = demand_by_home(self.district, self.network, kind, years=years)
        people = self.district.demand
        inside = people.community >= 0
        return table.append_column("residents", pa.array(people.persons[inside].sum(axis=1)))

    @cached_property
    def draft(self) -> Draft:
        """The drawing board; opening it grades the district once."""
        return Draft(self.district, self.network)

    def draw(self, changes: Sequence[Change]) -> list[Regraded]:
        """Bring the drawing board to a list of changes, going on from what it has in common.

        Raises
        ------
        InvalidError
            A change cannot be made; the board is as it was before that one.
        """
        with self.lock:
            _ = self.draft  # opened even for an empty list: whoever asks wants to draw
            same = 0
            while (
                same < min(len(changes), len(self._applied))
                and changes[same] == self._applied[same]
            ):
                same += 1
            while len(self._applied) > same:
                self.draft.undo()
                self._applied.pop()
                self._done.pop()
            for change in changes[same:]:
                self._done.append(_drawn(self.draft, change))
                self._applied.append(change)
            return list(self._done)


_kept: Workbench | None = None
_warming: threading.Thread | None = None
_lock = threading.Lock()


def workbench(run: Run) -> Workbench:
    """The workbench of a run that is done; loading it takes some seconds."""
    global _kept  # noqa: PLW0603  (one district a process)
    with _lock:
        if _kept is None or _kept.run != str(run.pk):
            district = lifecircle.read_district(run.folder / "bundle")
            like = None if _kept is None else (_kept.district, _kept.network)
            _kept = Workbench(str(run.pk), district, lifecircle.network_of(district, like=like))
        return _kept


def loaded(run: Run) -> Workbench | None:
    """The run's workbench if this process has it, for answers that cannot wait for it; else it is being loaded from now on."""
    if _kept is not None and _kept.run == str(run.pk):
        return _kept
    warm(run)
    return None


def is_ready(run: Run) -> bool:
    """Whether this process has the run's workbench, with its drawing board open."""
    return _kept is not None and _kept.run == str(run.pk) and "draft" in vars(_kept)


def warm(run: Run) -> None:
    """Load the workbench of a run in the background, once: somebody has opened the map, or asks who is near."""
    global _warming  # noqa: PLW0603
    name = f"workbench {run.pk}"
    under_way = _warming is not None and _warming.is_alive() and _warming.name == name
    if not under_way and (_kept is None or _kept.run != str(run.pk)):
        _warming = threading.Thread(target=_load_quietly, args=(run,), name=name, daemon=True)
        _warming.start()


def _load_quietly(run: Run) -> None:
    with contextlib.suppress(Exception):  # whoever asks for it hears why
        workbench(run)
        basemap.prepare(Ground.objects.get(place=run.place))
    connection.close()


def whole_change(done: Sequence[Regraded]) -> list[CardChange]:
    """All steps of a draft as one: each card's first and last state, without those that came back."""
    first: dict[tuple[str, str, str], CardChange] = {}
    last: dict[tuple[str, str, str], CardChange] = {}
    for step in done:
        for card in step.cards:
            key = (card.area, card.scope, card.key)
            first.setdefault(key, card)
            last[key] = card
    return [
        CardChange(
            *key, first[key].colour_before, last[key].colour_after, first[key].score_before,
            last[key].score_after,
        )
        for key in first
        if (first[key].colour_before, first[key].score_before)
        != (last[key].colour_after, last[key].score_after)
    ]  # fmt: skip


def _drawn(draft: Draft, change: Change) -> Regraded:
    values = {name: value for name, value in change.items() if name != "do"}
    try:
        if change["do"] == "add":
            return draft.add_facility(
                values.pop("type"), values.pop("lon"), values.pop("lat"), **values
            )
        if change["do"] == "change":
            return draft.change_facility(values.pop("ref"), **values)
        if change["do"] == "remove":
            return draft.remove_facility(values["ref"])
        if change["do"] == "add_way":
            ends = ((values[f"{end}_lon"], values[f"{end}_lat"]) for end in ("from", "to"))
            return draft.add_way(values["kind"], *ends)
        if change["do"] == "close_way":
            return draft.close_way(values["way"])
        if change["do"] == "close_lift":
            return draft.close_lift(values["node"])
    except InputError as error:
        raise InvalidError(str(error).split(" / ")[0], "方案有误", error.issues) from error
    except NotFoundError as error:
        raise InvalidError(*_both(str(error))) from error
    raise InvalidError("add, change, remove, add_way, close_way or close_lift", "已有的修改种类")


def _both(text: str) -> tuple[str, str]:
    en, _, zh = text.partition(" / ")
    return en, zh or en
