"""A district's assessment: walk, sum, grade, explain."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading.facility_cards import facility_table
from lifecircle.engine.grading.model import Assessment
from lifecircle.engine.grading.parts import measure_parts
from lifecircle.engine.grading.rollup import parent_cards
from lifecircle.engine.grading.tables import (
    building_table,
    card_table,
    gap_table,
    indicator_table,
)
from lifecircle.engine.grading.type_cards import type_cards
from lifecircle.engine.grading.walks import Walks
from lifecircle.engine.network import WalkNetwork
from lifecircle.engine.reach import Way
from lifecircle.progress import Progress


def grade_district(
    district: District,
    network: WalkNetwork,
    *,
    way: Way = "both",
    progress: Progress | None = None,
) -> Assessment:
    """Grade every facility type, category and theme in every place of a district.

    Parameters
    ----------
    district
        Read and validated.
    network
        Its walking network.
    way
        `both` (default): within T means there and back, each within T.
    progress
        Told of the stages.
    """
    progress = progress or Progress()
    kinds = list(district.standards.types.values())
    with progress.stage("snap"):
        walks = Walks(district, network, way)
    with progress.stage("reach", total=len(kinds)) as advance:
        parts = []
        for kind in kinds:
            parts.append(measure_parts(walks, kind))
            advance(1)
    with progress.stage("grade"):
        cards = []
        by_type = {}
        for one in parts:
            pool = [p for p in parts if one.kind.pool and p.kind.pool == one.kind.pool] or [one]
            by_type[one.kind.id] = type_cards(district, one, pool)
            cards.extend(by_type[one.kind.id])
        cards.extend(parent_cards(district, by_type))
    with progress.stage("explain"):
        card_rows = card_table(district, cards)
        return Assessment(
            district=district,
            cards=card_rows,
            facilities=facility_table(district, parts),
            gaps=gap_table(district, card_rows),
            indicators=indicator_table(district, parts),
            buildings=building_table(district, parts),
            shapes=_shapes(district),
            network={
                "nodes": len(network.nodes.x),
                "edges": len(network.edges),
                **network.notes,
                "homes_off_network": len(walks.homes.missed),
                "facilities_off_network": [
                    str(district.facilities.id[k]) for k in walks.sites.missed
                ],
            },
            seconds=progress.seconds,
            way=way,
        )


def _shapes(district: District) -> NDArray[np.object_]:
    to_wgs84 = Transformer.from_crs(district.crs, "EPSG:4326", always_xy=True)

    def turn(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84.transform(points[:, 0], points[:, 1]))

    shapes = [None if g is None else shapely.transform(g, turn) for g in district.places.geometry]
    result = np.empty(len(shapes), dtype=object)
    result[:] = shapes
    return result
