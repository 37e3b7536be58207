"""Field edits: what somebody saw on the ground, put over the OpenStreetMap file.

`edits.geojson` is a FeatureCollection in WGS84. Each feature says an `action`, an `author` and a `date`:

- `add` (LineString): a path; further properties are OpenStreetMap tags (`highway=steps`, `incline=up`);
- `close` (LineString along it, or the `way` id): a path or stair that is shut;
- `out_of_order` (Point at it, or the `node` id): a lift that does not run;
- `unlock` (Point at it, or the `node` id): a gate that is open to all.

`from` and `until` (dates, inclusive) bound an edit in time; it then applies when the district's `date` lies
between.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from lifecircle.engine.network.osm import OsmExtract, OsmNode, OsmWay
from lifecircle.engine.network.tags import walking_way
from lifecircle.errors import Issue, NetworkError

ACTIONS = ("add", "close", "out_of_order", "unlock")
NEAR_M = 30.0
"""How near a point or line has to lie to what it means."""
_JOIN_M = 5.0
_ALONG = 0.7
_OWN = {"action", "author", "date", "from", "until", "note", "way", "node"}


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit; `row` counts features from 1, `tags` are those of a new path."""

    row: int
    action: str
    author: str
    date: dt.date
    start: dt.date | None
    end: dt.date | None
    ref: int
    geometry: shapely.Geometry | None
    tags: dict[str, str]

    def applies(self, date: dt.date | None) -> bool:
        """Whether it holds on a date; one without bounds always does."""
        if self.start is None and self.end is None:
            return True
        return date is not None and (self.start or date) <= date <= (self.end or date)


def read_edits(path: Path) -> tuple[Edit, ...]:
    """Read and check a file of field edits.

    Raises
    ------
    NetworkError
        It is no GeoJSON, or features are at fault: each is named with what was expected.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        rows = [(dict(f.get("properties") or {}), f.get("geometry")) for f in features]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        expected = "a GeoJSON FeatureCollection", "GeoJSON 要素集合"
        issue = Issue("unreadable", path.name, *expected, value=str(error)[:80])
        raise NetworkError(f"{path.name}: cannot be read / 无法读取", (issue,)) from error
    edits: list[Edit] = []
    issues: list[Issue] = []
    for row, (values, shape) in enumerate(rows, start=1):
        edit, found = _edit(path.name, row, values, shape)
        issues += found
        if edit is not None and not found:
            edits.append(edit)
    if issues:
        raise NetworkError(f"{path.name}: cannot be used / 现场修改有误", tuple(issues))
    return tuple(edits)


def _edit(
    file: str, row: int, values: dict[str, Any], shape: Any
) -> tuple[Edit | None, list[Issue]]:
    issues: list[Issue] = []

    def wrong(column: str, en: str, zh: str) -> None:
        shown = str(values.get(column, ""))[:60]
        issues.append(Issue("edit", file, en, zh, row, column, shown))

    action = values.get("action")
    if action not in ACTIONS:
        wrong("action", "one of " + ", ".join(ACTIONS), "应为 " + "、".join(ACTIONS))
    if not str(values.get("author") or "").strip():
        wrong("author", "who saw it", "填写人")
    dates = {}
    for name in ("date", "from", "until"):
        text = values.get(name)
        try:
            dates[name] = dt.date.fromisoformat(str(text)) if text else None
        except ValueError:
            wrong(name, "a date such as 2026-11-25", "日期, 如 2026-11-25")
    if not values.get("date"):
        wrong("date", "a date such as 2026-11-25", "日期, 如 2026-11-25")
    geometry = shapely.from_geojson(json.dumps(shape), on_invalid="ignore") if shape else None
    wanted = "LineString" if action in {"add", "close"} else "Point"
    ref = values.get("way" if action == "close" else "node", 0)
    if not isinstance(ref, int) or isinstance(ref, bool):
        wrong("way" if action == "close" else "node", "an OpenStreetMap id", "OpenStreetMap 编号")
        ref = -1  # said once
    if (geometry is None and not ref) or (geometry is not None and geometry.geom_type != wanted):
        issues.append(Issue("edit", file, f"a {wanted}", f"{wanted} 几何", row, "geometry"))
    tags = {"highway": "footway"} | {
        k: str(v) for k, v in values.items() if k not in _OWN and v is not None
    }
    if action == "add" and walking_way(tags) is None:
        wrong("highway", "tags of a path that the public may walk", "公众可步行道路的标签")
    if issues:
        return None, issues
    return Edit(
        row, str(action), str(values["author"]), dates["date"] or dt.date.min, dates["from"],
        dates["until"], ref, geometry, tags,
    ), []  # fmt: skip


def apply_edits(
    extract: OsmExtract,
    edits: tuple[Edit, ...],
    date: dt.date | None,
    project: Transformer,
    file: str = "edits.geojson",
) -> OsmExtract:
    """Put edits over an extract, in their order.

    Parameters
    ----------
    extract
        What was read of the map.
    edits
        Checked.
    date
        The day that is assessed; edits bounded in time need it.
    project
        From WGS84 to metres.
    file
        Named in errors.

    Raises
    ------
    NetworkError
        An edit means nothing that is there, or is bounded in time and no day is assessed.
    """
    issues = []
    do: dict[str, Callable[[OsmExtract, Edit, Transformer], OsmExtract | None]] = {
        "add": _add, "close": _close, "out_of_order": _lift, "unlock": _gate,
    }  # fmt: skip
    for edit in edits:
        if date is None and (edit.start or edit.end):
            expected = "[district] date in district.toml, for edits from and until a date"
            zh = "district.toml 中应有 [district] date, 以判断有起止日期的修改"
            issues.append(Issue("edit", file, expected, zh, edit.row, "from"))
        elif edit.applies(date):
            changed = do[edit.action](extract, edit, project)
            if changed is None:
                expected = f"something to {edit.action.replace('_', ' ')} within {NEAR_M:.0f} m"
                zh = f"{NEAR_M:.0f} 米内有可作此修改的对象"
                issues.append(Issue("edit", file, expected, zh, edit.row, "geometry"))
            else:
                extract = changed
    if issues:
        raise NetworkError(f"{file}: cannot be used / 现场修改有误", tuple(issues))
    return extract


def _metres(project: Transformer, geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(
        geometry, lambda p: np.column_stack(project.transform(p[:, 0], p[:, 1]))
    )


def _lines(extract: OsmExtract, project: Transformer) -> list[shapely.LineString]:
    return [
        shapely.linestrings(np.column_stack(project.transform(way.lon, way.lat)))
        for way in extract.ways
    ]


def _close(extract: OsmExtract, edit: Edit, project: Transformer) -> OsmExtract | None:
    """Drop the way that is named, or those that run along the line for most of its length."""
    if edit.ref:
        kept = tuple(way for way in extract.ways if way.id != edit.ref)
    else:
        drawn = shapely.buffer(_metres(project, edit.geometry), NEAR_M / 3)
        inside = [shapely.length(shapely.intersection(line, drawn)) / max(line.length, 0.1)
                  for line in _lines(extract, project)]  # fmt: skip
        kept = tuple(w for w, share in zip(extract.ways, inside, strict=True) if share < _ALONG)
    return None if len(kept) == len(extract.ways) else replace(extract, ways=kept)


def _lift(extract: OsmExtract, edit: Edit, project: Transformer) -> OsmExtract | None:
    return _change_node(extract, edit, project, lambda node: node.lift, is_open=False)


def _gate(extract: OsmExtract, edit: Edit, project: Transformer) -> OsmExtract | None:
    return _change_node(extract, edit, project, lambda node: node.barrier, is_open=True)


def _change_node(
    extract: OsmExtract,
    edit: Edit,
    project: Transformer,
    meant: Callable[[OsmNode], bool],
    *,
    is_open: bool,
) -> OsmExtract | None:
    """Open or close the lift or barrier that is named, or the nearest one to the point."""
    refs = {ref for ref, node in extract.nodes.items() if meant(node)}
    if edit.ref:
        found = edit.ref if edit.ref in refs else None
    else:
        spot = _metres(project, edit.geometry)
        found = _nearest_node(extract, refs, spot, project)
    if found is None:
        return None
    node = replace(extract.nodes[found], open=is_open, hours="")
    return replace(extract, nodes={**extract.nodes, found: node})


def _nearest_node(
    extract: OsmExtract, refs: set[int], spot: shapely.Point, project: Transformer
) -> int | None:
    best, nearest = NEAR_M, None
    for way in extract.ways:
        for ref, lon, lat in zip(way.nodes.tolist(), way.lon, way.lat, strict=True):
            if ref in refs:
                x, y = project.transform(lon, lat)
                gap = float(np.hypot(x - spot.x, y - spot.y))
                if gap < best:
                    best, nearest = gap, ref
    return nearest


def _add(extract: OsmExtract, edit: Edit, project: Transformer) -> OsmExtract | None:
    """Add a path; its ends join the ways that they touch, at a node or between two."""
    walk = walking_way(edit.tags)
    if walk is None or edit.geometry is None:
        return None
    new = min([0, *(int(way.nodes.min()) for way in extract.ways)]) - 1
    points = shapely.get_coordinates(edit.geometry)
    refs = [new - k for k in range(len(points))]
    ways = list(extract.ways)
    joined = False
    for end in (0, len(points) - 1):
        lines = _lines(replace(extract, ways=tuple(ways)), project)
        spot = shapely.Point(*project.transform(*points[end]))
        gaps = shapely.distance(np.array(lines, dtype=object), spot)
        near = int(np.argmin(gaps))
        if gaps[near] <= NEAR_M:
            ways[near], refs[end], points[end] = _join(
                ways[near], lines[near], spot, refs[end], project
            )
            joined = True
    if not joined:
        return None
    ways.append(
        OsmWay(new - len(points), walk, np.array(refs), points[:, 0].copy(), points[:, 1].copy())
    )
    return replace(extract, ways=tuple(ways))


def _join(
    way: OsmWay, line: shapely.LineString, spot: shapely.Point, ref: int, project: Transformer
) -> tuple[OsmWay, int, Any]:
    """Join a spot to a way: at a node that is near, else at a new node where it is nearest."""
    corners = shapely.get_coordinates(line)
    gaps = np.hypot(corners[:, 0] - spot.x, corners[:, 1] - spot.y)
    at = float(shapely.line_locate_point(line, spot))
    foot = shapely.line_interpolate_point(line, at)
    k = int(np.argmin(gaps))
    if gaps[k] <= float(shapely.distance(foot, spot)) + _JOIN_M:
        return way, int(way.nodes[k]), np.array([way.lon[k], way.lat[k]])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    after = int(np.searchsorted(along, at, side="right"))
    lon, lat = project.transform(foot.x, foot.y, direction="INVERSE")
    longer = replace(
        way, nodes=np.insert(way.nodes, after, ref), lon=np.insert(way.lon, after, lon),
        lat=np.insert(way.lat, after, lat),
    )  # fmt: skip
    return longer, ref, np.array([lon, lat])
