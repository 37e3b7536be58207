"""Facilities, idle premises and surveys, from their checked tables."""

from __future__ import annotations

import numpy as np
import shapely

from lifecircle.engine.bundle.model import Facilities, Located, Places, Spaces, Surveys
from lifecircle.engine.bundle.references import type_ids, types_of_list
from lifecircle.engine.bundle.shapes import Shapes
from lifecircle.engine.bundle.tree import locate
from lifecircle.engine.bundle.validate import Table
from lifecircle.engine.standards import Standards


def build_facilities(
    table: Table, shapes: Shapes, places: Places, standards: Standards
) -> Facilities:
    """Make the facilities; `shapes` in metres, a polygon is taken at a point on its surface."""
    spots = shapely.point_on_surface(shapes)
    x, y = shapely.get_x(spots), shapely.get_y(spots)
    return Facilities(
        id=table["id"], name=table["name"], type=type_ids(table["type"], standards), x=x, y=y,
        level=table["level"], capacity=table["capacity"], floor_area_m2=table["floor_area_m2"],
        hours=table["hours"], operating=table["operating"],
        open_as_stated=table["open_as_stated"], barrier_free=table["barrier_free"],
        safe=table["safe"], licensed=table["licensed"],
        condition=(table["condition"] - 1.0) / 4.0,  # 1..5 in the table
        utilisation=table["utilisation"],
        located=Located(locate(places, x, y), places.membership(x, y)),
    )  # fmt: skip


def facility_row(facilities: Facilities, row: int) -> dict[str, object]:
    """A facility as a row of its table, without what is not known and without its position."""
    values = {name: getattr(facilities, name)[row] for name in facilities.columns()}
    values["condition"] = 1.0 + 4.0 * values["condition"]  # as `build_facilities` takes it
    flags = {name for name, value in values.items() if isinstance(value, np.int8)}
    return {
        name: ("yes" if value else "no") if name in flags else value
        for name, value in values.items()
        if name not in {"x", "y"}
        and value != ""
        and not (name in flags and value < 0)
        and not (isinstance(value, float) and np.isnan(value))
    }


def build_spaces(table: Table | None, shapes: Shapes | None, standards: Standards) -> Spaces:
    """Make the idle premises; none where there is no table."""
    none, text = np.zeros(0), np.zeros(0, dtype=object)
    if table is None or shapes is None:
        return Spaces(text, text, none, none, none, none, none, text, text, none)
    spots = shapely.point_on_surface(shapes)
    allowed = [";".join(types_of_list(text, standards)) for text in table["allowed_types"]]
    return Spaces(
        table["id"], table["name"], shapely.get_x(spots), shapely.get_y(spots), table["area_m2"],
        table["floor"], table["cost_cny"], np.array(allowed, dtype=object), table["shared_hours"],
        table["free_from"],
    )  # fmt: skip


def build_surveys(table: Table | None, places: Places, standards: Standards) -> Surveys:
    """Make the surveys; none where there is no table."""
    none = np.zeros(0)
    if table is None:
        return Surveys(none.astype(np.int32), none.astype(object), none.astype(np.int64), none)
    number = {code: k for k, code in enumerate(places.code)}
    place = np.array([number[code] for code in table["place"]], dtype=np.int32)
    answers = table["answers"].astype(np.int64)
    return Surveys(place, type_ids(table["type"], standards), answers, table["score"])
