"""Points on the streets of the district's own OpenStreetMap file, which is WGS84 by definition."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray

MOST_BYTES = 64 * 2**20
"""Larger files are not read for a check: the district's own streets take a few MiB."""
_SAMPLED_BYTES = 2**18
"""Of larger files only every n-th way is taken, n growing with the size: some 10,000 suffice."""

_OPEN_AIR = {"tunnel": "no", "covered": "no", "indoor": "no"}
_INSIDE = {"corridor", "elevator", "proposed", "construction", "platform"}


def street_nodes(network: Path) -> NDArray[np.float64]:
    """A sample of the nodes of streets and paths in the open air, (nodes, 2) degrees.

    There are none if the file cannot be read.
    """
    nothing = np.zeros((0, 2))
    if not network.is_file() or network.stat().st_size > MOST_BYTES:
        return nothing
    step = 1 + network.stat().st_size // _SAMPLED_BYTES
    ways = osmium.FileProcessor(str(network)).with_locations()
    ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    ways.with_filter(osmium.filter.KeyFilter("highway"))
    places: dict[int, tuple[float, float]] = {}
    try:
        for number, way in enumerate(ways):
            if number % step or not isinstance(way, osmium.osm.Way):
                continue
            if _in_the_open(way):
                places.update(
                    (node.ref, (node.lon, node.lat)) for node in way.nodes if node.location.valid()
                )
    except RuntimeError:  # the network room says what is wrong with the file
        return nothing
    return np.array(list(places.values()), dtype=np.float64).reshape(-1, 2)


def _in_the_open(way: osmium.osm.Way) -> bool:
    tags = way.tags
    return tags["highway"] not in _INSIDE and all(
        tags.get(key, no) == no for key, no in _OPEN_AIR.items()
    )
