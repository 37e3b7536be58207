"""The map: areas projected onto a sheet, as SVG paths, with room found for marks and names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import Floats
from lifecircle.engine.grading.model import Assessment
from lifecircle.engine.report.book import Area, CardBook

WIDTH = 2000
MARGIN = 20
LABEL = 38
"""Sheet width, margin and height of a street's name, in the sheet's units."""


@dataclass(frozen=True, slots=True)
class Patch:
    """An area on the sheet: its SVG path, the middle and radius of its largest circle."""

    area: Area
    path: str
    x: float
    y: float
    radius: float

    def symbol(self, large: bool) -> int:  # noqa: FBT001  (which of the two maps)
        """Return the height of the area's symbol on the large map or on a small one."""
        least, most, share = (22, 44, 0.8) if large else (30, 64, 1.3)
        return round(min(max(self.radius * share, least), most))


@dataclass(frozen=True, slots=True)
class Label:
    """A street's name and where its middle stands."""

    zh: str
    en: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Atlas:
    """The sheet that every map is drawn on."""

    width: int
    height: int
    communities: tuple[Patch, ...]
    streets: tuple[Patch, ...]
    labels: tuple[Label, ...]


def draw_atlas(assessment: Assessment, book: CardBook) -> Atlas:
    """Project the shapes around the district's middle (equirectangular) onto a sheet.

    Parameters
    ----------
    assessment
        Its `shapes` are WGS84 polygons, or None where a place has none; those are left out.
    book
        The tree of areas.
    """
    shapes, height = _project(assessment.shapes)
    communities = tuple(
        _patch(area, shapes[area.index]) for area in _drawn(book.communities, shapes)
    )
    streets = tuple(_patch(area, shapes[area.index]) for area in _drawn(book.streets, shapes))
    return Atlas(WIDTH, height, communities, streets, _labels(streets, communities, shapes))


def _drawn(areas: tuple[Area, ...], shapes: NDArray[np.object_]) -> list[Area]:
    return [a for a in areas if shapes[a.index] is not None and not shapes[a.index].is_empty]


def _project(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], int]:
    west, south, east, north = shapely.total_bounds(shapes)
    flat = np.cos(np.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * flat, 1e-9)

    def to_sheet(lonlat: Floats) -> Floats:
        x = (lonlat[:, 0] - west) * flat * scale + MARGIN
        y = (north - lonlat[:, 1]) * scale + MARGIN
        return np.column_stack([x, y])

    return shapely.transform(shapes, to_sheet), round((north - south) * scale) + 2 * MARGIN


def _patch(area: Area, shape: shapely.Geometry) -> Patch:
    radius = shapely.maximum_inscribed_circle(shape, tolerance=2.0)
    x, y = shapely.get_coordinates(radius)[0]
    return Patch(area, _path(shape), round(x), round(y), round(float(radius.length), 1))


def _path(shape: shapely.Geometry) -> str:
    """Write a polygon as an SVG path in whole units, relative steps, without repeated points."""
    return "".join(
        _ring(shapely.get_coordinates(ring))
        for polygon in shapely.get_parts(shape)
        for ring in shapely.get_rings(polygon)
    )


def _ring(coordinates: Floats) -> str:
    steps = np.diff(np.rint(coordinates).astype(int), axis=0)
    start = np.rint(coordinates[0]).astype(int)
    moves = " ".join(f"{dx} {dy}" for dx, dy in steps[steps.any(axis=1)][:-1])
    return f"M{start[0]} {start[1]}l{moves}z" if moves else ""


def _labels(
    streets: tuple[Patch, ...], communities: tuple[Patch, ...], shapes: NDArray[np.object_]
) -> tuple[Label, ...]:
    """Place each street's name inside the street where it hides the fewest symbols and names."""
    taken = np.array([(patch.x, patch.y) for patch in communities]).reshape(-1, 2)
    labels = []
    for street in streets:
        zh = street.area.zh.removesuffix("街道")
        en = street.area.en.removesuffix(" Subdistrict").removesuffix(" Street")
        en = en.removesuffix("街道")  # a street without an English name
        half_width = max(len(zh), 0.55 * len(en)) * LABEL / 2  # a Latin letter is half as wide
        x, y = _roomiest(shapes[street.area.index], taken, half_width)
        labels.append(Label(zh, en, x, y))
        across = np.linspace(-1, 1, 5) * half_width
        taken = np.vstack([taken, np.column_stack([x + across, np.full(5, y)])])
    return tuple(labels)


def _roomiest(shape: shapely.Geometry, taken: Floats, half_width: float) -> tuple[int, int]:
    """Find the point of `shape` whose label box stays farthest from every point of `taken`."""
    west, south, east, north = shape.bounds
    grid = np.array(np.meshgrid(np.linspace(west, east, 24), np.linspace(south, north, 24)))
    points = grid.reshape(2, -1).T
    box = shapely.box(
        points[:, 0] - half_width, points[:, 1] - LABEL / 2,
        points[:, 0] + half_width, points[:, 1] + LABEL / 2,
    )  # fmt: skip
    inside = shapely.area(shapely.intersection(box, shape)) / (2 * half_width * LABEL)
    room = np.full(len(points), LABEL * 2.0)
    if len(taken):
        room = shapely.distance(box[:, None], shapely.points(taken)[None, :]).min(axis=1)
    # Lying inside comes first; a little more room counts no further once nothing is touched.
    best = int(np.argmax(inside * 4 + np.minimum(room / LABEL, 1)))
    return round(points[best, 0]), round(points[best, 1])
