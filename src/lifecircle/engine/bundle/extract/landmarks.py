"""Named things on the map, by which made-up places can at least stand near their names."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import osmium

from lifecircle.engine.bundle.extract.projection import Projection


def read_landmarks(
    osm: Path, projection: Projection, stems: list[str]
) -> dict[str, tuple[float, float]]:
    """Return where the map speaks of each stem: a name that equals it, else begins with it.

    Parameters
    ----------
    osm
        The map.
    projection
        The CRS of the result.
    stems
        Names without their suffix, such as `七星岗` of `七星岗街道`.

    Returns
    -------
    dict
        Stem to the median position (x, y) in metres; stems that the map does not know are absent.
    """
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for item in osmium.FileProcessor(str(osm)).with_locations().with_filter(_named()):
        place = _place(item)
        if place is not None:
            found[item.tags["name"]].append(place)
    result = {}
    for stem in stems:
        places = found.get(stem) or [
            place for name, at in found.items() if name.startswith(stem) for place in at
        ]
        if places:
            x, y = projection.forward(*np.array(places, dtype=np.float64).T)
            result[stem] = (float(np.median(x)), float(np.median(y)))
    return result


def _named() -> osmium.filter.KeyFilter:
    return osmium.filter.KeyFilter("name")


def _place(item: object) -> tuple[float, float] | None:
    """Longitude and latitude of a node, or of a way's middle node."""
    if isinstance(item, osmium.osm.Node):
        return item.location.lon, item.location.lat
    if isinstance(item, osmium.osm.Way) and len(item.nodes):
        node = item.nodes[len(item.nodes) // 2]
        if node.location.valid():
            return node.location.lon, node.location.lat
    return None
