"""The tree of places, from their table."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import LEVELS, Places
from lifecircle.engine.bundle.references import words
from lifecircle.engine.bundle.validate import Table
from lifecircle.errors import Issue

_ABOVE = {
    "street": ("district", "区"), "community": ("street", "街道"), "grid": ("community", "社区"),
}  # fmt: skip


def check_tree(table: Table) -> list[Issue]:
    """Say what is wrong with the tree: parents, levels, the one district, no community."""
    issues = []
    file, level_of = table.raw.file, dict(zip(table["code"], table["level"], strict=True))
    districts = int(np.count_nonzero(table["level"] == "district"))
    if districts != 1:
        expected = "exactly one district", "恰有一个区"
        issues.append(Issue("districts", file, *expected, column="level", value=str(districts)))
    if not np.any(table["level"] == "community"):
        issues.append(Issue("communities", file, "at least one community", "至少一个社区"))
    for k, (level, parent) in enumerate(zip(table["level"], table["parent"], strict=True)):
        if level not in _ABOVE:
            continue
        above, above_zh = _ABOVE[level]
        if level_of.get(parent) != above:
            expected = f"the code of a {above} in this table", f"本表中{above_zh}的代码"
            issues.append(table.issue("parent", k, "parent", *expected))
    return issues + _check_members(table)


def _check_members(table: Table) -> list[Issue]:
    level_of = dict(zip(table["code"], table["level"], strict=True))
    issues = []
    for k, (level, text) in enumerate(zip(table["level"], table["members"], strict=True)):
        known = all(level_of.get(code) in {"community", "grid"} for code in words(text))
        if text and (level != "circle" or not known):
            expected = (
                "codes of communities or grids, of a circle only",
                "社区或网格的代码, 仅用于生活圈",
            )
            issues.append(table.issue("members", k, "members", *expected))
    return issues


def without_shape(table: Table) -> NDArray[np.bool_]:
    """Rows that may go without a polygon: streets, and circles that name their members."""
    return (table["level"] == "street") | ((table["level"] == "circle") & (table["members"] != ""))


def build_places(table: Table, shapes: NDArray[Any]) -> tuple[Places, list[Issue]]:
    """Order the places parents first; give streets and circles without a polygon their parts'.

    `shapes` are in metres. Returns warnings about communities that overlap or leave the district.
    """
    order = np.array(
        [k for level in LEVELS for k in np.flatnonzero(table["level"] == level)], dtype=np.int64
    )
    code = table["code"][order]
    number = {c: k for k, c in enumerate(code)}
    parent = np.array([number.get(p, -1) for p in table["parent"][order]], dtype=np.int32)
    level = table["level"][order]
    parent[(level == "district") | (level == "circle")] = -1
    geometry = shapes[order]
    for k in np.flatnonzero(level == "street"):
        if geometry[k] is None:
            own = geometry[parent == k]
            geometry[k] = shapely.union_all(own) if len(own) else None
    for k in np.flatnonzero(level == "circle"):
        if geometry[k] is None:
            members = [number[c] for c in words(table["members"][order[k]])]
            geometry[k] = shapely.union_all(geometry[members])
    places = Places(code, table["name_zh"][order], table["name_en"][order], level, parent, geometry)
    return places, _overlaps(table.raw.file, places)


def _overlaps(file: str, places: Places) -> list[Issue]:
    cells = places.geometry[places.at("community")]
    district = places.geometry[0]
    total = float(shapely.area(cells).sum())
    union = shapely.union_all(cells)
    doubled = total - union.area
    outside = union.difference(district).area
    issues = []
    for amount, en, zh in (
        (doubled, "communities that do not overlap", "社区互不重叠"),
        (outside, "communities inside the district", "社区在区界之内"),
    ):
        if amount > 0.01 * district.area:
            issues.append(
                Issue("overlap", file, en, zh, value=f"{amount / 1e4:.1f} ha", severity="warning")
            )
    return issues


def locate(places: Places, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
    """The community each point lies in, (points,); -1 outside all of them."""
    communities = places.at("community")
    tree = shapely.STRtree(places.geometry[communities])
    point, hit = tree.query(shapely.points(x, y), predicate="intersects")
    result = np.full(len(x), -1, dtype=np.int32)
    result[point[::-1]] = communities[hit[::-1]]
    return result
