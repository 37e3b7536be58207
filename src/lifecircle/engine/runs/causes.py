"""Why a card changed: what differs between the inputs of two runs, and touches that card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lifecircle.engine.runs.run import Run

Row = dict[str, Any]

CAUSES_ZH = {
    "network": "路网", "facility": "设施", "population": "人口", "standard": "标准",
    "survey": "满意度调查", "places": "地方边界", "moment": "时刻或方向", "program": "程序版本",
}  # fmt: skip
_TABLES = {
    "network": "network", "elevation": "network", "edits": "network", "facilities": "facility",
    "population": "population", "buildings": "population", "surveys": "survey", "places": "places",
}  # fmt: skip
_PEOPLE = 0.005
"""A change of people in an area by less than this share is no cause."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two runs.

    `inputs` are the names of changed input files; `facilities` maps a type to the ids that came,
    went or changed; `paths` are the overrides that differ; `whole` are causes that may touch every
    card.
    """

    inputs: tuple[str, ...]
    facilities: dict[str, tuple[str, ...]]
    paths: frozenset[str]
    whole: frozenset[str]

    @classmethod
    def between(cls, before: Run, after: Run) -> Differences:
        """Hold two manifests and registers against each other."""
        old, new = before.manifest, after.manifest
        names = sorted(set(old["inputs"]) | set(new["inputs"]))
        inputs = tuple(n for n in names if old["inputs"].get(n) != new["inputs"].get(n))
        whole = {
            _TABLES[stem] for n in inputs if (stem := _stem(n)) in {"network", "elevation", "edits"}
        }
        whole |= {_TABLES[_stem(n)] for n in inputs if _stem(n) == "places"}
        if old["standard"]["version"] != new["standard"]["version"]:
            whole.add("standard")
        if old["product"]["version"] != new["product"]["version"]:
            whole.add("program")
        walks = ("moment", "way")
        if any(old["parameters"].get(n) != new["parameters"].get(n) for n in walks):
            whole.add("moment")
        if old["parameters"].get("join_islands_m") != new["parameters"].get("join_islands_m"):
            whole.add("network")
        facilities = _changed_facilities(before, after) if _moved(inputs, "facilities") else {}
        return cls(inputs, facilities, _changed_paths(old, new), frozenset(whole))

    def causes(self, old: Row, new: Row, members: frozenset[str]) -> list[str]:
        """Name what may have changed a card; `members` are the types that it speaks of."""
        found = set(self.whole)
        if members & set(self.facilities):
            found.add("facility")
        if _moved(self.inputs, "population") or _moved(self.inputs, "buildings"):
            one, two = old["people"], new["people"]
            if one is None or two is None or abs(one - two) > _PEOPLE * max(one, two, 1.0):
                found.add("population")
        if _moved(self.inputs, "surveys") and (
            old["scope"] != "type" or _differ(old, new, "satisfaction")
        ):
            found.add("survey")
        if any(_touches(path, members) for path in self.paths):
            found.add("standard")
        return [cause for cause in CAUSES_ZH if cause in found]


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].split(".", maxsplit=1)[0]


def _moved(inputs: tuple[str, ...], table: str) -> bool:
    return any(_stem(name) == table for name in inputs)


def _changed_paths(old: Row, new: Row) -> frozenset[str]:
    one, two = (
        {o["path"]: o["after"] for o in manifest["standard"]["overrides"]}
        for manifest in (old, new)
    )
    return frozenset(path for path in {*one, *two} if one.get(path) != two.get(path)) | (
        {"rules.oldtown_factor"}
        if old["parameters"].get("oldtown") != new["parameters"].get("oldtown")
        else frozenset()
    )


def _touches(path: str, members: frozenset[str]) -> bool:
    """Whether an override may change the cards of these types: their own, or one of all."""
    room, *rest = path.split(".")
    return room != "types" or (bool(rest) and rest[0] in members)


def _differ(old: Row, new: Row, name: str) -> bool:
    one, two = old[name], new[name]
    return (one is None) != (two is None) or (one is not None and abs(one - two) > 1e-9)


def _changed_facilities(before: Run, after: Run) -> dict[str, tuple[str, ...]]:
    columns = ["id", "type", "lon", "lat", "capacity", "quality"]
    one, two = (
        {row["id"]: row for row in run.table("facilities").select(columns).to_pylist()}
        for run in (before, after)
    )
    changed: dict[str, list[str]] = {}
    for key in sorted({*one, *two}):
        old, new = one.get(key), two.get(key)
        if old != new:
            for row in (old, new):
                if row is not None and key not in changed.setdefault(row["type"], []):
                    changed[row["type"]].append(key)
    return {kind: tuple(ids) for kind, ids in changed.items()}
