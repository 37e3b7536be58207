"""Buildings, from their table: where they stand, how much floor they have, whose they are."""

from __future__ import annotations

import numpy as np
import shapely

from lifecircle.engine.bundle.model import Bools, Buildings, Floats, Ints, Located, Places
from lifecircle.engine.bundle.shapes import Shapes
from lifecircle.engine.bundle.tree import locate
from lifecircle.engine.bundle.validate import Table
from lifecircle.errors import Issue

LIVED_IN = ("residential", "mixed")


def build_buildings(table: Table, shapes: Shapes, places: Places) -> tuple[Buildings, list[Issue]]:
    """Make the buildings; what had to be imputed is said.

    Parameters
    ----------
    table, shapes
        Checked; shapes in metres.
    places
        Places that the table's `community` and positions refer to.
    """
    spots = shapely.point_on_surface(shapes)
    x, y = shapely.get_x(spots), shapely.get_y(spots)
    community = _communities(table, places, locate(places, x, y))
    lived_in = np.isin(table["use"], LIVED_IN)
    storeys, missing = _impute_storeys(table["storeys"], community, lived_in)
    drawn = shapely.area(shapes)
    footprint = _first(table["footprint_m2"], np.where(drawn > 0, drawn, np.nan))
    floor = _first(table["floor_area_m2"], footprint * storeys)
    imputed = missing & np.isnan(table["floor_area_m2"]) & np.isfinite(footprint) & lived_in
    unknown = np.isnan(floor) & lived_in
    if unknown.any():
        floor[unknown] = _median(floor[lived_in])
    issues = _said(table.raw.file, imputed, unknown)
    located = Located(community, places.membership(x, y))
    return Buildings(table["id"], x, y, lived_in, storeys, floor, imputed, located), issues


def _communities(table: Table, places: Places, located: Ints) -> Ints:
    """A building's community as the table says, else by position."""
    number = {places.code[c]: c for c in places.at("community")}
    said = [number.get(code, -1) for code in table["community"]]
    return np.where(table["community"] != "", said, located).astype(np.int32)


def _impute_storeys(storeys: Floats, community: Ints, lived_in: Bools) -> tuple[Floats, Bools]:
    """Fill missing storeys by the median of the community's homes, then of the district's."""
    missing = np.isnan(storeys)
    known = ~missing & lived_in
    filled = np.where(missing, _median(storeys[known]), storeys)
    for place in np.unique(community[missing & (community >= 0)]):
        here = community == place
        if (here & known).any():
            filled[here & missing] = np.median(storeys[here & known])
    return filled, missing


def _first(given: Floats, otherwise: Floats) -> Floats:
    return np.where(np.isfinite(given), given, otherwise)


def _median(values: Floats) -> float:
    """The median of what is known; 1 where nothing is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else 1.0


def _said(file: str, imputed: Bools, unknown: Bools) -> list[Issue]:
    issues = []
    if imputed.any():
        issues.append(
            Issue(
                "storeys", file, "storeys of homes; imputed by the community's median",
                "住宅的层数; 以社区中位数补齐", column="storeys", value=str(int(imputed.sum())),
                severity="warning",
            )
        )  # fmt: skip
    if unknown.any():
        issues.append(
            Issue(
                "floor_area", file, "a floor area or a footprint of homes; the median is taken",
                "住宅的建筑面积或占地面积; 以中位数补齐", column="floor_area_m2",
                value=str(int(unknown.sum())), severity="warning",
            )
        )  # fmt: skip
    return issues
