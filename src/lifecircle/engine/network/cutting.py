"""From OpenStreetMap ways and squares to pieces, joined where they meet."""

from __future__ import annotations

import numpy as np
from pyproj import Transformer

from lifecircle.engine.network.areas import add_area
from lifecircle.engine.network.lifts import Stop, Stops, links_at
from lifecircle.engine.network.osm import OsmExtract, OsmNode
from lifecircle.engine.network.pieces import Pieces
from lifecircle.engine.network.tags import Kind
from lifecircle.engine.network.ways import add_way


def cut_into_pieces(extract: OsmExtract, project: Transformer) -> Pieces:
    """Cut every way into edges between its nodes; join levels at lifts; cross squares."""
    pieces = Pieces()
    known: dict[int, int] = {}
    stops: Stops = {}
    ringed = {int(ref) for area in extract.areas for ring in area.rings for ref in ring[0]}
    met = (
        {int(ref) for way in extract.ways for ref in way.nodes if ref in ringed}
        if ringed
        else set()
    )
    # All ways are projected in one call: a call costs more than a way.
    lon = np.concatenate([way.lon for way in extract.ways])
    lat = np.concatenate([way.lat for way in extract.ways])
    east, north = project.transform(lon, lat)
    length = np.append(np.hypot(np.diff(east), np.diff(north)), 0.0).tolist()
    x, y = east.tolist(), north.tolist()
    start = 0
    for way in extract.ways:
        end = start + len(way.nodes)
        part = slice(start, end)
        add_way(
            pieces, way, (x[part], y[part], length[start : end - 1]), extract.nodes, known, stops
        )
        start = end
    for area in extract.areas:
        add_area(pieces, area, met, (extract.nodes, known, stops), project)
    for ref, copies in stops.items():
        _join(pieces, extract.nodes[ref], copies)
    return pieces


def _join(pieces: Pieces, node: OsmNode, stops: list[Stop]) -> None:
    """Put in what joins the ends of ways at a lift; a closed barrier joins nothing."""
    if not node.lift:
        pieces.count("closed_barriers")
        return
    pieces.count("lifts")
    if not node.open:
        pieces.count("closed_lifts")
    rides = 0
    for a, b, values in links_at(node, stops):
        rides += values["kind"] == Kind.LIFT
        hours = pieces.text(values.pop("hours"))
        pieces.edge(
            a.node, b.node, 0.0, a.walk, forward=True, backward=True, wheelchair=0, hours=hours,
            slope=np.nan, sign=0, name=0, **values,
        )  # fmt: skip
    if not rides:
        pieces.count("lifts_that_join_nothing")
