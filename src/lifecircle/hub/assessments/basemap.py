"""The base map as vector tiles: water, green, buildings, streets and stairs of the bundle's own OSM file.

What is drawn is read from the OSM file once and kept beside it; each tile is made when first asked for.
"""

from __future__ import annotations

import gzip
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import osmium
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from lifecircle.atomic import atomic_file
from lifecircle.engine.bundle.settings import read_settings
from lifecircle.engine.bundle.write import write_geoparquet
from lifecircle.hub.assessments.models import Ground

_WORLD_M = 2 * np.pi * 6_378_137.0
_EXTENT, _BUFFER = 4096, 64
_FIRST = {"water": 8, "green": 11, "major": 8, "minor": 13, "path": 14, "steps": 14, "building": 14}
"""The zoom from which on a kind is drawn."""
_MAJOR = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
_PATHS = frozenset({"footway", "path", "pedestrian", "cycleway", "track", "corridor"})
_GREEN = {("leisure", "park"), ("leisure", "garden"), ("natural", "wood"), ("landuse", "forest"),
          ("landuse", "grass"), ("landuse", "recreation_ground")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Everything that may be drawn, in metres of Web Mercator."""

    shape: NDArray[np.object_]
    kind: NDArray[np.object_]
    name: NDArray[np.object_]
    tree: shapely.STRtree


_kept: dict[str, _Drawn] = {}
_lock = threading.Lock()


def tile(ground: Ground, z: int, x: int, y: int) -> bytes:
    """One tile, gzipped; empty where there is nothing."""
    path = ground.folder / "tiles" / str(z) / str(x) / f"{y}.mvt.gz"
    if path.exists():
        return path.read_bytes()
    body = gzip.compress(_encoded(_drawn(ground), z, x, y), mtime=0)
    if 0 <= x < 2**z and 0 <= y < 2**z and len(body) > 40:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_file(path) as temporary:
            temporary.write_bytes(body)
    return body


def prepare(ground: Ground) -> None:
    """Read what may be drawn, so that the first tile does not wait for it."""
    _drawn(ground)


def _encoded(drawn: _Drawn, z: int, x: int, y: int) -> bytes:
    size = _WORLD_M / 2**z
    west, north = x * size - _WORLD_M / 2, _WORLD_M / 2 - y * size
    box = shapely.box(west, north - size, west + size, north)
    reach = box.buffer(size * _BUFFER / _EXTENT, join_style="mitre")
    here = np.sort(drawn.tree.query(reach))
    here = here[[_FIRST[kind] <= z for kind in drawn.kind[here]]]
    shapes = shapely.clip_by_rect(drawn.shape[here], *reach.bounds)
    scale = _EXTENT / size
    shapes = shapely.transform(shapes, lambda p: np.rint((p - [west, north]) * [scale, -scale]))
    shapes = shapely.simplify(shapes, 1.0)
    layers: dict[str, list[dict[str, Any]]] = {}
    for shape, k in zip(shapes, here.tolist(), strict=True):
        if shape.is_empty:
            continue
        kind = drawn.kind[k]
        layer = "street" if kind in ("major", "minor", "path", "steps") else kind
        properties = {"kind": kind} | ({"name": drawn.name[k]} if drawn.name[k] else {})
        layers.setdefault(layer, []).append({"geometry": shape, "properties": properties})
    encoded: bytes = mapbox_vector_tile.encode(
        [{"name": name, "features": features} for name, features in layers.items()],
        default_options={"extents": _EXTENT, "y_coord_down": True},
    )
    return encoded


def _drawn(ground: Ground) -> _Drawn:
    with _lock:
        if ground.name not in _kept:
            path = ground.folder / "tiles" / "basemap.parquet"
            if not path.exists():
                _extract(ground, path)
            table = pq.read_table(path)
            shapes = shapely.from_wkb(np.array(table["geometry"].to_pylist(), dtype=object))
            _kept.clear()
            _kept[ground.name] = _Drawn(
                shapes, np.array(table["kind"].to_pylist(), dtype=object),
                np.array(table["name"].to_pylist(), dtype=object), shapely.STRtree(shapes),
            )  # fmt: skip
        return _kept[ground.name]


def _extract(ground: Ground, path: Path) -> None:
    network = ground.folder / read_settings(ground.folder)[0].network
    shapes, kinds, names = [], [], []
    factory = osmium.geom.WKBFactory()
    thing: Any
    for thing in osmium.FileProcessor(str(network)).with_locations().with_areas():
        kind = _kind(thing)
        if kind is None:
            continue
        try:
            text = (
                factory.create_multipolygon(thing)
                if thing.is_area()
                else factory.create_linestring(thing)
            )
        except (RuntimeError, osmium.InvalidLocationError):
            continue  # a node is missing, or a ring is broken: the map goes without it
        shapes.append(shapely.from_wkb(text))
        kinds.append(kind)
        names.append(thing.tags.get("name", "") if kind != "building" else "")
    path.parent.mkdir(parents=True, exist_ok=True)
    flat = shapely.transform(np.array(shapes, dtype=object), _mercator)
    write_geoparquet(path, {"kind": kinds, "name": names}, flat, "EPSG:3857")


def _kind(thing: Any) -> str | None:
    """What a way or an area is drawn as; None for what is not drawn."""
    tags = thing.tags
    if thing.is_area():
        if "building" in tags:
            return "building"
        wet = tags.get("natural") == "water" or tags.get("waterway") == "riverbank"
        green = any(tags.get(key) == value for key, value in _GREEN)
        return "water" if wet else "green" if green else None
    kind = tags.get("highway", "") if thing.is_way() and tags.get("area") != "yes" else ""
    if kind == "steps" or not kind:
        return kind or None
    major, path = kind.removesuffix("_link") in _MAJOR, kind in _PATHS
    return "major" if major else "path" if path else "minor"


def _mercator(points: NDArray[np.float64]) -> NDArray[np.float64]:
    lon, lat = np.radians(points[:, 0]), np.radians(np.clip(points[:, 1], -85.05, 85.05))
    radius = _WORLD_M / (2 * np.pi)
    return np.column_stack([radius * lon, radius * np.log(np.tan(np.pi / 4 + lat / 2))])
