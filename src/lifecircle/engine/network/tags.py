"""Which OpenStreetMap ways can be walked, and as what. Tags beat every guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

Tags = Mapping[str, str]

RISER_M = 0.15
"""Height of one step (design default; facts 6.3)."""
TREAD_M = 0.30
"""Depth of one step."""
STOREY_M = 3.5
"""Height of one level at a lift without a `height` tag."""


class Kind(IntEnum):
    """What an edge is to a walker."""

    PATH = 0
    ROAD = 1
    STEPS = 2
    ESCALATOR = 3
    CONVEYOR = 4
    LIFT = 5
    AREA = 6
    CORRIDOR = 7


class Structure(IntEnum):
    """What carries an edge."""

    GROUND = 0
    BRIDGE = 1
    TUNNEL = 2


_PATHS = {"footway", "path", "pedestrian", "bridleway", "cycleway", "track", "living_street"}
_ROADS = {
    "residential", "service", "unclassified", "tertiary", "tertiary_link", "secondary",
    "secondary_link", "primary", "primary_link", "road", "busway",
}  # fmt: skip
_FAST_ROADS = {"trunk", "trunk_link"}
_YES = {"yes", "designated", "permissive", "official", "public", "customers", "destination"}
_NO = {"no", "private", "military", "permit", "delivery", "agricultural", "forestry"}


@dataclass(frozen=True, slots=True)
class WalkingWay:
    """How a way is walked. `rise_sign` is +1 up along the way, -1 down, 0 not said.

    `slope` is the tagged slope along the way (rise over run), NaN where none; `steps` the tagged
    number of steps, `height_m` the tagged height, NaN where none. `hours` is in opening_hours
    syntax, "" for always, with a leading "!" when they say when it is closed.
    """

    kind: Kind
    forward: bool
    backward: bool
    structure: Structure
    rise_sign: int
    slope: float
    steps: float
    height_m: float
    wheelchair: int
    footbridge: bool
    signal: bool
    hours: str
    level: float
    name: str


def walking_way(tags: Tags) -> WalkingWay | None:
    """Say how a way is walked; None if it is not, or not by the public."""
    highway = tags.get("highway", "")
    kind = _kind(highway, tags)
    allowed, hours = _access(tags)
    if kind is None or not allowed:
        return None
    forward, backward = _directions(tags, kind)
    sign, slope = _incline(tags.get("incline", ""))
    structure = _structure(tags)
    steps = highway == "steps"
    return WalkingWay(
        kind=kind,
        forward=forward,
        backward=backward,
        structure=structure,
        rise_sign=sign,
        slope=slope,
        steps=_number(tags.get("step_count", "")) if steps else float("nan"),
        height_m=_number(tags.get("height", "")) if steps or kind == Kind.LIFT else float("nan"),
        wheelchair=_wheelchair(tags),
        footbridge=structure == Structure.BRIDGE and kind == Kind.PATH and not _is_road(highway),
        signal=signalised(tags) and tags.get("footway", tags.get("path", "")) == "crossing",
        hours=hours,
        level=level_of(tags),
        name=tags.get("name:zh") or tags.get("name", ""),
    )


def signalised(tags: Tags) -> bool:
    """Whether walkers wait for lights at a crossing (its way or its node)."""
    return tags.get("crossing") == "traffic_signals" or tags.get("crossing:signals") == "yes"


def level_of(tags: Tags) -> float:
    """The single `level` of an element; NaN where it has none or several."""
    return _number(tags.get("level", ""))


def storeys_of(tags: Tags) -> float:
    """How many storeys a lift's `level` list spans (`0;1;2`, `-1-3`); NaN where it names one."""
    ends = [
        float(number)
        for part in tags.get("level", "").split(";")
        for number in re.findall(r"(?<![\d.])-?\d+(?:\.\d+)?", part)
    ]
    return max(ends) - min(ends) if len(set(ends)) > 1 else float("nan")


def node_open(tags: Tags) -> tuple[bool, str]:
    """Whether a barrier or a lift lets the public through, and its opening hours."""
    if tags.get("operational_status", "") in {"closed", "broken", "out_of_order"}:
        return False, ""
    if tags.get("locked", "") == "yes" or "disused" in tags:
        return False, ""
    return _access(tags)


def _kind(highway: str, tags: Tags) -> Kind | None:  # noqa: PLR0911
    conveying = tags.get("conveying", "") not in {"", "no"}
    if highway == "steps":
        return Kind.ESCALATOR if conveying else Kind.STEPS
    if highway == "elevator":
        return Kind.LIFT
    if highway == "corridor" or tags.get("indoor") == "corridor":
        return Kind.CONVEYOR if conveying else Kind.CORRIDOR
    if highway in _PATHS or "platform" in (
        highway, tags.get("public_transport"), tags.get("railway"),
    ):  # fmt: skip
        return Kind.CONVEYOR if conveying else Kind.PATH
    if highway in _ROADS:
        return Kind.ROAD
    if highway in _FAST_ROADS and (
        tags.get("foot", "") in _YES or tags.get("sidewalk", "") in {"both", "left", "right", "yes"}
    ):
        return Kind.ROAD
    return None


def _is_road(highway: str) -> bool:
    return highway in _ROADS or highway in _FAST_ROADS


def _access(tags: Tags) -> tuple[bool, str]:
    """Whether the public may pass on foot, and when."""
    hours = tags.get("opening_hours", "")
    for key in ("foot", "access"):
        for value in (tags.get(f"{key}:conditional", ""), tags.get(key, "")):
            match = "@" in value and re.fullmatch(r"(\w+)\s*@\s*\(?(.*?)\)?", value)
            if match:
                return True, match[2] if match[1] in _YES else "!" + match[2]
        value = tags.get(key, "")
        if value in _YES:
            return True, hours
        if value in _NO or value == "use_sidepath":
            return False, hours
    if tags.get("motorroad") == "yes" or tags.get("abandoned:highway"):
        return False, hours
    return True, hours


def _directions(tags: Tags, kind: Kind) -> tuple[bool, bool]:
    """Walking along and against the way: one-way only where it binds walkers."""
    conveying = tags.get("conveying", "")
    if kind in {Kind.ESCALATOR, Kind.CONVEYOR}:
        if conveying == "backward":
            return False, True
        if conveying == "forward" or tags.get("oneway") == "yes":
            return True, False
        if tags.get("oneway") == "-1":
            return False, True
        return True, True
    oneway = tags.get("oneway:foot", tags.get("foot:oneway", ""))
    return oneway != "-1", oneway not in {"yes", "true", "1"}


def _structure(tags: Tags) -> Structure:
    if tags.get("bridge", "no") != "no":
        return Structure.BRIDGE
    if tags.get("tunnel", "no") not in {"no", "building_passage"}:
        return Structure.TUNNEL
    return Structure.GROUND


def _incline(text: str) -> tuple[int, float]:
    """Read `up`, `down`, `12%`, `-7°` into a sign and a slope (NaN when only the sign is known)."""
    if not text:
        return 0, float("nan")
    if text in {"up", "down"}:
        return (1 if text == "up" else -1), float("nan")
    match = re.fullmatch(r"\s*([+-]?\d+(?:\.\d+)?)\s*(%|°)?\s*", text)
    if match is None:
        return 0, float("nan")
    value = float(match[1])
    sign = (value > 0) - (value < 0)
    if match[2] is None:
        return sign, float("nan")
    if match[2] == "°":
        import math  # noqa: PLC0415

        return sign, math.tan(math.radians(max(min(value, 60.0), -60.0)))
    return sign, value / 100.0


def _wheelchair(tags: Tags) -> int:
    value = tags.get("wheelchair", "")
    return {"yes": 1, "limited": 1, "designated": 1, "no": -1}.get(value, 0)


def _number(text: str) -> float:
    match = text and re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*m?\s*", text)
    return float(match[1]) if match else float("nan")
