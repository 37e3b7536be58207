"""A district's assessment: walk, sum, grade, explain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from lifecircle.engine.bundle.crs import crosses_antimeridian, unwrap
from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading.card import Card
from lifecircle.engine.grading.facility_cards import facility_table
from lifecircle.engine.grading.groups import equity_table, group_table
from lifecircle.engine.grading.model import Assessment
from lifecircle.engine.grading.parts import TypeParts, pool_of
from lifecircle.engine.grading.rollup import parent_cards
from lifecircle.engine.grading.surround import check_surround
from lifecircle.engine.grading.tables import (
    building_table,
    card_table,
    gap_table,
    indicator_table,
    moment_table,
)
from lifecircle.engine.grading.type_cards import type_cards
from lifecircle.engine.grading.walked import Walked, measured, walk
from lifecircle.engine.grading.walks import Walks
from lifecircle.engine.network import SNAP_LIMIT_M, WalkNetwork
from lifecircle.engine.reach import Way
from lifecircle.errors import Issue, listed
from lifecircle.moment import Moment
from lifecircle.progress import Progress


def grade_district(
    district: District,
    network: WalkNetwork,
    *,
    way: Way = "both",
    moments: Sequence[str] = (),
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
    moments
        Further moments to grade beside the district's own: `evening`, `night`, `Sa 20:00`.
    progress
        Told of the stages.

    Raises
    ------
    ValueError
        A moment cannot be read.
    """
    progress = progress or Progress()
    return grade_walked(walk(district, network, way, progress), moments, progress)


def grade_walked(walked: Walked, moments: Sequence[str], progress: Progress) -> Assessment:
    """Grade a district whose types have been walked to."""
    walks, parts = walked.walks, list(walked.parts.values())
    district, network = walks.district, walks.network
    cards = _graded(district, parts, progress)
    variants = {}
    for moment in moments:
        at = Moment.parse(moment)
        variants[str(at)] = grade_moment(walks.at(at), progress)[1]
    with progress.stage("explain"):
        edge, notes = check_surround(walks)
        notes += [*_off_network(walks), *_of_the_map(walks)]
        card_rows = card_table(district, cards, edge)
        return Assessment(
            district=district,
            cards=card_rows,
            facilities=facility_table(district, parts),
            gaps=gap_table(district, card_rows),
            indicators=pa.concat_tables(
                [indicator_table(district, parts), equity_table(district, parts)]
            ),
            groups=group_table(district, parts),
            buildings=building_table(district, parts),
            shapes=_shapes(district),
            network={
                "nodes": len(network.nodes.x),
                "edges": len(network.edges),
                **network.notes,
                "homes_off_network": walks.home_ids(walks.homes.missed),
                "facilities_off_network": district.facilities.id[walks.sites.missed].tolist(),
            },
            seconds=progress.seconds,
            way=walks.way,
            notes=tuple(notes),
            moments=moment_table(district, cards, variants),
        )


def grade_moment(walks: Walks, progress: Progress) -> tuple[list[TypeParts], list[Card]]:
    """Walk and grade at the moment of `walks`: the parts of every type, and all cards."""
    district = walks.district
    parts = list(measured(walks, district.standards.types, progress).values())
    return parts, _graded(district, parts, progress)


def _graded(district: District, parts: list[TypeParts], progress: Progress) -> list[Card]:
    with progress.stage("grade"):
        by_type = {one.kind.id: type_cards(district, one, pool_of(one, parts)) for one in parts}
        cards = [card for cards in by_type.values() for card in cards]
        return cards + parent_cards(district, by_type)


def _off_network(walks: Walks) -> list[Issue]:
    """Say which homes and facilities are too far from any path to be walked to."""
    district = walks.district
    expected = (
        f"a path within {SNAP_LIMIT_M:.0f} m; without, nobody walks from or to there",
        f"{SNAP_LIMIT_M:.0f} 米内有道路; 否则视为走不到",
    )
    missed = {
        "buildings": walks.home_ids(walks.homes.missed),
        "facilities": district.facilities.id[walks.sites.missed].tolist(),
    }
    return [
        Issue("off_network", table, *expected, value=listed(ids), severity="warning")
        for table, ids in missed.items()
        if ids
    ]


def _of_the_map(walks: Walks) -> list[Issue]:
    """What the map leaves open inside the district: heights, ways of stairs, parts cut off."""
    district, network = walks.district, walks.network
    inside = shapely.contains_xy(district.places.geometry[0], network.nodes.x, network.nodes.y)
    flat = int((inside & np.isnan(network.nodes.z)).sum())
    cut_off = int((inside & (network.nodes.component > 0)).sum())
    unknown = network.notes.get("stairs_of_unknown_direction", 0)
    file = district.network_file.name
    found = (
        (flat, "elevation", "heights of all paths; untagged ones without are taken as flat",
         "各处道路的高程; 缺少处又无标注的按平路计"),
        (unknown, file, "stairs with `incline=up` or `down`; without, both ways take the same time",
         "台阶应标注 incline=up/down; 缺少时两个方向按同样时间计"),
        (cut_off, file, "paths that join the rest; see `join_islands_m`",
         "与其余路网相连的道路; 参见 join_islands_m"),
    )  # fmt: skip
    of = f" / {int(inside.sum()):,}"
    return [
        Issue("map", file, en, zh, severity="warning",
              value=f"{count:,}" + (of if count is not unknown else ""))
        for count, file, en, zh in found
        if count
    ]  # fmt: skip


def _shapes(district: District) -> NDArray[np.object_]:
    to_wgs84 = Transformer.from_crs(district.crs, "EPSG:4326", always_xy=True)

    def turn(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84.transform(points[:, 0], points[:, 1]))

    shapes = [None if g is None else shapely.transform(g, turn) for g in district.places.geometry]
    result = np.empty(len(shapes), dtype=object)
    result[:] = shapes
    return unwrap(result) if crosses_antimeridian(result[0]) else result
