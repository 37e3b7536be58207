"""Straight pieces between nodes, as they are cut, before heights and numbering."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lifecircle.engine.network.tags import WalkingWay

EDGE_FIELDS = (
    "tail", "head", "length_m", "rise_m", "run_m", "kind", "structure", "forward", "backward",
    "signal", "footbridge", "board", "wheelchair", "hours", "name", "way", "sign", "slope",
    "far_tail", "far_head",
)  # fmt: skip


@dataclass
class Pieces:
    """Growing lists of nodes and edges; a row of `edges` holds `EDGE_FIELDS` in their order.

    `sign` is the tagged direction of climb and `slope` the tagged slope of each edge; `far_tail`
    and `far_head` are the nodes by whose heights a lift rises; all wait for heights.
    """

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    osm: list[int] = field(default_factory=list)
    edges: list[tuple[Any, ...]] = field(default_factory=list)
    texts: dict[str, int] = field(default_factory=lambda: {"": 0})
    notes: dict[str, int] = field(default_factory=dict)

    def node(self, x: float, y: float, osm: int) -> int:
        """Add a node; return its number."""
        self.x.append(x)
        self.y.append(y)
        self.osm.append(osm)
        return len(self.x) - 1

    def edge(self, tail: int, head: int, length_m: float, walk: WalkingWay, **values: Any) -> None:
        """Add an edge with a way's attributes, some of them replaced by `values`."""
        row = {
            "rise_m": np.nan, "run_m": 0.0, "kind": walk.kind, "structure": walk.structure,
            "forward": walk.forward, "backward": walk.backward, "signal": 0.0, "footbridge": 0.0,
            "board": 0.0, "wheelchair": walk.wheelchair, "hours": self.text(walk.hours),
            "name": self.text(walk.name), "way": 0, "sign": walk.rise_sign, "slope": walk.slope, "far_tail": -1, "far_head": -1,
        } | values  # fmt: skip
        self.edges.append((tail, head, length_m, *(row[name] for name in EDGE_FIELDS[3:])))

    def text(self, text: str) -> int:
        """Number a text."""
        return self.texts.setdefault(text, len(self.texts))

    def count(self, note: str, by: int = 1) -> None:
        """Count something that a planner should know."""
        self.notes[note] = self.notes.get(note, 0) + by
