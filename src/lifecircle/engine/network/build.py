"""From an OpenStreetMap file and an elevation model to a walking network."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from lifecircle.engine.network.cutting import cut_into_pieces
from lifecircle.engine.network.edits import apply_edits, read_edits
from lifecircle.engine.network.elevation import sample_elevation, smooth_structures
from lifecircle.engine.network.islands import components, links_between
from lifecircle.engine.network.lifts import ride_heights
from lifecircle.engine.network.model import Edges, Nodes, WalkNetwork
from lifecircle.engine.network.osm import read_osm
from lifecircle.engine.network.pieces import EDGE_FIELDS, Pieces
from lifecircle.engine.network.tags import Kind, Structure
from lifecircle.engine.reach import spatial_order

Floats = NDArray[np.float64]
Columns = dict[str, NDArray[Any]]

PIECE_M = 60.0
"""Longer edges are cut into equal pieces, so that each has its own slope."""

MAX_SLOPE = 0.35
"""Slopes from an elevation model are capped here; only tags are believed beyond."""

MIN_CLIMB_M = 2.0
"""Stairs without a tagged direction take it from the model when it says at least this much."""

_DTYPES = {
    "tail": np.int32, "head": np.int32, "kind": np.uint8, "structure": np.uint8,
    "forward": np.bool_, "backward": np.bool_, "wheelchair": np.int8, "hours": np.int32,
    "name": np.int32, "way": np.int64, "far_tail": np.int64, "far_head": np.int64,
}  # fmt: skip


def build_network(
    osm: Path,
    elevation: Path | None,
    crs: str,
    *,
    join_islands_m: float = 0.0,
    edits: Path | None = None,
    date: dt.date | None = None,
) -> WalkNetwork:
    """Build the walking network of an extract.

    Parameters
    ----------
    osm
        OpenStreetMap file (`.osm.pbf`, `.osm`).
    elevation
        GeoTIFF of heights in metres, or None: then only tags say where it climbs.
    crs
        A projected CRS in metres, the district's.
    edits
        Field edits (`edits.geojson`) that are put over the map.
    date
        The day that is assessed, for edits that are bounded in time.
    join_islands_m
        Join parts of the network that lie at most this far apart by straight links; 0 joins none.

    Returns
    -------
    WalkNetwork
        Nodes along a Morton curve, for locality. Ways join only at shared nodes: a bridge never
        joins what it crosses in the air. Islands are kept, and counted in `notes`.

    Raises
    ------
    NetworkError
        A file cannot be read, or nothing in it can be walked.
    """
    project = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    extract, seen = read_osm(osm), () if edits is None else read_edits(edits)
    if edits is not None:
        extract = apply_edits(extract, seen, date, project, edits.name)
    pieces = cut_into_pieces(extract, project)
    if seen:
        pieces.count("edits", sum(edit.applies(date) for edit in seen))
    x, y, ids = (np.array(v) for v in (pieces.x, pieces.y, pieces.osm))
    columns: Columns = {
        name: np.array(values, dtype=_DTYPES.get(name, np.float64))
        for name, values in zip(EDGE_FIELDS, zip(*pieces.edges, strict=True), strict=True)
    }
    x, y, ids, columns = _subdivide(x, y, ids, columns)
    z = np.full(len(x), np.nan) if elevation is None else sample_elevation(elevation, crs, x, y)
    pieces.count("nodes_without_elevation", int(np.isnan(z).sum()))
    tail, head = columns["tail"], columns["head"]
    level = columns["kind"] != Kind.LIFT  # a lift carries no height from the street to a bridge
    z = smooth_structures(
        z, tail[level], head[level], columns["length_m"][level],
        columns["structure"][level] != Structure.GROUND,
    )  # fmt: skip
    columns["rise_m"] = _rises(columns, z, pieces)
    columns["footbridge"] = _once_a_bridge(len(x), columns)
    for name in ("sign", "slope", "far_tail", "far_head"):
        del columns[name]
    if join_islands_m > 0:
        columns = _join_islands(x, y, z, columns, join_islands_m, pieces)

    order = spatial_order(x, y)
    rank = np.empty(len(x), dtype=np.int32)
    rank[order] = np.arange(len(x), dtype=np.int32)
    columns["tail"], columns["head"] = rank[columns["tail"]], rank[columns["head"]]
    by_tail = np.lexsort([columns["head"], columns["tail"]])
    edges = Edges(**{name: values[by_tail] for name, values in columns.items()})
    component, sizes = components(len(x), edges.tail, edges.head)
    pieces.count("islands", len(sizes) - 1)
    pieces.count("nodes_on_islands", int(sizes[1:].sum()))
    nodes = Nodes(x[order], y[order], z[order], ids[order].astype(np.int64), component)
    return WalkNetwork(crs, nodes, edges, tuple(pieces.texts), dict(sorted(pieces.notes.items())))


def _subdivide(
    x: Floats, y: Floats, ids: NDArray[np.int64], columns: Columns
) -> tuple[Floats, Floats, NDArray[np.int64], Columns]:
    """Cut edges longer than `PIECE_M` into equal pieces."""
    count = np.maximum(np.ceil(columns["length_m"] / PIECE_M).astype(int), 1)
    edge = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    pieces = {name: values[edge] for name, values in columns.items()}
    for name in ("length_m", "rise_m", "run_m", "signal", "board"):
        pieces[name] = pieces[name] / count[edge]
    inner = step > 0
    share = step[inner] / count[edge[inner]]
    tail, head = columns["tail"][edge[inner]], columns["head"][edge[inner]]
    number = len(x) + np.arange(len(share))
    pieces["tail"][inner] = number
    pieces["head"][np.flatnonzero(inner) - 1] = number
    return (
        np.concatenate([x, x[tail] + share * (x[head] - x[tail])]),
        np.concatenate([y, y[tail] + share * (y[head] - y[tail])]),
        np.concatenate([ids, np.zeros(len(share), dtype=np.int64)]),
        pieces,
    )


def _rises(columns: Columns, z: Floats, pieces: Pieces) -> Floats:
    """The climb of each edge from tail to head: tags first, then the elevation model."""
    kind, sign, slope = columns["kind"], columns["sign"], columns["slope"]
    length, tagged = columns["length_m"], columns["rise_m"]
    difference = z[columns["head"]] - z[columns["tail"]]
    rise = np.clip(np.nan_to_num(difference), -MAX_SLOPE * length, MAX_SLOPE * length)
    rise = np.where(sign != 0, sign * np.abs(rise), rise)
    rise = np.where(np.isfinite(slope), slope * length, rise)

    stairs = (kind == Kind.STEPS) | (kind == Kind.ESCALATOR)
    climb = _way_climb(columns, z)
    guessed = np.where(np.abs(climb) >= MIN_CLIMB_M, np.sign(climb), np.nan)
    direction = np.where(sign != 0, sign, guessed)
    rise = np.where(stairs, tagged * direction, rise)
    unknown = np.unique(columns["way"][stairs & ~np.isfinite(direction)])
    pieces.count("stairs_of_unknown_direction", len(unknown))

    result: Floats = np.where(kind == Kind.LIFT, ride_heights(columns, z, climb), rise)
    return result


def _once_a_bridge(nodes: int, columns: Columns) -> Floats:
    """Half a footbridge's wait for each end of a piece that lies at an end of the footbridge.

    A crossing enters and leaves once, however many ways and ramps the bridge is drawn with.
    """
    bridge = columns["footbridge"] > 0
    tail, head = columns["tail"], columns["head"]
    other = np.zeros(nodes, dtype=bool)
    other[tail[~bridge]] = True
    other[head[~bridge]] = True
    return np.where(bridge, 0.5 * other[tail] + 0.5 * other[head], 0.0)


def _join_islands(
    x: Floats, y: Floats, z: Floats, columns: Columns, within_m: float, pieces: Pieces
) -> Columns:
    """Add straight links between parts that lie near each other, on the ground."""
    tail, head = columns["tail"], columns["head"]
    ground = columns["structure"] == Structure.GROUND
    usable = np.zeros(len(x), dtype=bool)
    usable[tail[ground]] = True
    usable[head[ground]] = True
    links = links_between(x, y, components(len(x), tail, head)[0], usable, within_m)
    pieces.count("islands_joined", len(links))
    a, b = links[:, 0], links[:, 1]
    length = np.hypot(x[b] - x[a], y[b] - y[a])
    rise = np.clip(np.nan_to_num(z[b] - z[a]), -MAX_SLOPE * length, MAX_SLOPE * length)
    new = {
        "tail": a, "head": b, "length_m": length, "rise_m": rise,
        "forward": np.ones(len(a)), "backward": np.ones(len(a)),
    }  # fmt: skip
    return {
        name: np.concatenate([values, new.get(name, np.zeros(len(a))).astype(values.dtype)])
        for name, values in columns.items()
    }


def _way_climb(columns: Columns, z: Floats) -> Floats:
    """For each edge, the climb of its whole way (its pieces run one after another)."""
    difference = np.nan_to_num(z[columns["head"]] - z[columns["tail"]])
    _, number = np.unique(columns["way"], return_inverse=True)
    climb = np.bincount(number, weights=difference)[number]
    return climb.astype(np.float64)
