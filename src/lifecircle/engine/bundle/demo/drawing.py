"""A map while it is drawn, and its OpenStreetMap file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray
from osmium.osm.mutable import Node, Way

from lifecircle.engine.bundle.demo.land import EPSG, ORIGIN
from lifecircle.engine.bundle.extract import Projection
from lifecircle.engine.bundle.model import Floats

Index = NDArray[np.intp]
Tags = dict[str, str]


class Drawing:
    """Nodes and ways of a map; nodes in local metres, numbered from 0 as they come."""

    def __init__(self) -> None:
        self._blocks: list[Floats] = []
        self._count = 0
        self.node_tags: dict[int, Tags] = {}
        self.ways: list[tuple[Sequence[int], Tags]] = []

    def add_nodes(self, points: Floats) -> Index:
        """Add points, (n, 2), and return their numbers."""
        self._blocks.append(np.asarray(points, dtype=np.float64).reshape(-1, 2))
        first, self._count = self._count, self._count + len(self._blocks[-1])
        return np.arange(first, self._count, dtype=np.intp)

    def add_node(self, x: float, y: float, tags: Tags | None = None) -> int:
        """Add one point."""
        number = int(self.add_nodes(np.array([[x, y]]))[0])
        if tags:
            self.node_tags[number] = tags
        return number

    def add_way(self, nodes: Sequence[int], tags: Tags) -> None:
        """Add a way along nodes by their numbers; closed where the first is the last."""
        self.ways.append((nodes, tags))

    def points(self) -> Floats:
        """All nodes, (n, 2)."""
        return np.concatenate(self._blocks)

    def write(self, path: Path) -> None:
        """Write the map as `.osm.pbf`, ids from 1, in the order that the format asks for."""
        points = self.points() + np.array(ORIGIN)
        lon, lat = Projection(EPSG).back(points[:, 0], points[:, 1])
        with osmium.SimpleWriter(str(path)) as writer:
            places = zip(lon.tolist(), lat.tolist(), strict=True)
            for number, place in enumerate(places):
                tags = self.node_tags.get(number, {})
                writer.add_node(Node(id=number + 1, location=place, tags=tags))
            for number, (nodes, tags) in enumerate(self.ways):
                refs = [int(node) + 1 for node in nodes]
                writer.add_way(Way(id=number + 1, nodes=refs, tags=tags))
