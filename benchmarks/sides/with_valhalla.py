"""Valhalla's side: the network as an OpenStreetMap file, its own tiles, its own pedestrian.

It walks at one speed and knows no slope here, so its areas are its own: polygons of 5, 10 and 15 minutes from
one origin, contoured on its cells of 0.001 degrees (111 m), as fine as it gets.
"""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import osmium
import valhalla

from networks import MINUTES, Case, origins

METRES_PER_DEGREE = 111_320.0


def lon_lat(case: Case) -> np.ndarray:
    """(nodes, 2) degrees about the equator, where both are as long."""
    centre = [case.x.mean(), case.y.mean()]
    return (np.column_stack([case.x, case.y]) - centre) / METRES_PER_DEGREE


def isochrones(case: Case):
    folder = Path(tempfile.mkdtemp(prefix="valhalla-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    spots = lon_lat(case)
    with osmium.SimpleWriter(str(folder / "map.osm.pbf")) as writer:
        for k, (lon, lat) in enumerate(spots.tolist()):
            writer.add_node(osmium.osm.mutable.Node(id=k + 1, location=(lon, lat)))
        for k in np.flatnonzero(case.forward > 0):
            nodes = [int(case.tail[k]) + 1, int(case.head[k]) + 1]
            writer.add_way(
                osmium.osm.mutable.Way(id=int(k) + 1, nodes=nodes, tags={"highway": "footway"})
            )
    (folder / "tiles").mkdir()
    (folder / "none").touch()
    config = valhalla.get_config(tile_extract=folder / "none", tile_dir=folder / "tiles")
    del config["mjolnir"]["tile_extract"]
    (folder / "valhalla.json").write_text(json.dumps(config))
    build = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    subprocess.run(
        [build, "-c", folder / "valhalla.json", folder / "map.osm.pbf"], check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    starts = origins(case)
    actor = valhalla.Actor(str(folder / "valhalla.json"))

    def act():
        found = [
            actor.isochrone(
                {
                    "locations": [{"lon": spots[k, 0], "lat": spots[k, 1]}],
                    "costing": "pedestrian", "polygons": True, "denoise": 1.0, "generalize": 10.0,
                    "contours": [{"time": m} for m in MINUTES],
                }
            )
            for k in starts
        ]  # fmt: skip
        return lambda: {"polygons": np.array([len(f["features"]) for f in found])}

    return act
