"""Cells with people (a grid, hexagons): what stands for homes where a map has no buildings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from scipy.spatial import KDTree

from lifecircle.engine.bundle.cells import number_of, text_of
from lifecircle.engine.bundle.extract.buildings import MapBuildings
from lifecircle.engine.bundle.extract.facilities import MapFacilities
from lifecircle.engine.bundle.extract.projection import Projection
from lifecircle.engine.bundle.model import Floats, Strings
from lifecircle.engine.bundle.readers import read_table
from lifecircle.engine.bundle.shapes import shapes_of
from lifecircle.errors import BundleError, Issue

PEOPLE = ("population", "residents", "people", "persons", "人口", "常住人口")
"""Headers under which the people of a cell may stand."""
FLOOR_M2_PER_PERSON = 35.0
_REACH = 0.8
"""The outline lies this many spacings around the cells' centres."""


@dataclass(frozen=True, slots=True)
class PeopleCells:
    """Cells: WGS84 centres, people, and how many facilities of some types each holds."""

    id: Strings
    lon: Floats
    lat: Floats
    people: Floats
    counts: dict[str, Floats]
    file: str

    def outline(self) -> shapely.Geometry:
        """An area that holds all cells with people, WGS84; holes are filled."""
        projection = Projection.of(float(self.lon.mean()), float(self.lat.mean()))
        x, y = projection.forward(self.lon, self.lat)
        points = np.column_stack([x, y])
        spacing = (
            float(np.median(KDTree(points).query(points, k=2)[0][:, 1])) if len(x) > 1 else 200.0
        )
        area = shapely.union_all(shapely.buffer(shapely.points(points), _REACH * spacing))
        largest = max(shapely.get_parts(area), key=lambda part: part.area)
        return projection.unproject(
            shapely.simplify(shapely.Polygon(largest.exterior), spacing / 20)
        )

    def homes(self, projection: Projection) -> MapBuildings:
        """A square for each cell with people, as large as the floor that they live on."""
        lived = self.people > 0
        x, y = projection.forward(self.lon[lived], self.lat[lived])
        half = np.sqrt(self.people[lived] * FLOOR_M2_PER_PERSON) / 2
        count = int(lived.sum())
        return MapBuildings(
            id=self.id[lived], name=np.full(count, "", dtype=object), use=np.full(count, "residential", dtype=object),
            storeys=np.ones(count), polygon=shapely.box(x - half, y - half, x + half, y + half),
            x=x, y=y, levels_dropped=0,
        )  # fmt: skip

    def facilities(self, projection: Projection) -> MapFacilities:
        """A facility at a cell's centre for each one that it counts."""
        ids, kinds, rows = [], [], []
        for kind, counts in self.counts.items():
            for k in np.flatnonzero(counts > 0):
                for number in range(int(counts[k])):
                    ids.append(f"{self.id[k]}-{kind}-{number + 1}")
                    kinds.append(kind)
                    rows.append(k)
        x, y = projection.forward(self.lon[rows], self.lat[rows])
        empty = np.full(len(ids), "", dtype=object)
        return MapFacilities(
            np.array(ids, dtype=object), empty, np.array(kinds, dtype=object), x, y,
            np.full(len(ids), np.nan), empty, empty,
        )  # fmt: skip


def read_cells(path: Path, counts: dict[str, str]) -> PeopleCells:
    """Read a table of cells: `lon`, `lat` (or shapes), people, and columns that count facilities.

    Parameters
    ----------
    path
        CSV, XLSX, GeoJSON, GeoPackage or GeoParquet; WGS84 where the file names no other system.
    counts
        Facility type by the column that counts its facilities in each cell.

    Raises
    ------
    BundleError
        Columns are missing or cells hold no numbers; every row at fault is named.
    """
    raw = read_table(path, "people")
    header = next((name for name in PEOPLE if name in raw.columns), "")
    issues = []
    for name, found in ((header, bool(header)), *((c, c in raw.columns) for c in counts)):
        if not found:
            shown = name or PEOPLE[0]
            issues.append(
                Issue("missing_column", path.name, f"a column {shown}", f"应有列“{shown}”")
            )
    shapes, faults = shapes_of(
        replace(raw, crs=raw.crs or "EPSG:4326"), raw.crs or "EPSG:4326", "any"
    )
    issues += faults
    values: dict[str, Floats] = {}
    for name in [header, *counts]:
        cells = raw.columns.get(name, [])
        numbers = np.array(
            [0.0 if not text_of(c) else number_of(c) for c in cells], dtype=np.float64
        )
        issues += [
            Issue("value", path.name, "a number of at least 0", "不小于 0 的数字", int(raw.rows[k]), name,
                  text_of(cells[k])[:40])
            for k in np.flatnonzero(~(np.isfinite(numbers) & (numbers >= 0)))
        ]  # fmt: skip
        values[name] = numbers
    if not issues and not values[header].sum() > 0:
        issues.append(
            Issue("empty", path.name, "people in some cell", "至少一格有人口", column=header)
        )
    if issues:
        raise BundleError(f"{path.name}: cannot be used / 不能使用", tuple(issues))
    centres = shapely.centroid(shapes)
    ids = raw.columns.get("id", raw.rows.tolist())
    return PeopleCells(
        np.array([text_of(i) for i in ids], dtype=object), shapely.get_x(centres),
        shapely.get_y(centres), values[header], {kind: values[c] for c, kind in counts.items()},
        path.name,
    )  # fmt: skip
